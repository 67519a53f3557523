package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diaoxiao/sandbox"
)

// at is the same sender before another address.
func (d *desk) at(url string) *desk {
	other := *d
	other.args = append([]string{"--url", url}, d.args[2:]...)
	return &other
}

// local is the address of a server on this machine by name.
func local(url string) string { return strings.Replace(url, "127.0.0.1", "localhost", 1) }

// A receiver whose address has changed: every command says that there are cases under the other address, reconcile says
// it first, and once the two are declared one, nothing is sent again and all is equal.
func TestChangedAddress(t *testing.T) {
	old := newDesk(t)
	now := old.at(local(old.s.URL))
	first := old.list("a.csv", "甲〔2026〕1号", "甲〔2026〕2号")
	old.want(exitOK, []string{"完成：受理 2"}, "submit", first)
	lost := old.at("http://127.0.0.1:1") // mistyped
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	var out, errw bytes.Buffer
	if code := run(
		ctx,
		append([]string{"submit", old.list("c.csv", "甲〔2026〕9号")}, lost.args...),
		nil,
		&out,
		&errw,
	); code != exitFailure || !strings.Contains(errw.String(), "另有 2 件在别的接收方名下：") {
		t.Errorf("exit code %d\n%s%s", code, out.String(), errw.String())
	}

	notice := []string{
		"注意：发件箱中另有 2 件在别的接收方名下：" + old.s.URL + "  appKey " + old.s.AppKey,
		"diaoxiao outbox merge --from " + old.s.URL,
		"注意：发件箱中另有 1 件在别的接收方名下：http://127.0.0.1:1  appKey " + old.s.AppKey + "，其中 1 件没有结果",
		"diaoxiao outbox drop --url http://127.0.0.1:1",
	}
	now.want(exitOK, notice, "outbox", "retry")
	now.want(exitOK, append(notice, "✔ 已受理"), "submit", old.list("b.csv", "甲〔2026〕3号"))
	now.want(exitOK, []string{`"otherReceivers":[{"url":"` + old.s.URL + `","appKey":"` + old.s.AppKey +
		`","cases":2,"withoutOutcome":0,"next":"`}, "outbox", "retry", "--json")
	text := now.want(
		exitFaults,
		append(notice, "多出 2 件", "处理  先看接收方是否换过地址", "发件箱记在 "+old.s.URL+" 名下，受理号相同：接收方换了地址"),
		"reconcile",
		"--from",
		"2026-01-01",
	)
	if strings.Index(text, "注意：发件箱中另有") > strings.Index(text, "多出 2 件") {
		t.Error("the changed address comes last:\n" + text)
	}
	now.want(
		exitOK,
		[]string{"发件箱中另有 2 件在别的接收方名下：" + old.s.URL, "diaoxiao outbox merge --from " + old.s.URL},
		"doctor",
		"--json",
	)
	now.want(exitFaults, []string{`"otherReceivers":[`}, "reconcile", "--from", "2026-01-01", "--json")
	box := []string{"--outbox", filepath.Join(old.dir, "box")}
	list := must(t, append([]string{"outbox", "list"}, box...)...)
	for _, want := range []string{"接收方", old.s.URL, local(old.s.URL), "http://127.0.0.1:1 "} {
		if !strings.Contains(list.out, want) || !strings.Contains(list.err, "发件箱中有 3 个接收方的案件") {
			t.Errorf("no %q in\n%s%s", want, list.out, list.err)
		}
	}
	if r := must(t, append([]string{"outbox", "export", "-"}, box...)...); !strings.Contains(r.err, "发件箱中有 3 个接收方的案件") {
		t.Error(r.err)
	}

	now.want(exitFaults, append(notice, "接收方没有该案件"), "status", "--caseid", "甲〔2026〕8号")
	now.want(exitOK, []string{"可以合并：" + old.s.URL + " 名下 2 件归入 " +
		local(old.s.URL), "已受理的 2 件"}, "outbox", "merge", "--from", old.s.URL, "--dry-run")
	now.want(exitOK, []string{"已合并：" + old.s.URL + " 名下 2 件归入 " +
		local(old.s.URL), "已受理的 2 件"}, "outbox", "merge", "--from", old.s.URL+"/")
	now.want(exitOK, []string{"两个地址已是同一接收方"}, "outbox", "merge", "--from", old.s.URL)
	for _, d := range []*desk{old, now} {
		d.want(exitOK, []string{"完成：受理 0，以前已受理 2"}, "submit", first)
		d.want(exitOK, []string{"相同 3 件", "一致"}, "reconcile", "--from", "2026-01-01")
	}
	if r := must(t, append([]string{"outbox", "show", "甲〔2026〕1号"}, box...)...); !strings.Contains(
		r.out,
		"原地址    "+old.s.URL,
	) {
		t.Error(r.out)
	}
	if r := must(t, append([]string{"outbox", "drop", "--url", "http://127.0.0.1:1"}, box...)...); !strings.Contains(
		r.out,
		"已放弃 1 件",
	) {
		t.Error(r.out)
	}
	list = must(t, append([]string{"outbox", "list", "--json"}, box...)...)
	if strings.Count(list.out, "\n") != 3 || strings.Contains(list.out, "127.0.0.1:1\"") || list.err != "" {
		t.Errorf("%s%s", list.out, list.err)
	}
	if r := runHere(t, nil, append([]string{"outbox", "drop", "甲〔2026〕1号"}, box...)...); r.code != exitFaults ||
		!strings.Contains(r.out, "✘ 案件 甲〔2026〕1号 已受理，可能已到达接收方，没有放弃") {
		t.Errorf("%d %s%s", r.code, r.out, r.err)
	}
}

