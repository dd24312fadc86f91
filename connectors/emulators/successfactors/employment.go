package successfactors

import (
	"fmt"
	"strconv"
	"strings"

	"rollcall/connectors/emulators/seed"
	"rollcall/connectors/emulators/wire"
)

// Whoever has two jobs in a row got the second so many days after he came; who gets another one has to wait until then.
const (
	promotedAfter = 100
	farAhead      = "2090-01-01"
)

var onLeave = []string{"U", "P", "S", "F", "D"}
var gone = []string{"T", "R", "O"}

var statusLabels = map[string]string{"A": "Active", "U": "Unpaid Leave", "P": "Paid Leave", "S": "Suspended", "F": "Furlough", "D": "Dormant",
	"T": "Terminated", "R": "Retired", "O": "Discarded", "RNS": "Reported No Show"}

// statusCode is the code of the job record that is valid until the employment ends.
func statusCode(p seed.Employee) string {
	switch {
	case p.State == seed.Odd:
		return "X1"
	case p.State == seed.OnLeave, p.State == seed.Working && p.End == "" && p.ID%17 == 0:
		return onLeave[p.ID/17%len(onLeave)]
	case p.State == seed.Working && p.End == "" && p.ID%53 == 0:
		return "RNS"
	}
	return "A"
}

// jobless people have an employment without any job record: those of whom no day is known.
func jobless(p seed.Employee) bool {
	return p.Hire == "" || p.State == seed.Left && p.End == ""
}

func abroad(p seed.Employee) bool {
	return p.ID%19 == 0 && !jobless(p) && p.State == seed.Working && p.End == "" && statusCode(p) == "A"
}

func activeCount(p seed.Employee) string {
	if p.State == seed.Left || statusCode(p) == "RNS" {
		return "0"
	}
	return "1"
}

// latestEnd is also told of people who came back.
func latestEnd(p seed.Employee) any {
	if p.End == "" && len(p.Earlier) > 0 {
		return dated(p.Earlier[0].End)
	}
	return dated(p.End)
}

// employments are in no order: an earlier one, one at home while the person is abroad, and the one that counts.
func employments(p seed.Employee) []any {
	rows := []any{employment(p, userID(p), "ST", p.Hire, p.End, account(p), jobs(p))}
	for i, was := range p.Earlier {
		id := fmt.Sprintf("%s-%d", userID(p), i+1)
		old := p
		old.Title = was.Title
		rows = append([]any{employment(p, id, "ST", was.Start, was.End, nil, []any{job(old, id, "T", shifted(was.End, 1), "")})}, rows...)
	}
	if !abroad(p) {
		return rows
	}
	home, away := userID(p)+"H", rows[len(rows)-1].(wire.Object)
	away["assignmentClass"] = "GA"
	staying := p
	staying.Title = "Job at home"
	at := account(p)
	at["userId"] = home
	kept := employment(p, home, "ST", shifted(p.Hire, -50), "", at, []any{job(staying, home, "D", shifted(p.Hire, -50), "")})
	if p.ID%2 == 0 {
		return append([]any{kept}, rows...)
	}
	return append(rows, kept)
}

func employment(p seed.Employee, user, class, start, end string, of wire.Object, jobs []any) wire.Object {
	ended := dated(end)
	if user == userID(p) && onlyLatestEnd(p) {
		ended = nil
	}
	o := wire.Object{"personIdExternal": personID(p), "userId": user, "employmentId": strconv.Itoa(p.ID), "assignmentIdExternal": user,
		"assignmentClass": class, "startDate": dated(start), "originalStartDate": dated(start), "firstDateWorked": dated(start),
		"endDate": ended, "lastDateWorked": dated(p.LastDay), "isContingentWorker": p.External, "hiringNotCompleted": nil,
		"lastModifiedDateTime": modified(p), "jobInfoNav": nav{list(jobs...)}, "userNav": nav{nil}}
	if of != nil {
		o["userNav"] = nav{of}
	}
	return entity("EmpEmployment", "personIdExternal='"+personID(p)+"',userId='"+user+"'", o)
}

// onlyLatestEnd tells whether the end stands beside the employment only.
func onlyLatestEnd(p seed.Employee) bool { return p.State == seed.Left && p.End != "" && p.ID%4 == 3 }

