package engine

// Overlapping is an engine that can sync beside its writer: the next transaction is prepared meanwhile.
type Overlapping interface {
	// Overlaps reports whether Commit leaves the sync to Sync. Where it does, what Commit wrote can be read at once,
	// and survives a crash of the process, but not a power cut.
	Overlaps() bool
	// Sync makes durable what was committed before it was called. After an error nobody knows what is durable, and
	// nothing may be acknowledged until a restart: the next Sync would succeed without having kept anything.
	Sync() error
}
