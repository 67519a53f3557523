package store

import (
	"fmt"
	"strings"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// caseTx reads and writes cases.
type caseTx struct{ *handle }

func (t caseTx) NextCaseNo() (int64, error) {
	if t.group == nil {
		return 0, t.writing()
	}
	if t.group.lastNo == 0 {
		if err := t.Row([]any{&t.group.lastNo}, lastNoQuery); err != nil {
			return 0, err
		}
	}
	return t.group.lastNo + 1, nil
}

// LastReceived remembers the time within the writer's transactions.
func (t caseTx) LastReceived() (time.Time, error) {
	if t.group == nil {
		return time.Time{}, t.writing()
	}
	if t.group.lastAt == 0 {
		if err := t.Row([]any{&t.group.lastAt}, lastReceivedQuery); err != nil {
			return time.Time{}, err
		}
	}
	return engine.FromMS(t.group.lastAt), nil
}

const lastReceivedQuery = "SELECT COALESCE((SELECT received_ms FROM cases ORDER BY case_no DESC LIMIT 1), 0)"

// lastNoQuery is the highest case number that was given out, or may have been before a restore.
const lastNoQuery = "SELECT COALESCE(MAX(no), 0) FROM (SELECT MAX(case_no) AS no FROM cases " +
	"UNION ALL SELECT MAX(to_no) FROM gap) AS given"

func (t caseTx) InsertCase(c intake.Case, in intake.Body) (bool, error) {
	if t.group == nil {
		return false, t.writing()
	}
	b, ok := in.(*body)
	if !ok || !b.ended {
		return false, fmt.Errorf("case %d: body of %T is not this store's or not complete", c.No, in)
	}
	if b.spool == nil {
		var err error
		if c.Pack, c.Offset, err = t.place(len(b.Small())); err != nil {
			return false, err
		}
	}
	n, err := t.insertCase(c)
	if err != nil || n == 0 {
		return false, err
	}
	t.group.lastNo, t.group.lastAt = c.No, ms(c.Received)
	if b.spool == nil {
		t.group.add(c.Pack, b.Small())
		return true, nil
	}
	return true, t.keepParts(c.No, b.spool.reader())
}

// caseTable is where cases are put: one that is there is reported.
var caseTable = engine.Into{Table: "cases", Columns: schema.Named("cases").Columns,
	Unique: []string{"app_id", "caseid", "revision"}, OnConflict: engine.Report}

func caseValues(c *intake.Case, to []any) []any {
	return append(to, c.No, c.AcceptID, c.AppID, c.Account, c.CaseID, c.Revision, c.Supersedes, c.CaseName,
		c.PenaltyDate, c.PenaltyOrg,
		c.Items, ms(c.Received), c.Bytes, c.SHA256[:], c.Digest[:], string(c.Charset), c.Pack, c.Offset)
}

// caseKey is what must be unique of a case.
type caseKey struct {
	appID    int64
	caseID   string
	revision int
}

var insertCase = "INSERT INTO cases (" + strings.Join(caseTable.Columns, ", ") + ") VALUES (" +
	parameters(1, len(caseTable.Columns)) +
	")" + caseTable.ConflictClause()

func (t caseTx) insertCase(c intake.Case) (int64, error) {
	if key := (caseKey{c.AppID, c.CaseID, c.Revision}); t.group.postpones && !t.group.new[key] {
		t.group.postpone(key, c)
		return 1, t.writing()
	}
	if err := t.insertPostponed(); err != nil {
		return 0, err
	}
	if err := t.Flush(); err != nil {
		return 0, err
	}
	return t.change(insertCase, caseValues(&c, nil)...)
}

func (g *group) postpone(key caseKey, c intake.Case) {
	if g.new == nil {
		g.new = make(map[caseKey]bool)
	}
	g.new[key] = true
	g.cases = append(g.cases, c)
}

// insertPostponed inserts the cases that were taken for new.
func (t *handle) insertPostponed() error {
	cs := t.group.cases
	if len(cs) == 0 {
		return nil
	}
	t.group.cases = nil
	return t.putting(caseTable, len(cs), func(i int, to []any) []any { return caseValues(&cs[i], to) })
}

const caseColumns = "SELECT " + caseFields + " " + caseJoins

const caseFields = `c.case_no, c.acceptid, c.app_id, a.app_key, c.account, c.caseid, c.revision, c.supersedes,
	c.casename,
	c.penaltydate, c.penaltyorg, c.items, c.received_ms, c.bytes, c.sha256, c.digest, c.charset, c.pack_no,
		c.pack_offset,
	COALESCE(r.returned_ms, 0), COALESCE(v.verified_ms, 0), COALESCE(v.severe + v.warnings + v.notices, 0)`

const caseJoins = `FROM cases c JOIN app a ON a.app_id = c.app_id
	LEFT JOIN case_return r ON r.case_no = c.case_no LEFT JOIN verification v ON v.case_no = c.case_no `

func scanCase(scan func(...any) error) (c intake.Case, err error) {
	var received, returned, verified int64
	var sum, digest []byte
	err = scan(&c.No, &c.AcceptID, &c.AppID, &c.AppKey, &c.Account, &c.CaseID, &c.Revision, &c.Supersedes, &c.CaseName,
		&c.PenaltyDate, &c.PenaltyOrg, &c.Items, &received, &c.Bytes, &sum, &digest, &c.Charset, &c.Pack, &c.Offset,
		&returned, &verified, &c.Findings)
	copy(c.SHA256[:], sum)
	copy(c.Digest[:], digest)
	c.Received, c.Returned, c.Verified = engine.FromMS(received), engine.FromMS(returned), engine.FromMS(verified)
	return c, err
}

func (t caseTx) Case(no int64) (intake.Case, error) {
	return one(t, scanCase, caseColumns+"WHERE c.case_no = $1", no)
}

func (t caseTx) LatestCase(appID int64, caseID string) (intake.Case, error) {
	return one(t, scanCase, caseColumns+"WHERE c.app_id = $1 AND c.caseid = $2 ORDER BY c.revision DESC LIMIT 1",
		appID, caseID)
}

// Cases seeks the cases of one app in an index of their own; with an OR no database would.
func (t caseTx) Cases(f intake.CaseFilter) ([]intake.Case, error) {
	if f.AppID != 0 && f.CaseID == "" {
		return engine.List(t, scanCase, caseColumns+`WHERE c.app_id = $1 AND c.case_no > $2 AND c.received_ms >= $3
			AND (CAST($4 AS BIGINT) = 0 OR c.received_ms < $5) ORDER BY c.case_no LIMIT $6`,
			f.AppID, f.After, ms(f.Since), ms(f.Until), ms(f.Until), limit(f.Limit))
	}
	return engine.List(t, scanCase, caseColumns+`WHERE c.case_no > $1 AND c.received_ms >= $2
		AND (CAST($3 AS BIGINT) = 0 OR c.received_ms < $4)
		AND (CAST($5 AS BIGINT) = 0 OR c.app_id = $6) AND (CAST($7 AS TEXT) = '' OR c.caseid = $8) ORDER BY c.case_no
			LIMIT $9`,
		f.After, ms(f.Since), ms(f.Until), ms(f.Until), f.AppID, f.AppID, f.CaseID, f.CaseID, limit(f.Limit))
}

// limit makes 0 mean "a page".
func limit(n int) int {
	if n <= 0 {
		return 1000
	}
	return n
}
