package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/sandbox"
)

// receiptSite is a sandbox behind a proxy that may alter the receipts.
type receiptSite struct {
	t      *testing.T
	server *sandbox.Server
	proxy  *httptest.Server
	alter  atomic.Pointer[func(api.Answer) api.Answer]
	dir    string
	asked  atomic.Int64 // receipts
}

func openReceiptSite(t *testing.T) *receiptSite {
	t.Helper()
	s := &receiptSite{t: t, dir: t.TempDir()}
	var err error
	if s.server, err = sandbox.Start(t.Context(), sandbox.Config{}); err != nil {
		t.Fatal(err)
	}
	s.proxy = httptest.NewServer(s)
	t.Cleanup(func() { s.proxy.Close(); s.server.Close() })
	return s
}

// ServeHTTP forwards a request, and alters what comes back of receiptCaseinfo.
func (s *receiptSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	out, _ := http.NewRequest(r.Method, s.server.URL+r.URL.RequestURI(), r.Body)
	out.Header, out.ContentLength = r.Header, r.ContentLength
	res, err := http.DefaultClient.Do(out)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	if strings.HasSuffix(r.URL.Path, api.Receipt.Path()) {
		s.asked.Add(1)
		if a, err := api.ReadAnswer(body, api.Receipt); err == nil && a.Receipt != "" && s.alter.Load() != nil {
			body = api.All.Append(nil, (*s.alter.Load())(a))
		}
	}
	w.Write(body)
}

func (s *receiptSite) altered(f func(api.Answer) api.Answer) { s.alter.Store(&f) }

// file writes a case into a file and returns its path.
func (s *receiptSite) file(c api.Case) string {
	path := filepath.Join(s.dir, fmt.Sprintf("%x.json", c.CaseID))
	put(s.t, path, receivertest.CaseBody(c), 0)
	return path
}

// run runs a sender's command with an outbox of the site.
func (s *receiptSite) run(box string, want int, args ...string) result {
	s.t.Helper()
	args = append(args, "--outbox", filepath.Join(s.dir, box))
	if args[0] == "submit" || args[1] == "retry" {
		args = append(args, "--url", s.proxy.URL, "--app-key", s.server.AppKey, "--secret-file", s.server.SecretFile)
		if !strings.Contains(strings.Join(args, " "), "--account") {
			args = append(args, "--account", sandbox.Account)
		}
	}
	r := runHere(s.t, nil, args...)
	if r.code != want {
		s.t.Fatalf("%q: exit code %d, want %d\n%s%s", args, r.code, want, r.out, r.err)
	}
	return r
}

func (s *receiptSite) acceptID(box, caseID string) string {
	s.t.Helper()
	var v struct{ AcceptID string }
	if err := json.Unmarshal([]byte(s.run(box, 0, "outbox", "show", caseID, "--json").out), &v); err != nil {
		s.t.Fatal(err)
	}
	return v.AcceptID
}

func (s *receiptSite) says(text string, want ...string) {
	s.t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			s.t.Errorf("%q is not in\n%s", w, text)
		}
	}
}

// A sender that names a policy gets a receipt of each accepted case, verified and kept; nothing is asked without one.
func TestSubmitKeepsReceipts(t *testing.T) {
	s := openReceiptSite(t)
	one, two := sandbox.Batch(1, 3), sandbox.Batch(2, 4)
	s.run("box", 0, "submit", s.file(one))
	if s.asked.Load() > 0 {
		t.Errorf("%d receipts were asked for", s.asked.Load())
	}
	s.run("box", 1, "outbox", "receipt", one.CaseID)
	r := s.run("box", 0, "submit", s.file(two), "--receipts", s.server.PolicyFile)
	s.says(r.out, "受理回执：已验证 2") // that of the first case as well
	for _, c := range []api.Case{one, two} {
		id, file := s.acceptID("box", c.CaseID), filepath.Join(s.dir, "receipt")
		s.says(s.run("box", 0, "outbox", "show", c.CaseID).out, "受理回执", "已验证")
		s.run("box", 0, "outbox", "receipt", id, "-o", file)
		v := runHere(t, nil, "verify", file, "--keys", s.server.PolicyFile)
		s.says(v.out, "成立", id, c.CaseID)
		if kept, _ := os.ReadFile(file); s.run("box", 0, "outbox", "receipt", c.CaseID).out != string(kept) {
			t.Error("by caseid it is another receipt")
		}
	}
	s.says(s.run("box", 0, "outbox", "list").out, "已验证")
	s.says(s.run("box", 0, "outbox", "export", "-").out, ",受理回执\r\n", ",已验证\r\n")
	asked := s.asked.Load()
	s.run("box", 0, "submit", s.file(two), "--receipts", s.server.PolicyFile)
	if s.asked.Load() != asked {
		t.Error("a verified receipt is fetched again")
	}
}

