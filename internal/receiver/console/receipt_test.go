package console_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/seal"
	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// sealed is a house with an evidence log: sign signs what came in.
func (h *house) sealed() (sign func(), policy string) {
	h.Helper()
	keys, err := seal.Generate("credit.example.cn/diaoxiao")
	h.must(err)
	s := evidencelog.NewSigner(h.Desk, nil, evidencelog.KeysOf(keys), evidencelog.NewMemory(h.TempDir()))
	return func() { h.Helper(); h.must(s.Pass(h.Context())) }, evidence.WritePolicy(keys.VerifierKeys()...)
}

// provedBy verifies the file of a receipt.
func (h *house) provedBy(policy, file string) evidence.Proved {
	h.Helper()
	p, err := evidence.ParsePolicy(policy)
	h.must(err)
	r, err := evidence.ParseReceipt([]byte(file))
	h.must(err)
	proved, err := p.Verify(r)
	h.must(err)
	return proved
}

// The page of a receipt says where there is none and why; it has the facts of the case and its steps, and of a firm
// only after its name was opened. The file is the receipt, and each look at it is in the audit.
func TestReceiptPage(t *testing.T) {
	h := openHouse(t, func(c *console.Config) { c.Unit = "某某市市场监督管理局" })
	id := h.admit("甲").send(aCase("呼市监处罚〔2026〕1号", twoCodes()...))
	clerk := h.enter(intake.Clerk, "clerk")
	at := "/cases/" + id + "/receipt"
	wants(t, clerk.see("/cases/"+id), at+`">查看、打印受理回执`)
	wants(t, text(clerk.see(at)), "本系统没有存证日志")
	sign, policy := h.sealed()
	sign()
	p := clerk.see(at)
	wants(t, text(p), "某某市市场监督管理局 受理回执", "受理号 "+id, "案件编号 呼市监处罚〔2026〕1号", "第1次", "SHA-256", "SM3",
		"受理以后的办理（截至检查点） 时间 步骤 经办 涉及 没有。", "存证日志 credit.example.cn/diaoxiao 中为第")
	h.verify()
	h.must(h.ReturnCase(t.Context(), id, "清单有误"))
	sign()
	wants(t, text(clerk.see(at)), "退回 cli:", "全案")
	wants(t, text(clerk.see(at+"?entity=1")), "一户的受理回执载有法定代表人姓名")
	clerk.post("/cases/"+id+"/reveal", "text", "出具回执")
	firm := clerk.see(at + "?entity=1")
	wants(t, text(firm), "清单第1户", "阿拉坦仓", twoCodes()[0].UniscID)
	lacks(t, firm, twoCodes()[1].UniscID)
	file := clerk.do("POST", at, form("entity", "1"))
	proved := h.provedBy(policy, string(file.Body))
	if len(proved.Firms) != 1 || proved.Firms[0].Legal != "阿拉坦仓" || proved.Salt != nil {
		t.Errorf("%+v", proved)
	}
	if a := clerk.do("GET", at+"?entity=3", nil); a.Status != 400 {
		t.Errorf("a firm that is not there: %d", a.Status)
	}
	next := h.admit("乙").send(aCase("2号", twoCodes()...))
	wants(t, text(clerk.see("/cases/"+next+"/receipt")), "尚未列入存证日志")
	wants(t, strings.ReplaceAll(text(h.enter(intake.Auditor, "auditor").see("/audit")), " console:clerk ", " "),
		id+" print，1行；条件：受理回执", id+" print，1行；条件：受理回执文件")
}

// A store that was altered beside the program gets no receipt, and the page says so loudly.
func TestNoReceiptOfAlteredCase(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), dir, store.Options{Server: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	h := openHouseOver(t, s)
	id := h.admit("甲").send(aCase("1号", twoCodes()...))
	sign, _ := h.sealed()
	sign()
	db, err := sql.Open("sqlite", filepath.Join(dir, "diaoxiao.db"))
	h.must(err)
	_, err = db.Exec("UPDATE cases SET received_ms = received_ms - 1")
	h.must(errors.Join(err, db.Close()))
	wants(t, text(h.enter(intake.Clerk, "clerk").see("/cases/"+id+"/receipt")), "与存证日志不符，不能出具回执")
}

// Printed, the codes give the file back, by our program and by tools that everybody has.
func TestReceiptOnPaper(t *testing.T) {
	long(t)
	h := openHouse(t)
	id := h.admit("甲").send(aCase("呼市监处罚〔2026〕1号", manyEntities(40)...))
	sign, policy := h.sealed()
	sign()
	w := h.sit(intake.Clerk, "clerk")
	w.open("/cases/" + id + "/receipt")
	r, err := chromedp.Call(w.ctx, cdppage.PrintToPDF, cdppage.PrintToPDFParams{PreferCSSPageSize: &[]bool{true}[0]})
	h.must(err)
	w.keepPDF("receipt", r.Data)
	dir := t.TempDir()
	h.must(os.WriteFile(filepath.Join(dir, "receipt.pdf"), r.Data, 0o600))
	file := shell(t, dir, "pdftoppm -r 200 -png receipt.pdf page && zbarimg -q --raw page*.png > codes.txt && "+
		`sort -u codes.txt | cut -d/ -f4- | tr -d '\n' | base64 -d | gunzip`)
	is(t, "acceptid", h.provedBy(policy, string(file)).Case.AcceptID, id)
	policyFile := filepath.Join(dir, "policy.txt")
	h.must(os.WriteFile(policyFile, []byte(policy), 0o600))
	said := shell(t, ".", "go run ../../../cmd/diaoxiao-verify "+filepath.Join(dir, "codes.txt")+" --keys "+policyFile)
	wants(t, string(said), "成立。", "受理号 "+id)
}

// shell runs a line of the shell in a folder and returns what it wrote.
func shell(t *testing.T, dir, line string) []byte {
	t.Helper()
	c := exec.Command("bash", "-o", "pipefail", "-c", line)
	c.Dir = dir
	var errw bytes.Buffer
	c.Stderr = &errw
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", line, err, &errw)
	}
	return out
}
