package evidencelog_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
)

// check checks the log with the office's policy and checkpoints that are kept elsewhere.
func (o *office) check(known ...evidence.Checkpoint) (faults []string, c evidencelog.Checked) {
	o.Helper()
	return o.checkUnder(o.policy(), known...)
}

// checkUnder is check with another policy.
func (o *office) checkUnder(p evidence.Policy, known ...evidence.Checkpoint) (faults []string,
	c evidencelog.Checked) {
	o.Helper()
	c, err := o.log.Check(o.Context(), intake.Actor("cli:x"), &p, known, func(f evidencelog.Fault) {
		faults = append(faults, fmt.Sprintf("%d %s%s %d-%d %s %v", f.Kind, f.Of, f.Table, f.From, f.To, f.AcceptID,
			f.Err))
	}, nil)
	o.must(err)
	return faults, c
}

// tamper changes the database as its administrator can.
func (o *office) tamper(statements ...string) {
	o.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(o.place, "diaoxiao.db"))
	o.must(err)
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(o.Context(), s); err != nil {
			o.Fatalf("%s: %v", s, err)
		}
	}
}

// grown is an office with some cases in several batches, one of them returned.
func grown(t *testing.T) *office {
	o := openOffice(t, t.TempDir())
	for i := range 6 {
		o.send(fmt.Sprint(i, "号"), receivertest.Entities(10*i, i+1)...)
		if i%2 == 1 {
			o.sign()
		}
	}
	o.giveBack(o.acceptID(2))
	o.sign()
	return o
}

func (o *office) acceptID(no int64) (id string) {
	o.Helper()
	o.must(o.store.View(o.Context(), func(tx intake.Tx) error {
		c, err := tx.Case(no)
		id = c.AcceptID
		return err
	}))
	return id
}

// TestCheck finds nothing where nothing was altered, and each alteration where something was.
func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		sql  []string
		want string // the beginning of one fault
	}{
		"nothing": {nil, ""},
		"account": {[]string{"UPDATE cases SET account = '李四' WHERE case_no = 3"}, "3 case 3-3"},
		"received": {[]string{
			"UPDATE cases SET received_ms = received_ms + 1 WHERE case_no = 3"}, "3 case 3-3"},
		"caseid":     {[]string{"UPDATE cases SET caseid = '九号' WHERE case_no = 1"}, "3 case 1-1"},
		"request id": {[]string{"UPDATE attempt SET request_id = 'x' WHERE case_no = 4"}, "3 case 4-4"},
		"source": {[]string{
			"UPDATE attempt SET source = '10.0.0.1' WHERE case_no = 4"}, "3 recordsattempt 3-4"},
		"attempt deleted":   {[]string{"DELETE FROM attempt WHERE case_no = 5"}, "3 recordsattempt"},
		"attempts deleted":  {[]string{"DELETE FROM attempt WHERE case_no IN (3, 4)"}, "4 recordsattempt 3-4"},
		"last case deleted": {[]string{"DELETE FROM cases WHERE case_no = 6"}, "4 case 6-6"},
		"first case deleted": {[]string{
			"DELETE FROM case_event WHERE case_no = 1", "DELETE FROM cases WHERE case_no = 1"},
			"4 case 1-1"},
		"return undone": {[]string{
			"DELETE FROM case_event WHERE kind = 'return'", "DELETE FROM case_return"}, "4 event"},
		"return dated": {[]string{"UPDATE case_event SET at_ms = at_ms - 1 WHERE kind = 'return'"}, "3 event 2-2"},
		"reason":       {[]string{"UPDATE proposal SET reason = '另一个'"}, "3 event 1-1"},
		"event forged": {[]string{"UPDATE case_event SET event_no = 9 WHERE event_no = 2",
			"INSERT INTO case_event SELECT 2, 5, at_ms, actor, 'check', '', '', 0 FROM case_event LIMIT 1"},
			"3 event 2-2"},
		"body":  {[]string{"UPDATE pack SET data = zeroblob(length(data)) WHERE pack_no = 1"}, "7 case 1-1"},
		"audit": {[]string{"UPDATE audit SET actor = 'console:a' WHERE audit_no = 1"}, "3 recordsaudit 1-"},
		"audit end": {[]string{
			"DELETE FROM audit WHERE audit_no = (SELECT MAX(audit_no) FROM audit)"}, "3 recordsaudit"},
		"salt": {[]string{"UPDATE evidence_log SET salt = zeroblob(32)"}, "3 case 1-1"},
		"tile": {[]string{"UPDATE evidence_tile SET data = zeroblob(length(data)) WHERE level = 0"}, "2  0-"},
		"note": {[]string{

			"UPDATE evidence_checkpoint SET note = CAST(replace(CAST(note AS TEXT), 'at ', 'at 1') AS BLOB) " +
				"WHERE size = (SELECT MAX(size) FROM evidence_checkpoint)"}, "1  "},
	} {
		t.Run(name, func(t *testing.T) {
			o := grown(t)
			o.tamper(c.sql...)
			faults, n := o.check()
			if n.Checkpoints != 4 || c.want == "" && (len(faults) > 0 || n.Leaves < 9 || n.Unsigned > 0) {
				t.Errorf("%+v: %q", n, faults)
			}
			named := func(f string) bool { return strings.HasPrefix(f, c.want) }
			if c.want != "" && !slices.ContainsFunc(faults, named) {
				t.Errorf("not named: %q", faults)
			}
		})
	}
}

// TestCheckAgainst finds a store out that was put back as a whole, by one checkpoint that was kept elsewhere.
func TestCheckAgainst(t *testing.T) {
	o := grown(t)
	p := o.policy()
	r, err := evidence.ParseReceipt(o.receipt(o.acceptID(6), evidencelog.Content{}))
	o.must(err)
	kept, _, err := p.Open(r.Note)
	o.must(err)
	if faults, _ := o.check(kept); len(faults) > 0 {
		t.Errorf("nothing altered: %q", faults)
	}
	o.tamper("DELETE FROM attempt WHERE case_no > 4", "DELETE FROM case_event", "DELETE FROM case_return",
		"DELETE FROM cases WHERE case_no > 4",
		"DELETE FROM evidence_checkpoint WHERE cases > 4", "DELETE FROM evidence_tile")
	faults, _ := o.check(kept)
	if !slices.Contains(faults, "4 case 5-6  <nil>") {
		t.Errorf("%q", faults)
	}
}
