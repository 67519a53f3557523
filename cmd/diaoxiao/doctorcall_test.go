package main

import (
	"diaoxiao/internal/receiver/receivertest"
	"net/http"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/sender/doctor"
)

// The doctor names the reason of a refused login and what to check for it. After a good login it runs all later checks.
func TestDoctorCredentials(t *testing.T) {
	r := serveHere(t, t.TempDir(), nil)
	r.admit(t, "应用甲")
	const by = intake.Actor("cli:test")
	if err := r.Desk.AddAccount(t.Context(), by, r.App.AppKey, "停用者"); err != nil {
		t.Fatal(err)
	}
	if err := r.Desk.SetAccountDisabled(t.Context(), by, r.App.AppKey, "停用者", true); err != nil {
		t.Fatal(err)
	}
	off, err := r.Desk.CreateApp(t.Context(), by, intake.AppSpec{
		Name:     "停用应用",
		Accounts: []string{receivertest.Account},
	})
	if err == nil {
		err = r.Desk.SetAppDisabled(t.Context(), by, off.AppKey, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "s")
	for _, c := range []struct {
		key, account, secret string
		words                []string // none: it works
	}{
		{r.App.AppKey, receivertest.Account, r.App.AppSecret, nil},
		{r.App.AppKey, receivertest.Account, "falsch", []string{"12004", "最近一次换发", "请求编号 "}},
		{r.App.AppKey, "停用者", r.App.AppSecret, []string{"12004", "账户 停用者 不存在或已停用"}},
		{r.App.AppKey, "没有", r.App.AppSecret, []string{"12004", "逐字相同"}},
		{
			off.AppKey,
			receivertest.Account,
			off.AppSecret,
			[]string{"12002", off.AppKey + " 在接收方不存在或已停用", "diaoxiao app list"},
		},
		{"dxnone", receivertest.Account, r.App.AppSecret, []string{"12002", "核对 app_key"}},
	} {
		put(t, file, []byte(c.secret), 0)
		args := []string{r.Base, "--app-key", c.key, "--account", c.account, "--secret-file", file}
		if c.words != nil {
			e := examined(t, exitFaults, args...)
			e.says(t, "凭据", doctor.Broken, c.words...)
			e.says(t, "注销", doctor.Unchecked, "没有登录")
			continue
		}
		e := examined(t, exitOK, args...)
		for name, word := range map[string]string{
			"凭据": "登录成功",
			"往返": "5 次：最短 ",
			"扩展": "提供 queryCaseinfo（查询）与 listCaseinfo（对账）",
			"注销": "会话已结束",
		} {
			e.says(t, name, doctor.Fine, word)
		}
		if e.Counts() != "正常 11 项" || e.Worst != doctor.Fine {
			t.Error(e.Counts(), e.Worst)
		}
	}
}

// without changes the answers of a receiver as if it did not know some calls.
func without(calls ...string) func(*http.Response) {
	return func(r *http.Response) {
		if slices.Contains(calls, path.Base(r.Request.URL.Path)) {
			r.StatusCode, r.ContentLength, r.Body = 404, 0, http.NoBody
			r.Header.Del("Content-Length")
		}
	}
}

// A receiver need not have the extensions.
func TestDoctorWithoutExtensions(t *testing.T) {
	s := receiver(t, nil)
	at := before(t, s, without("queryCaseinfo", "listCaseinfo"))
	file := filepath.Join(t.TempDir(), "s")
	put(t, file, []byte(s.AppSecret), 0)
	e := examined(t, exitOK, at, "--app-key", s.AppKey, "--account", s.Accounts[0], "--secret-file", file)
	e.says(t, "扩展", doctor.Doubtful, "queryCaseinfo（diaoxiao status 不可用）、listCaseinfo（diaoxiao reconcile 不可用）", "不影响报送")
	e.says(t, "往返", doctor.Fine, "5 次")
}
