package httpapi_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
	"diaoxiao/internal/openapi"
	"diaoxiao/internal/receiver/httpapi"
)

// description is api/openapi.yaml. Every exchange of these tests is held against it.
var description = sync.OnceValues(func() (*openapi.Description, error) { return openapi.Load(api.OpenAPI()) })

// largest is the longest request body that is held against the description; the validation is slow for lists of many
// items.
const largest = 64 << 10

// spoken notes the dialect that an app is answered in.
func (d *door) spoken(key string, dialect api.Dialect) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.speaks == nil {
		d.speaks = make(map[string]api.Dialect)
	}
	d.speaks[key] = dialect
}

// holdDescription holds that an answer is described, in the dialect of its app, and so is the request if it was
// accepted.
func (d *door) holdDescription(t tester, res *http.Response, a answer) {
	t.Helper()
	described, err := description()
	if err != nil {
		t.Fatalf("%v", err)
	}
	r := res.Request
	if r == nil { // by hand over a connection: a case, in all tests that do so
		r, _ = http.NewRequest("POST", api.Receive.Path(), nil)
	}
	path := r.URL.Path
	if i := strings.LastIndex(path, "/security/"); i > 0 && strings.HasPrefix(path, "/gateway/") {
		path = path[i:]
	}
	if r.URL.RawPath != "" {
		path = r.URL.RawPath
	}
	body := bodyOfRequest(r)
	if err := described.HoldAnswer(openapi.Answer{
		Method:   r.Method,
		Path:     path,
		Dialects: d.dialectsOf(r, body, a),
		Status:   a.Status,
		Header:   a.Header,
		Body:     a.Body,
	}); err != nil {
		t.Errorf(
			"%s %s: the answer is not as api/openapi.yaml has it: %v\n%d %s", r.Method, path, err, a.Status, a.Body,
		)
	}
	plain := r.Header.Get("Content-Type") == "application/json" || r.Header.Get("Content-Type") == ""
	if a.codes() == "SUCCESS" && plain && body != "" && len(body) <= largest {
		if err := described.HoldRequest(r.Method, path, []byte(body)); err != nil {
			t.Errorf("%s %s: accepted, though api/openapi.yaml does not allow it: %v\n%s", r.Method, path, err, body)
		}
	}
}

// bodyOfRequest reads the body of a request again, as far as it is held; "" where that cannot be done.
func bodyOfRequest(r *http.Request) string {
	if r.GetBody == nil {
		return ""
	}
	body, err := r.GetBody()
	if err != nil {
		return ""
	}
	defer body.Close()
	text, _ := io.ReadAll(io.LimitReader(body, largest+1))
	return string(text)
}

// early are codes that a request can get before it is known whose it is; they are then spelled as for no app (S25).
var early = []string{"13000", "19000", "19001", "19006", "19007", "19008", "19009", "19010", "19011"}

// nobody are codes that only those get whose app is not known (S25).
var nobody = []string{"12002", "12002,12003", "12002,12003,12004", "12002,12004", "19010", "19011"}

// dialectsOf are the dialects in which a request may be answered: that of its app, and that of no app where none is
// known or the request may not have come so far (S25); of an app that this door does not know any.
func (d *door) dialectsOf(r *http.Request, body string, a answer) []api.Dialect {
	dialect, known := d.dialectOf(r, body)
	switch {
	case slices.Contains(nobody, a.codes()):
		return []api.Dialect{api.NoApp}
	case !known:
		return nil
	case slices.Contains(early, a.codes()):
		return []api.Dialect{dialect, api.NoApp}
	}
	return []api.Dialect{dialect}
}

// dialectOf is the dialect of the app whose token, or whose appKey, a request has.
func (d *door) dialectOf(r *http.Request, body string) (dialect api.Dialect, known bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, api.Login.Path()) {
		for key, of := range d.speaks {
			if key != "" && strings.Contains(body, key) {
				return of, true
			}
		}
		return "", false
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if token == "" {
		token = r.URL.Query().Get("access_token")
	}
	dialect, known = d.speaks[token]
	return dialect, known
}

