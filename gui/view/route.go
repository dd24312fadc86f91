package view

// Route is a place in the window, as a value: which page, and what it shows.
type Route struct {
	Page       string
	Connection string // id, for the wizard on one connection
	Connector  string // id, for setting up a new one
	Sync       string
	Plan       string
	Run        string
	Person     string
}

// The pages.
const (
	Integrations = "integrations"
	Setup        = "setup" // the wizard; the mapping is one of its steps
	Mappings     = "mappings"
	Preview      = "preview"
	RunPage      = "run"
	PeoplePage   = "people"
	History      = "history"
	SettingsPage = "settings"
)
