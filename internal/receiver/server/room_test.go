package server

import (
	"diaoxiao/internal/receiver/receivertest"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/sandbox"
)

// Where the disk has less room than the reserve, cases are received and calls are not recorded; /readyz, the figures
// and the system page say so.
func TestDiskReserve(t *testing.T) {
	r := serveHere(t, t.TempDir(), func(c *config.Settings) { c.DiskReserve, c.OpsListen = 1<<62, "127.0.0.1:0" })
	r.admit(t, "应用甲")
	r.Receive(t, receivertest.CaseBody(sandbox.Batch(1, 3)))
	r.awaitFigures(t, "calls left out", func(f figures) bool {
		return f["diaoxiao_calls_dropped_total"] >= 2 && f["diaoxiao_disk_free_bytes"] > 0
	})
	if _, text := got(t, "http://"+r.OpsAddr.String()+"/readyz"); !strings.HasPrefix(text, "ok\n") ||
		!strings.Contains(text, "不再记录调用，案件照常受理") {
		t.Error(text)
	}
	said := false
	for _, f := range r.system(t.Context()).Facts {
		said = said || f.Name == "磁盘剩余" && f.Bad
	}
	if !said {
		t.Error("the system page does not say so")
	}

	enough := serveHere(t, t.TempDir(), func(c *config.Settings) { c.DiskReserve, c.OpsListen = 0, "127.0.0.1:0" })
	enough.admit(t, "应用甲")
	if a, err := enough.Exchange(t.Context(), api.Query, enough.Token, []byte(`{"caseid":"x"}`)); err != nil ||
		len(a.Problems) != 1 {
		t.Fatal(a, err)
	}
	if _, text := got(t, "http://"+enough.OpsAddr.String()+"/readyz"); strings.Contains(text, "磁盘") {
		t.Error(text)
	}
	if f := enough.scrape(t); f["diaoxiao_calls_dropped_total"] != 0 {
		t.Errorf("%v calls left out", f["diaoxiao_calls_dropped_total"])
	}
}
