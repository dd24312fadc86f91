package boondmanager

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEmploymentIsTheChainOfTheContractThatCounts(t *testing.T) {
	const today = "2026-11-22"
	for name, c := range map[string]struct {
		contracts []contract
		want      map[string]any
	}{
		"none":                           {nil, map[string]any{}},
		"the day after another's end":    {[]contract{{"2019-09-02", "2020-08-31"}, {"2020-09-01", ""}}, map[string]any{"start": "2019-09-02", "end": "", "is": "running"}},
		"after a gap":                    {[]contract{{"2019-09-02", "2020-08-31"}, {"2020-09-02", ""}}, map[string]any{"start": "2020-09-02", "end": "", "is": "running"}},
		"while another runs":             {[]contract{{"2019-09-02", ""}, {"2020-09-02", "2026-12-31"}}, map[string]any{"start": "2019-09-02", "end": "2026-12-31", "is": "running"}},
		"somebody comes back":            {[]contract{{"2019-09-02", "2020-08-31"}, {"2027-01-01", ""}, {"2028-01-01", ""}}, map[string]any{"start": "2027-01-01", "end": "", "is": "planned"}},
		"all are over":                   {[]contract{{"2018-01-01", "2021-12-31"}, {"2019-01-01", "2019-12-31"}}, map[string]any{"start": "2018-01-01", "end": "2021-12-31", "is": "over"}},
		"the next follows the one today": {[]contract{{"2019-09-02", "2026-11-22"}, {"2026-11-23", ""}}, map[string]any{"start": "2019-09-02", "end": "2026-11-22", "is": "running"}},
	} {
		if diff := cmp.Diff(c.want, employment(c.contracts, today)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