// A receipt that is none, or of something else, is named, and the exit code says so; the case stays accepted, and the
// receipt is asked for again.
func TestSubmitNamesFaultyReceipts(t *testing.T) {
	s := openReceiptSite(t)
	other := sandbox.Batch(100, 2)
	s.run("first", 0, "submit", s.file(other), "--receipts", s.server.PolicyFile)
	another := s.run("first", 0, "outbox", "receipt", other.CaseID).out
	at := func(n func(int) int) func(api.Answer) api.Answer {
		return func(a api.Answer) api.Answer {
			b := []byte(a.Receipt)
			b[n(len(b))] ^= 1
			a.Receipt = string(bytes.ToValidUTF8(b, []byte("?")))
			return a
		}
	}
	for i, c := range []struct {
		name  string
		alter func(api.Answer) api.Answer
		want  string
	}{
		{"first bit", at(func(int) int { return 0 }), "不成立"},
		{"a bit of the leaf", at(func(int) int { return 60 }), "不成立"},
		{"a bit of what is shown", at(func(n int) int { return n / 3 }), "不成立"},
		{"a bit of a signature", at(func(n int) int { return n - 20 }), "检查点的签名不成立"},
		{"another case", func(a api.Answer) api.Answer { a.Receipt = another; return a }, "所证明的不是这次报送：受理号为"},
		{"unknown to the receiver", func(a api.Answer) api.Answer {
			return api.Answer{Call: api.Receipt, Problems: []api.Problem{{Code: api.NoSuchCase}}}
		}, "接收方没有该受理号的案件"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			s.altered(c.alter)
			sent := sandbox.Batch(uint64(i+1), 2)
			box := fmt.Sprint("box", i)
			r := s.run(box, 3, "submit", s.file(sent), "--receipts", s.server.PolicyFile)
			s.says(r.out, "✔ 已受理", "✘ 受理回执不成立", sent.CaseID, c.want, "不成立 1")
			s.says(s.run(box, 0, "outbox", "show", sent.CaseID).out, "已受理", "不成立")
			s.says(s.run(box, 0, "outbox", "list", "--json").out, `"receipt":"不成立"`, `"receiptFault":"`)
			s.alter.Store(nil)
			s.says(s.run(box, 0, "outbox", "retry", "--receipts", s.server.PolicyFile).out, "已验证 1")
			s.run(box, 0, "outbox", "receipt", sent.CaseID)
		})
	}
}

// A receipt that holds, but is of another body or another account, is named, and so is one that others have signed.
func TestSubmitHoldsReceiptsAgainstItsBodies(t *testing.T) {
	s := openReceiptSite(t)
	c := sandbox.Batch(1, 2)
	s.run("one", 0, "submit", s.file(c), "--account", s.server.Accounts[1])
	r := s.run("two", 3, "submit", s.file(c), "--receipts", s.server.PolicyFile)
	s.says(r.out, "所证明的不是这次报送：账户为 "+s.server.Accounts[1])

	others, err := sandbox.Start(t.Context(), sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer others.Close()
	r = s.run("four", 3, "submit", s.file(sandbox.Batch(3, 2)), "--receipts", others.PolicyFile)
	s.says(r.out, "检查点的签名不成立，或不是信任策略中的密钥所签")

	d := sandbox.Batch(2, 2)
	body := string(receivertest.CaseBody(d))
	reordered := strings.Replace(body, `"caseid":`, ` "caseid":`, 1)
	sender := &receivertest.Sender{Base: s.server.URL}
	a, err := sender.Call(t.Context(), api.Login, "", []byte(fmt.Sprintf(`{"appKey":%q,"appSecret":%q,"account":%q}`,
		s.server.AppKey, s.server.AppSecret, sandbox.Account)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sender.Call(t.Context(), api.Receive, a.Token, []byte(reordered)); err != nil {
		t.Fatal(err)
	}
	r = s.run("three", 3, "submit", s.file(d), "--receipts", s.server.PolicyFile)
	s.says(r.out, "所证明的不是这次报送：报文的")
}

// A receipt that can't be fetched now is no fault of the case: that is said, and a later run fetches it.
func TestSubmitFetchesReceiptsLater(t *testing.T) {
	s := openReceiptSite(t)
	for i, alter := range []func(api.Answer) api.Answer{
		func(api.Answer) api.Answer {
			return api.Answer{Call: api.Receipt, Problems: []api.Problem{{Code: api.NoEvidenceLog}}}
		},
		func(api.Answer) api.Answer {
			return api.Answer{Call: api.Receipt, Problems: []api.Problem{{Code: api.NoSuchCall}}}
		},
	} {
		s.altered(alter)
		c := sandbox.Batch(uint64(i+1), 2)
		r := s.run("box", 0, "submit", s.file(c), "--receipts", s.server.PolicyFile)
		s.says(r.out, fmt.Sprintf("尚未取得 %d（接收方不出具受理回执）", i+1))
	}
	s.alter.Store(nil)
	s.says(s.run("box", 0, "outbox", "retry", "--receipts", s.server.PolicyFile, "--json").out,
		`"receipts":{"verified":2,"faulty":0,"missing":0}`)
	put(t, filepath.Join(s.dir, "p"), []byte("log x"), 0)
	s.run("box", 2, "submit", s.file(sandbox.Batch(9, 1)), "--receipts", filepath.Join(s.dir, "p"))
}
