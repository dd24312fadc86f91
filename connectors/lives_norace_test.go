//go:build !race

package connectors

const livesPeople, mostPeople = 500, 500
