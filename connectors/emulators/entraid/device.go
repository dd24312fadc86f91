package entraid

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"rollcall/connectors/emulators/wire"
)

const (
	deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
	// devicePath is where a person enters the code that the program shows; ?user_code=CODE says yes, and &decline=1 no.
	devicePath     = "/common/oauth2/deviceauth"
	deviceInterval = 1 // seconds; the vendor says 5, and a client goes by the answer
	deviceLife     = 15 * time.Minute
)

// device is a program that waits for a person to enter its code.
type device struct {
	userCode         string
	permissions      map[string]bool
	until, polled    time.Time
	allowed, refused bool
}

func (e *emulator) deviceCode(w http.ResponseWriter, r *http.Request) {
	switch {
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		e.Refuse(w, r, http.StatusBadRequest)
	case !knownTenant(r.PathValue("tenant")):
		refuseToken(w, http.StatusBadRequest, "invalid_request", "AADSTS90002: Tenant not found.")
	case r.PostFormValue("client_id") != clientID:
		refuseToken(w, http.StatusBadRequest, "unauthorized_client", "AADSTS700016: Application not found in the directory.")
	case e.Way != OAuth:
		refuseToken(w, http.StatusUnauthorized, "invalid_client", "AADSTS7000218: The application does not allow public client flows.")
	case !graphScopes(r.PostFormValue("scope")):
		refuseToken(w, http.StatusBadRequest, "invalid_scope", "AADSTS70011: The scope is not valid.")
	default:
		n := len(e.devices) + 1
		code, userCode := fmt.Sprintf("made-up-device-%04d", n), fmt.Sprintf("MADEUP%03d", n)
		e.devices[code] = &device{userCode: userCode, permissions: e.permissions(r.PostFormValue("scope")), until: e.Now().Add(deviceLife)}
		page := "https://" + loginHost + devicePath
		wire.JSON(w, http.StatusOK, "application/json; charset=utf-8", wire.Object{"device_code": code, "user_code": userCode, "verification_uri": page,
			"expires_in": int(deviceLife.Seconds()), "interval": deviceInterval, "message": "To sign in, open " + page + " and enter the code " + userCode + "."})
	}
}

func (e *emulator) deviceConsent(w http.ResponseWriter, r *http.Request) {
	for _, d := range e.devices {
		if d.userCode == r.URL.Query().Get("user_code") {
			d.refused = r.URL.Query().Has("decline")
			d.allowed = !d.refused
			w.WriteHeader(http.StatusOK)
			return
		}
	}
	refuseToken(w, http.StatusBadRequest, "invalid_request", "AADSTS70019: There is no such code.")
}

func (e *emulator) tokenOfDevice(w http.ResponseWriter, r *http.Request) {
	code, now := r.PostFormValue("device_code"), e.Now()
	d := e.devices[code]
	if d == nil {
		refuseToken(w, http.StatusBadRequest, "bad_verification_code", "AADSTS70018: The device code is not valid.")
		return
	}
	early := now.Sub(d.polled) < deviceInterval*time.Second
	d.polled = now
	switch {
	case now.After(d.until):
		refuseToken(w, http.StatusBadRequest, "expired_token", "AADSTS70020: The device code has expired.")
	case d.refused:
		refuseToken(w, http.StatusBadRequest, "authorization_declined", "AADSTS70021: The person declined.")
	case d.allowed:
		delete(e.devices, code)
		e.giveIf(w, true, d.permissions)
	case early:
		refuseToken(w, http.StatusBadRequest, "slow_down", "AADSTS70016: The program asks too often.")
	default:
		refuseToken(w, http.StatusBadRequest, "authorization_pending", "AADSTS70016: Nobody has entered the code yet.")
	}
}
