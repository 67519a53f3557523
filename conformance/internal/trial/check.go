package trial

import "strings"

// Requirement says how much a check weighs.
type Requirement string

// The requirements.
const (
	Must   Requirement = "MUST"
	Should Requirement = "SHOULD"
)

// Check is one numbered check. Its ID never changes its meaning; a check that is dropped leaves its number unused.
type Check struct {
	ID          string      `json:"id"` // clause or decision, a hyphen, a serial number: 3.1.1-02, S17-03
	Requirement Requirement `json:"requirement"`
	Title       string      `json:"title"` // the demand, in Chinese

	run   func(*Trial)
	phase phase
}

// phase is the part of a run in which a check is tried.
type phase int

// The phases of a run, in order.
const (
	FirstPhase   phase = iota - 1 // other checks are not tested where a check of this phase fails
	mainPhase                     // in the order of the document
	ChangePhase                   // changes of every acknowledged case are sent
	RepeatPhase                   // every acknowledged case is asked for again
	OverallPhase                  // every answer that the other checks received is examined
)

// NewCheck is a check that run makes in the main phase. run stops at the first thing that is not as demanded.
func NewCheck(id string, r Requirement, title string, run func(*Trial)) Check {
	return Check{ID: id, Requirement: r, Title: title, run: run}
}

// During is the check in another phase.
func (c Check) During(p phase) Check {
	c.phase = p
	return c
}

// Clause is the clause of the document, or the decision of docs/divergences.md, that the check belongs to.
func (c Check) Clause() string { return c.ID[:strings.LastIndexByte(c.ID, '-')] }

// Matches reports whether a selector names the check: its ID, its clause (S17), or a chapter above it (3 or 3.1; C or
// S).
func (c Check) Matches(selector string) bool {
	clause := c.Clause()
	return selector == c.ID || selector == clause || strings.HasPrefix(clause, selector+".") ||
		(selector == "C" || selector == "S") && strings.HasPrefix(clause, selector)
}
