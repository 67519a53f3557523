package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/seal"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// manipulation is one change that a person with write access to the database can make, and the checks that see it:
// audit verify, db check, audit verify --head, db check --against a list; and, where the database had an evidence log,
// db check --against the last checkpoint with the policy. docs/operations.md has the same table.
type manipulation struct {
	name string
	seen string // ✔ seen, – not
	do   func(*forger)
}

// by is a manipulation that only runs statements.
func by(statements ...string) func(*forger) {
	return func(f *forger) { f.do(statements...) }
}

// anew is a manipulation that runs statements and then computes the whole chain again.
func anew(statements ...string) func(*forger) {
	return func(f *forger) {
		f.do(statements...)
		f.rechain()
	}
}

const (
	lastEntry = "(SELECT MAX(audit_no) FROM audit)"
	hush      = "CREATE TRIGGER hush AFTER INSERT ON audit BEGIN DELETE FROM audit WHERE audit_no = new.audit_no; END"
	newEntry  = "INSERT INTO audit (audit_no, at_ms, actor, action, target, detail, chain) " +
		"SELECT %s, at_ms, actor, '%s', target, detail, x'' " +
		"FROM audit WHERE audit_no = " + lastEntry
	returnRow = "INSERT INTO case_return (case_no, returned_ms, returned_by, reason) " +
		"SELECT 3, returned_ms, returned_by, reason FROM case_return"
	caseOf9 = "(SELECT acceptid FROM cases WHERE case_no = 9)"
)

