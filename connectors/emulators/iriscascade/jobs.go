package iriscascade

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// job is one job of a person: the one that counts, or another that a client has to pass over.
type job struct {
	of         *seed.Employee
	n          int
	counts     bool
	title      string
	start, end string
	active     bool
}

// jobsOf are a person's jobs: an older active one of every sixth, one to come after the first of somebody who has not
// begun, an earlier one of leavers. Who is nothing but a name has none.
func jobsOf(p *seed.Employee) []job {
	if p.Department.ID == 0 && p.Title == "" && p.Void == seed.Missing {
		return nil
	}
	active := p.State != seed.Left && p.State != seed.Starting
	list := []job{{of: p, counts: true, title: p.Title, start: p.Hire, end: p.End, active: active}}
	for _, earlier := range p.Earlier {
		list = append(list, job{of: p, title: earlier.Title, start: earlier.Start, end: earlier.End})
	}
	switch {
	case p.State == seed.Starting && p.Hire > p.Changed.Format(time.DateOnly):
		list = append(list, job{of: p, title: "Promised Promotion", start: p.Hire[:3] + "9-12-31"})
	case p.State == seed.Left:
		list = append([]job{{of: p, title: "First Job", start: "2001-02-05", end: "2004-06-30"}}, list...)
	case p.ID%6 == 0 && p.Hire != "":
		list = append(list, job{of: p, title: "Second Job", start: "2001-02-05", active: true})
	}
	for i := range list {
		list[i].n = i
	}
	return list
}

func (e *emulator) jobs(w http.ResponseWriter, r *http.Request) {
	o, status := readQuery(r.URL.Query(), job{of: &seed.Employee{}}.row())
	if status != 0 {
		problem(w, status, "The query specified in the URI is not valid.")
		return
	}
	var jobs []job
	for i := range e.People {
		for _, j := range jobsOf(&e.People[i]) {
			if !e.People[i].Removed && o.lets(j.row) {
				jobs = append(jobs, j)
			}
		}
	}
	if o.by != "" {
		slices.SortStableFunc(jobs, func(a, b job) int { return o.before(a.row(), b.row()) })
	}
	size, rows := e.size(o, r), []any{}
	from := min(o.skip, len(jobs))
	for _, j := range jobs[from:min(from+size, len(jobs))] {
		rows = append(rows, o.only(j.row()))
	}
	page(w, r, o, "Jobs", rows, size, len(jobs))
}

// row writes a job; one that does not count names another manager, node and kind of contract.
func (j job) row() wire.Object {
	p := *j.of
	o := wire.Object{
		"Id": fmt.Sprintf("j-%d%02d", p.ID, j.n), "EmployeeId": guid(p.ID), "StartDate": moment(j.start, p), "EndDate": moment(j.end, p), "Active": j.active,
		"LineManagerId": guid(p.ID + 1), "HierarchyNodeId": nodeID(root), "Contract": "Zero Hours", "Salary": 31415.9,
		"WorkingCalendar": "Standard Mon-Fri", "PayFrequency": "Monthly", "PayBasis": "Yearly", "FullTimeEquivalent": 1.0, "ChangeReason": "New Starter",
		"PublicHoliday": "England and Wales", "ApprenticeUnder25": false, "NormalHours": 37.5, "NoticePeriod": "1 Month",
		"CreatedOn": made, "SourceSystemCreatedOn": "2015-01-01T00:00:00Z", "LastModifiedOn": modified(p), "SourceSystemLastModifiedOn": modified(p),
	}
	for _, key := range []string{"Classification", "Position", "PayGrade", "SpinalPoint", "NextIncrementDate", "TimesheetLocation", "TimesheetRuleSet",
		"TimesheetLunchDuration", "AutoEnrolmentProfile", "ExpenseSubmissionFrequency", "JobFamily", "ApprenticeshipEndDate", "ReportsToPost",
		"RealTimeInformationIrregularFrequency", "SourceSystemId", "CreatedBy", "LastModifiedBy"} {
		o[key] = nil
	}
	o["ContractEndDate"], o["CostCentre"] = moment(p.ContractEnd, p), orNull(costCentre(p, 1))
	wire.Put(o, "JobTitle", j.title, p.Void)
	if j.counts {
		o["LineManagerId"], o["HierarchyNodeId"], o["Contract"] = nil, nil, orNull(p.Type)
		if p.ManagerID != 0 {
			o["LineManagerId"] = guid(p.ManagerID)
		}
		if p.Department.ID != 0 {
			o["HierarchyNodeId"] = nodeID(p.Department.ID)
		}
	}
	return o
}

