//go:build race

package connectors

// The race detector makes everything several times slower, and finds as much among fewer.
const livesPeople, mostPeople = 100, 100
