package intake_test

import (
	"errors"
	"fmt"
	"testing"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
)

// changeOf is another value in one column of one row.
type changeOf struct{ table, where, column, to string }

// changesOf are the changes of single values of what is shown of the proposals of shownProposals.
func changesOf() (cs []changeOf) {
	add := func(table, where string, pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			cs = append(cs, changeOf{table, where, pairs[i], pairs[i+1]})
		}
	}
	add("entity", "case_no = 1 AND pos = 3", "pripid", "'x'", "uniscid", "'x'", "legal", "'x'", "enttype", "'x'")
	add("finding", "case_no = 1 AND pos = 0", "rule", "402", "field", "'x'", "detail", "'x'", "pos", "3")
	add("finding", "case_no = 1 AND pos = -1", "rule", "602", "field", "'x'", "detail", "'x'")
	add("counterpart", "other_no = 1", "rule", "402", "pos", "1", "other_pos", "3", "other_no", "99")
	add("verdict", "case_no = 1 AND pos = 2", "verdict", "3", "rule", "0", "fields", "7", "others", "9",
		"pripid", "'x'", "uniscid", "'x'", "regno", "'x'", "name", "'x'", "legal", "'x'", "enttype", "'x'",
		"state", "1", "state_text", "'x'", "organ", "'x'", "founded", "'x'", "approved", "'x'")
	add("firm_check", "case_no = 1 AND pos = 3", "outcome", "2", "remark", "'x'", "actor", "'console:x'")
	add("proposal", "case_no = 1", "row_nos", "'1-3'", "day", "'2026-03-18'", "reason", "'x'", "kind", "2",
		"case_no", "2", "digest", "X'"+fmt.Sprintf("%064d", 1)+"'")
	return cs
}

// shownProposal is an office with a proposal on four firms: one with a finding of its own, one that a later case
// contradicts, one that is not in the registry as it should be, and one that a person compared.
func shownProposal(t *testing.T) (o *office, no int64) {
	o = openOffice(t)
	b := o.admit(t, "甲")
	firms := firmsOf(entities(0, 6)...)
	firms[2].State = register.Deregistered
	newRegister(t, o.store, "2026-03-18", firms...)
	list := entities(0, 4)
	list[0].UniscID = list[0].UniscID[:17] + "?"
	c := caseOf("1", list...)
	c.CaseName = "无"
	id := o.send(t, b, c).AcceptID
	later := entity(1)
	later.UniscID = entity(5).UniscID
	o.send(t, b, caseOf("2", later, entity(7), entity(8), entity(9)))
	o.verify(t)
	must(t, o.CheckFirms(t.Context(), clerk, id, casework.Compared{Rows: "4", Outcome: release.Agrees, Remark: "电话核实"}))
	return o, o.propose(t, clerk, casework.Draft{AcceptID: id, Kind: release.Release, Rows: "1-4", Reason: "由"})
}

// Whatever single value changes between the page and the confirmation, in any table, the confirmation is refused, and
// the page says so; once it is as it was, it is granted.
func TestEachValueShownIsConfirmed(t *testing.T) {
	o, no := shownProposal(t)
	p, err := o.ProposalFile(t.Context(), reviewer, no)
	must(t, err)
	for _, c := range changesOf() {
		old := o.query(t, fmt.Sprintf("SELECT quote(%s) FROM %s WHERE %s", c.column, c.table, c.where))
		if len(old) == 0 || old[0] == c.to {
			t.Fatalf("%+v: it is %q", c, old)
		}
		if c.table == "proposal" {
			c.where = "proposal_no = 1"
		}
		set := func(value, where string) {
			o.tamper(t, fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s", c.table, c.column, value, where))
		}
		back := fmt.Sprintf("%s = %s", c.column, c.to)
		if c.column == "other_no" || c.column == "case_no" {
			back = "1 = 1"
		}
		set(c.to, c.where+" AND "+fmt.Sprintf("%s = %s", c.column, old[0]))
		if err := o.ConfirmProposal(t.Context(), reviewer, no, p.Now); !errors.Is(err, intake.ErrExists) {
			t.Fatalf("%s.%s has changed: %v", c.table, c.column, err)
		}
		if f, err := o.ProposalFile(t.Context(), reviewer, no); err != nil || !f.Changed {
			t.Errorf("%s.%s has changed, and the page does not say so: %v", c.table, c.column, err)
		}
		set(old[0], undone(c, back))
	}
	must(t, o.ConfirmProposal(t.Context(), reviewer, no, p.Now))
	if n := o.caseFile(t, p.Case.AcceptID).Firms.Released; n != 4 {
		t.Errorf("%d are released", n)
	}
	holdClean(t, o)
}

// undone is where the changed row is now.
func undone(c changeOf, is string) string {
	switch {
	case c.table == "proposal":
		return c.where
	case c.column == "other_no", c.column == "pos":
		return fmt.Sprintf("%s = %s AND %s", c.column, c.to, map[string]string{"counterpart": "case_no = 2",
			"finding": "case_no = 1"}[c.table])
	}
	return c.where + " AND " + is
}
