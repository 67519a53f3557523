package casework

import (
	"slices"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// EntityFilter selects entities of a case. The zero value selects all.
type EntityFilter struct {
	Doubted bool // those that have findings or are marked by later rows
	// Verdicts selects those with one of these verdicts as they are shown, whatever Doubted is.
	Verdicts []register.Verdict
	States   []release.State   // those in one of these states
	Rule     int               // those with a finding of this rule, their own or a later row's; 0: any
	Severity rules.Severity    // those with a finding of this severity; 0: any
	Open     bool              // those that are held and that no person has compared yet
	Rows     intake.RowNumbers // those in these rows; "": in any
	Also     intake.RowNumbers // with Doubted: those in these rows, too
	Code     string            // those with this in a code, however it is typed, or with this number; "": any
}

// selects reports whether the filter leaves any entity out.
func (f EntityFilter) selects() bool {
	return f.Doubted || len(f.Verdicts)+len(f.States) > 0 || f.Rule != 0 || f.Severity != 0 || f.Open ||
		f.Rows != "" || f.Code != ""
}

// stored are the verdicts that the store has for these, where a case was compared with a snapshot.
func (a against) stored(shown []register.Verdict) (vs []register.Verdict) {
	for v := register.NotCompared; v <= register.Abnormal; v++ {
		if slices.Contains(shown, register.Result{Verdict: v}.Shown(a.stale)) {
			vs = append(vs, v)
		}
	}
	return vs
}
