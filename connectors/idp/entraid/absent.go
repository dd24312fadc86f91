package entraid

import (
	"net/http"
	"slices"

	"rollcall/connectors/internal/manifest"
)

// absent says that something which Graph offers beside users and groups is not there, or
// not for these credentials. Servers that stand in for Graph do not know all of it, and
// say so in several ways.
func absent(err error) bool { return manifest.Absent(err) || unoffered(err) }

// unoffered says that a call is not known where it was sent to.
func unoffered(err error) bool {
	return slices.Contains([]int{http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented}, status(err))
}