// root is the number of the company's own node.
const root = 1

func nodeID(id int) string { return fmt.Sprintf("9e0f1b00-1111-4aaa-8bbb-%012d", id) }

// nodes are the tree: the company, its departments, and the teams, which stand below the first department.
func (e *emulator) nodes() []wire.Object {
	nodes := []wire.Object{treeNode(root, nil, 1, "Bramblegate Group")}
	seen := map[int]bool{0: true}
	add := func(u seed.Unit, above any, level int) {
		if !seen[u.ID] {
			seen[u.ID] = true
			nodes = append(nodes, treeNode(u.ID, above, level, u.Name))
		}
	}
	for _, p := range e.Living() {
		add(p.Department, nodeID(root), 2)
	}
	for _, p := range e.Living() {
		if len(nodes) > 1 {
			add(p.Team, nodes[1]["Id"], 3)
		}
	}
	return nodes
}

func treeNode(id int, above any, level int, title string) wire.Object {
	return wire.Object{"Id": nodeID(id), "ParentId": above, "Level": level, "Title": title, "Disabled": id%5 == 4, "SourceSystemId": nil,
		"SourceSystemCreatedOn": "2019-01-01T00:00:00Z", "SourceSystemLastModifiedOn": nil, "CreatedOn": made, "CreatedBy": nil,
		"LastModifiedOn": nil, "LastModifiedBy": nil}
}

func (e *emulator) hierarchy(w http.ResponseWriter, r *http.Request) {
	o, status := readQuery(r.URL.Query(), treeNode(root, nil, 1, ""))
	if status != 0 {
		problem(w, status, "The query specified in the URI is not valid.")
		return
	}
	nodes := slices.DeleteFunc(e.nodes(), func(n wire.Object) bool { return !o.lets(func() wire.Object { return n }) })
	if o.by != "" {
		slices.SortStableFunc(nodes, o.before)
	}
	size, rows := e.size(o, r), []any{}
	from := min(o.skip, len(nodes))
	for _, n := range nodes[from:min(from+size, len(nodes))] {
		rows = append(rows, o.only(n))
	}
	page(w, r, o, "Hierarchy", rows, size, len(nodes))
}

// above gives a node with all that stand above it, from the root on.
func (e *emulator) above(id any) []any {
	nodes, path := e.nodes(), []any{}
	for id != nil {
		i := slices.IndexFunc(nodes, func(n wire.Object) bool { return n["Id"] == id })
		if i < 0 {
			return nil
		}
		path = append([]any{nodes[i]}, path...)
		id = nodes[i]["ParentId"]
	}
	return path
}

func (e *emulator) node(w http.ResponseWriter, r *http.Request) {
	path := e.above(r.PathValue("id"))
	if path == nil {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	o := path[len(path)-1].(wire.Object)
	o["@odata.context"] = context + "Hierarchy/$entity"
	answer(w, o)
}

func (e *emulator) path(w http.ResponseWriter, r *http.Request) {
	path := e.above(r.PathValue("id"))
	if path == nil {
		e.Refuse(w, r, http.StatusNotFound)
		return
	}
	answer(w, wire.Object{"@odata.context": context + "Hierarchy", "value": path})
}
