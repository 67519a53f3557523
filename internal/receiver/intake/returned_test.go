package intake_test

import (
	"errors"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/receiver/verify"
)

// A return that names rows keeps them through both persons' steps, is told to its own app alone, and holds in a check
// of the database.
func TestReturnedRows(t *testing.T) {
	o := openOffice(t)
	one, two := o.admit(t, "甲"), o.admit(t, "乙")
	ctx, a, b := t.Context(), intake.Actor("console:a"), intake.Actor("console:b")
	c := o.send(t, one, caseOf("案1", entities(0, 9)...))
	o.verify(t)
	o.wait(time.Minute)
	if err := o.AskReturn(ctx, a, c.AcceptID, "由", "10"); !errors.Is(err, intake.ErrInvalid) {
		t.Errorf("a row that is not there: %v", err)
	}
	if err := o.AskReturn(ctx, a, c.AcceptID, "由", "9、2-3"); err != nil {
		t.Fatal(err)
	}
	inspected := func(when string) {
		t.Helper()
		if _, err := o.Inspect(
			ctx,
			intake.System,
			func(f verify.Fault) { t.Errorf("%s: %+v", when, f) },
			nil,
		); err != nil {
			t.Error(err)
		}
	}
	inspected("asked for")
	o.wait(time.Minute)
	if err := o.ConfirmReturn(ctx, b, c.AcceptID); err != nil {
		t.Fatal(err)
	}
	inspected("returned")
	f, err := o.CaseFile(ctx, a, c.AcceptID)
	if err != nil || f.Return.Rows != "2-3,9" {
		t.Errorf("%+v %v", f.Return, err)
	}
	r, rows, err := o.Returned(ctx, one.who, f.Case)
	if err != nil || r.Reason != "由" || len(rows) != 3 || rows[2].Position != 9 || rows[2].PripID == "" {
		t.Errorf("%+v %+v %v", r, rows, err)
	}
	if _, _, err := o.Returned(ctx, two.who, f.Case); !errors.Is(err, intake.ErrNotFound) {
		t.Errorf("another app is told: %v", err)
	}
}

// The rows of a return are in its event and in the audit, and are held against them and the list; what an older program
// wrote without them holds whatever they are.
func TestReturnedRowsAreChecked(t *testing.T) {
	o := openOffice(t)
	one := o.admit(t, "甲")
	ctx, a, b := t.Context(), intake.Actor("console:a"), intake.Actor("console:b")
	asked := o.send(t, one, caseOf("案1", entities(0, 9)...)).AcceptID
	returned := o.send(t, one, caseOf("案2", entities(10, 19)...)).AcceptID
	without := o.send(t, one, caseOf("案3", entities(20, 29)...)).AcceptID
	o.verify(t)
	reason := "第2户 rows=\"9\"\n rows=\"1\""
	must(t, o.AskReturn(ctx, a, asked, reason, "9、2-3"))
	must(t, o.AskReturn(ctx, a, returned, "由", "4"))
	must(t, o.WithdrawReturn(ctx, a, returned))
	must(t, o.AskReturn(ctx, a, returned, reason, "2"))
	must(t, o.ConfirmReturn(ctx, b, returned))
	must(t, o.AskReturn(ctx, a, without, reason, ""))
	must(t, o.ConfirmReturn(ctx, b, without))
	holdClean(t, o)
	if got, want := o.caseFile(t, asked).Events[0].Detail, reason+` rows="2-3,9"`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for statement, undo := range map[string]string{
		"UPDATE proposal SET row_nos = '9' WHERE case_no = 1": "UPDATE proposal SET row_nos = '2-3,9' WHERE " +
			"case_no = 1",
		"UPDATE proposal SET row_nos = '' WHERE case_no = 1": "UPDATE proposal SET row_nos = '2-3,9' WHERE " +
			"case_no = 1",
		"UPDATE proposal SET reason = 'x' WHERE case_no = 1": "UPDATE proposal SET reason = " +
			"(SELECT reason FROM proposal WHERE case_no = 3) WHERE case_no = 1",
		"UPDATE case_return SET row_nos = '3' WHERE case_no = 2": "UPDATE case_return SET row_nos = '2' WHERE " +
			"case_no = 2",
		"UPDATE case_return SET row_nos = '' WHERE case_no = 2": "UPDATE case_return SET row_nos = '2' WHERE " +
			"case_no = 2",
		"UPDATE case_return SET row_nos = '1' WHERE case_no = 3": "UPDATE case_return SET row_nos = '' WHERE " +
			"case_no = 3",
	} {
		o.tamper(t, statement)
		if faults, _ := o.inspect(t); len(faults) != 1 {
			t.Errorf("%s: %q", statement, faults)
		}
		o.tamper(t, undo)
		holdClean(t, o)
	}
}

// A return that was asked for by an older program, whose events and audit do not have the rows.
func TestReturnedRowsOfAnOlderProgram(t *testing.T) {
	o := openOffice(t)
	ctx, a := t.Context(), intake.Actor("console:a")
	c := o.send(t, o.admit(t, "甲"), caseOf("案1", entities(0, 9)...))
	o.verify(t)
	no, now := o.caseFile(t, c.AcceptID).No, o.now()
	must(t, o.store.Update(ctx, func(tx intake.Tx) error {
		_, err := tx.InsertProposal(intake.Proposal{CaseNo: no, Kind: release.Return, Rows: "2-3", Count: 9,
			Reason: "由", At: now, By: a}) // as the migration makes it
		return errors.Join(err,
			tx.InsertCaseEvent(intake.CaseEvent{CaseNo: no, At: now, By: a, Kind: intake.EventAsk, Detail: "由"}),
			tx.PutWorklist([]intake.WorklistEntry{{Kind: intake.ToConfirm, CaseNo: no}}),
			tx.AppendAudit(intake.AuditEntry{
				At:     now,
				By:     a,
				Action: "case ask return",
				Target: c.AcceptID,
				Detail: "由",
			}))
	}))
	holdClean(t, o)
	o.tamper(t, "UPDATE proposal SET row_nos = '9-12'")
	if faults, _ := o.inspect(t); len(faults) != 1 {
		t.Errorf("rows that are not of the list: %q", faults)
	}
	o.tamper(t, "UPDATE proposal SET row_nos = '2-3'")
	must(t, o.ConfirmReturn(ctx, intake.Actor("console:b"), c.AcceptID))
	holdClean(t, o)
}

// ReadAskDetail reads the reason and the rows that were written, or else takes the whole text as the reason.
func TestReadAskDetail(t *testing.T) {
	for detail, want := range map[string]struct {
		reason string
		rows   intake.RowNumbers
		said   bool
	}{
		"由":                      {"由", "", false},
		"由 rows=\"\"":            {"由", "", true},
		"由\n二 rows=\"2-3,9\"":    {"由\n二", "2-3,9", true},
		"由 rows=\"1\" rows=\"\"": {"由 rows=\"1\"", "", true},
		"见\"第2户\"":               {"见\"第2户\"", "", false},
		"由 rows=\"第2户\"":         {"由 rows=\"第2户\"", "", false},
		"由 rows=\"1\" 等":         {"由 rows=\"1\" 等", "", false},
	} {
		if reason, rows, said := intake.ReadAskDetail(detail); reason != want.reason || rows != want.rows ||
			said != want.said {
			t.Errorf("%q: %q %q %v", detail, reason, rows, said)
		}
	}
}
