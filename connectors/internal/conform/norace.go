//go:build !race

package conform

// racing says that the race detector is at work.
const racing = false
