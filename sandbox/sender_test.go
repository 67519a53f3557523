package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/sandbox"
)

// sender is a client of plain net/http that does what it is told and nothing by itself.
type sender struct {
	t      *testing.T
	s      *sandbox.Server
	app    sandbox.App
	who    string
	token  string
	header string // X-Sandbox-Fault
	http   *http.Client
}

func newSender(t *testing.T, s *sandbox.Server, account string) *sender {
	c := &http.Client{Transport: &http.Transport{}, Timeout: 20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(c.CloseIdleConnections)
	return &sender{t: t, s: s, app: sandbox.App{AppKey: s.AppKey, AppSecret: s.AppSecret}, who: account, http: c}
}

// reply is what came back.
type reply struct {
	status int
	retry  int
	kind   string
	body   string
	err    error
}

func (c *sender) call(call api.Call, body string) (r reply) {
	c.t.Helper()
	req, err := http.NewRequest("POST", c.s.URL+call.Path()+"?access_token="+c.token, bytes.NewReader([]byte(body)))
	if err != nil {
		c.t.Fatal(err)
	}
	if call == api.Login {
		req.URL.RawQuery = ""
	}
	req.Header.Set("Content-Type", "application/json")
	if c.header != "" {
		req.Header.Set("X-Sandbox-Fault", c.header)
	}
	answer, err := c.http.Do(req)
	if err != nil {
		return reply{err: err}
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	r = reply{status: answer.StatusCode, kind: answer.Header.Get("Content-Type"), body: string(b), err: err}
	r.retry, _ = strconv.Atoi(answer.Header.Get("Retry-After"))
	return r
}

func (c *sender) login() string {
	c.t.Helper()
	a, err := api.ReadAnswer([]byte(c.tryLogin().body), api.Login)
	if err != nil || a.Token == "" {
		c.t.Fatalf("login: %+v, %v", a, err)
	}
	c.token = a.Token
	tokens.add(c.s, a.Token)
	return a.Token
}

func (c *sender) tryLogin() reply {
	b, _ := json.Marshal(map[string]string{"appKey": c.app.AppKey, "appSecret": c.app.AppSecret, "account": c.who})
	return c.call(api.Login, string(b))
}

func (c *sender) send(body []byte) reply { c.t.Helper(); return c.call(api.Receive, string(body)) }

// accept sends a case that must be accepted and returns its acceptid.
func (c *sender) accept(body []byte) string {
	c.t.Helper()
	r := c.send(body)
	a, err := api.ReadAnswer([]byte(r.body), api.Receive)
	if err != nil || a.AcceptID == "" {
		c.t.Fatalf("not accepted: %+v, %v", r, err)
	}
	return a.AcceptID
}

// stored is the acceptid under which the receiver has the case; "": it has not.
func (c *sender) stored(caseID string) string {
	c.t.Helper()
	q := newSender(c.t, c.s, sandbox.Account)
	q.login()
	b, _ := json.Marshal(map[string]string{"caseid": caseID})
	a, err := api.ReadAnswer([]byte(q.call(api.Query, string(b)).body), api.Query)
	if err != nil {
		c.t.Fatal(err)
	}
	return a.AcceptID
}

func caseBody(seed uint64, n int) []byte { return bodyOf(sandbox.Batch(seed, n)) }

func bodyOf(c api.Case) []byte {
	var b bytes.Buffer
	if err := api.WriteCase(&b, c, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// tokens are those handed out, by server: none of them may be written down.
var tokens = handedOut{all: make(map[*sandbox.Server][]string)}

type handedOut struct {
	mu  sync.Mutex
	all map[*sandbox.Server][]string
}

func (h *handedOut) add(s *sandbox.Server, token string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all[s] = append(h.all[s], token)
}

func (h *handedOut) of(s *sandbox.Server) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.all[s]...)
}

func newRequest(t *testing.T, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequest("POST", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
