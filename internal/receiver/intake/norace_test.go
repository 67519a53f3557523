//go:build !race

package intake_test

// raceEnabled says that the race detector is on: it makes SQLite, which is Go here, ten times as slow.
const raceEnabled = false
