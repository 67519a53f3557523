package httpapi_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/httpapi"
	"diaoxiao/internal/intake"
	"diaoxiao/internal/store"
)

// start is when every test begins: 09:30 in Beijing.
var start = time.Date(2026, 3, 15, 9, 30, 0, 0, intake.Beijing)

// door is the real front door over a real desk and a real store in a folder of its own. Only the clock is the test's.
type door struct {
	dir     string
	store   *store.Store
	desk    *intake.Desk
	server  *httptest.Server
	clock   atomic.Int64           // nanoseconds since start
	age     func(by time.Duration) // nil: time passes by clock
	mu      sync.Mutex
	records []httpapi.Record
	log     bytes.Buffer
	ids     []string               // X-Request-Id of every answer
	secrets []string               // what must be in no record and no file
	speaks  map[string]api.Dialect // the dialect of each app, by its appKey and its tokens
	apps    int
	logins  int
}

// openDoor opens a door and holds, when the test ends, what is true of every door: each answer has its record, and no token
// or secret is in a record, in the log or in the data folder.
func openDoor(t testing.TB, change ...func(*httpapi.Config)) *door {
	t.Helper()
	d := &door{dir: t.TempDir()}
	var err error
	if d.store, err = store.Open(t.Context(), d.dir, store.Options{Server: true}); err != nil {
		t.Fatal(err)
	}
	d.desk = intake.NewDesk(intake.Config{Store: d.store, Clock: d.now})
	c := httpapi.Config{Desk: d.desk, Clock: d.now, Observe: d.observe, Log: slog.New(slog.NewTextHandler(&locked{&d.mu, &d.log}, nil))}
	for _, f := range change {
		f(&c)
	}
	d.server = serve(t, c)
	t.Cleanup(func() {
		d.server.Close()
		d.store.Close()
		d.holdRecords(t)
		d.holdSecrets(t)
	})
	return d
}

func serve(t testing.TB, c httpapi.Config) *httptest.Server {
	s := httptest.NewUnstartedServer(nil)
	s.Config = httpapi.Server(c)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func (d *door) now() time.Time { return start.Add(time.Duration(d.clock.Load())) }

// wait moves the clock, also backwards.
func (d *door) wait(by time.Duration) {
	if d.age != nil {
		d.age(by)
		return
	}
	d.clock.Add(int64(by))
}

func (d *door) observe(r httpapi.Record) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.records = append(d.records, r)
}

type locked struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// secret notes what nobody may write down.
func (d *door) secret(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s != "" {
		d.secrets = append(d.secrets, s)
	}
}

func (d *door) holdRecords(t testing.TB) {
	known := make(map[string]bool)
	for _, r := range d.records {
		known[r.RequestID] = true
	}
	for _, id := range d.ids {
		if !known[id] {
			t.Errorf("no record of the answer with X-Request-Id %q", id)
		}
	}
}

func (d *door) holdSecrets(t testing.TB) {
	text := fmt.Sprintf("%+v\n%s", d.records, d.log.String())
	if b, err := json.Marshal(d.records); err == nil {
		text += string(b)
	}
	for _, s := range d.secrets {
		if strings.Contains(text, s) {
			t.Errorf("the records or the log hold the secret %s", s)
		}
	}
	filepath.WalkDir(d.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, s := range d.secrets {
			if bytes.Contains(data, []byte(s)) {
				t.Errorf("%s holds the secret %s", path, s)
			}
		}
		return err
	})
}

// record returns what was observed of an answer.
func (d *door) record(t tester, a answer) httpapi.Record {
	t.Helper()
	var got httpapi.Record
	until(t, fmt.Sprintf("a record of the answer %s", a.Body), func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		i := slices.IndexFunc(d.records, func(r httpapi.Record) bool { return r.RequestID == a.Header.Get("X-Request-Id") })
		if i >= 0 {
			got = d.records[i]
		}
		return i >= 0
	})
	return got
}

