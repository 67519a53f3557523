package main

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/sender/doctor"
	"diaoxiao/sandbox"
)

// receiver is a sandbox, with TLS where conf says so.
func receiver(t *testing.T, conf *tls.Config) *sandbox.Server {
	t.Helper()
	s, err := sandbox.Start(t.Context(), sandbox.Config{TLS: conf, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// checkup holds the results of the doctor.
type checkup struct{ doctor.Checkup }

// examined runs the doctor against a receiver and returns its results; want is the exit code.
func examined(t *testing.T, want int, args ...string) (e checkup) {
	t.Helper()
	r := runHere(t, nil, append([]string{"doctor", "--json", "--timeout", "2s", "--outbox", t.TempDir()}, args...)...)
	if err := json.Unmarshal([]byte(r.out), &e); err != nil || r.code != want {
		t.Fatalf("%q: exit code %d, want %d\n%s%s", args, r.code, want, r.out, r.err)
	}
	return e
}

func (e checkup) of(name string) *doctor.Diagnosis {
	return e.Checks[slices.IndexFunc(e.Checks, func(d *doctor.Diagnosis) bool { return d.Name == name })]
}

// says demands that a check has the result s, and that its text and its advice contain all the words.
func (e checkup) says(t *testing.T, name string, s doctor.Standing, words ...string) {
	t.Helper()
	d := e.of(name)
	all := strings.Join(slices.Concat([]string{d.Text}, d.Details, d.Steps), "\n")
	for _, w := range words {
		if d.Standing != s || !strings.Contains(all, w) {
			t.Errorf("%s is %s, want %s with %q:\n%s", name, d.Standing, s, w, all)
		}
	}
	if s == doctor.Broken && len(d.Steps) == 0 {
		t.Errorf("%s: nothing is advised", name)
	}
}

// doesNotSay demands that the text and the advice of a check do not contain the words.
func (e checkup) doesNotSay(t *testing.T, name, words string) {
	t.Helper()
	d := e.of(name)
	if all := strings.Join(slices.Concat([]string{d.Text}, d.Details, d.Steps), "\n"); strings.Contains(all, words) {
		t.Errorf("%s says %q:\n%s", name, words, all)
	}
}

// Where nothing listens, the later checks do not run, and the doctor names no second fault.
func TestDoctorRefusedConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	e := examined(t, exitFaults, "https://"+l.Addr().String())
	e.says(t, "TCP", doctor.Broken, "拒绝连接", "核对端口号")
	for _, d := range e.Checks[4:] {
		if d.Standing != doctor.Unchecked {
			t.Errorf("%s is %s: %s", d.Name, d.Standing, d.Text)
		}
	}
}

// before starts a proxy before a receiver; the proxy changes the answers.
func before(t *testing.T, s *sandbox.Server, change func(*http.Response)) string {
	t.Helper()
	return through(t, s.URL, change)
}

func through(t *testing.T, address string, change func(*http.Response)) string {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p := httputil.NewSingleHostReverseProxy(to)
	p.ModifyResponse = func(r *http.Response) error { change(r); return nil }
	front := httptest.NewServer(p)
	t.Cleanup(front.Close)
	return front.URL
}

func TestDoctorClock(t *testing.T) {
	s := receiver(t, nil)
	for _, c := range []struct {
		ahead time.Duration
		state doctor.Standing
		word  string
	}{
		{0, doctor.Fine, "1 秒以内"},
		{50 * time.Second, doctor.Fine, "相差 50 秒以内"},
		{150 * time.Second, doctor.Doubtful, "对方的时钟比本机快 2 分"},
		{-390 * time.Second, doctor.Broken, "对方的时钟比本机慢 6 分"},
		{time.Hour, doctor.Broken, "对方的时钟比本机快 1 小时，即本机慢（"},
		{-17520 * time.Hour, doctor.Broken, "对方的时钟比本机慢 2 年，即本机快（"},
	} {
		at := before(t, s, func(r *http.Response) {
			r.Header.Set("Date", time.Now().Add(c.ahead).UTC().Format(http.TimeFormat))
		})
		want := exitOK
		if c.state == doctor.Broken {
			want = exitFaults
		}
		e := examined(t, want, at)
		e.says(t, "时钟", c.state, c.word)
		if c.state != doctor.Fine {
			e.says(t, "时钟", c.state, "timedatectl", "w32tm")
		}
	}
	dateless := before(t, s, func(r *http.Response) { r.Header.Set("Date", "jetzt") })
	examined(t, exitOK, dateless).says(t, "时钟", doctor.Unchecked, "没有给出时间")
}

// The doctor names answers that are not from the interface: pages of proxies, gateways and other programs, redirects, a
// wrong prefix.
func TestDoctorForeignAnswers(t *testing.T) {
	page := func(status int, header, text string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if name, value, ok := strings.Cut(header, ": "); ok {
				w.Header().Set(name, value)
			}
			w.WriteHeader(status)
			io.WriteString(w, text)
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secure.Close)
	for _, c := range []struct {
		url   string
		words []string
	}{
		{
			page(200, "Content-Type: text/html", "<html><head><title>上网认证 &amp; 登录</title>"),
			[]string{"应答的不是批量吊销接口", "〔网页〕上网认证 & 登录", "HTTP 200"},
		},
		{
			page(302, "Location: http://portal.local/?u=1&access_token=abc", ""),
			[]string{"被重定向到 http://portal.local/?u=1&access_token=***", "从不跟随"},
		},
		{
			page(301, "Location: https://receiver.test/gate/security/login", ""),
			[]string{"地址改用 https://receiver.test/gate"},
		},
		{page(404, "Server: nginx", "<html>404"), []string{"由别的程序应答", "Server nginx"}},
		{page(502, "", "Bad Gateway"), []string{"网关或代理连不上后面的服务（502）"}},
		{page(403, "", "no"), []string{"拒绝（403）", "放行"}},
		{page(200, "", `{"code":0,"msg":"ok"}`), []string{"应答的不是批量吊销接口", `{"code":0`}},
		{page(200, "", `{"ackCode":"SUCCESS","errors":[],"access_token":"x"}`), []string{"SUCCESS：这不是真正的接收方"}},
		{
			page(503, "", `{"ackCode":"FAILURE","errors":[{"errorCode":"19009","message":"系统繁忙或结果未知，请以相同内容重试"}]}`),
			[]string{"19009", "联系接收方"},
		},
		{receiver(t, nil).URL + "/gateway", []string{"{API_ROOT} 的前缀不是 /gateway"}},
		{strings.Replace(secure.URL, "https:", "http:", 1), []string{"要求 HTTPS"}},
	} {
		e := examined(t, exitFaults, c.url)
		e.says(t, "接口", doctor.Broken, c.words...)
		e.says(t, "凭据", doctor.Unchecked, "")
	}
}

// The doctor checks the settings on the sender's own machine: secret file, outbox, credentials.
func TestDoctorSettings(t *testing.T) {
	s := receiver(t, nil)
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	put(t, file, nil, 0)
	who := []string{s.URL, "--app-key", s.AppKey, "--account", s.Accounts[0]}
	examined(t, exitFaults, append(who, "--secret-file", filepath.Join(dir, "none"))...).
		says(t, "配置", doctor.Broken, "密钥文件", "不存在", "chmod 600")
	examined(t, exitFaults, append(who, "--secret-file", file)...).says(t, "配置", doctor.Broken, "是空的")
	examined(t, exitFaults, append(who, "--outbox", filepath.Join(file, "outbox"))...).
		says(t, "配置", doctor.Broken, "不可写", "--outbox")
	examined(t, exitOK, who[0]).says(t, "配置", doctor.Doubtful, "没有给出凭据")
	put(t, file, []byte(s.AppSecret), 0)
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	examined(t, exitOK, append(who, "--secret-file", file)...).
		says(t, "配置", doctor.Doubtful, "其他用户可读", "chmod 600 "+file)
}

// The output for people numbers every check and shows the next steps below it.
func TestDoctorText(t *testing.T) {
	s := receiver(t, nil)
	r := runHere(t, nil, "doctor", s.URL, "--outbox", t.TempDir())
	for _, want := range []string{
		"接收方  " + s.URL + "\n",
		"[ 1] 配置      注意    没有给出凭据，只检查连接\n",
		"处理    给出 --app-key",
		"[11] 注销      未检查  没有登录\n",
		"\n正常 6 项，注意 1 项，未检查 4 项\n",
	} {
		if r.code != exitOK || !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s%s", want, r.out, r.err)
		}
	}
	for _, args := range [][]string{
		nil,
		{"x"},
		{s.URL, "--url", s.URL},
		{s.URL, "--timeout", "0s"},
		{"http://10.1.2.3"},
	} {
		r := runHere(
			t,
			[]string{"DIAOXIAO_PROFILES=" + filepath.Join(t.TempDir(), "none")},
			append([]string{"doctor"}, args...)...,
		)
		if r.code != exitUsage || r.out != "" {
			t.Errorf("%q: %d %s%s", args, r.code, r.out, r.err)
		}
	}
	var out, errw strings.Builder
	if code := run(interrupted(), []string{"doctor", s.URL}, nil, &out, &errw); code != exitFailure {
		t.Error(code, out.String(), errw.String())
	}
}
