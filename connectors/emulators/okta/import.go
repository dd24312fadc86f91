package okta

import (
	"maps"
	"net/http"
	"slices"

	"rollcall/connectors/emulators/wire"
)

const (
	longestPerson = 512 // characters of an external id
	longestGroup  = 255
)

// mapped are the names by which the org's mapping turns what the source tells into profiles; other names stay as they are.
var mapped = map[string]string{"userName": "login", "homeAddress": "postalAddress"}

// told looks at a profile as the source tells it: texts only, in attributes that there are.
func (o *org) told(value any) (profile wire.Object, wrong *flaw) {
	raw, ok := value.(wire.Object)
	if !ok {
		return nil, &flaw{"profile", "A profile is needed."}
	}
	profile = wire.Object{}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		to := mapped[name]
		if to == "" {
			to = name
		}
		_, isText := raw[name].(string)
		switch is, known := o.attrs[to]; {
		case !known || is.Type != "string" || name == "login":
			return nil, &flaw{name, unknown}
		case !isText && raw[name] != nil:
			return nil, &flaw{name, "Profile attributes can only be of the string type."}
		}
		profile[to] = raw[name]
	}
	return profile, nil
}

func isUsers(body wire.Object) bool { return body["entityType"] == "USERS" }

func (e *emulator) upserts(body wire.Object) (do func(now string), wrong *flaw) {
	if !isUsers(body) {
		return nil, &flaw{"entityType", "Only USERS is supported."}
	}
	list, wrong := listIn(body, "profiles", "externalId", 0, longestPerson)
	if wrong != nil || len(list) == 0 {
		return nil, wrong
	}
	profiles := make([]wire.Object, len(list))
	for i, one := range list {
		if profiles[i], wrong = e.org.told(one["profile"]); wrong != nil {
			return nil, wrong
		}
	}
	return func(now string) {
		for i, one := range list {
			e.org.accept(one["externalId"].(string), profiles[i], now) // of single people the API tells nothing
		}
	}, nil
}

func (e *emulator) deletes(body wire.Object) (do func(now string), wrong *flaw) {
	if !isUsers(body) {
		return nil, &flaw{"entityType", "Only USERS is supported."}
	}
	list, wrong := listIn(body, "profiles", "externalId", 0, longestPerson)
	known := slices.ContainsFunc(list, func(one wire.Object) bool {
		p := e.org.source.people[one["externalId"].(string)]
		return p != nil && !p.gone
	})
	if wrong != nil || !known {
		return nil, wrong
	}
	return func(now string) {
		for _, one := range list {
			if p := e.org.source.people[one["externalId"].(string)]; p != nil {
				e.org.giveUp(p, now)
			}
		}
	}, nil
}

// accept makes or changes the account of a person of the source: his own, or that of whoever has his login, or a staged one.
// Whom it cannot take, because a value does not fit, it leaves out.
func (o *org) accept(external string, profile wire.Object, now string) (flaws []flaw) {
	p := o.source.people[external]
	if p == nil {
		p = &sourced{id: o.newID("00u"), external: external, created: now, profile: wire.Object{}}
	}
	whole := maps.Clone(p.profile)
	maps.Copy(whole, profile)
	a := p.account
	if text, ok := whole["login"].(string); a == nil && ok {
		a = o.byLogin[fold(text)]
	}
	if flaws = append(o.missing(whole), o.checked(a, profile)...); len(flaws) > 0 {
		return flaws
	}
	if a != nil && a.source != "" && a.external != external {
		return []flaw{{"userName", taken}}
	}
	if a == nil {
		a = o.make(order{profile: whole}, now)
	} else {
		after := maps.Clone(a.profile())
		maps.Copy(after, profile)
		o.change(a, now, func(record wire.Object) { record["profile"] = after })
	}
	if a.status == deactivated && a.target == "" {
		o.moveTo(a, usable(a), now)
	}
	a.source, a.external = IdentitySource, external
	p.profile, p.account, p.updated, p.gone = whole, a, now, false
	o.source.people[external] = p
	return nil
}

// giveUp deactivates whom the source no longer has.
func (o *org) giveUp(p *sourced, now string) {
	if p.gone {
		return
	}
	p.gone, p.updated = true, now
	if p.account.status != deactivated && p.account.target != deactivated {
		o.moving = slices.DeleteFunc(o.moving, func(a *account) bool { return a == p.account })
		o.moveTo(p.account, deactivated, now)
	}
}

func (e *emulator) groupUpserts(body wire.Object) (do func(now string), wrong *flaw) {
	list, wrong := listIn(body, "profiles", "externalId", 1, longestGroup)
	if wrong != nil {
		return nil, wrong
	}
	for _, one := range list {
		profile, _ := one["profile"].(wire.Object)
		if name, _ := profile["displayName"].(string); name == "" || len([]rune(name)) > longestName {
			return nil, &flaw{"displayName", "A name of 1 to 255 characters is needed."}
		}
	}
	return func(now string) {
		for _, one := range list {
			e.org.takeGroup(one["externalId"].(string), one["profile"].(wire.Object), now)
		}
	}, nil
}

