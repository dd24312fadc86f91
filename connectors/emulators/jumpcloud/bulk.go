package jumpcloud

import (
	"fmt"
	"maps"
	"time"

	"rollcall/connectors/emulators/wire"
)

// job is a bulk job: what became of each person, which is told only after some time.
type job struct {
	results []wire.Object
	ready   int // the call from which on it is done
}

func (e *emulator) bulkCreate(c call) reply {
	return e.run(c, func(body wire.Object) (wire.Object, reply) { return e.create(body) })
}

// bulkUpdate takes the changed fields and the id of each person.
func (e *emulator) bulkUpdate(c call) reply {
	return e.run(c, func(body wire.Object) (wire.Object, reply) {
		rest := maps.Clone(body)
		delete(rest, "id")
		changed := e.update(text(body["id"]), rest)
		o, _ := changed.body.(wire.Object)
		if changed.message == "" {
			changed = reply{}
		}
		return o, changed
	})
}

// run carries out a job. It is done at once, but its results say so only after the call that asks for them first, or
// after as many as the emulator lags.
func (e *emulator) run(c call, one func(wire.Object) (wire.Object, reply)) reply {
	list, _ := c.body.([]any)
	if len(list) == 0 {
		return invalid("There is nobody in the list.")
	}
	e.made++
	j := &job{ready: e.asked + 1 + max(1, e.Lag)}
	name := fmt.Sprintf("65a4e8f0abba%012x", e.made)
	at := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	for i, element := range list {
		body, _ := element.(wire.Object)
		result := wire.Object{"id": fmt.Sprintf("65a4e8f0dada%06x%06x", e.made, i), "createdAt": at, "updatedAt": at, "meta": wire.Object{"index": i}}
		if o, bad := one(body); bad.status != 0 {
			result["status"], result["message"] = "failed", bad.message
		} else {
			result["status"], result["result"] = "finished", wire.Object{"_id": o["_id"], "username": o["username"], "email": o["email"]}
		}
		j.results = append(j.results, result)
	}
	e.jobs[name] = j
	return said(wire.Object{"jobId": name})
}

func (e *emulator) bulkResults(c call) reply {
	j := e.jobs[c.PathValue("job")]
	if j == nil {
		return notFound
	}
	done := e.asked >= j.ready
	return bare(e, c, j.results, func(result wire.Object) any {
		if done {
			return result
		}
		return wire.Object{"id": result["id"], "status": "pending", "createdAt": result["createdAt"], "updatedAt": result["createdAt"], "meta": result["meta"]}
	})
}