// tester is what tests and properties have in common.
type tester interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

// answer is one answer, with what it says in the dialect all.
type answer struct {
	Status     int
	Header     http.Header
	Body       []byte
	AckCode    string `json:"ackCode"`
	Token      string `json:"access_token"`
	AcceptID   string `json:"acceptid"`
	CaseID     string
	State      string
	ReceivedAt string
	Items      int
	Findings   int
	Errors     []struct{ Name, ErrorCode, Message, Field string }
}

// codes are the codes of the errors, "14000,14008"; "SUCCESS" of a success.
func (a answer) codes() string {
	var cs []string
	for _, e := range a.Errors {
		cs = append(cs, e.ErrorCode)
	}
	if len(cs) == 0 {
		return a.AckCode
	}
	return strings.Join(cs, ",")
}

// keys are the names of the members of an answer, in their order.
func (a answer) keys() (names []string) {
	dec := json.NewDecoder(bytes.NewReader(a.Body))
	dec.Token()
	for dec.More() {
		name, _ := dec.Token()
		names = append(names, name.(string))
		var v json.RawMessage
		dec.Decode(&v)
	}
	return names
}

// client follows no redirect and keeps no cookie.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport: &http.Transport{MaxIdleConnsPerHost: 100}}

// do sends a request and holds what is true of every answer.
func (d *door) do(t tester, r *http.Request) answer {
	t.Helper()
	res, err := client.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	return d.take(t, res)
}

func (d *door) take(t tester, res *http.Response) answer {
	t.Helper()
	defer res.Body.Close()
	a := answer{Status: res.StatusCode, Header: res.Header}
	var err error
	if a.Body, err = io.ReadAll(res.Body); err != nil {
		t.Fatalf("read the answer: %v", err)
	}
	if res.Request == nil || res.Request.Method != "HEAD" {
		if err := json.Unmarshal(a.Body, &a); err != nil {
			t.Fatalf("status %d, no envelope: %v: %q", a.Status, err, a.Body)
		}
		if !strings.HasPrefix(string(a.Body), `{"ack`) || !bytes.Contains(a.Body, []byte(`"errors":[`)) {
			t.Errorf("no envelope: %s", a.Body)
		}
	}
	d.holdHeader(t, a)
	d.holdDescription(t, res, a)
	return a
}

func (d *door) holdHeader(t tester, a answer) {
	t.Helper()
	for name, want := range map[string]string{"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Location": ""} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("status %d: %s is %q, want %q", a.Status, name, got, want)
		}
	}
	if len(a.Header.Get("X-Request-Id")) < 16 {
		t.Errorf("X-Request-Id is %q", a.Header.Get("X-Request-Id"))
	}
	if wait := a.Header.Get("Retry-After"); (wait != "") != (a.Status == 429 || a.Status == 503) {
		t.Errorf("status %d: Retry-After is %q", a.Status, wait)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ids = append(d.ids, a.Header.Get("X-Request-Id"))
	said := fmt.Sprintf("%s %s", a.Header, a.Body) // a token that it hands out is not known yet
	for _, s := range d.secrets {
		if strings.Contains(said, s) {
			t.Errorf("a secret is in the answer: %s", said)
		}
	}
}

// post sends a body to path with header fields given as name, value, name, value.
func (d *door) post(t tester, path string, body any, header ...string) answer {
	t.Helper()
	return d.do(t, d.request(t, "POST", path, body, header...))
}

func (d *door) request(t tester, method, path string, body any, header ...string) *http.Request {
	t.Helper()
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	case []byte:
		in = bytes.NewReader(b)
	case io.Reader:
		in = b
	}
	r, err := http.NewRequest(method, d.server.URL+path, in)
	if err != nil {
		t.Fatalf("%v", err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		if header[i+1] == "" {
			r.Header.Del(header[i])
			continue
		}
		r.Header.Add(header[i], header[i+1])
		if header[i] == "Content-Type" {
			r.Header.Set(header[i], header[i+1])
		}
	}
	return r
}

