package main

import (
	"context"
	"crypto/sha256"
	"diaoxiao/internal/receiver/receivertest"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/iso7064"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/reconcile"
	"diaoxiao/sandbox"
)

// sending is a sender with its outbox, and a real receiver.
type sending struct {
	*running
	t       *testing.T
	client  *client.Client
	box     *outbox.Outbox
	target  outbox.Target
	outbox  string // folder
	secret  string // file
	caseIDs int
}

func newSending(t *testing.T) *sending {
	t.Helper()
	s := &sending{
		running: serveHere(t, t.TempDir(), nil),
		t:       t,
		outbox:  t.TempDir(),
		secret:  filepath.Join(t.TempDir(), "s"),
	}
	s.admit(t, "应用甲")
	put(t, s.secret, []byte(s.App.AppSecret), 0)
	var err error
	s.client, err = client.New(client.Config{URL: s.Base, AppKey: s.App.AppKey, Account: receivertest.Account,
		Secret: func(context.Context) (string, error) { return s.App.AppSecret, nil }})
	s.check(err)
	s.box, err = outbox.Open(s.outbox, time.Now)
	s.check(err)
	t.Cleanup(func() { s.box.Close() })
	s.target = outbox.Target{URL: s.Base, AppKey: s.App.AppKey}
	return s
}

func (s *sending) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// fresh makes a new case and its body.
func (s *sending) fresh() (api.Case, []byte) {
	s.caseIDs++
	c := sandbox.Batch(uint64(s.caseIDs), 2)
	return c, receivertest.CaseBody(c)
}

// deliver sends a body, past the outbox, and returns the acceptid.
func (s *sending) deliver(body []byte) string {
	s.t.Helper()
	r, err := s.client.Receive(s.t.Context(), client.Bytes(body))
	s.check(err)
	return r.AcceptID
}

// record puts the case of a body into the outbox and sends nothing.
func (s *sending) record(body []byte) outbox.Entry {
	s.t.Helper()
	got, err := api.ReadCase(strings.NewReader(string(body)), 0, nil)
	s.check(err)
	b := s.box.NewBody()
	defer b.Close()
	b.Write(body)
	out, err := s.box.Record(
		s.target,
		[]outbox.Draft{{CaseID: got.Case.CaseID, Digest: got.Digest, Items: got.Items, Body: b}},
	)
	s.check(err)
	return out[0].Entry
}

// settle records an attempt with its outcome in the outbox.
func (s *sending) settle(e outbox.Entry, o outbox.State, acceptID string) {
	s.t.Helper()
	_, err := s.box.Begin([]int64{e.No})
	s.check(err)
	s.check(s.box.Settle([]outbox.Attempt{{Entry: e.No, Began: time.Now(), Outcome: o, AcceptID: acceptID}}))
}

// reconciled runs reconcile --json and returns its output; want is the exit code.
func (s *sending) reconciled(want int, args ...string) (v comparison) {
	s.t.Helper()
	r := runHere(s.t, nil, append([]string{
		"reconcile", "--json", "--url", s.Base, "--app-key", s.App.AppKey, "--account", receivertest.Account,
		"--secret-file", s.secret, "--outbox", s.outbox,
	}, args...)...)
	if err := json.Unmarshal([]byte(r.out), &v); err != nil || r.code != want {
		s.t.Fatalf("%q: exit code %d, want %d\n%s%s", args, r.code, want, r.out, r.err)
	}
	return v
}

func (v comparison) kinds() (kinds []string) {
	for _, d := range v.Differences {
		kinds = append(kinds, string(d.Kind)+" "+d.CaseID)
	}
	return kinds
}

func today() string { return time.Now().In(beijingtime.Zone).Format(time.DateOnly) }

// madeUp is an acceptid of today that the receiver never gave.
func madeUp(no int) string {
	id := time.Now().In(beijingtime.Zone).Format("20060102") + fmt.Sprintf("%09d", no)
	return id + string(iso7064.Mod11_10(id))
}