// Anything that the description shows as good is accepted, and what it shows as refused gets the very answer that it
// shows.
func TestExamplesOfDescription(t *testing.T) {
	described, err := description()
	if err != nil {
		t.Fatal(err)
	}
	d := openDoor(t)
	s := d.sender(t, api.All)
	first := s.accept(t, exampleBody(t, described.Requests(), "ordinary"))
	newSigner(t, d).sign()
	for _, e := range described.Requests() {
		body := strings.NewReplacer(
			"APP_KEY", s.key, "APP_SECRET", s.secret, "ACCOUNT", s.account, `"test"`, `"`+s.account+`"`,
			"202611240000000019", first,
		).Replace(string(e.Body))
		if e.Call != api.Logout {
			if a := d.post(t, s.call(e.Call), body); a.Status != 200 || a.codes() != "SUCCESS" {
				t.Errorf("%s %s: %d %s", e.Call, e.Name, a.Status, a.Body)
			}
		}
	}
	for _, e := range described.Refused() {
		if e.After != "" {
			s.accept(t, exampleBody(t, described.Requests(), e.After))
		}
		var header []string
		if e.ContentType != "" {
			header = []string{"Content-Type", e.ContentType}
		}
		a := d.post(t, s.call(e.Call), e.Body, header...)
		var said any
		json.Unmarshal(a.Body, &said)
		if diff := cmp.Diff(e.Answer, said); diff != "" || a.Status != e.Status {
			t.Errorf("%s %s: status %d, shown is %d (-shown +answered)\n%s", e.Call, e.Name, a.Status, e.Status, diff)
		}
	}
}

func exampleBody(t *testing.T, all []openapi.Example, name string) string {
	t.Helper()
	for _, e := range all {
		if e.Call == api.Receive && e.Name == name {
			return string(e.Body)
		}
	}
	t.Fatalf("no example %s", name)
	return ""
}

// Codes that every call with a body has in common: those of requests that were never read as a call, and of our own
// faults.
func TestCommonCodesOfCalls(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	long := strings.Repeat("长", 201)
	for _, c := range []api.Call{api.Login, api.Query, api.List, api.Receipt} {
		caseID := "caseid"
		if c == api.Receipt {
			caseID = "acceptid"
		}
		for want, a := range map[string]answer{
			"400 19001": d.post(t, s.call(c), `[]`),
			"200 19002": d.post(t, s.call(c), `{"appKey":1,"appSecret":"s","account":"a","`+caseID+`":1,"limit":1}`),
			"200 19004": d.post(
				t,
				s.call(c),
				`{"appKey":"`+long+`","appSecret":"s","account":"a","`+caseID+`":"`+long+`","after":"`+long+`"}`,
			),
			"413 19006": d.post(t, s.call(c), strings.Repeat(" ", 65<<10)),
			"415 19007": d.post(t, s.call(c), `{}`, "Content-Type", "text/xml"),
		} {
			if got := itoa(a.Status) + " " + a.codes(); got != want {
				t.Errorf("%s: %s, want %s", c, got, want)
			}
		}
	}
	d.store.Close()
	broken := serve(t, httpapi.Config{Observe: d.observe}) // without a desk every call fails
	for _, c := range api.Calls() {
		if a := d.post(t, s.call(c), s.credentials()); a.Status != 503 || a.codes() != "19009" {
			t.Errorf("%s without a store: %d %s", c, a.Status, a.Body)
		}
		r := d.request(t, "POST", s.call(c), s.credentials())
		r.URL.Host = broken.Listener.Addr().String()
		if a := d.do(t, r); a.Status != 500 || a.codes() != "19000" {
			t.Errorf("%s without a desk: %d %s", c, a.Status, a.Body)
		}
	}
}
