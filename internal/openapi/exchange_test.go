package openapi_test

import (
	"net/http"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/openapi"
)

func load(t *testing.T) *openapi.Description {
	t.Helper()
	d, err := openapi.Load(api.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// answerOf is an answer as the server gives it.
func answerOf(dialect api.Dialect, a api.Answer) openapi.Answer {
	h := http.Header{
		"Content-Type":  {"application/json; charset=utf-8"},
		"Cache-Control": {"no-store"},
		"X-Request-Id":  {"0123456789012345"},
	}
	switch a.HTTPStatus() {
	case 405:
		h.Set("Allow", "POST")
	case 429, 503:
		h.Set("Retry-After", "2")
	}
	return openapi.Answer{
		Method:   "POST",
		Path:     a.Call.Path(),
		Dialects: []api.Dialect{dialect},
		Status:   a.HTTPStatus(),
		Header:   h,
		Body:     dialect.Append(nil, a),
	}
}

func receipt() api.Answer { return api.Answer{Call: api.Receive, AcceptID: "202405200000000017"} }

func refused(c api.Call, code api.Code) api.Answer {
	return api.Answer{Call: c, Problems: []api.Problem{{Code: code, Field: "caseid", Detail: "详情"}}}
}

// Anything that is answered rightly is described; a failure of a call with each of its codes too.
func TestRightAnswers(t *testing.T) {
	d := load(t)
	for _, dialect := range api.Dialects() {
		for _, a := range []api.Answer{
			receipt(),
			{Call: api.Login, Token: "01234567-89ab-cdef-0123-456789abcdef"},
			{Call: api.Logout},
			refused(api.Login, api.InvalidLogin),
			refused(api.Receive, api.Conflict),
			refused(api.Receive, api.Unavailable),
			refused(api.Logout, api.MethodNotAllowed),
		} {
			if err := d.HoldAnswer(answerOf(dialect, a)); err != nil {
				t.Errorf("%s %s: %v", dialect, a.Call, err)
			}
		}
	}
}

// An answer that is wrong in one thing is noticed, whatever it is.
func TestWrongAnswersAreNoticed(t *testing.T) {
	d := load(t)
	replace := func(dialect api.Dialect, a api.Answer, old, new string) openapi.Answer {
		w := answerOf(dialect, a)
		if !strings.Contains(string(w.Body), old) {
			t.Fatalf("%s has no %s", w.Body, old)
		}
		w.Body = []byte(strings.Replace(string(w.Body), old, new, 1))
		return w
	}
	header := func(a api.Answer, name, value string) openapi.Answer {
		w := answerOf(api.All, a)
		if w.Header.Set(name, value); value == "" {
			w.Header.Del(name)
		}
		return w
	}
	status := func(a api.Answer, n int) openapi.Answer {
		w := answerOf(api.All, a)
		w.Status = n
		return w
	}
	spoken := func(a api.Answer, as, of api.Dialect) openapi.Answer {
		w := answerOf(as, a)
		w.Dialects = []api.Dialect{of}
		return w
	}
	for name, a := range map[string]openapi.Answer{
		"a spelling is missing": replace(api.All, receipt(), `,"accpetid":"202405200000000017"`, ``),
		"a spelling too many": replace(
			api.Table, receipt(), `"acceptid"`, `"accpetid":"202405200000000017","acceptid"`,
		),
		"another dialect":              spoken(receipt(), api.Example, api.Table),
		"all to a strict reader":       spoken(receipt(), api.All, api.Overview),
		"overview elsewhere":           spoken(refused(api.Login, api.InvalidLogin), api.Table, api.Overview),
		"a member of no dialect":       replace(api.Table, receipt(), `{`, `{"requestId":"1",`),
		"a number for a text":          replace(api.Table, receipt(), `"202405200000000017"`, `202405200000000017`),
		"17 digits":                    replace(api.Table, receipt(), `"202405200000000017"`, `"20240520000000017"`),
		"SUCCESS and an error":         replace(api.Table, refused(api.Receive, api.EmptyCaseID), `FAILURE`, `SUCCESS`),
		"FAILURE without an error":     replace(api.Table, receipt(), `SUCCESS`, `FAILURE`),
		"no errors":                    replace(api.Table, receipt(), `"errors":[],`, ``),
		"field to a strict reader":     spoken(refused(api.Receive, api.EmptyCaseID), api.All, api.Table),
		"an unlisted code":             replace(api.Table, refused(api.Receive, api.EmptyCaseID), `14000`, `14009`),
		"a code of another call":       answerOf(api.All, refused(api.Receive, api.InvalidAppKey)),
		"the name of another call":     replace(api.Table, refused(api.Receive, api.EmptyCaseID), `\u63a5\u6536`, `x`),
		"200 for a broken body":        status(refused(api.Receive, api.InvalidJSON), 200),
		"400 for a refusal":            status(refused(api.Receive, api.EmptyCaseID), 400),
		"a status of no call":          status(receipt(), 201),
		"no Retry-After":               header(refused(api.Receive, api.Unavailable), "Retry-After", ""),
		"Retry-After 0":                header(refused(api.Receive, api.Unavailable), "Retry-After", "0"),
		"Retry-After of a success":     header(receipt(), "Retry-After", "1"),
		"no Allow":                     header(refused(api.Receive, api.MethodNotAllowed), "Allow", ""),
		"no X-Request-Id":              header(receipt(), "X-Request-Id", ""),
		"an answer that may be cached": header(receipt(), "Cache-Control", "max-age=60"),
		"a redirect":                   header(receipt(), "Location", "/"),
		"text":                         header(receipt(), "Content-Type", "text/plain"),
		"no JSON":                      replace(api.All, receipt(), `{`, ``),
	} {
		if err := d.HoldAnswer(a); err == nil {
			t.Errorf("%s is not noticed: %d %s", name, a.Status, a.Body)
		}
	}
}
