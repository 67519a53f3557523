package register

import (
	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// Keys are the values by which one entity is looked up.
type Keys struct {
	PripID []string // values that may be a pripid
	Codes  []string // values that may be a credit code, a registration number or an organisation code
}

// KeysOf are the values by which an entity is looked up, folded as the register has them. None: there is nothing to
// look up by.
func KeysOf(e api.Entity) Keys { return Keys{} }

// Found are the firms that values lead to. Values that lead to none are not in it.
type Found struct {
	ByPripID map[string][]Firm
	ByCode   map[string][]Firm // by credit code, registration number, or organisation code (positions 9 to 17 of it)
}

// Match compares an entity with the firms that its keys lead to. decided is the decision date, yyyy-MM-dd: the state of
// a firm counts as of that day. Snapshot of the result is left to the caller. add takes each finding of the rules 8xx.
// It depends on nothing else, so the same values give the same result.
func Match(e api.Entity, decided string, found Found, add func(field string, rule int, d rules.Detail)) Result {
	return Result{}
}
