package main

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"diaoxiao/api"
	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/charset"
	"diaoxiao/internal/receiver/credential"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/staff"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/verify"
)

// bureau is a desk over a folder with a clock of its own. It makes every kind of record that a manipulation changes.
type bureau struct {
	*intake.Desk
	*staff.Staff
	receivertest.Decisions
	store *store.Store
	dir   string
	clock time.Time
}

func openBureau(t *testing.T, dir string, clock time.Time) *bureau {
	t.Helper()
	b := &bureau{dir: dir, clock: clock}
	var err error
	if b.store, err = store.Open(t.Context(), dir, store.Options{Server: true}); err != nil {
		t.Fatal(err)
	}
	b.Desk = intake.NewDesk(intake.Config{Store: b.store, Clock: func() time.Time { return b.clock }})
	b.Staff, b.Decisions = staff.New(b.Desk), receivertest.Decide(b.Desk)
	return b
}

// ok ends the test if err is an error; otherwise it puts the clock two minutes forward.
func (b *bureau) ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	b.clock = b.clock.Add(2 * time.Minute)
}

func (b *bureau) admit(t *testing.T, name string, accounts ...string) intake.Credentials {
	t.Helper()
	c, err := b.CreateApp(t.Context(), intake.Actor("cli:root"), intake.AppSpec{Name: name, Accounts: accounts})
	b.ok(t, err)
	return c
}

// caller logs a sender in.
func (b *bureau) caller(t *testing.T, c intake.Credentials) intake.Caller {
	t.Helper()
	ticket, err := b.Login(t.Context(), api.LoginRequest{AppKey: c.AppKey, AppSecret: c.AppSecret,
		Account: c.Accounts[0]})
	if err != nil {
		t.Fatal(err)
	}
	return intake.Caller{Session: ticket.Session}
}

// firm is the entity number n; each number gives another entity.
func firm(n int) string {
	return fmt.Sprintf(`{"pripid":"1501000000%06d","uniscid":"%s","legal":"苏日娜","enttype":"1130"}`, n, codeOf(n))
}

// codeOf is a credit code with its check digit.
func codeOf(n int) string {
	const digits, weights = "0123456789ABCDEFGHJKLMNPQRTUWXY",
		"\x01\x03\x09\x1b\x13\x1a\x10\x11\x14\x1d\x19\x0d\x08\x18\x0a\x1e\x1c"
	code, sum := fmt.Sprintf("91150102MA%07d", n), 0
	for i, c := range []byte(code) {
		sum += strings.IndexByte(digits, c) * int(weights[i])
	}
	return code + string(digits[(31-sum%31)%31])
}

// bodyOf is the body of a case.
func bodyOf(caseID string, entities ...string) []byte {
	return fmt.Appendf(nil, `{"caseid":"%s","casename":"某案","caseintroduction":"案由","illegality":"违法行为",`+
		`"penalty":"吊销营业执照",`+
		`"penaltydate":"2026-03-10","penaltyorg":"呼和浩特市市场监督管理局","penaltylist":[%s]}`, caseID,
		strings.Join(entities, ","))
}

// send sends a case and leaves the record of its call.
func (b *bureau) send(t *testing.T, who intake.Caller, body []byte) (acceptID string, err error) {
	t.Helper()
	in := intake.Submission{Body: b.NewBody(), Charset: charset.UTF8, RequestID: "r", Source: "192.0.2.1"}
	defer in.Body.Close()
	if _, err = in.Body.Write(body); err != nil {
		t.Fatal(err)
	}
	if in.Bytes, in.SHA256, err = in.Body.Sum(); err != nil {
		t.Fatal(err)
	}
	if in.Decoded, err = api.ReadCase(bytes.NewReader(body), 0, nil); err != nil {
		t.Fatal(err)
	}
	r, err := b.Submit(t.Context(), who, in)
	if err != nil {
		return "", err
	}
	call := intake.Call{At: b.clock, Name: string(api.Receive), AppID: who.AppID, AppKey: who.AppKey,
		Account: who.Account, CaseID: in.Decoded.Case.CaseID, AcceptID: r.AcceptID, Outcome: string(r.Outcome),
		Status: 200, Bytes: in.Bytes, Items: in.Decoded.Items, RequestID: "r", Source: "192.0.2.1"}
	b.ok(t, b.store.Update(t.Context(), func(tx intake.Tx) error { return tx.PutCalls([]intake.Call{call}) }))
	return r.AcceptID, nil
}

