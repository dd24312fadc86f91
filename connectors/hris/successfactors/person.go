package successfactors

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"rollcall/connectors/internal/manifest"
	"rollcall/core"
)

// strip takes the vendor's own tree away, once what counts of it stands beside.
func strip(row map[string]any) {
	for _, name := range []string{"personalInfoNav", "emailNav", "phoneNav", "employmentNav", "homeAddressNavDEFLT", "photoNav"} {
		delete(row, name)
	}
}

func list(v any, path string) []any {
	found, _ := manifest.At(v, path)
	return manifest.Several(found)
}

// plain gives a value without OData's wrapping: lists without results, days instead of
// milliseconds, no value for what did not come and for the end of time.
func plain(v any) any {
	switch v := v.(type) {
	case string:
		if strings.HasPrefix(v, "/Date(") {
			return day(v)
		}
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = plain(v[i])
		}
		return all
	case map[string]any:
		if _, deferred := v["__deferred"]; deferred {
			return nil
		}
		if results, ok := v["results"].([]any); ok {
			return plain(results)
		}
		all := map[string]any{}
		for name, inner := range v {
			if name != "__metadata" {
				all[name] = plain(inner)
			}
		}
		return all
	}
	return v
}

func day(text string) any {
	if d := manifest.Epoch(text); d != "9999-12-31" {
		return d
	}
	return nil
}

// codes are an option's codes, parted by commas.
func codes(a core.Answers, option string) []string {
	all := strings.Split(a.Get(option), ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}

// complete puts beside a person's parts those that count, and gives the person's users.
func complete(row map[string]any, p manifest.Pull) (users map[string]string) {
	if p.Answers.Get("records") == "user" {
		completeUser(row)
		return nil
	}
	tree, _ := plain(row).(map[string]any) // a map stays a map
	employments := list(tree, "employmentNav")
	users = map[string]string{}
	for _, e := range employments {
		users[manifest.TextAt(e, "userId")] = manifest.TextAt(row, "personIdExternal")
	}
	emp := counting(employments, p)
	job := manifest.Current(list(emp, "jobInfoNav"), "startDate", "endDate", p.Today)
	row["personal"] = manifest.Current(list(tree, "personalInfoNav"), "startDate", "endDate", p.Today)
	row["emp"], row["job"] = emp, job
	row["end"] = manifest.TextAt(emp, "endDate")
	if row["end"] == "" && manifest.TextAt(tree, "personEmpTerminationInfoNav.activeEmploymentsCount") == "0" {
		row["end"] = manifest.TextAt(tree, "personEmpTerminationInfoNav.latestTerminationDate")
	}
	row["manager"] = ""
	if user := manifest.TextAt(job, "managerId"); user != "NO_MANAGER" {
		row["manager"] = user
	}
	row["emails"] = map[string]any{
		"work":    cmp.Or(email(tree, codes(p.Answers, "workEmail")), manifest.TextAt(emp, "userNav.email")),
		"private": email(tree, codes(p.Answers, "privateEmail"))}
	row["phones"] = map[string]any{"work": phone(tree, codes(p.Answers, "workPhone")), "mobile": phone(tree, codes(p.Answers, "mobilePhone"))}
	row["slots"] = filled(map[string]any{"EmpJob": job, "User": inside(emp, "userNav")})
	if emp, ok := emp.(map[string]any); ok {
		delete(emp, "jobInfoNav")
	}
	return users
}

func inside(v any, path string) any {
	found, _ := manifest.At(v, path)
	return found
}

// counting gives the employment that counts: by the status of its job, then of the
// standard class, then one that has begun, then the latest.
func counting(employments []any, p manifest.Pull) any {
	if len(employments) == 0 {
		return nil
	}
	gone := codes(p.Answers, "goneCodes")
	rank := func(e any) int {
		records := list(e, "jobInfoNav")
		onlyGone := len(records) > 0 && !slices.ContainsFunc(records, func(j any) bool { return !slices.Contains(gone, code(j)) })
		is := code(manifest.Current(records, "startDate", "endDate", p.Today))
		status := 3
		switch {
		case onlyGone:
			status = 5
		case slices.Contains(gone, is):
			status = 4
		case is == "A":
			status = 0
		case is == "D":
			status = 2
		case slices.Contains(codes(p.Answers, "leaveCodes"), is):
			status = 1
		}
		if status *= 4; manifest.TextAt(e, "assignmentClass") != "ST" {
			status += 2
		}
		if manifest.Before(p.Today, manifest.TextAt(e, "startDate")) {
			status++
		}
		return status
	}
	return slices.MinFunc(employments, func(a, b any) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(manifest.TextAt(b, "startDate"), manifest.TextAt(a, "startDate")))
	})
}

