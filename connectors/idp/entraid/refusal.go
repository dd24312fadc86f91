package entraid

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"rollcall/connectors/internal/rest"
	"rollcall/core"
)

// refusals are reasons of the sign-in page, by their numbers, that a person can do
// something about.
var refusals = map[int]core.Problem{
	90002:   {Code: core.NotFound, What: "Microsoft Entra ID does not know this tenant.", Fix: "Check the tenant ID and the cloud in the settings of the connection."},
	700016:  {Code: core.BadCredentials, What: "Microsoft Entra ID does not know this application in the tenant.", Fix: "Check the client ID and the tenant ID; both stand on the Overview of the application."},
	7000215: {Code: core.BadCredentials, What: "Microsoft Entra ID refuses the client secret.", Fix: "Give the value of the secret, not its ID; make a new one under Certificates & secrets if it is lost."},
	7000222: {Code: core.BadCredentials, What: "Microsoft Entra ID says that the client secret has ended.", Fix: "Make a new one under Certificates & secrets, and put it into the connection."},
	700027:  {Code: core.BadCredentials, What: "Microsoft Entra ID refuses the certificate.", Fix: "Upload this certificate under Certificates & secrets, Certificates, and check whether the clock of this computer is right."},
	65001:   {Code: core.BadCredentials, What: "Microsoft Entra ID says that nobody consented to the application.", Fix: "Let an administrator press Grant admin consent under API permissions."},
	50011:   {Code: core.BadCredentials, What: "Microsoft Entra ID does not know the redirect address.", Fix: "Add http://localhost under Authentication, Add a platform, Mobile and desktop applications."},
	50076:   {Code: core.BadCredentials, What: "Microsoft Entra ID wants a second factor.", Fix: "Press Test connection and sign in again in the browser."},
	53003:   {Code: core.BadCredentials, What: "A conditional access policy of Microsoft Entra ID blocks this sign-in.", Fix: "Ask an administrator which policy it is, and sign in in a way that it allows."},
	530003:  {Code: core.BadCredentials, What: "A conditional access policy of Microsoft Entra ID wants a managed device.", Fix: "Sign in on a device that your company manages."},
}

// explain tells the reasons of the sign-in page apart, which all come with one status.
func explain(a *rest.Answer) *core.Problem {
	var said struct {
		Numbers []int `json:"error_codes"`
	}
	if a.Status == http.StatusBadRequest || a.Status == http.StatusUnauthorized {
		_ = json.Unmarshal(a.Body, &said) // what is no JSON names no reason
	}
	for _, number := range said.Numbers {
		if p, ok := refusals[number]; ok {
			p.Cause = errors.New(fmt.Sprint("AADSTS", number))
			return &p
		}
	}
	return nil
}
