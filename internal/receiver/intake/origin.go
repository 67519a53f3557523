package intake

// Origin is from where on a database keeps what an older program did not.
type Origin struct {
	Unchained int64 // entries of the audit up to here may be without a chain value
	Unordered int64 // cases up to here may have come in by a clock set back that the audit does not tell of
}

// Stray is a row that belongs to nothing, or that cannot be as it is.
type Stray struct {
	Table string
	Key   string
	Is    string // in Chinese
}

// InspectTx is what only an inspection reads.
type InspectTx interface {
	Origin() (Origin, error)
	// Strays lists at most limit of them.
	Strays(limit int) ([]Stray, error)
	// ReceiveCalls lists the calls of receiveCaseinfo that answered with an acceptid, in order of their numbers.
	ReceiveCalls(after int64, limit int) ([]Call, error)
	// RevealedCases lists the cases for which some visit may see names, in order.
	RevealedCases(after int64, limit int) ([]int64, error)
}
