package intake

// Origin is the place in the data from which on a database holds data that an older program did not write.
type Origin struct {
	Unchained int64 // entries of the audit up to here may be without a chain value
	Unordered int64 // cases up to here may have come in by a clock set back, without a word of it in the audit
}

// Stray is a row that belongs to no other row, or whose content is impossible.
type Stray struct {
	Table string
	Key   string
	Is    string // in Chinese
}

// InspectTx reads the data that only an inspection needs.
type InspectTx interface {
	Origin() (Origin, error)
	// Strays lists stray rows, at most limit.
	Strays(limit int) ([]Stray, error)
	// ReceiveCalls lists the calls of receiveCaseinfo that answered with an acceptid, in order of their numbers.
	ReceiveCalls(after int64, limit int) ([]Call, error)
	// RevealedCases lists the cases for which some visit may see names, in order.
	RevealedCases(after int64, limit int) ([]int64, error)
	// PairsUnderWay reports whether the pairs of an earlier case are not those of its counterparts: a later case is
	// being verified, or somebody altered one of them.
	PairsUnderWay(otherNo int64) (bool, error)
}
