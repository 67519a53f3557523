package console_test

import (
	"bytes"
	"database/sql"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/papercode"
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

// A receipt that is too large for paper is handed out as a file, and the page speaks of no codes.
func TestLargeReceipt(t *testing.T) {
	h := openHouse(t)
	c, dice := aCase("呼市监处罚〔2026〕1号"), rand.New(rand.NewPCG(1, 2))
	for _, text := range []*string{&c.CaseIntroduction, &c.Illegality, &c.Penalty} {
		*text = randomText(dice, 20_000)
	}
	id := h.admit("甲").send(c)
	sign, policy := h.sealed()
	sign()
	clerk := h.enter(intake.Clerk, "clerk")
	at := "/cases/" + id + "/receipt"
	p := clerk.see(at)
	wants(t, text(p), "下载回执文件", "不能印成二维码", "diaoxiao-verify 文件 --keys policy.txt")
	lacks(t, text(p), "扫描")
	is(t, "acceptid", h.provedBy(policy, string(clerk.do("POST", at, nil).Body)).Case.AcceptID, id)
}

// randomText is a text that cannot be compressed much.
func randomText(dice *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		b.WriteRune(rune('一' + dice.IntN(20_000)))
	}
	return b.String()
}

// Printed, the codes give the file back byte for byte, by our program and by tools that everybody has: of a case
// that was released, and of a firm of one that was returned.
func TestReceiptOnPaper(t *testing.T) {
	long(t)
	h := openHouse(t, func(c *console.Config) { c.Unit = "某某市市场监督管理局" })
	s := h.admit("甲")
	released := s.send(aCase("呼市监处罚〔2026〕2号", twoCodes()...))
	returned := s.send(aCase("呼市监处罚〔2026〕3号", twoCodes()...))
	h.verify()
	h.must(h.Release(t.Context(), released))
	h.must(h.ReturnCase(t.Context(), returned, "清单有误"))
	sign, policy := h.sealed()
	sign()
	clerk := h.enter(intake.Clerk, "clerk")
	clerk.post("/cases/"+returned+"/reveal", "text", "出具回执")
	for name, c := range map[string]struct{ acceptID, firm, says string }{
		"released": {released, "", "其后：2026-"},
		"returned": {returned, "1", "退回（全案）"},
	} {
		t.Run(name, func(t *testing.T) {
			at := "/cases/" + c.acceptID + "/receipt"
			given := clerk.do("POST", at, form("entity", c.firm)).Body
			h.onPaperAsGiven(t, h.window(clerk), name, at+"?entity="+c.firm, given)
			file, policyFile := filepath.Join(t.TempDir(), "receipt"), filepath.Join(t.TempDir(), "policy.txt")
			h.must(os.WriteFile(file, []byte(given), 0o600))
			h.must(os.WriteFile(policyFile, []byte(policy), 0o600))
			said := shell(t, ".", "go run ../../../cmd/diaoxiao-verify "+file+" --keys "+policyFile)
			wants(t, string(said), "成立。", "受理号 "+c.acceptID, c.says)
		})
	}
}

// onPaperAsGiven prints the page of a receipt, and demands that its codes are the file, and that no word is broken.
func (h *house) onPaperAsGiven(t *testing.T, w *screen, name, at, given string) {
	t.Helper()
	w.open(at)
	h.onPaper(t, w, []sheet{{at, 718, 1000}})
	media := func(name string) {
		_, err := chromedp.Call(w.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: name})
		h.must(err)
	}
	media("print")
	h.must(chromedp.Do(w.ctx, chromedp.EmulateViewport(718, 1000)))
	is(t, "broken words", evaluate[string](w, brokenWords), "")
	media("")
	r, err := chromedp.Call(w.ctx, cdppage.PrintToPDF, cdppage.PrintToPDFParams{PreferCSSPageSize: &[]bool{true}[0]})
	h.must(err)
	w.keepPDF("receipt_"+name, r.Data)
	dir := t.TempDir()
	h.must(os.WriteFile(filepath.Join(dir, "receipt.pdf"), r.Data, 0o600))
	read := shell(t, dir, "pdftoppm -r 200 -png receipt.pdf page && zbarimg -q --raw page*.png > codes.txt && "+
		`sort -u codes.txt | cut -d/ -f4- | tr -d '\n' | base64 -d | gunzip`)
	if string(read) != given {
		t.Errorf("the codes have %d bytes, the file %d", len(read), len(given))
	}
	codes, err := os.ReadFile(filepath.Join(dir, "codes.txt"))
	h.must(err)
	if ours, err := papercode.Decode(codes); err != nil || string(ours) != given {
		t.Errorf("our program reads %d bytes of %d: %v", len(ours), len(given), err)
	}
}

// brokenWords are the words of Latin letters and digits on a receipt that are broken over lines, and its tables that do
// not have the width of the page.
const brokenWords = `(() => {
	const wrong = [], paper = document.querySelector('.receipt');
	const walk = document.createTreeWalker(paper, NodeFilter.SHOW_TEXT);
	for (let n = walk.nextNode(); n; n = walk.nextNode())
		for (const word of n.data.matchAll(/[-\w.:\/]+/g)) {
			const range = document.createRange();
			range.setStart(n, word.index);
			range.setEnd(n, word.index + word[0].length);
			const tops = new Set(Array.from(range.getClientRects()).filter(r => r.width).map(r => Math.round(r.top)));
			if (tops.size > 1) wrong.push(word[0]);
		}
	for (const t of paper.querySelectorAll('table'))
		if (t.tBodies[0].getBoundingClientRect().width < paper.clientWidth - 5)
			wrong.push('narrow: ' + t.textContent.trim().slice(0, 20));
	return wrong.join('\n') })()`

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