// raw sends bytes as they are and reads one answer.
func (d *door) raw(t tester, text string) answer {
	t.Helper()
	c := d.dial(t)
	defer c.Close()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatalf("write: %v", err)
	}
	res := readResponse(t, c)
	if r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text))); err == nil {
		res.Request = r
	}
	return d.take(t, res)
}

func (d *door) dial(t tester) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", d.server.Listener.Addr().String())
	if err != nil {
		t.Fatalf("%v", err)
	}
	c.SetDeadline(time.Now().Add(time.Minute)) // ends a test that hangs, however slow the machine
	return c
}

// sender is one app, with an account, that has logged in.
type sender struct {
	d                    *door
	key, secret, account string
	token                string
}

// app admits an app without logging in.
func (d *door) app(t tester, dialect api.Dialect) *sender {
	t.Helper()
	d.mu.Lock()
	d.apps++
	name := fmt.Sprintf("办案系统%d", d.apps)
	d.mu.Unlock()
	c, err := d.desk.CreateApp(context.Background(), "test", intake.AppSpec{Name: name, Dialect: dialect, Accounts: []string{"张三", "李四"}})
	if err != nil {
		t.Fatalf("%v", err)
	}
	d.secret(c.AppSecret)
	d.spoken(c.AppKey, dialect)
	return &sender{d: d, key: c.AppKey, secret: c.AppSecret, account: "张三"}
}

// sender admits an app and logs it in.
func (d *door) sender(t tester, dialect api.Dialect) *sender {
	t.Helper()
	s := d.app(t, dialect)
	s.login(t)
	return s
}

func (s *sender) credentials() string {
	return jsonOf(map[string]string{"appKey": s.key, "appSecret": s.secret, "account": s.account})
}

// login opens a new session and uses it from now on.
func (s *sender) login(t tester) answer {
	t.Helper()
	a := s.d.post(t, "/security/login", s.credentials())
	var said map[string]any
	json.Unmarshal(a.Body, &said)
	for _, name := range []string{"access_token", "accessToken"} {
		if token, ok := said[name].(string); ok {
			s.token = token
			s.d.secret(token)
			s.d.spoken(token, s.d.speaks[s.key])
		}
	}
	if a.Status != 200 || len(a.Errors) > 0 || s.token == "" {
		t.Fatalf("login: %d %s", a.Status, a.Body)
	}
	return a
}

func (s *sender) call(c api.Call) string { return c.Path() + "?access_token=" + s.token }

func (s *sender) send(t tester, body any, header ...string) answer {
	t.Helper()
	return s.d.post(t, s.call(api.Receive), body, header...)
}

func (s *sender) query(t tester, body any) answer {
	t.Helper()
	return s.d.post(t, s.call(api.Query), body)
}

func (s *sender) logout(t tester) answer {
	t.Helper()
	return s.d.post(t, s.call(api.Logout), "{}")
}

// alive reports whether the session is still good, by a call that changes nothing.
func (s *sender) alive(t tester) bool {
	t.Helper()
	switch got := s.query(t, `{"caseid":"没有的案件"}`).codes(); got {
	case "19013":
		return true
	case "13000":
		return false
	default:
		t.Fatalf("query: %s", got)
		return false
	}
}

// accept sends a body that must be accepted and returns its acceptid.
func (s *sender) accept(t tester, body any, header ...string) string {
	t.Helper()
	a := s.send(t, body, header...)
	if a.Status != 200 || a.codes() != "SUCCESS" {
		t.Fatalf("not accepted: %d %s", a.Status, a.Body)
	}
	return a.AcceptID
}

func jsonOf(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSpace(b.String())
}

