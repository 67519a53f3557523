package console_test

import (
	"context"
	"strings"
	"testing"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/pack"
	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/intake"
)

// The package of a case and that of a firm are given out for a purpose, which the audit has, and hold; where there is
// none the page says why.
func TestPackage(t *testing.T) {
	var policy string
	h := openHouse(t, func(c *console.Config) {
		c.Policy = func() ([]byte, error) { return []byte(policy), nil }
	})
	id := h.admit("甲").send(aCase("1号", twoCodes()...))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	at := "/cases/" + id
	paths := []string{at + "/package", at + "/entities/2/package"}
	for _, path := range paths {
		page := strings.TrimSuffix(path, "/package")
		wants(t, clerk.see(page), `action="/console`+path+`"`, "下载案卷包")
		if a := clerk.do("POST", path, form("text", "")); a.Status != 400 || !strings.Contains(text(a.Body),
			"须写明出具案卷包的目的") {
			t.Errorf("%s without a purpose: %d", path, a.Status)
		}
		if a := clerk.do("POST", path, form("text", "应诉")); a.Status != 400 || !strings.Contains(text(a.Body),
			"没有存证日志，不能出具案卷包") {
			t.Errorf("%s without a log: %d %s", path, a.Status, text(a.Body))
		}
	}
	var sign func()
	sign, policy = h.sealed()
	sign()
	p, err := evidence.ParsePolicy(policy)
	h.must(err)
	for _, path := range paths {
		a := clerk.do("POST", path, form("text", "应诉"))
		if a.Status != 200 || !strings.Contains(a.Header.Get("Content-Disposition"), id) {
			t.Fatalf("%s: %d %v", path, a.Status, a.Header)
		}
		found, err := pack.Check(strings.NewReader(a.Body), int64(len(a.Body)),
			func(receipt []byte, _ [][]byte) (evidence.Proved, error) {
				r, err := evidence.ParseReceipt(receipt)
				h.must(err)
				return p.Verify(r)
			})
		if h.must(err); len(found.Faults) > 0 || found.Whole != !strings.Contains(path, "entities") {
			t.Errorf("%s: %+v", path, found.Faults)
		}
	}
	if a := clerk.do("POST", at+"/entities/3/package", form("text", "应诉")); a.Status != 400 && a.Status != 404 {
		t.Errorf("a firm that is not there: %d", a.Status)
	}
	es, err := h.EntriesAfter(context.Background(), intake.System, 0, 100)
	h.must(err)
	got := ""
	for _, e := range es {
		got += string(e.Action) + " " + e.Target + " " + string(e.By) + " " + e.Detail + "\n"
	}
	wants(t, got, "case take package "+id+" console:clerk 应诉", "case take package "+id+" console:clerk 第2户：应诉")
	if n := strings.Count(got, "case take package"); n != 2 {
		t.Errorf("%d packages in the audit", n)
	}
}