// reconcile names every kind of difference between sender and receiver, the worst first, and nothing else.
func TestReconcile(t *testing.T) {
	s := newSending(t)
	for range 3 {
		_, body := s.fresh()
		s.settle(s.record(body), outbox.Accepted, s.deliver(body))
	}
	if v := s.reconciled(exitOK, "--from", today()); v.Equal != 3 || v.Differences == nil || len(v.Differences) > 0 {
		t.Fatalf("%+v", v)
	}

	lostCase, body := s.fresh()
	s.settle(s.record(body), outbox.Accepted, madeUp(999_999))

	altered, body := s.fresh()
	e := s.record(body)
	altered.Penalty += "。"
	s.settle(e, outbox.Accepted, s.deliver(receivertest.CaseBody(altered)))

	renamed, body := s.fresh()
	s.deliver(body)
	s.settle(s.record(body), outbox.Accepted, madeUp(999_998))

	foreign, body := s.fresh()
	s.deliver(body)

	unknown, body := s.fresh()
	s.settle(s.record(body), outbox.Unknown, "")
	s.deliver(body)

	returned, body := s.fresh()
	id := s.deliver(body)
	s.settle(s.record(body), outbox.Accepted, id)
	s.check(returnCase(t.Context(), s.Desk, id, "重报"))

	_, body = s.fresh() // waits in the outbox; the receiver does not have it
	s.record(body)

	_, body = s.fresh() // returned, marked so in the outbox, and sent again
	id = s.deliver(body)
	e = s.record(body)
	s.settle(e, outbox.Accepted, id)
	s.check(returnCase(t.Context(), s.Desk, id, "重报"))
	s.check(s.box.MarkReturned(e.No))
	again, err := s.box.Again(e.No)
	s.check(err)
	s.settle(again, outbox.Accepted, s.deliver(body))

	v := s.reconciled(exitFaults, "--from", today())
	want := []string{
		string(reconcile.Missing) + " " + lostCase.CaseID,
		string(reconcile.Different) + " " + altered.CaseID,
		string(reconcile.Different) + " " + renamed.CaseID,
		string(reconcile.Surplus) + " " + foreign.CaseID,
		string(reconcile.Undecided) + " " + unknown.CaseID,
		string(reconcile.GivenBack) + " " + returned.CaseID,
	}
	if got := v.kinds(); !slices.Equal(got, want) || v.Equal != 5 || v.Open != 1 || v.Elsewhere != 0 {
		t.Errorf("%+v\n%q\n%q", v, got, want)
	}
	for i, what := range []string{"", "内容摘要（digest）不同", "受理号不同", "", "本地状态 结果未知", ""} {
		if v.Differences[i].What != what {
			t.Errorf("%d: %q, want %q", i, v.Differences[i].What, what)
		}
	}
	r := runHere(
		t, nil, "reconcile", "--url", s.Base, "--app-key", s.App.AppKey, "--account", receivertest.Account,
		"--secret-file", s.secret, "--outbox", s.outbox, "--from", today(),
	)
	for _, want := range []string{
		"相同 5 件\n", "\n缺失 1 件：本地记为已受理，接收方没有\n", "\n不同 2 件：", "处理  diaoxiao outbox retry", "\n尚无结果 1 件",
	} {
		if r.code != exitFaults || !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s%s", want, r.out, r.err)
		}
	}
	// A comparison of another day does not mention the cases of today.
	if v := s.reconciled(exitOK, "--from", "2020-01-01", "--to", "2020-01-02"); v.Equal != 0 || len(v.Differences) > 0 {
		t.Errorf("%+v", v)
	}
}