func (b *bureau) accept(t *testing.T, who intake.Caller, caseID string, entities ...string) string {
	t.Helper()
	id, err := b.send(t, who, bodyOf(caseID, entities...))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (b *bureau) verify(t *testing.T) {
	t.Helper()
	if err := verify.New(b.Desk, nil).Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// ledger is a folder with ten cases of three days, and two records that are kept elsewhere: the path of a list of its
// cases and the head of its audit.
type ledger struct{ dir, list, head string }

// newLedger makes the ledger; every manipulation changes a copy of it.
func newLedger(t *testing.T) ledger {
	t.Helper()
	root := intake.Actor("cli:root")
	ctx := t.Context()
	b := openBureau(t, t.TempDir(), time.Date(2026, 3, 16, 9, 0, 0, 0, beijingtime.Zone))
	one, two := b.admit(t, "应用甲", "张三", "李四"), b.admit(t, "应用乙", "张三")
	b.operators(t)
	b.ok(t, b.SetPolicies(ctx, root, intake.Policies{intake.IdleMinutes: 20}))
	first, second := b.caller(t, one), b.caller(t, two)
	b.accept(t, first, "A", firm(1), firm(2), firm(3))
	b.accept(t, first, "B", strings.Replace(firm(1), codeOf(1), codeOf(4), 1))
	b.accept(t, second, "C", firm(5), firm(6))
	b.clock = b.clock.Add(24 * time.Hour)
	first, second = b.caller(t, one), b.caller(t, two)
	returned := b.accept(t, first, "D", firm(7))
	b.accept(t, first, "D", firm(7)) // repeated
	if _, err := b.send(t, first, bodyOf("D", firm(8))); err == nil {
		t.Fatal("accepted")
	}
	b.verify(t)
	b.ok(t, returnCase(ctx, b.Desk, returned, "清单有误"))
	b.accept(t, first, "D", firm(7))
	published, asked := b.accept(t, second, "E", firm(9)), b.accept(t, first, "F", firm(10))
	b.accept(t, second, "G", firm(11))
	b.verify(t)
	b.ok(t, b.Check(ctx, root, published, "", nil))
	b.ok(t, b.PublishAll(ctx, root, published, "2026-03-17"))
	b.ok(t, b.AskReturn(ctx, root, asked, "重报", "1"))
	b.ok(t, b.RevealNames(ctx, root, intake.HashToken("x"), published, "核对", time.Hour))
	b.clock = b.clock.Add(24 * time.Hour)
	first, second = b.caller(t, one), b.caller(t, two)
	b.accept(t, second, "H", firm(12))
	b.accept(t, first, "I", firm(13))
	b.verify(t)
	b.ok(t, b.store.Update(ctx, func(tx intake.Tx) error {
		return tx.AppendAudit(intake.AuditEntry{At: b.clock, By: root, Action: "export", Target: "all", Detail: "10"})
	}))
	b.ok(t, b.store.Close())
	return b.known(t)
}

// operators creates two operators: clerk1 has enrolled, review1 is only invited.
func (b *bureau) operators(t *testing.T) {
	t.Helper()
	secret := []byte("01234567890123456789")
	for _, name := range []string{"clerk1", "review1"} {
		link, err := b.CreateOperator(t.Context(), intake.Actor("cli:root"),
			staff.OperatorSpec{Name: name, Person: name, Role: intake.Clerk, Identifier: name})
		b.ok(t, err)
		if name == "clerk1" {
			_, err = b.Enrol(t.Context(), staff.Enrolment{Token: link, Password: "Grasland-2026-x", TOTP: secret,
				Code: credential.Code(secret, b.clock)})
			b.ok(t, err)
		}
	}
}

// known is the ledger with the list and the head of this moment.
func (b *bureau) known(t *testing.T) ledger {
	t.Helper()
	l := ledger{dir: b.dir, list: filepath.Join(t.TempDir(), "list.jsonl")}
	if err := os.WriteFile(l.list, []byte(must(t, "case", "list", "--json", "--data", b.dir).out), 0o600); err != nil {
		t.Fatal(err)
	}
	var v struct {
		Head string `json:"head"`
	}
	if err := json.Unmarshal([]byte(must(t, "audit", "verify", "--json", "--data", b.dir).out), &v); err != nil {
		t.Fatal(err)
	}
	l.head = v.Head
	return l
}

// forger writes to a database without the program, as the administrator of the database can.
type forger struct {
	*testing.T
	db  *sql.DB
	dir string
}

// do runs statements and demands that each changes at least one row.
func (f *forger) do(statements ...string) {
	f.Helper()
	for _, q := range statements {
		r, err := f.db.Exec(q)
		if err != nil {
			f.Fatalf("%s: %v", q, err)
		}
		if n, _ := r.RowsAffected(); n == 0 && !strings.HasPrefix(q, "CREATE") {
			f.Fatalf("%s: no rows", q)
		}
	}
}

func (f *forger) value(q string) (v string) {
	f.Helper()
	if err := f.db.QueryRow(q).Scan(&v); err != nil {
		f.Fatalf("%s: %v", q, err)
	}
	return v
}

// rechain numbers the audit again from 1 and computes all its chain values again.
func (f *forger) rechain() {
	f.Helper()
	rows, err := f.db.Query("SELECT audit_no, at_ms, actor, action, target, detail FROM audit ORDER BY audit_no")
	if err != nil {
		f.Fatal(err)
	}
	var es []intake.AuditEntry
	for rows.Next() {
		var e intake.AuditEntry
		var at int64
		if err := rows.Scan(&e.No, &at, &e.By, &e.Action, &e.Target, &e.Detail); err != nil {
			f.Fatal(err)
		}
		e.At = time.UnixMilli(at)
		es = append(es, e)
	}
	rows.Close()
	last := intake.Chain{}
	for i, e := range es {
		was := e.No
		e.No = int64(i + 1)
		link := intake.NewAuditLink(last)
		link.Add(e)
		last = link.Chain()
		if _, err := f.db.Exec("UPDATE audit SET audit_no = ?, chain = ? WHERE audit_no = ?", e.No, last[:],
			was); err != nil {
			f.Fatal(err)
		}
	}
}

// acceptID gives a case the acceptid of its number and time.
func (f *forger) acceptID(no int64) string {
	f.Helper()
	var at int64
	if err := f.db.QueryRow("SELECT received_ms FROM cases WHERE case_no = ?", no).Scan(&at); err != nil {
		f.Fatal(err)
	}
	id, err := acceptid.New(time.UnixMilli(at), no)
	if err != nil {
		f.Fatal(err)
	}
	f.do(fmt.Sprintf("UPDATE cases SET acceptid = '%s' WHERE case_no = %d", id, no))
	return id
}

// setBody puts another body into a case that is alone in its pack. With all it also changes the records of the case to
// match the body.
func (f *forger) setBody(no int, body []byte, all bool) {
	f.Helper()
	enc, _ := zstd.NewWriter(nil)
	set := func(q string, args ...any) {
		if _, err := f.db.Exec(q, args...); err != nil {
			f.Fatalf("%s: %v", q, err)
		}
	}
	set("UPDATE pack SET data = ?, raw_bytes = ? WHERE pack_no = (SELECT pack_no FROM cases WHERE case_no = ?)",
		enc.EncodeAll(body, nil), len(body), no)
	if !all {
		return
	}
	got, err := api.ReadCase(bytes.NewReader(body), 0, nil)
	if err != nil {
		f.Fatal(err)
	}
	sum := sha256.Sum256(body)
	set("UPDATE cases SET caseid = ?, bytes = ?, sha256 = ?, digest = ? WHERE case_no = ?", got.Case.CaseID, len(body),
		sum[:], got.Digest[:], no)
	set("UPDATE attempt SET caseid = ?, bytes = ?, sha256 = ? WHERE case_no = ? AND outcome = 'accepted'",
		got.Case.CaseID, len(body), sum[:], no)
	set("UPDATE call SET caseid = ?, bytes = ? WHERE acceptid = (SELECT acceptid FROM cases WHERE case_no = ?)",
		got.Case.CaseID, len(body), no)
	f.forget(no)
}

// forget deletes the data that was derived from a case.
func (f *forger) forget(no int) {
	f.Helper()
	for _, table := range []string{"entity", "entity_key", "finding", "verification", "docket", "firm_tally"} {
		if _, err := f.db.Exec("DELETE FROM "+table+" WHERE case_no = ?", no); err != nil {
			f.Fatal(err)
		}
	}
}

// delete deletes cases, with their calls, packs, attempts and derived data.
func (f *forger) delete(nos ...int) {
	f.Helper()
	for _, no := range nos {
		f.forget(no)
		f.do(fmt.Sprintf("DELETE FROM call WHERE acceptid = (SELECT acceptid FROM cases WHERE case_no = %d)", no),
			fmt.Sprintf("DELETE FROM pack WHERE pack_no = (SELECT pack_no FROM cases WHERE case_no = %d)", no),
			fmt.Sprintf("DELETE FROM attempt WHERE case_no = %d", no),
			fmt.Sprintf("DELETE FROM cases WHERE case_no = %d", no))
	}
}

// insert adds a copy of case 10 with another number and time, and all records that belong to it.
func (f *forger) insert(no int, at string) {
	f.Helper()
	columns := "app_id, account, revision, supersedes, casename, penaltydate, penaltyorg, items, bytes, sha256, " +
		"digest, charset, pack_offset"
	f.do(fmt.Sprintf("INSERT INTO pack (pack_no, raw_bytes, data) "+
		"SELECT (SELECT MAX(pack_no) + 1 FROM pack), raw_bytes, data FROM pack "+
		"WHERE pack_no = (SELECT pack_no FROM cases WHERE case_no = 10)"),
		fmt.Sprintf("INSERT INTO cases (case_no, acceptid, caseid, received_ms, pack_no, %s) "+
			"SELECT %d, 'x', 'Z', %s, (SELECT MAX(pack_no) FROM pack), %s "+
			"FROM cases WHERE case_no = 10", columns, no, at, columns))
	f.acceptID(int64(no))
	f.do(fmt.Sprintf("INSERT INTO attempt "+
		"(at_ms, app_id, account, caseid, case_no, outcome, codes, fields, bytes, sha256, request_id, source) "+
		"SELECT %s, app_id, account, 'Z', %d, outcome, codes, fields, bytes, sha256, 'z', source "+
		"FROM attempt WHERE case_no = 10", at, no))
	f.setBody(no, bodyOf("Z", firm(99)), true)
}