var manipulations = []manipulation{
	{"审计：改一条的内容", "✔✔✔✔✔", by("UPDATE audit SET detail = '改' WHERE audit_no = 5")},
	{"审计：改一条的操作者", "✔✔✔✔✔", by("UPDATE audit SET actor = 'cli:x' WHERE audit_no = 5")},
	{"审计：改一条的时间", "✔✔✔✔✔", by("UPDATE audit SET at_ms = at_ms - 1 WHERE audit_no = 5")},
	{"审计：改最后一条", "✔✔✔✔✔", by("UPDATE audit SET detail = '改' WHERE audit_no = " + lastEntry)},
	{"审计：删中间一条", "✔✔✔✔✔", by("DELETE FROM audit WHERE audit_no = 5")},
	{"审计：删第一条", "✔✔✔✔✔", by("DELETE FROM audit WHERE audit_no = 1")},
	{"审计：调换两条", "✔✔✔✔✔", by("UPDATE audit SET audit_no = -5 WHERE audit_no = 5",
		"UPDATE audit SET audit_no = 5 WHERE audit_no = 6",
		"UPDATE audit SET audit_no = 6 WHERE audit_no = -5")},
	{"审计：改序号", "✔✔✔✔✔", by("UPDATE audit SET audit_no = audit_no + 10 WHERE audit_no = " + lastEntry)},
	{"审计：中间插入一条", "✔✔✔✔✔", by("UPDATE audit SET audit_no = -audit_no WHERE audit_no > 5",
		"UPDATE audit SET audit_no = 1 - audit_no WHERE audit_no < 0",
		fmt.Sprintf(newEntry, "6", "export"))},
	{"审计：把一条移到序号0以下", "✔✔✔✔✔", by("UPDATE audit SET audit_no = -1 WHERE audit_no = 5")},
	{"审计：抹去一条的链值", "✔✔✔✔✔", by("UPDATE audit SET chain = x'' WHERE audit_no = 5")},
	{"审计：删最后一条（别处没有痕迹的，如导出）", "––✔–✔", by("DELETE FROM audit WHERE audit_no = " + lastEntry)},
	{"审计：删最后几条（别处有痕迹的，如公示）", "–✔✔✔✔", by("DELETE FROM audit WHERE audit_no > " + lastEntry + " - 4")},
	{"审计：全部删去", "–✔✔✔✔", by("DELETE FROM audit")},
	{"审计：改一条，抹去其后的链值", "✔✔✔✔✔",
		by("UPDATE audit SET detail = '改' WHERE audit_no = 5", "UPDATE audit SET chain = x'' WHERE audit_no >= 5")},
	{"审计：改一条，抹去全部链值", "✔✔✔✔✔", by("UPDATE audit SET detail = '改' WHERE audit_no = 5", "UPDATE audit SET chain = x''")},
	{"审计：抹去全部链值，再由程序写一条", "✔✔✔✔✔", func(f *forger) {
		f.do("UPDATE audit SET chain = x''")
		must(f.T, "account", "add", "应用甲", "王五", "--data", f.dir)
	}},
	{"审计：改一条别处没有痕迹的，整条链重算", "––✔–✔", anew("UPDATE audit SET detail = '0' WHERE audit_no = " + lastEntry)},
	{"审计：改一条别处有痕迹的，整条链重算", "–✔✔✔✔", anew("UPDATE audit SET actor = 'cli:x' WHERE action = 'case check'")},
	{"审计：删一条别处有痕迹的，整条链重算", "–✔✔✔✔", anew("DELETE FROM audit WHERE action = 'case confirm return'")},
	{"审计：末尾加一条没有链值的", "✔✔✔✔✔", by(fmt.Sprintf(newEntry, lastEntry+" + 1", "export"))},
	{"审计：末尾加一条假的，链值正确，别处应有痕迹", "–✔–✔✔", anew(fmt.Sprintf(newEntry, lastEntry+" + 1", "case check"))},
	{"审计：末尾加一条假的，链值正确，别处不留痕迹", "––––✔", anew(fmt.Sprintf(newEntry, lastEntry+" + 1", "export"))},
	{"审计：加一条序号0以下的", "✔✔✔✔✔", by(fmt.Sprintf(newEntry, "0", "export"))},
	{"审计：建触发器丢弃新的记录", "–✔–✔✔", by(hush)},
	{"案件：只改正文", "–✔–✔✔", func(f *forger) { f.setBody(3, bodyOf("C", firm(5), firm(7)), false) }},
	{"案件：只改内容摘要", "–✔–✔✔", by("UPDATE cases SET digest = sha256 WHERE case_no = 3")},
	{"案件：调换两件的正文", "–✔–✔✔", by("UPDATE cases SET pack_no = 11 - pack_no " +
		"WHERE case_no IN (SELECT case_no FROM cases WHERE pack_no IN (5, 6))")},
	{"案件：序号改为0以下", "–✔–✔✔", by("UPDATE cases SET case_no = 0 WHERE case_no = 3")},
	{"案件：删中间一件", "–✔–✔✔", func(f *forger) { f.delete(3) }},
	{"案件：改信用代码，正文、SHA-256、摘要、报送和调用记录都重做", "–––✔✔",
		func(f *forger) { f.setBody(3, bodyOf("C", firm(5), firm(77)), true) }},
	{"案件：改案件编号，处处都改", "–––✔✔", func(f *forger) { f.setBody(3, bodyOf("Q", firm(5), firm(6)), true) }},
	{"案件：删中间一件，伪造空号", "–✔–✔✔", func(f *forger) {
		f.delete(3)
		f.do("INSERT INTO gap (from_no, to_no, at_ms, why) VALUES (3, 3, 1, '恢复')")
	}},
	{"案件：删最后一件及其一切痕迹", "–––✔✔", func(f *forger) { f.delete(10) }},
	{"案件：删最后一件，留着调用记录", "–✔–✔✔", func(f *forger) {
		f.forget(10)
		f.do("DELETE FROM pack WHERE pack_no = (SELECT pack_no FROM cases WHERE case_no = 10)",
			"DELETE FROM attempt WHERE case_no = 10", "DELETE FROM cases WHERE case_no = 10")
	}},
	{"案件：删最后几件及其一切痕迹", "–––✔✔", func(f *forger) { f.delete(9, 10) }},
	{"案件：受理时间提前三天，受理号重算", "–✔–✔✔", func(f *forger) {
		f.do("UPDATE cases SET received_ms = received_ms - 259200000 WHERE case_no = 8",
			"UPDATE attempt SET at_ms = at_ms - 259200000 WHERE case_no = 8",
			"DELETE FROM call WHERE acceptid = (SELECT acceptid FROM cases WHERE case_no = 8)")
		f.acceptID(8)
	}},
	{"案件：末尾加一件假的", "––––✔", func(f *forger) { f.insert(11, "(SELECT MAX(received_ms) + 1 FROM cases)") }},
	{"案件：末尾加一件假的，时间在前一件以前", "–✔–✔✔",
		func(f *forger) { f.insert(11, "(SELECT received_ms FROM cases WHERE case_no = 5)") }},
	{"案件：受理时间在当日内移动，越过相邻的案件", "–✔–✔✔", by("UPDATE cases SET received_ms = received_ms + 900000 WHERE case_no = 6",
		"UPDATE attempt SET at_ms = at_ms + 900000 WHERE case_no = 6")},
	{"案件：受理时间在相邻的案件之间移动，报送记录随之改动", "–––✔✔", by("UPDATE cases SET received_ms = received_ms + 60000 WHERE case_no = 6",
		"UPDATE attempt SET at_ms = at_ms + 60000 WHERE case_no = 6")},
	{"案件：划给别的应用，报送记录随之改动", "–✔–✔✔",
		by("UPDATE cases SET app_id = 1 WHERE case_no = 3", "UPDATE attempt SET app_id = 1 WHERE case_no = 3",
			"UPDATE entity_key SET value = '1' || substr(value, 2) WHERE case_no = 3 AND kind = 4")},
	{"案件：划给别的账户，报送记录随之改动", "–✔–✔✔",
		by("UPDATE cases SET account = '李四' WHERE case_no = 1", "UPDATE attempt SET account = '李四' WHERE case_no = 1")},
	{"案件：划给别的账户，报送和调用记录随之改动", "–––✔✔",
		by("UPDATE cases SET account = '李四' WHERE case_no = 1", "UPDATE attempt SET account = '李四' WHERE case_no = 1",
			"UPDATE call SET account = '李四' WHERE acceptid = (SELECT acceptid FROM cases WHERE case_no = 1)")},
	{"案件：字符编码改为不认识的", "–✔–✔✔", by("UPDATE cases SET charset = 'utf-9' WHERE case_no = 3")},
	{"报送记录：改受理一件的时间", "–✔–✔✔", by("UPDATE attempt SET at_ms = at_ms + 3600000 WHERE case_no = 3")},
	{"报送记录：改来源、请求号", "––––✔", by("UPDATE attempt SET source = '192.0.2.9', request_id = 'q' WHERE case_no = 3")},
	{"报送记录：删拒绝的", "––––✔", by("DELETE FROM attempt WHERE outcome = 'refused'")},
	{"报送记录：删重复报送的", "––––✔", by("DELETE FROM attempt WHERE outcome = 'repeated'")},
	{"报送记录：伪造拒绝的", "––––✔", by("INSERT INTO attempt " +
		"(at_ms, app_id, account, caseid, case_no, outcome, codes, fields, bytes, sha256, request_id, source) " +
		"SELECT at_ms, app_id, account, caseid, 0, 'refused', '14000', '', bytes, sha256, 'q', source " +
		"FROM attempt WHERE case_no = 3")},
	{"报送记录：伪造重复报送的", "––––✔", by("INSERT INTO attempt " +
		"(at_ms, app_id, account, caseid, case_no, outcome, codes, fields, bytes, sha256, request_id, source) " +
		"SELECT at_ms, app_id, account, caseid, case_no, 'repeated', '', '', bytes, sha256, 'q', source " +
		"FROM attempt WHERE case_no = 3")},
	{"办理：伪造退回", "–✔–✔✔", by(returnRow, "DELETE FROM docket WHERE case_no = 3")},
	{"办理：伪造退回及其办理记录", "–✔–✔✔",
		by(returnRow, "INSERT INTO case_event (case_no, at_ms, actor, kind, detail) "+
			"SELECT 3, returned_ms, returned_by, 'return', reason "+
			"FROM case_return WHERE case_no = 3", "DELETE FROM docket WHERE case_no = 3")},
	{"办理：抹去退回", "–✔–✔✔", by("DELETE FROM case_return")},
	{"办理：改退回的理由", "–✔–✔✔", by("UPDATE case_return SET reason = '别的'")},
	{"办理：改退回涉及的条目", "–✔–✔✔", by("UPDATE case_return SET row_nos = '1'")},
	{"办理：改待复核的退回涉及的条目", "–✔–✔✔", by("UPDATE proposal SET row_nos = '' WHERE answer = 0")},
	{"办理：改退回的人", "–✔–✔✔", by("UPDATE case_return SET returned_by = 'cli:x'")},
	{"办理：删办理记录", "–✔–✔✔", by("DELETE FROM case_event WHERE kind = 'check'")},
	{"办理：标为已核对", "–✔–✔✔", by("INSERT INTO case_work "+
		"(case_no, checked_ms, published, severe, doubts) VALUES (2, 1, '', 9, 9)",
		"DELETE FROM docket WHERE kind = 1 AND case_no = 2")},
	{"办理：标为已公示", "–✔–✔✔", by("INSERT INTO case_work "+
		"(case_no, checked_ms, published, severe, doubts) VALUES (9, 0, '2026-03-18', 0, 0)",
		"DELETE FROM docket WHERE kind = 7 AND case_no = 9")},
	{"核验：抹去规则405的提示及其条数、待办", "–✔–✔✔", func(f *forger) {
		f.do("DELETE FROM finding WHERE case_no = 2 AND rule = 405",
			"UPDATE verification SET severe = severe - 1 WHERE case_no = 2")
		if f.value("SELECT severe + warnings FROM verification WHERE case_no = 2") == "0" {
			f.do("DELETE FROM docket WHERE kind = 1 AND case_no = 2")
		}
	}},
	{"操作员：改角色", "–✔–✔✔", by("UPDATE operator SET role = 'system-admin' WHERE name = 'clerk1'")},
	{"操作员：加一个", "–✔–✔✔", by("INSERT INTO operator (name, person, phone, role, password, totp, totp_step, " +
		"password_ms, failures, locked_ms, disabled, created_ms) " +
		"SELECT 'evil', person, phone, role, password, totp, totp_step, password_ms, 0, 0, 0, created_ms " +
		"FROM operator WHERE name = 'clerk1'")},
	{"操作员：换密码，时间随之改动", "–✔–✔✔", by("UPDATE operator SET password_ms = password_ms + 1 WHERE name = 'clerk1'")},
	{"操作员：换密码，时间不动", "––––✔", by("UPDATE operator SET password = password || 'x' WHERE name = 'clerk1'")},
	{"操作员：抹去等待批准的变更", "–✔–✔✔",
		by("UPDATE operator SET waits = '', asked_ms = 0, asked_by = '' WHERE name = 'review1'")},
	{"操作员：改申请人", "–✔–✔✔", by("UPDATE operator SET asked_by = 'cli:x' WHERE name = 'review1'")},
	{"操作员：换身份标识", "––––✔", by("UPDATE operator SET identity = zeroblob(32) WHERE name = 'clerk1'")},
	{"操作员：改姓名", "––––✔", by("UPDATE operator SET person = '别人' WHERE name = 'clerk1'")},
	{"操作员：改最近一次重置的记载", "––––✔",
		by("UPDATE operator SET renewed = '', renewed_ms = 0, renewed_by = '' WHERE name = 'clerk1'")},
	{"安全策略：改一项", "–✔–✔✔", by("UPDATE policy SET value = 240")},
	{"应用：加一个密钥", "–✔–✔✔", by("INSERT INTO app_secret (app_id, hash, created_ms, expires_ms) " +
		"SELECT app_id, zeroblob(32), created_ms + 1, 0 FROM app_secret WHERE app_id = 1")},
	{"应用：换掉密钥", "–✔–✔✔", by("UPDATE app_secret SET hash = zeroblob(32) WHERE app_id = 1")},
	{"应用：停用", "–✔–✔✔", by("UPDATE app SET disabled = 1 WHERE app_id = 1",
		"UPDATE session SET ended_ms = 1 WHERE app_id = 1")},
	{"会话：延长有效期", "–✔–✔✔", by("UPDATE session SET expires_ms = expires_ms + 86400000")},
	{"会话：加一个", "––––✔", by("INSERT INTO session " +
		"SELECT zeroblob(32), app_id, account_id, created_ms, expires_ms, 0 FROM session LIMIT 1")},
	{"查看姓名：加一个许可", "–✔–✔✔", by("INSERT INTO reveal SELECT token_hash, 3, until_ms FROM reveal")},
	{"调用记录：改受理一件的应用", "–✔–✔✔", by("UPDATE call SET app_id = 2 WHERE acceptid = " + caseOf9 + " OR app_id = 1")},
	{"调用记录：删去", "–––––", by("DELETE FROM call WHERE acceptid = " + caseOf9)},
}

