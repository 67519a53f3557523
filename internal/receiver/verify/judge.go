package verify

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// presentRegister is the current snapshot of the register; 0: there is none, or its rows are not there, as after a
// restore. missing is then the snapshot without rows.
func presentRegister(tx intake.Tx) (id, missing int64, err error) {
	s, err := tx.CurrentSnapshot()
	if err != nil {
		return 0, 0, intake.IgnoreMissing(err)
	}
	has, err := tx.HasRegister(s.ID)
	if err != nil || has {
		return s.ID, 0, err
	}
	return 0, s.ID, nil
}

// register is the snapshot to compare with; 0: none. It logs once that the rows of one are missing.
func (v *Verifier) register(tx intake.Tx) (int64, error) {
	id, missing, err := presentRegister(tx)
	if missing != v.missing.Load() {
		v.missing.Store(missing)
		if missing > 0 {
			v.log.Warn("the rows of the register are not here: entities are not compared until it is imported again",
				"snapshot", missing)
		}
	}
	return id, err
}

// judges compares entities with one snapshot of the register.
type judges struct {
	snapshot int64
	found    register.Found
}

// errDropped: the rows of a snapshot were dropped while entities were compared with it.
var errDropped = errors.New("the snapshot was dropped meanwhile")

// judgesOf looks up everything that the rows name.
func judgesOf(tx intake.Tx, snapshot int64, rows []intake.EntityRow) (j judges, err error) {
	j.snapshot = snapshot
	pripids, codes := make(map[string]bool, len(rows)), make(map[string]bool, len(rows))
	for _, r := range rows {
		k := register.KeysOf(r.Entity)
		for _, v := range k.PripID {
			pripids[v] = true
		}
		for _, v := range k.Codes {
			codes[v] = true
		}
	}
	if j.found.ByPripID, err = tx.FirmsByPripID(snapshot, sorted(pripids)); err != nil {
		return j, err
	}
	if j.found.ByCode, err = tx.FirmsByCode(snapshot, sorted(codes)); err != nil {
		return j, err
	}
	// a claim may read what others have committed meanwhile: an answer without the rows must not count
	has, err := tx.HasRegister(snapshot)
	if err == nil && !has {
		err = fmt.Errorf("snapshot %d: %w", snapshot, errDropped)
	}
	return j, err
}

// sorted are the values in the order of the index in which they are looked up.
func sorted(values map[string]bool) []string {
	all := make([]string, 0, len(values))
	for v := range values {
		all = append(all, v)
	}
	slices.Sort(all)
	return all
}

// judge compares one entity of a case with that penaltydate.
func (j judges) judge(r intake.EntityRow, decided string) judgement {
	var is judgement
	is.Result = register.Match(r.Entity, decided, j.found, func(field string, rule int, d rules.Detail) {
		is.findings = append(is.findings, rules.Finding{Pos: r.Pos, Field: field, Rule: rule, Detail: d.Text()})
	})
	is.Snapshot = j.snapshot
	is.findings = asStored(is.findings)
	return is
}

// asStored are findings of one row as the store has them: in order, one of a rule for a member.
func asStored(fs []rules.Finding) []rules.Finding {
	slices.SortStableFunc(fs, func(a, b rules.Finding) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Field, b.Field))
	})
	kept := fs[:0]
	for i, f := range fs {
		if i+1 == len(fs) || fs[i+1].Rule != f.Rule || fs[i+1].Field != f.Field {
			kept = append(kept, f)
		}
	}
	return kept
}

// storedJudgements are those of the rows of a case from from to to, not included; rows that were never compared are not
// in it.
func storedJudgements(tx intake.Tx, caseNo int64, from, to int) (map[int]judgement, error) {
	rows, err := tx.Verdicts(caseNo, from, to-from)
	if err != nil {
		return nil, err
	}
	stored := make(map[int]judgement, len(rows))
	for _, r := range rows {
		if r.Pos < to {
			stored[r.Pos] = judgement{Result: r.Result, stored: true}
		}
	}
	for f, err := range eachFinding(tx, caseNo, from) {
		if err != nil {
			return nil, err
		}
		if f.Pos >= to {
			break
		}
		if intake.DependsOnRegister(f.Rule) {
			j := stored[f.Pos]
			j.findings = append(j.findings, f)
			stored[f.Pos] = j
		}
	}
	return stored, nil
}
