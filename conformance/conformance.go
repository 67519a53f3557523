// Package conformance checks an implementation of the receiving side, any implementation, against the interface
// document and the decisions of docs/divergences.md: numbered checks over real HTTP that name the clause which is not
// met, and a report fit to be an acceptance paper (验收材料).
//
// The decision you could not guess: a check reads answers generously, in every spelling, with numbers for texts,
// wrapped and with any HTTP status, except where that is its subject. So one defect fails the check that names it and
// not all the others. Anything that must hold of every answer is checked last, over all the answers that the others
// received.
//
// A promise is compared from outside wherever it can be: what was sent is sent again with one thing changed, which must
// not be taken for the same, and every case that was acknowledged is asked for again at the end. Where one defect would
// fail many checks, the one that names it is tried first, and those that follow from it are not tested.
//
// MUST is what the document writes, with the standards that it takes up, HTTP and JSON, and what keeps a case from
// being lost, changed or doubled and a stranger from getting in. SHOULD is how this project reads the document where it
// is silent. Anything that a server may lack, extensions and their codes, is "not offered" and no failure. The HTTP
// status of an answer (S1-01) is a SHOULD: the document defines answers, never their status; only a SUCCESS whose
// status says otherwise is a MUST (S1-08, S21-02), because its sender takes an accepted case for a refused one.
package conformance

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"diaoxiao/conformance/internal/trial"

	"diaoxiao/conformance/internal/checks"
)

// Checks returns all checks in the order of the document, then of the decisions.
func Checks() []Check {
	all := checks.All()
	place := make(map[string]int)
	for i, c := range Clauses() {
		place[c.No] = i
	}
	slices.SortFunc(all, func(a, b Check) int {
		return cmp.Or(place[a.Clause()]-place[b.Clause()], strings.Compare(a.ID, b.ID))
	})
	return all
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

// Run tries the target and reports. It logs in first: an error with an empty report means that the target could not be
// reached, is something else, or did not let us in. Where it stops answering, or ctx ends, the report is as far as it
// came.
func Run(ctx context.Context, t Target, o Options) (Report, error) {
	r, err := trial.Begin(ctx, t, o)
	if err != nil {
		return Report{}, err
	}
	defer r.Close()
	chosen, unknown := Select(o.Checks)
	if len(unknown) > 0 {
		return Report{}, fmt.Errorf("%w：没有编号为 %s 的检查", ErrTarget, strings.Join(unknown, "、"))
	}
	report := Report{
		Tool:    r.Tool,
		URL:     r.Address(),
		AppKey:  r.AppKey,
		Account: r.Account,
		Dialect: r.Dialect,
		Strict:  r.Strict,
		RunID:   r.RunID,
		Began:   r.Now().UTC().Round(time.Second),
	}
	if err := r.Enter(); err != nil {
		return Report{}, err
	}
	report.Results, err = r.Try(chosen)
	report.Ended = r.Now().UTC().Round(time.Second)
	report.Requests, report.Cases = r.Requests(), r.Tally
	report.Whole = err == nil && len(chosen) == len(Checks())
	report.finish()
	return report, err
}