// seenBy runs the four checks that need no evidence log and returns a mark for each, as in manipulation.
func seenBy(t *testing.T, l ledger, dir string) (seen string) {
	t.Helper()
	return marks(t, dir, []string{"audit", "verify"}, []string{"db", "check"},
		[]string{"audit", "verify", "--head", l.head}, []string{"db", "check", "--against", l.list})
}

// marks runs checks and returns a mark for each.
func marks(t *testing.T, dir string, checks ...[]string) (seen string) {
	t.Helper()
	for _, args := range checks {
		r := runHere(t, nil, append(args, "--data", dir)...)
		switch r.code {
		case exitOK:
			seen += "–"
		case exitFaults:
			seen += "✔"
			if !strings.Contains(r.out, "不符  ") || !strings.Contains(r.err, "下一步：") {
				t.Errorf("%v names nothing:\n%s%s", args, r.out, r.err)
			}
		default:
			t.Errorf("%v: exit code %d\n%s%s", args, r.code, r.out, r.err)
			seen += "!"
		}
	}
	return seen
}

// applied is a copy of a data folder with the manipulation.
func (m manipulation) applied(t *testing.T, from string) (dir string) {
	t.Helper()
	dir = copied(t, from)
	db, err := sql.Open("sqlite", filepath.Join(dir, "diaoxiao.db"))
	if err != nil {
		t.Fatal(err)
	}
	m.do(&forger{T: t, db: db, dir: dir})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// proof is a ledger with an evidence log, and what an auditor keeps elsewhere: the last checkpoint, and the policy.
type proof struct {
	dir, note, policy string
	sign              func(*testing.T) // what came in since
}

// prove signs a copy of a ledger.
func (l ledger) prove(t *testing.T) (p proof) {
	t.Helper()
	kept := t.TempDir()
	p = proof{copied(t, l.dir), filepath.Join(kept, "checkpoint.note"), filepath.Join(kept, "policy.txt"), nil}
	keys, err := seal.Generate("credit.example.cn/diaoxiao")
	must0(t, err)
	p.sign = func(t *testing.T) {
		t.Helper()
		s, err := store.Open(t.Context(), p.dir, store.Options{MustExist: true})
		must0(t, err)
		desk := intake.NewDesk(intake.Config{Store: s})
		signer := evidencelog.NewSigner(desk, nil, evidencelog.KeysOf(keys), evidencelog.NewMemory(kept))
		must0(t, errors.Join(signer.Pass(t.Context()), s.Close()))
	}
	p.sign(t)
	note := must(t, "evidence", "checkpoint", "--data", p.dir).out
	must0(t, errors.Join(os.WriteFile(p.note, []byte(note), 0o600),
		os.WriteFile(p.policy, []byte(evidence.WritePolicy(keys.VerifierKeys()...)), 0o600)))
	return p
}

func must0(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// check is the check that needs the checkpoint and the policy, and nothing else.
func (p proof) check() []string {
	return []string{"db", "check", "--against", p.note, "--keys", p.policy}
}

// seen is the mark of that check for a manipulation.
func (p proof) seen(t *testing.T, m manipulation) string {
	t.Helper()
	return marks(t, m.applied(t, p.dir), p.check())
}

// The checks that the manual names see each manipulation, and no others do.
func TestManipulations(t *testing.T) {
	l := newLedger(t)
	if got := seenBy(t, l, l.dir); got != "––––" {
		t.Fatalf("before anything is changed: %s\n%s", got,
			runHere(t, nil, "db", "check", "--against", l.list, "--data", l.dir).out)
	}
	proved := l.prove(t)
	if got := marks(t, proved.dir, proved.check()); got != "–" {
		t.Fatalf("before anything is changed: %s", runHere(t, nil, append(proved.check(), "--data", proved.dir)...).out)
	}
	for i, m := range manipulations {
		if testing.Short() && i%12 != 0 {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			dir := m.applied(t, l.dir)
			if got := seenBy(t, l, dir) + proved.seen(t, m); got != m.seen {
				t.Errorf("%s, want %s\n%s", got, m.seen, runHere(t, nil, "db", "check", "--against", l.list, "--data",
					dir).out)
			}
		})
	}
}

// docs/operations.md contains the same table.
func TestManipulationsInTheManual(t *testing.T) {
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for _, m := range manipulations {
		fmt.Fprintf(&want, "| %s |", m.name)
		for _, mark := range m.seen {
			fmt.Fprintf(&want, " %c |", mark)
		}
		want.WriteString("\n")
	}
	if !strings.Contains(string(text), "|---|---|---|---|---|---|\n"+want.String()+"\n") {
		t.Errorf("docs/operations.md does not have this table:\n%s", want.String())
	}
}

// A fault in the output of --json has a kind and a next step.
func TestFaultsSayWhatToDo(t *testing.T) {
	l := newLedger(t)
	if err := changeRows(l.dir, "UPDATE case_return SET reason = '别的'"); err != nil {
		t.Fatal(err)
	}
	r := runHere(t, nil, "db", "check", "--json", "--data", l.dir)
	var f foundFault
	if err := json.Unmarshal([]byte(strings.SplitN(r.out, "\n", 2)[0]), &f); err != nil {
		t.Fatal(err, r.out)
	}
	if f.Kind != "work" || f.CaseNo != 4 || f.Place != "case_return" || f.Expected != "清单有误" || f.Actual != "别的" ||
		f.Next == "" {
		t.Errorf("%+v", f)
	}
}