// reconcile takes a list in place of the outbox: with Chinese or English headings, in UTF-8 or GBK, with the acceptid,
// the digest or the SHA-256 as proof.
func TestReconcileList(t *testing.T) {
	s := newSending(t)
	var digest, rows, numbers, sums []string
	for range 3 {
		c, body := s.fresh()
		got, err := api.ReadCase(strings.NewReader(string(body)), 0, nil)
		s.check(err)
		id := s.deliver(body)
		sum := sha256.Sum256(body)
		digest = append(digest, fmt.Sprintf("%x", got.Digest))
		rows = append(rows, fmt.Sprintf(`%s,="%s",%X`, c.CaseID, id, got.Digest))
		numbers = append(numbers, c.CaseID+","+id)
		sums = append(sums, hex.EncodeToString(sum[:])+","+c.CaseID)
	}
	file := filepath.Join(t.TempDir(), "l.csv")
	write := func(lines ...string) []string {
		put(t, file, []byte(strings.Join(lines, "\r\n")), 0)
		return []string{"--from", today(), "--list", file}
	}
	if v := s.reconciled(exitOK, write(append([]string{"\uFEFF案件编号,受理号,内容摘要"}, rows...)...)...); v.Equal != 3 ||
		v.Uncompared != 0 {
		t.Errorf("%+v", v)
	}
	if v := s.reconciled(exitOK, write(append([]string{"SHA256,caseid"}, sums...)...)...); v.Equal != 3 {
		t.Errorf("%+v", v)
	}
	if v := s.reconciled(exitOK, write(append([]string{"caseid,acceptid"}, numbers...)...)...); v.Equal != 3 ||
		v.Uncompared != 3 {
		t.Errorf("%+v", v)
	}
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("案号,受理编号\n" + strings.Join(numbers, "\n"))
	s.check(err)
	if v := s.reconciled(exitOK, write(gbk)...); v.Equal != 3 {
		t.Errorf("%+v", v)
	}
	v := s.reconciled(
		exitFaults,
		write("caseid,digest", strings.Split(numbers[0], ",")[0]+","+digest[1], "没有的,"+digest[0])...,
	)
	if got := v.kinds(); len(got) != 4 || got[0] != string(reconcile.Missing)+" 没有的" || !strings.HasPrefix(
		got[1],
		string(reconcile.Different),
	) || !strings.HasPrefix(got[3], string(reconcile.Surplus)) {
		t.Errorf("%q", got)
	}
	// A row without an acceptid does not show its day: reconcile asks for each such case before it calls it missing.
	args := append(write(append([]string{"sha256,caseid"}, sums...)...), "--to", "2020-01-02")
	args[1] = "2020-01-01"
	if v := s.reconciled(exitOK, args...); v.Equal != 0 || v.Elsewhere != 3 {
		t.Errorf("%+v", v)
	}
	for _, c := range []struct{ text, want string }{
		{"", "是空的"},
		{"\na,b\n", "第 2 行没有“案件编号”"},
		{"caseid,x\n", "至少要有"},
		{"caseid,digest\n", "没有一件案件"},
		{"caseid,digest\nx,12\n", "第 2 行：digest 应为 64 位"},
		{"caseid,acceptid\nx,2.02611E+17\n", "科学记数"},
		{"caseid,acceptid,state\nx,1,?\n", "状态 \"?\" 不认识"},
		{"caseid,acceptid\n\xff\xff,1\n", "l.csv 第2行：文字既不是有效的 UTF-8，也不是有效的 GB18030；"},
		{"caseid,acceptid\n\"x,1\ny,2\n", "l.csv 第2行：引号没有结束；"},
		{"案件编号,acceptid\n第一件\xff,1\n", "l.csv 第2行：文件已损坏"},
	} {
		r := runHere(t, nil, append(
			[]string{"reconcile", "--url", s.Base, "--app-key", "k", "--account", "a", "--secret-file", s.secret},
			write(c.text)...,
		)...)
		if r.code != exitUsage || !strings.Contains(r.err, c.want) {
			t.Errorf("%q: %d %s", c.text, r.code, r.err)
		}
	}
}

