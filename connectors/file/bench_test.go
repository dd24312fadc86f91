package file

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"rollcall/core"
)

// benchFields are as many as a mapping of twelve attributes needs.
var benchFields = []string{"firstName", "lastName", "email", "jobTitle", "department", "location", "country", "managerId", "startDate", "costCenter", "mobilePhone"}

func benchFile(b *testing.B, rows int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "people.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	text := bufio.NewWriter(f)
	fmt.Fprint(text, "Employee ID,First name,Last name,Work e-mail,Job title,Department,Division,Team,Cost centre,Legal entity,Location,Country,City,Postal code,Address line 1,Manager ID,Start date,End date,Employment status,Employment type,Birth date,Gender,Mobile phone,Remark\n")
	for i := range rows {
		fmt.Fprintf(text, "%08d,Anneliese%d,Grünwald,anneliese.gruenwald%d@corp.example,Account Executive,Sales & Service,Commercial,DACH,CC-%04d,Northlake Optik GmbH,München,Germany,München,80331,Zur Alten Mühle %d,%08d,2019-%02d-%02d,,Active,Full-Time,1984-05-%02d,female,+49 171 %07d,\"none, so far\"\n",
			i, i%977, i, i%300, i%80, i/9, i%12+1, i%28+1, i%28+1, i)
	}
	if err := errors.Join(text.Flush(), f.Close()); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkReading prints encoding/csv's bare reading beside ours with twelve columns
// made into records, on one core and on all.
func BenchmarkReading(b *testing.B) {
	const rows = 200_000
	path := benchFile(b, rows)
	b.Run("encoding-csv", func(b *testing.B) {
		size(b, path)
		for b.Loop() {
			readPlainly(b, path)
		}
	})
	for _, cores := range []int{1, runtime.NumCPU()} {
		b.Run(fmt.Sprintf("wanted-columns-%d-core", cores), func(b *testing.B) {
			size(b, path)
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
			b.ReportAllocs()
			for b.Loop() {
				s, err := NewSource(CSV, core.Answers{"path": core.Secret(path)}, core.Env{})
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for p, err := range s.People(context.Background(), core.Want{Fields: benchFields, Leavers: -1}) {
					if err != nil || p.ID() == "" {
						b.Fatal(p.ID(), err)
					}
					n++
				}
				if n != rows {
					b.Fatal(n)
				}
			}
		})
	}
}

func size(b *testing.B, path string) {
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
}

func readPlainly(b *testing.B, path string) {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	for {
		if _, err := r.Read(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			b.Fatal(err)
		}
	}
}
