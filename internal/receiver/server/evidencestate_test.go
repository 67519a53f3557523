package server

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/evidence/seal"
	"diaoxiao/internal/evidence/stamptest"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/sandbox"
)

// withEvidence are settings with keys of an evidence log, which lie outside the data folder.
func withEvidence(t *testing.T) func(*config.Settings) {
	t.Helper()
	keys, passphrase := filepath.Join(t.TempDir(), "keys"), filepath.Join(t.TempDir(), "passphrase")
	if err := os.WriteFile(passphrase, []byte("口令\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(keys, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Create(keys, "credit.example.cn/diaoxiao", "口令"); err != nil {
		t.Fatal(err)
	}
	return func(c *config.Settings) {
		c.OpsListen, c.EvidenceKeys, c.EvidencePassphrase = "127.0.0.1:0", keys, passphrase
	}
}

// card is the evidence log on the system page: the facts by name, and those that are bad.
func (r *running) card(t *testing.T) (all map[string]string, bad string) {
	t.Helper()
	all = make(map[string]string)
	for _, f := range r.system(t.Context()).Evidence {
		if all[f.Name] = f.Value; f.Bad {
			bad += f.Name + "。"
		}
	}
	return all, bad
}

// The figures and the card of the evidence log follow it as it grows, and say so where an older database was put back;
// the server receives cases all the same.
func TestEvidenceState(t *testing.T) {
	settings, dir, old := withEvidence(t), t.TempDir(), filepath.Join(t.TempDir(), "old")
	r := serveHere(t, dir, settings)
	r.admit(t, "应用甲")
	r.Receive(t, receivertest.CaseBody(sandbox.Batch(1, 3)))
	r.awaitSigned(t, 1)
	r.end(t)
	if err := os.CopyFS(old, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}

	r = serveHere(t, dir, settings)
	r.admit(t, "应用乙")
	r.Receive(t, receivertest.CaseBody(sandbox.Batch(2, 3)))
	grown := r.awaitSigned(t, 2)
	if all, bad := r.card(t); bad != "" || all["存证日志的名称"] != "credit.example.cn/diaoxiao" ||
		all["尚未签署的记录"] != "没有" || all["最后的签署错误"] != "启动以来没有" ||
		!strings.Contains(all["已签署的项数"], "案件到第2号") {
		t.Errorf("%q, bad: %s", all, bad)
	}
	r.end(t)

	if err := errors.Join(os.RemoveAll(dir), os.CopyFS(dir, os.DirFS(old))); err != nil {
		t.Fatal(err)
	}
	r = serveHere(t, dir, settings)
	f := r.awaitFigures(t, "no fork seen", func(f figures) bool { return f["diaoxiao_evidence_forked"] == 1 })
	if f["diaoxiao_evidence_errors_total"] < 1 || f["diaoxiao_evidence_leaves"] < grown || f["diaoxiao_ready"] != 1 {
		t.Errorf("leaves %v, want %v; %v", f["diaoxiao_evidence_leaves"], grown, f)
	}
	r.awaitFigures(t, "not unsigned", func(f figures) bool { return f["diaoxiao_evidence_unsigned_seconds"] > 0 })
	all, bad := r.card(t)
	if trouble := all["最后的签署错误"]; !strings.Contains(bad, "最后的签署错误。") ||
		!strings.Contains(trouble, "恢复了较早的备份") || !strings.Contains(trouble, "diaoxiao evidence continue") ||
		!strings.HasPrefix(all["尚未签署的记录"], "自") {
		t.Errorf("%q, bad: %s", all, bad)
	}
	if status, page := got(t, "http://"+r.OpsAddr.String()+"/readyz"); status != http.StatusOK {
		t.Error(status, page)
	}
	r.admit(t, "应用丙")
	r.Receive(t, receivertest.CaseBody(sandbox.Batch(3, 3)))
}

// awaitSigned waits until so many cases and all that came before them are signed, and returns how many leaves that is.
func (r *running) awaitSigned(t *testing.T, cases int64) float64 {
	t.Helper()
	signed := func(figures) bool { return r.signer.State().Last.Upto.Cases >= cases }
	r.awaitFigures(t, "not signed", signed)
	f := r.awaitFigures(t, "not well", func(f figures) bool {
		return f["diaoxiao_evidence_unsigned_seconds"] == 0 && f["diaoxiao_evidence_errors_total"] == 0 &&
			f["diaoxiao_evidence_forked"] == 0
	})
	return f["diaoxiao_evidence_leaves"]
}

// Without keys there are no figures of the evidence log, and one line says why.
func TestNoEvidenceState(t *testing.T) {
	r := serveHere(t, t.TempDir(), func(c *config.Settings) { c.OpsListen = "127.0.0.1:0" })
	for name := range r.scrape(t) {
		if strings.Contains(name, "_evidence_") {
			t.Error(name)
		}
	}
	want := console.Fact{Name: "签署", Value: "没有设置存证密钥（evidence_keys），不签署"}
	if facts := r.system(t.Context()).Evidence; len(facts) != 1 || facts[0] != want {
		t.Error(facts)
	}
}

// The figures and the card have the last time-stamp and when the next one is due; and that the authority does not
// answer.
func TestStampState(t *testing.T) {
	clock := time.Now()
	authority := stamptest.Open(t, "时间戳机构甲", false, &clock, 2)
	refuses := func(c *stamptest.Content) { c.Version = 2 }
	authority.Spoil = refuses
	roots := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, authority.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	settings, dir := withEvidence(t), t.TempDir()
	stamped := func(c *config.Settings) {
		settings(c)
		c.StampURLs, c.StampCA, c.StampEvery = []string{authority.URL}, roots, 24*time.Hour
	}
	r := serveHere(t, dir, settings)
	r.admit(t, "应用甲")
	r.awaitSigned(t, 0)
	r.end(t)
	r = serveHere(t, dir, stamped)
	r.awaitFigures(t, "not failed", func(f figures) bool { return f["diaoxiao_evidence_stamp_failed"] == 1 })
	if all, bad := r.card(t); bad != "最后的时间戳错误。" || all["最后的时间戳"] != "还没有" {
		t.Errorf("%q, bad: %s", all, bad)
	}
	r.end(t)
	authority.Spoil = nil
	r = serveHere(t, dir, stamped)
	f := r.awaitFigures(t, "no stamp", func(f figures) bool { return f["diaoxiao_evidence_stamp_seconds"] > 0 })
	if f["diaoxiao_evidence_stamp_failed"] != 0 || f["diaoxiao_evidence_stamp_seconds"] != float64(clock.Unix()) ||
		f["diaoxiao_evidence_stamp_renewal_seconds"] < float64(clock.AddDate(1, 10, 0).Unix()) {
		t.Error(f)
	}
	all, bad := r.card(t)
	if bad != "" || !strings.HasSuffix(all["最后的时间戳"], "（时间戳机构甲）") || all["最后的时间戳错误"] != "启动以来没有" ||
		!strings.HasPrefix(all["下一个时间戳"], "有新的内容时在") {
		t.Errorf("%q, bad: %s", all, bad)
	}
}