// takeGroup makes or changes a group of the source; it is no group of the org's own.
func (o *org) takeGroup(external string, profile wire.Object, now string) {
	g := o.source.groups[external]
	if g == nil {
		g = o.addGroup(o.newID("00g"), "", appGroup, now)
		o.source.groups[external] = g
	}
	g.name, g.description, g.updated = profile["displayName"].(string), profile["description"], now
}

func (e *emulator) groupDeletes(body wire.Object) (do func(now string), wrong *flaw) {
	raw, _ := body["externalIds"].([]any)
	if len(raw) < 1 || len(raw) > mostProfiles {
		return nil, &flaw{"externalIds", "There have to be 1 to 200."}
	}
	known := slices.ContainsFunc(raw, func(id any) bool {
		text, _ := id.(string)
		return e.org.source.groups[text] != nil
	})
	if !known {
		return nil, nil
	}
	return func(now string) {
		for _, id := range raw {
			text, _ := id.(string)
			if g := e.org.source.groups[text]; g != nil {
				e.org.dropGroup(g, now)
			}
		}
	}, nil
}

// memberships are put into groups or taken out of them; who or what is unknown is left out.
func (e *emulator) memberships(write func(*org, *account, *group, string)) load {
	return func(body wire.Object) (do func(now string), wrong *flaw) {
		list, wrong := listIn(body, "memberships", "groupExternalId", 1, longestGroup)
		if wrong != nil {
			return nil, wrong
		}
		return func(now string) {
			for _, one := range list {
				g := e.org.source.groups[one["groupExternalId"].(string)]
				ids, _ := one["memberExternalIds"].([]any)
				for _, id := range ids {
					text, _ := id.(string)
					if p := e.org.source.people[text]; p != nil && g != nil {
						write(e.org, p.account, g, now)
					}
				}
			}
		}, nil
	}
}

// known lets a call pass that names a person of the source.
func (e *emulator) known(answer func(http.ResponseWriter, *http.Request, *sourced)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p := e.org.source.people[r.PathValue("external")]
		if p == nil || p.gone {
			notFound(w, r.PathValue("external"), "IdentitySourceUser")
			return
		}
		answer(w, r, p)
	}
}

func (p *sourced) show() wire.Object {
	profile := wire.Object{}
	for name, value := range p.profile {
		for from, to := range mapped {
			if to == name {
				name = from
			}
		}
		profile[name] = value
	}
	return wire.Object{"id": p.id, "externalId": p.external, "created": p.created, "lastUpdated": p.updated, "profile": profile}
}

func (e *emulator) sourced(w http.ResponseWriter, _ *http.Request, p *sourced) { answer(w, p.show()) }

// toldAlone reads a person who comes by a call of his own.
func (e *emulator) toldAlone(w http.ResponseWriter, r *http.Request, known ...string) (body, profile wire.Object, ok bool) {
	body, ok = bodyOf(w, r, append(known, "profile")...)
	if !ok {
		return nil, nil, false
	}
	profile, wrong := e.org.told(body["profile"])
	if wrong != nil {
		invalids(w, []flaw{*wrong})
		return nil, nil, false
	}
	return body, profile, true
}

func (e *emulator) createSourced(w http.ResponseWriter, r *http.Request) {
	body, profile, ok := e.toldAlone(w, r, "externalId")
	if !ok {
		return
	}
	external, _ := body["externalId"].(string)
	p := e.org.source.people[external]
	switch {
	case external == "" || len([]rune(external)) > longestPerson:
		invalid(w, "externalId", "An id of 1 to 512 characters is needed.")
	case p != nil && !p.gone:
		invalid(w, "externalId", taken)
	default:
		if flaws := e.org.accept(external, profile, e.stamp()); len(flaws) > 0 {
			invalids(w, flaws)
			return
		}
		w.WriteHeader(http.StatusOK)
	}
}

// replaceSourced clears what is left out.
func (e *emulator) replaceSourced(w http.ResponseWriter, r *http.Request, p *sourced) {
	_, profile, ok := e.toldAlone(w, r, "externalId")
	if !ok {
		return
	}
	for name := range p.profile {
		if _, there := profile[name]; !there {
			profile[name] = nil
		}
	}
	e.tell(w, p, profile)
}

func (e *emulator) updateSourced(w http.ResponseWriter, r *http.Request, p *sourced) {
	if _, profile, ok := e.toldAlone(w, r); ok {
		e.tell(w, p, profile)
	}
}

func (e *emulator) tell(w http.ResponseWriter, p *sourced, profile wire.Object) {
	if flaws := e.org.accept(p.external, profile, e.stamp()); len(flaws) > 0 {
		invalids(w, flaws)
		return
	}
	answer(w, wire.Object{"profile": p.show()["profile"]})
}

func (e *emulator) deleteSourced(w http.ResponseWriter, _ *http.Request, p *sourced) {
	e.org.giveUp(p, e.stamp())
	w.WriteHeader(http.StatusNoContent)
}