// Another receiver is not taken for the same: it does not have what the one has accepted. Nothing is changed.
func TestMergeOfAnotherReceiver(t *testing.T) {
	d := newDesk(t)
	other, err := sandbox.Start(t.Context(), sandbox.Config{Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	d.want(exitOK, nil, "submit", d.list("a.csv", "甲〔2026〕1号"))
	put(t, filepath.Join(d.dir, "secret2"), []byte(other.AppSecret), 0)
	there := &desk{t: t, dir: d.dir, s: other, args: []string{
		"--url",
		other.URL,
		"--app-key",
		other.AppKey,
		"--account",
		sandbox.Account,
		"--secret-file",
		filepath.Join(d.dir, "secret2"),
		"--outbox",
		filepath.Join(d.dir, "box"),
	}}
	there.want(exitUsage, []string{"发件箱中没有以 appKey " + other.AppKey + " 报给 " + d.s.URL + " 的案件；有：" + d.s.URL +
		"（appKey " + d.s.AppKey + "）"}, "outbox", "merge", "--from", d.s.URL)
	there.want(exitOK, []string{"属于另一个应用，用它的接入配置（appKey " + d.s.AppKey + "）处理"}, "submit", d.list("b.csv", "甲〔2026〕1号"))

	same, err := sandbox.Start(t.Context(), sandbox.Config{Seed: d.s.Seed}) // the same app, another receiver
	if err != nil {
		t.Fatal(err)
	}
	defer same.Close()
	if same.AppKey != d.s.AppKey {
		t.Fatal("the seed does not give the same app")
	}
	d.at(same.URL).
		want(exitFailure, []string{"没有合并：" + same.URL + " 的接收方没有案件 甲〔2026〕1号"}, "outbox", "merge", "--from", d.s.URL)
	d.want(exitOK, []string{"以前已受理 1"}, "submit", filepath.Join(d.dir, "a.csv"))
	d.at(same.URL).want(exitOK, []string{"✔ 已受理"}, "submit", filepath.Join(d.dir, "a.csv"))
}

// Two addresses under which one caseid has two contents are not one receiver.
func TestMergeConflict(t *testing.T) {
	d := newDesk(t)
	d.want(exitOK, nil, "submit", d.list("a.csv", "甲〔2026〕1号"))
	d.at(local(d.s.URL)).want(exitFaults, []string{"19005"}, "submit", d.list("b.csv", "甲〔2026〕1号|乙"))
	d.at(local(d.s.URL)).want(exitFaults, []string{
		"没有合并：1 件在两个地址名下不一致",
		d.s.URL + "：案件 甲〔2026〕1号 已受理",
		local(d.s.URL) + "：案件 甲〔2026〕1号 被拒绝",
	},
		"outbox", "merge", "--from", d.s.URL)
}

// A case without an acceptid in a list has an unknown outcome. Where the receiver has the case, reconcile names its
// acceptid. Where the receiver does not have it, reconcile says that it must be sent again, not that an accepted case
// is lost.
func TestListWithoutAcceptID(t *testing.T) {
	d := newDesk(t)
	d.want(exitOK, nil, "submit", d.list("a.csv", "甲〔2026〕1号", "甲〔2026〕2号"))
	var ids []string
	for line := range strings.Lines(d.want(exitOK, nil, "submit", filepath.Join(d.dir, "a.csv"), "--json")) {
		if _, rest, ok := strings.Cut(line, `"acceptid":"`); ok {
			ids = append(ids, rest[:18])
		}
	}
	list := filepath.Join(d.dir, "list.csv")
	put(t, list, []byte("caseid,acceptid\n甲〔2026〕1号,\n甲〔2026〕2号,"+ids[1]+"\n甲〔2026〕3号,\n"), 0)
	r := d.run("reconcile", "--from", "2026-01-01", "--list", list)
	for _, want := range []string{
		"相同 1 件",
		"未决 1 件：本地不知结果，接收方已受理",
		ids[0],
		"未到 1 件：本地结果未知（没有受理号），接收方没有",
		"甲〔2026〕3号",
		"再次报送",
	} {
		if r.code != exitFaults || !strings.Contains(r.out, want) {
			t.Errorf("exit code %d, no %q in\n%s%s", r.code, want, r.out, r.err)
		}
	}
	if strings.Contains(r.out, "缺失") || strings.Contains(r.out, "本地记为已受理") {
		t.Error(r.out)
	}
}