func code(job any) string { return manifest.TextAt(job, "emplStatusNav.externalCode") }

// email gives the address of a type; the primary one first.
func email(tree any, types []string) string {
	found := ""
	for _, e := range list(tree, "emailNav") {
		if address := manifest.TextAt(e, "emailAddress"); slices.Contains(types, manifest.TextAt(e, "emailTypeNav.externalCode")) && (found == "" || manifest.TextAt(e, "isPrimary") == "true") && address != "" {
			found = address
		}
	}
	return found
}

// phone gives the number of a type, its parts joined with blanks; the primary one first.
func phone(tree any, types []string) string {
	found := ""
	for _, one := range list(tree, "phoneNav") {
		if !slices.Contains(types, manifest.TextAt(one, "phoneTypeNav.externalCode")) || found != "" && manifest.TextAt(one, "isPrimary") != "true" {
			continue
		}
		country := strings.TrimPrefix(manifest.TextAt(one, "countryCode"), "+")
		if country != "" {
			country = "+" + country
		}
		if number := manifest.TextAt(one, "phoneNumber"); number != "" {
			found = strings.Join(strings.Fields(strings.Join([]string{country, manifest.TextAt(one, "areaCode"), number, manifest.TextAt(one, "extension")}, " ")), " ")
		}
	}
	return found
}

// filled gives the custom slots that have a value, by their keys.
func filled(entities map[string]any) map[string]any {
	values := map[string]any{}
	for entity, record := range entities {
		object, _ := record.(map[string]any) // nothing has no slots
		for name, value := range object {
			if id := slot(entity, name); id != "" && manifest.Text(value) != "" {
				values[id] = value
			}
		}
	}
	return values
}

var withCode = regexp.MustCompile(`^(.*\S)\s+\(([^()]*)\)$`)

// unit reads a text such as "Finance (50001)".
func unit(text string) map[string]any {
	if found := withCode.FindStringSubmatch(text); found != nil {
		return map[string]any{"name": found[1], "externalCode": found[2]}
	}
	return map[string]any{"name": text}
}

// completeUser makes the same parts of a user of a company without Employee Central.
func completeUser(row map[string]any) {
	u, _ := plain(row).(map[string]any) // a map stays a map
	row["personal"] = map[string]any{"firstName": u["firstName"], "lastName": u["lastName"]}
	row["emp"] = map[string]any{"startDate": u["hireDate"], "userNav": u}
	location := unit(manifest.TextAt(u, "location"))
	location["addressNavDEFLT"] = map[string]any{"address1": u["addressLine1"], "address2": u["addressLine2"], "address3": u["addressLine3"],
		"city": u["city"], "state": u["state"], "zipCode": u["zipCode"], "country": u["country"]}
	row["job"] = map[string]any{"jobTitle": u["title"], "departmentNav": unit(manifest.TextAt(u, "department")), "divisionNav": unit(manifest.TextAt(u, "division")), "locationNav": location}
	row["emails"] = map[string]any{"work": u["email"]}
	row["phones"] = map[string]any{"work": u["businessPhone"], "mobile": u["cellPhone"]}
	row["manager"], row["slots"] = manifest.TextAt(u, "manager.userId"), filled(map[string]any{"User": u})
}

// status follows the fact sheet's rules in their order.
func status(p manifest.Person) string {
	is := code(p.Row["job"])
	switch {
	case manifest.Before(p.Today, manifest.TextAt(p.Row, "emp.startDate")):
		return core.StatusFuture
	case p.Row["job"] == nil || p.Answers.Get("records") == "user":
		return jobless(p.Row)
	case is == "A":
		return core.StatusActive
	case slices.Contains(codes(p.Answers, "leaveCodes"), is):
		return core.StatusOnLeave
	case slices.Contains(codes(p.Answers, "goneCodes"), is):
		return core.StatusTerminated
	}
	return core.StatusUnknown
}

// jobless goes by the number of employments and the user's status, where no job tells.
func jobless(row any) string {
	said := manifest.TextAt(row, "emp.userNav.status")
	switch {
	case manifest.TextAt(row, "personEmpTerminationInfoNav.activeEmploymentsCount") == "0", slices.Contains([]string{"f", "F", "d"}, said):
		return core.StatusTerminated
	case said == "e":
		return core.StatusFuture
	case slices.Contains([]string{"t", "T"}, said):
		return core.StatusActive
	}
	return core.StatusUnknown
}