// jobs are the job records, one after the other: an earlier job, the present one, one that is planned, the end.
func jobs(p seed.Employee) []any {
	if jobless(p) {
		return nil
	}
	start, end, code := p.Hire, p.End, statusCode(p)
	var rows []any
	if now := shifted(start, promotedAfter); p.ID%5 == 0 && now < p.Changed.Format("2006-01-02") && p.State == seed.Working {
		junior := p
		junior.Title, junior.ManagerID = "Junior", 0
		rows = append(rows, job(junior, userID(p), "A", start, shifted(now, -1)))
		start = now
	}
	if p.ID%13 == 0 && end == "" {
		later := p
		later.Title = "Promised Job"
		rows = append(rows, job(later, userID(p), code, farAhead, ""))
		end = shifted(farAhead, -1)
	}
	rows = append(rows, job(p, userID(p), code, start, end))
	if p.End != "" {
		rows = append(rows, job(p, userID(p), gone[p.ID%3], shifted(p.End, 1), ""))
	}
	return rows
}

func job(p seed.Employee, user, code, start, end string) wire.Object {
	until := dated(end)
	if end == "" {
		until = openEnd
	}
	key := fmt.Sprintf("seqNumber=1L,startDate=datetime'%sT00:00:00',userId='%s'", start, user)
	option := map[string]string{"A": "1001", "T": "1004"}[code]
	if option == "" {
		option = "10" + strconv.Itoa(50+len(code)+int(code[0]))
	}
	centre := largest(p.CostCentres)
	o := wire.Object{"seqNumber": "1", "userId": user, "startDate": dated(start), "endDate": until, "jobCode": "JC-01", "localJobTitle": nil,
		"position": "POS-" + user, "managerId": managerID(p), "emplStatus": option, "employmentType": nil, "employeeClass": nil,
		"department": codeOf(p.Department), "division": null(divisionCode(p.Division)), "businessUnit": codeOf(p.Team), "company": codeOf(p.LegalEntity),
		"costCenter": codeOf(centre), "location": codeOf(p.Office), "countryOfCompany": "DEU", "timezone": nil, "fte": "1", "standardHours": "40",
		"isFulltimeEmployee": p.Type == "Full-Time", "regularTemp": nil, "lastModifiedDateTime": modified(p),
		"departmentNav": nav{department(p.Department)}, "divisionNav": nav{division(p.Division)}, "businessUnitNav": nav{unit("FOBusinessUnit", p.Team)},
		"companyNav": nav{company(p.LegalEntity)}, "costCenterNav": nav{unit("FOCostCenter", centre)}, "locationNav": nav{location(p)},
		"emplStatusNav": nav{choice(option, code, label(p, code))}, "employmentTypeNav": nav{nil}, "employeeClassNav": nav{nil},
		"managerUserNav": nav{manager(p)}, "positionNav": nav{wire.Object{"code": "POS-" + user}},
		"payGrade": "SENSITIVE-grade"}
	if p.Type != "" && byClass(p) {
		o["employeeClass"], o["employeeClassNav"] = "EC1", nav{choice("3001", "EC1", "Class "+p.Type)}
	} else if p.Type != "" {
		o["employeeClass"], o["employeeClassNav"] = "EC1", nav{choice("3001", "EC1", "White Collar")}
		o["employmentType"], o["employmentTypeNav"] = "ET1", nav{choice("2001", "ET1", p.Type)}
	}
	if p.ID%2 == 0 {
		o["timezone"] = null(p.TimeZone)
	}
	title := "jobTitle"
	if p.ID%12 == 0 {
		title, o["jobTitle"] = "localJobTitle", nil
	}
	wire.Put(o, title, p.Title, p.Void)
	putCustom(o, p)
	return entity("EmpJob", key, o)
}

func byClass(p seed.Employee) bool { return p.ID%15 == 0 }

func label(p seed.Employee, code string) string {
	if text := statusLabels[code]; text != "" {
		return text
	}
	return p.Word
}

func manager(p seed.Employee) any {
	if p.Manager() == nil {
		return nil
	}
	return entity("User", "'"+managerID(p)+"'", wire.Object{"userId": managerID(p), "username": "login", "status": userStatus(*p.Manager())})
}

// putCustom fills the slots that the customer uses; Int64 is text, a decimal number is not.
func putCustom(o wire.Object, p seed.Employee) {
	c := p.Custom
	wire.Put(o, "customString1", c.Badge, p.Void)
	wire.Put(o, "customString2", c.Building.Name, p.Void)
	wire.Put(o, "customString3", strings.Join(c.Languages, " / "), p.Void)
	wire.Put(o, "customString4", c.Note, p.Void)
	o["customLong1"], o["customDouble1"], o["customDate1"] = nil, decimal(c.Hours), dated(c.Anniversary)
	if c.Bicycles != nil {
		o["customLong1"] = strconv.Itoa(*c.Bicycles)
	}
}

func largest(shares []seed.Share) seed.Unit {
	best := seed.Share{}
	for _, s := range shares {
		if s.Percent > best.Percent {
			best = s
		}
	}
	return best.Unit
}
