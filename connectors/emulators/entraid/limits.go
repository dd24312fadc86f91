package entraid

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rollcall/connectors/emulators/wire"
)

// The names of the limits of wire.Writing.
const (
	Units   = "units"    // resource units of an application in a tenant
	Writes  = "writes"   // writes of an application in a tenant
	Bulk    = "bulk"     // calls of bulkUpload
	BulkDay = "bulk day" // calls of bulkUpload in 24 hours
	Logs    = "logs"     // calls for the provisioning log
)

const throttleScope = "Tenant_Application/ReadWrite/" + clientID + "/" + tenantID

// limits are those that hold, by name.
type limits map[string]*wire.Bucket

func newLimits(asked wire.Writing, people int) limits {
	chosen := map[string]wire.Limit{}
	if asked.Limits.Real {
		chosen = map[string]wire.Limit{Units: {Calls: unitsOf(people), Window: 10 * time.Second}, Writes: {Calls: 3000, Window: 150 * time.Second},
			Bulk: {Calls: 40, Window: 5 * time.Second}, BulkDay: {Calls: 2000, Window: 24 * time.Hour}, Logs: {Calls: 5, Window: 10 * time.Second}}
	}
	all := limits{}
	for name, limit := range asked.Limits.Named {
		chosen[name] = limit
	}
	for name, limit := range chosen {
		all[name] = wire.NewBucket(limit, asked.Now())
	}
	return all
}

func unitsOf(people int) int {
	switch {
	case people < 50:
		return 3500
	case people <= 500:
		return 5000
	}
	return 8000
}

// within charges a call; where a limit is met it answers itself.
func (e *emulator) within(w http.ResponseWriter, r *http.Request) bool {
	cost := cost(r)
	if cost > 0 {
		w.Header().Set("x-ms-resource-unit", strconv.Itoa(cost))
	}
	for _, name := range concerned(r) {
		bucket := e.limits[name]
		if bucket == nil {
			continue
		}
		n := 1
		if name == Units {
			n = cost
		}
		wait, ok := bucket.Take(n, e.Now())
		if used := bucket.Used(); used >= 0.8 {
			w.Header().Set("x-ms-throttle-limit-percentage", fmt.Sprintf("%.1f", min(used, 1.8)))
		}
		if !ok {
			w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
			w.Header().Set("x-ms-throttle-scope", throttleScope)
			w.Header().Set("x-ms-throttle-information", information(name))
			e.Refuse(w, r, http.StatusTooManyRequests)
			return false
		}
	}
	return true
}

func information(name string) string {
	switch name {
	case Units:
		return "ResourceUnitLimitExceeded"
	case Writes:
		return "WriteLimitExceeded"
	}
	return "CPULimitExceeded"
}

// concerned are the limits that a call counts to. What is in a batch counts by itself.
func concerned(r *http.Request) []string {
	switch path := r.URL.Path; {
	case strings.HasSuffix(path, "/$batch"):
		return nil
	case strings.HasSuffix(path, "/bulkUpload"):
		return []string{Bulk, BulkDay}
	case strings.HasSuffix(path, "/auditLogs/provisioning"):
		return []string{Logs}
	case isWrite(r):
		return []string{Units, Writes}
	}
	return []string{Units}
}

func isWrite(r *http.Request) bool {
	return r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/getAvailableExtensionProperties")
}

// cost is the number of resource units of a call.
func cost(r *http.Request) int {
	q := r.URL.Query()
	units := 1
	switch {
	case len(concerned(r)) == 0 || concerned(r)[0] != Units:
		return 0
	case isWrite(r):
		return 1
	case r.Pattern == "GET /v1.0/users":
		units = 2
	case r.Pattern == "GET /v1.0/groups/{id}/members":
		units = 3
	}
	if q.Has("$select") {
		units--
	}
	if q.Has("$expand") {
		units++
	}
	if top, err := strconv.Atoi(q.Get("$top")); err == nil && top < 20 {
		units--
	}
	return max(units, 1)
}
