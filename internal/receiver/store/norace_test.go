//go:build !race

package store_test

// raceEnabled tells tests that the race detector makes SQLite, which is Go here, ten times as slow.
const raceEnabled = false
