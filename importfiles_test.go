package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// consoleList is the list of users that the Admin console offers for download, and
// mapping a configuration that writes to its headings.
const (
	consoleList = "First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Password Hash Function [UPLOAD ONLY],Org Unit Path [Required],New Primary Email [UPLOAD ONLY],Status [READ ONLY],Employee ID,Employee Title,Department\r\n" +
		"First1,Last1,p1@corp.example,****,,/Sales,,Active,0001,Clerk,Sales\r\n" +
		"First2,Last2,p2@corp.example,****,,/,,Active,0002,Boss,Sales\r\n" +
		"Gone,Long,gone@corp.example,****,,/Old,,Suspended,0009,Clerk,Sales\r\n"
	consoleMapping = `identity: {keys: [{fields: [employeeNumber], attribute: Employee ID}]}
mapping:
  - {attribute: "First Name [Required]", field: firstName}
  - {attribute: "Last Name [Required]", field: lastName}
  - {attribute: "Email Address [Required]", field: email}
  - {attribute: "Org Unit Path [Required]", constant: "/New", write: create-only}
  - {attribute: Employee ID, field: employeeNumber}
  - {attribute: Employee Title, field: jobTitle}
  - {attribute: Department, field: department}
`
)

func TestImportFileIsMadeOfAListFromTheConsole(t *testing.T) {
	s, folder := newStaff(t, 4), t.TempDir()
	s.set(t, department, "Größe, \"Nord\"", 2, 3)
	s.set(t, status, "terminated", 1)
	home(t)
	list := put(t, filepath.Join(folder, "users.csv"), consoleList)
	say(t, "path: "+s.path, "connect", "HR", "csv", "--options", "-").has(t, "Kept")
	say(t, "path: "+list, "connect", "Console", "csv", "--options", "-").has(t, "Kept")
	config := put(t, filepath.Join(folder, "sync.yaml"), consoleMapping)
	say(t, "", "plan", "--source", "HR", "--target", "Console", "--config", config)

	file := filepath.Join(folder, "upload.csv")
	said := expect(t, exitDone, "export", "last", file, "--for", "google", "--only", "create", "--only", "update")
	said.has(t, "Written: "+file+" (3 rows)", "create 2, update 1", "Not ticked", "a password that never existed")
	content, err := os.ReadFile(file)
	must(t, err)
	for _, want := range []string{"\ufeffFirst Name [Required],", "First2,Last2,p2@corp.example,****,,/,", "First3,Last3,p3@corp.example,$6$", `"Größe, ""Nord"""`, ",crypt,/New,"} {
		if !strings.Contains(string(content), want) {
			t.Errorf("%q is not in the file:\n%s", want, content)
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}

	expect(t, exitFailed, "export", "last", file, "--for", "okta").has(t, "Row left out", "is required")
	expect(t, exitError, "export", "last", file, "--for", "ldif").has(t, "no import file called “ldif”", "google, entra-create")
	expect(t, exitError, "export", "last", filepath.Join(folder, "upload.xlsx"), "--for", "google").has(t, ".csv")
	expect(t, exitError, "export", "last", file, "--only", "create").has(t, "--for")
	expect(t, exitError, "export", "last", file, "--for", "google", "--only", "rename").has(t, "no kind of change")
}

// A suspended user of the list stays as the list says.
func TestStateInAListFromTheConsoleIsUnderstood(t *testing.T) {
	s, folder := newStaff(t, 2), t.TempDir()
	s.rows = append(s.rows, []string{"0009", "Gone", "Long", "gone@corp.example", "Sales", "Clerk", "terminated", ""})
	s.save(t)
	list := put(t, filepath.Join(folder, "users.csv"), consoleList)
	config := put(t, filepath.Join(folder, "sync.yaml"), consoleMapping)
	expect(t, exitChanges, "diff", s.path, list, "--config", config, "--export", filepath.Join(folder, "plan.json"))
	if r := readExport(t, filepath.Join(folder, "plan.json")).of(t, "0009"); r.Change != "unchanged" {
		t.Errorf("%+v", r)
	}
}
