package core

import "testing"

func TestLeaversAreReadForNinetyDaysUnlessTheSetupSaysOtherwise(t *testing.T) {
	for name, c := range map[string]struct {
		days int
		m    Modes
		want int
	}{
		"nothing said":                        {0, DefaultModes(), 90},
		"a number":                            {14, DefaultModes(), 14},
		"all":                                 {-1, DefaultModes(), -1},
		"all, in another word":                {-7, DefaultModes(), -1},
		"a deletion within the days":          {0, Modes{Delete: true, DeleteDaysAfter: 30}, 90},
		"a deletion that would be missed":     {0, Modes{Delete: true, DeleteDaysAfter: 120}, 150},
		"a deletion that may not be made":     {0, Modes{DeleteDaysAfter: 120}, 90},
		"a deletion where all leavers come":   {-1, Modes{Delete: true, DeleteDaysAfter: 120}, -1},
		"a deletion on the last day of those": {30, Modes{Delete: true, DeleteDaysAfter: 30}, 60},
	} {
		if got := (Setup{LeaverDays: c.days, Modes: c.m}).LeaversBack(); got != c.want {
			t.Errorf("%s: %d days, want %d", name, got, c.want)
		}
	}
}
