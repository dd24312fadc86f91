package diff

import "rollcall/core"

// What a reference can stand for instead of a place.
const (
	nobody = -1 // not found, or the person himself
	circle = -2 // part of a circle of managers
)

// resolve finds whom each reference means, once, and takes circles out.
func (d *comparer) resolve() {
	for k := range d.columns {
		c := &d.columns[k]
		if c.Kind != core.Reference {
			continue
		}
		c.others = make([]int32, len(d.in.Desired))
		for i := range c.others {
			c.others[i] = d.meant(int32(i), d.in.Desired[i].At(c.desired))
		}
		breakCircles(c.others)
	}
}

func (d *comparer) meant(i int32, reference string) int32 {
	if reference == "" {
		return nobody
	}
	if other := d.in.Find(reference); other != i {
		return other
	}
	return nobody
}

// breakCircles marks everybody who stands in a circle of any length; who only reports
// into one keeps the manager.
func breakCircles(others []int32) {
	const fresh, open, closed = 0, 1, 2
	state := make([]uint8, len(others))
	var path []int32
	for start := range others {
		path = path[:0]
		i := int32(start)
		for i >= 0 && state[i] == fresh {
			state[i] = open
			path = append(path, i)
			i = others[i]
		}
		if i >= 0 && state[i] == open {
			markFrom(path, i, others)
		}
		for _, p := range path {
			state[p] = closed
		}
	}
}

func markFrom(path []int32, first int32, others []int32) {
	for k := len(path) - 1; k >= 0; k-- {
		others[path[k]] = circle
		if path[k] == first {
			return
		}
	}
}