// A case that is accepted while reconcile runs is no difference: reconcile reads the outbox again.
func TestReconcileWhileSending(t *testing.T) {
	s := newSending(t)
	_, body := s.fresh()
	e := s.record(body)
	filter := outbox.Filter{Target: s.target, History: true}
	ends := reconcile.Ends{Ledger: reconcile.NewLedger(), To: s.client, Box: s.box, Filter: filter}
	day, err := time.ParseInLocation(time.DateOnly, today(), beijingtime.Zone)
	s.check(err)
	ends.Days = reconcile.Days{From: day, To: day}
	s.check(ends.Ledger.FromOutbox(t.Context(), s.box, filter, func() {}))
	s.settle(e, outbox.Accepted, s.deliver(body))
	_, body = s.fresh()
	s.settle(s.record(body), outbox.Accepted, s.deliver(body))
	got, err := reconcile.Run(t.Context(), ends, func(string, ...any) {})
	s.check(err)
	if got.Equal != 2 || len(got.Differences) > 0 {
		t.Errorf("%+v", got)
	}
}

// reconcile refuses to run without the list call, without a valid login, without an outbox, and with wrong days.
func TestReconcileCannot(t *testing.T) {
	s := newSending(t)
	plain := sandboxWithout(t, "listCaseinfo")
	file := filepath.Join(t.TempDir(), "s")
	put(t, file, []byte(plain.secret), 0)
	for _, c := range []struct {
		code int
		args []string
		want string
	}{
		{exitFailure, []string{
			"--url", plain.url, "--app-key", plain.key, "--account", sandbox.Account, "--secret-file", file,
			"--outbox", s.outbox, "--from", today(),
		}, "没有提供对账接口"},
		{exitFailure, []string{
			"--url", s.Base, "--app-key", "k", "--account", "a", "--secret-file", s.secret, "--outbox", s.outbox,
			"--from", today(),
		}, "12002"},
		{
			exitFailure,
			[]string{"--url", s.Base, "--app-key", "k", "--account", "a", "--outbox", t.TempDir(), "--from", today()},
			"没有发件箱",
		},
		{exitUsage, []string{"--url", s.Base}, "缺少 --from"},
		{exitUsage, []string{"--url", s.Base, "--from", "2026-11-31"}, "不是日期"},
		{exitUsage, []string{"--url", s.Base, "--from", "2026-11-02", "--to", "2026-11-01"}, "--to 不得早于 --from"},
	} {
		r := runHere(t, nil, append([]string{"reconcile"}, c.args...)...)
		if r.code != c.code || !strings.Contains(r.err, c.want) || r.out != "" {
			t.Errorf("%q: %d %s%s", c.args, r.code, r.out, r.err)
		}
	}
	r := runHere(t, nil, "status", "x", "--url", sandboxWithout(
		t,
		"queryCaseinfo",
	).url, "--app-key", plain.key, "--account", sandbox.Account, "--secret-file", file)
	if r.code != exitFailure || !strings.Contains(r.err, "没有提供此扩展接口") {
		t.Errorf("%d %s", r.code, r.err)
	}
}

type plainReceiver struct{ url, key, secret string }

// sandboxWithout is a sandbox that does not know a call.
func sandboxWithout(t *testing.T, call string) plainReceiver {
	t.Helper()
	s := receiver(t, nil)
	return plainReceiver{before(t, s, without(call)), s.AppKey, s.AppSecret}
}

// reconcile reports a receiver whose list leaves out a case that a query finds.
func TestReconcileDistrustsTheList(t *testing.T) {
	s := newSending(t)
	_, body := s.fresh()
	s.settle(s.record(body), outbox.Accepted, s.deliver(body))
	s.Base = through(t, s.Base, func(r *http.Response) {
		if path.Base(r.Request.URL.Path) == "listCaseinfo" {
			const none = `{"ackCode":"SUCCESS","errors":[],"cases":[]}`
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(none)), int64(len(none))
			r.Header.Set("Content-Length", strconv.Itoa(len(none)))
		}
	})
	s.target.URL = s.Base
	s.settle(s.record(body), outbox.Accepted, s.deliver(body)) // the same receiver at another address
	if v := s.reconciled(exitFaults, "--from", today()); len(v.Differences) != 1 ||
		v.Differences[0].What != "单独查得到，接收方的对账清单中却没有" {
		t.Errorf("%+v", v)
	}
}
