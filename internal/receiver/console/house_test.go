package console_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/auditlog"
	"diaoxiao/internal/receiver/calllog"
	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/credential"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/staff"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/verify"
)

// opening is when every house opens: a Tuesday, 09:30 in Beijing.
var opening = time.Date(2026, 11, 24, 9, 30, 0, 0, beijingtime.Zone)

const password = "Hulunbuir-1958"

var secret = []byte("an operator's second")

// house is a whole regulator: a real store, the desk, the front door for senders and the console, over HTTPS. Only the
// clock is the test's.
type house struct {
	testing.TB
	*intake.Desk
	*staff.Staff
	receivertest.Decisions
	*calllog.Calls
	*auditlog.Audit
	*verify.Examiner
	store    *store.Store
	verifier *verify.Verifier
	console  *httptest.Server
	door     *httptest.Server
	clock    atomic.Int64 // nanoseconds since opening

	mu         sync.Mutex
	violations []string
	calls      []intake.Call // of the front door, until they are recorded
	saved      int           // files that were held to be harmless
}

func openHouse(t testing.TB, change ...func(*console.Config)) *house {
	t.Helper()
	s, err := store.Open(context.Background(), t.TempDir(), store.Options{Server: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return openHouseOver(t, s, change...)
}

func openHouseOver(t testing.TB, s *store.Store, change ...func(*console.Config)) *house {
	t.Helper()
	h := &house{TB: t, store: s}
	h.Desk = intake.NewDesk(intake.Config{Store: s, Clock: h.now})
	h.Staff = staff.New(h.Desk).IdentifyBy(quickly)
	h.Decisions, h.Calls, h.Audit = receivertest.Decide(h.Desk), calllog.NewCalls(h.Desk), auditlog.New(h.Desk)
	h.Examiner = verify.NewExaminer(h.Desk)
	h.verifier = verify.New(h.Desk, nil)
	c := console.Config{Desk: h.Desk, Staff: h.Staff, Prefix: "/console", Clock: h.now, Violation: h.violated,
		Backlog: func(ctx context.Context) (int, time.Time, error) { return h.verifier.Backlog(ctx, 10_000) }}
	for _, f := range change {
		f(&c)
	}
	handler, err := console.New(c)
	if err != nil {
		t.Fatal(err)
	}
	h.console = httptest.NewTLSServer(handler)
	h.door = httptest.NewTLSServer(httpapi.New(httpapi.Config{Desk: h.Desk, Clock: h.now, Observe: h.observed}))
	t.Cleanup(h.console.Close)
	t.Cleanup(h.door.Close)
	return h
}

func (h *house) now() time.Time { return opening.Add(time.Duration(h.clock.Load())) }

// wait moves the clock.
func (h *house) wait(d time.Duration) { h.clock.Add(int64(d)) }

func (h *house) violated(report string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.violations = append(h.violations, report)
}

func (h *house) code() string { return credential.Code(secret, h.now()) }

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// visitor is a browser without JavaScript, of an operator or of nobody.
type visitor struct {
	*house
	*http.Client
	token  string // of the visit
	device []byte // the secret of the codes of an operator that came by a link
}

// stranger has not signed in.
func (h *house) stranger() *visitor {
	c := *h.console.Client()
	c.Jar, _ = cookiejar.New(nil)
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &visitor{house: h, Client: &c}
}

// enter has an operator of a role admitted, enrolled and signed in.
func (h *house) enter(role intake.Role, name string) *visitor {
	h.Helper()
	ctx := context.Background()
	link, err := h.CreateOperator(ctx, intake.Actor("cli:root"),
		staff.OperatorSpec{Name: name, Person: role.String() + name, Phone: "0471-0000000", Role: role,
			Identifier: name})
	h.must(err)
	token, err := h.Enrol(ctx, staff.Enrolment{Token: link, Password: password, TOTP: secret, Code: h.code(),
		Source: "127.0.0.1"})
	h.must(err)
	if token == "" {
		token = h.letIn(name)
	}
	v := h.stranger()
	v.token = token
	v.present()
	return v
}

// letIn has an operator approved behind the desk's back, for tests of something else, and begins a visit.
func (h *house) letIn(name string) (token string) {
	h.Helper()
	token = "visit of " + name + h.now().String()
	h.must(h.store.Update(context.Background(), func(tx intake.Tx) error {
		who, err := tx.Operator(name)
		if err != nil {
			return err
		}
		who.Waits = intake.Change{}
		if err := tx.UpdateOperator(who); err != nil {
			return err
		}
		return tx.InsertVisit(intake.Visit{Token: intake.HashToken(token), OperatorID: who.ID, Created: h.now(),
			Seen: h.now(), Source: "127.0.0.1"})
	}))
	return token
}

// quickly takes the place of the slow hash of identifiers.
func quickly(salt []byte, identifier string) []byte { return append(bytes.Clone(salt), identifier...) }

// present has the browser send the visit's token from now on, whatever the server says about it.
func (v *visitor) present() {
	u, _ := url.Parse(v.house.console.URL)
	v.Jar.SetCookies(u, []*http.Cookie{{Name: "__Host-diaoxiao", Value: v.token, Path: "/", Secure: true}})
}

// answer is a page that came back.
type answer struct {
	Status   int
	Header   http.Header
	Location string
	Body     string
}

func (v *visitor) do(method, path string, form url.Values) answer {
	v.Helper()
	r, err := http.NewRequest(method, v.house.console.URL+"/console"+path, strings.NewReader(form.Encode()))
	v.must(err)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return v.request(r)
}

func (v *visitor) request(r *http.Request) answer {
	v.Helper()
	w, err := v.Client.Do(r)
	v.must(err)
	defer w.Body.Close()
	b, err := io.ReadAll(w.Body)
	v.must(err)
	return answer{w.StatusCode, w.Header, strings.TrimPrefix(w.Header.Get("Location"), "/console"), string(b)}
}

// see gets a page, which must be there.
func (v *visitor) see(path string) string {
	v.Helper()
	a := v.do("GET", path, nil)
	if a.Status != http.StatusOK {
		v.Fatalf("GET %s: %d %s", path, a.Status, text(a.Body))
	}
	return a.Body
}

// post sends a form and follows where it leads, which must be a page.
func (v *visitor) post(path string, fields ...string) string {
	v.Helper()
	a := v.do("POST", path, form(fields...))
	if a.Status != http.StatusSeeOther {
		v.Fatalf("POST %s: %d %s", path, a.Status, text(a.Body))
	}
	return v.see(a.Location)
}

func form(fields ...string) url.Values {
	f := make(url.Values)
	for i := 0; i < len(fields); i += 2 {
		f.Add(fields[i], fields[i+1])
	}
	return f
}

var tags = regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>|<[^>]*>`)

// text is what a page reads.
func text(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(page, " "))), " ")
}

// admit makes an app and logs it in at the front door.
func (h *house) admit(name string) *sender {
	h.Helper()
	c, err := h.CreateApp(context.Background(), intake.Actor("cli:root"),
		intake.AppSpec{Name: name, Contact: "乌云其木格", Phone: "0471-1234567",
			Dialect: api.All, Accounts: []string{"经办人"}})
	h.must(err)
	s := &sender{house: h, Credentials: c}
	s.login()
	return s
}

// sender is a case-handling system.
type sender struct {
	*house
	intake.Credentials
	token string
}

func (s *sender) login() {
	s.Helper()
	a := s.call(api.Login, "", fmt.Sprintf(`{"appKey":%q,"appSecret":%q,"account":%q}`, s.AppKey, s.AppSecret,
		s.Accounts[0]))
	s.token = a.Token
	if s.token == "" {
		s.Fatalf("login: %+v", a)
	}
}

func (s *sender) call(c api.Call, query, body string) api.Answer {
	s.Helper()
	w, err := s.door.Client().Post(s.door.URL+c.Path()+query, "application/json", strings.NewReader(body))
	s.must(err)
	defer w.Body.Close()
	b, err := io.ReadAll(w.Body)
	s.must(err)
	a, err := api.ReadAnswer(b, c)
	s.must(err)
	return a
}

// send reports a case and returns its acceptid.
func (s *sender) send(c api.Case) string {
	s.Helper()
	var b strings.Builder
	s.must(api.WriteCase(&b, c, nil))
	a := s.call(api.Receive, "?access_token="+s.token, b.String())
	if a.AcceptID == "" {
		s.Fatalf("not accepted: %+v", a)
	}
	return a.AcceptID
}

// verify has all cases verified.
func (h *house) verify() {
	h.Helper()
	h.must(h.verifier.Pass(context.Background()))
}

// aCase is a case nobody would object to, about entities of one's own; without any, one.
func aCase(caseID string, entities ...api.Entity) api.Case {
	if entities == nil {
		entities = []api.Entity{{PripID: "150104000022017071732290", UniscID: "91150104MA0N967166", Legal: "阿拉坦仓",
			EntType: "1151"}}
	}
	return api.Case{CaseID: caseID, CaseName: "长期停业未经营案", CaseIntroduction: "连续两年未报送年度报告", Illegality: "开业后自行停业连续六个月以上",
		Penalty: "吊销营业执照", PenaltyDate: "2026-11-16", PenaltyOrg: "呼和浩特市市场监督管理局", PenaltyList: entities}
}