// caseOf is a case without problems.
func caseOf(caseID string) api.Case {
	return api.Case{CaseID: caseID, CaseName: "某公司长期停业未经营案", CaseIntroduction: "长期停业未经营", Illegality: "成立后无正当理由超过六个月未开业",
		Penalty: "吊销营业执照", PenaltyDate: "2024-05-20", PenaltyOrg: "内蒙古自治区市场监督管理局",
		PenaltyList: []api.Entity{{PripID: "150203000022016020258191", UniscID: "91150203MA0N00024Y", Legal: "乌云其木格", EntType: "1130"}}}
}

func bodyOf(caseID string) string { return jsonOf(caseOf(caseID)) }

// without is the body of a case without one member.
func without(caseID, member string) string {
	var m map[string]any
	if err := json.Unmarshal([]byte(bodyOf(caseID)), &m); err != nil {
		panic(err)
	}
	delete(m, member)
	return jsonOf(m)
}

// padded is the body of a case of at least n bytes, by an unknown member that does not compress well.
func padded(caseID string, n int) string {
	var b strings.Builder
	b.WriteString(`{"x":[""`)
	noise := rand.New(rand.NewPCG(1, uint64(n)))
	for b.Len() < n {
		fmt.Fprintf(&b, ",%d", noise.Uint64())
	}
	return b.String() + "]," + bodyOf(caseID)[1:]
}

// wide is the body of a case with so many entities.
func wide(caseID string, entities int) string {
	c := caseOf(caseID)
	for i := range entities - 1 {
		e := c.PenaltyList[0]
		e.PripID = fmt.Sprintf("15020300002201602%07d", i)
		c.PenaltyList = append(c.PenaltyList, e)
	}
	return jsonOf(c)
}

// cases and attempts are what is stored.
func (d *door) cases(t tester) []intake.Case {
	t.Helper()
	cs, err := d.desk.Cases(context.Background(), intake.CaseFilter{})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return cs
}

func (d *door) attempts(t tester) (as []intake.Attempt) {
	t.Helper()
	err := d.store.View(context.Background(), func(tx intake.Tx) (err error) {
		as, err = tx.Attempts(intake.AttemptFilter{})
		return err
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return as
}

// stored returns the body of an accepted case as the store keeps it.
func (d *door) stored(t tester, acceptID string) (body []byte, c intake.Case) {
	t.Helper()
	detail, err := d.desk.Case(context.Background(), acceptID)
	if err != nil {
		t.Fatalf("%s: %v", acceptID, err)
	}
	err = d.store.View(context.Background(), func(tx intake.Tx) error {
		r, err := tx.OpenBody(detail.Case)
		if err != nil {
			return err
		}
		defer r.Close()
		body, err = io.ReadAll(r)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", acceptID, err)
	}
	return body, detail.Case
}

// holdStored holds that a case is stored exactly as it was sent.
func (d *door) holdStored(t tester, acceptID string, sent []byte) {
	t.Helper()
	got, c := d.stored(t, acceptID)
	if !bytes.Equal(got, sent) || c.Bytes != int64(len(sent)) || c.SHA256 != sha256.Sum256(sent) {
		t.Errorf("%s: %d bytes were sent, %d are stored as %d", acceptID, len(sent), len(got), c.Bytes)
	}
}

// rows counts the rows of every table, by another connection to the file.
func (d *door) rows(t tester) map[string]int {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.dir, "diaoxiao.db")+"?mode=ro")
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer db.Close()
	names, err := db.Query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer names.Close()
	counts := make(map[string]int)
	for names.Next() {
		var name string
		var n int
		if err := errors.Join(names.Scan(&name), db.QueryRow("SELECT COUNT(*) FROM "+name).Scan(&n)); err != nil {
			t.Fatalf("%v", err)
		}
		counts[name] = n
	}
	return counts
}

// grown are the tables that have more or fewer rows than before.
func (d *door) grown(t tester, before map[string]int) map[string]int {
	t.Helper()
	more := make(map[string]int)
	for name, n := range d.rows(t) {
		if n != before[name] {
			more[name] = n - before[name]
		}
	}
	return more
}
