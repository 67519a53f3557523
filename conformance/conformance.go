// Package conformance checks an implementation of the receiving side, any implementation, against the interface
// document and the decisions of docs/divergences.md: numbered checks over real HTTP that name the clause which is not
// met, and a report fit to be an acceptance paper (验收材料).
//
// The decision you could not guess: a check reads answers generously, in every spelling, with numbers for texts,
// wrapped and with any HTTP status, except where that is its subject. So one defect fails the check that names it and
// not all the others. What must hold of every answer is checked last, over all the answers that the others received.
//
// A promise is compared from outside wherever it can be: what was sent is sent again with one thing changed, which must
// not be taken for the same, and every case that was acknowledged is asked for again at the end. Where one defect would
// fail many checks, the one that names it is tried first, and those that follow from it are not tested.
//
// MUST is what the document writes, with the standards that it takes up, HTTP and JSON, and what keeps a case from
// being lost, changed or doubled and a stranger from getting in. SHOULD is how this project reads the document where it
// is silent. What a server may lack, extensions and their codes, is "not offered" and no failure. The HTTP status of an
// answer (S1-01) is a SHOULD: the document defines answers, never their status; only a SUCCESS whose status says
// otherwise is a MUST (S1-08, S21-02), because its sender takes an accepted case for a refused one.
package conformance

import (
	"cmp"
	"slices"
	"strings"
)

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
	Title       string      `json:"title"` // what is demanded, in Chinese

	// run tries the target and stops at the first thing that is not as demanded.
	run  func(*trial)
	turn turn
}

// turn is when a check is tried.
type turn int

const (
	first turn = iota - 1 // others are not tested where it fails
	inOrder
	closing // it sends changes of everything that was acknowledged before
	after   // it asks for everything that was acknowledged before
	overall // it is about every answer, so it looks at what the other checks received and comes last
)

// Clause is the clause of the document, or the decision of docs/divergences.md, that the check belongs to.
func (c Check) Clause() string { return c.ID[:strings.LastIndexByte(c.ID, '-')] }

// Checks returns all checks in the order of the document, then of the decisions.
func Checks() []Check {
	all := slices.Concat(
		overviewChecks(), errorChecks(), sessionChecks(), receiveChecks(), codeChecks(),
		dialectChecks(), methodChecks(), logoutChecks(),
		statusChecks(), loginChecks(), tokenChecks(), sessionLifeChecks(), tokenPlaceChecks(),
		emptyChecks(), manyErrorChecks(), charsetChecks(), jsonChecks(), typeChecks(), dateChecks(),
		lengthChecks(), kindChecks(), sizeChecks(), repeatChecks(), acceptIDChecks(), wholeChecks(), doubtfulChecks(),
		unknownOutcomeChecks(), queryChecks(), extensionChecks(), listChecks(), noAppChecks(), keptChecks(),
	)
	place := make(map[string]int)
	for i, c := range Clauses() {
		place[c.No] = i
	}
	slices.SortFunc(all, func(a, b Check) int {
		return cmp.Or(place[a.Clause()]-place[b.Clause()], strings.Compare(a.ID, b.ID))
	})
	return all
}

// Matches reports whether a selector names the check: its ID, its clause (S17), or a chapter above it (3 or 3.1; C or
// S).
func (c Check) Matches(selector string) bool {
	clause := c.Clause()
	return selector == c.ID || selector == clause || strings.HasPrefix(clause, selector+".") ||
		(selector == "C" || selector == "S") && strings.HasPrefix(clause, selector)
}

// Select returns the checks that any of the selectors names, in order; all of them where there is no selector. The
// second result are the selectors that name none.
func Select(selectors []string) (chosen []Check, unknown []string) {
	all := Checks()
	if len(selectors) == 0 {
		return all, nil
	}
	for _, s := range selectors {
		if !slices.ContainsFunc(all, func(c Check) bool { return c.Matches(s) }) {
			unknown = append(unknown, s)
		}
	}
	for _, c := range all {
		if slices.ContainsFunc(selectors, c.Matches) {
			chosen = append(chosen, c)
		}
	}
	return chosen, unknown
}

func must(id, title string, run func(*trial)) Check {
	return Check{ID: id, Requirement: Must, Title: title, run: run}
}

func should(id, title string, run func(*trial)) Check {
	return Check{ID: id, Requirement: Should, Title: title, run: run}
}

// early turns a check into one that others build on.
func early(c Check) Check {
	c.turn = first
	return c
}

// late turns a check into one over every case that was acknowledged.
func late(c Check) Check {
	c.turn = after
	return c
}

// lateChange turns a check into one that changes every case that was acknowledged, before they are sent again.
func lateChange(c Check) Check {
	c.turn = closing
	return c
}

// always turns a check into one over every answer of the run.
func always(c Check) Check {
	c.turn = overall
	return c
}
