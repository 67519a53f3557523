package conformance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"diaoxiao/api"
)

// defect is something broken around the real server, and the checks that must find it.
type defect struct {
	around func(http.Handler) http.Handler
	// IDs; ~ID: may fail as well, which is a matter of chance; +ID: is tried, though it costs much, and passes
	want string
}

// reply is an answer that may be altered before it goes out.
type reply struct {
	*httptest.ResponseRecorder
	r    *http.Request
	body []byte // of the request
}

// is reports whether the request was for the call.
func (p *reply) is(call string) bool { return call == "" || strings.HasSuffix(p.r.URL.Path, "/"+call) }

// sent reports whether the request was a case that holds some text.
func (p *reply) sent(text string) bool {
	return p.is("receiveCaseinfo") && bytes.Contains(p.body, []byte(text))
}

// members is the answer as an object; set writes it back.
func (p *reply) members() map[string]any {
	var m map[string]any
	json.Unmarshal(p.Body.Bytes(), &m)
	return m
}

func (p *reply) set(m map[string]any) {
	b, _ := json.Marshal(m)
	p.text(string(b))
}

func (p *reply) text(s string) { p.Body = bytes.NewBufferString(s) }

// code reports whether the answer has an error code.
func (p *reply) code(c string) bool { return p.has(`"errorCode":"` + c + `"`) }

// has reports whether the answer holds some text.
func (p *reply) has(s string) bool { return strings.Contains(p.Body.String(), s) }

// answers is a defect of answers.
func answers(alter func(*reply)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			inner := r.Clone(r.Context())
			inner.Body = io.NopCloser(bytes.NewReader(body))
			p := &reply{httptest.NewRecorder(), r, body}
			next.ServeHTTP(p, inner)
			alter(p)
			maps.Copy(w.Header(), p.Header())
			w.Header().Del("Content-Length")
			w.WriteHeader(p.Code)
			w.Write(p.Body.Bytes())
		})
	}
}

// tokens notes every token that the server hands out.
type tokens struct {
	mu   sync.Mutex
	seen []string
}

func (s *tokens) around(next http.Handler) http.Handler {
	return answers(func(p *reply) {
		if token, ok := p.members()["access_token"].(string); ok {
			s.mu.Lock()
			s.seen = append(s.seen, token)
			s.mu.Unlock()
		}
	})(next)
}

// eachError alters every entry of errors.
func eachError(p *reply, f func(map[string]any)) {
	m := p.members()
	list, _ := m["errors"].([]any)
	for _, e := range list {
		f(e.(map[string]any))
	}
	if len(list) > 0 {
		p.set(m)
	}
}

// before is a defect of what the server makes of a request.
func before(alter func(r *http.Request, body string) string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sent, _ := io.ReadAll(r.Body)
			body := alter(r, string(sent))
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
			next.ServeHTTP(w, r)
		})
	}
}

// replacing is a server that takes one text in a case for another.
func replacing(pairs ...string) func(http.Handler) http.Handler {
	return inCases(strings.NewReplacer(pairs...).Replace)
}

// rewriting is the same by a pattern.
func rewriting(pattern string, with func(string) string) func(http.Handler) http.Handler {
	re := regexp.MustCompile(pattern)
	return inCases(func(body string) string { return re.ReplaceAllStringFunc(body, with) })
}

func inCases(alter func(string) string) func(http.Handler) http.Handler {
	return before(func(r *http.Request, body string) string {
		if strings.HasSuffix(r.URL.Path, "receiveCaseinfo") {
			return alter(body)
		}
		return body
	})
}

// refuse makes the answer a refusal.
func (p *reply) refuse(status int, code string) {
	name := api.Call(path.Base(p.r.URL.Path)).Failure()
	p.Code = status
	p.text(`{"ackCode":"FAILURE","ack_code":"FAILURE","errors":[{"name":"` + name + `","errorCode":"` + code +
		`","message":"` + api.Code(code).Info().Message + `"}]}`)
}

// refusing is a server that refuses what it should not.
func refusing(status int, code string, when func(*reply) bool) func(http.Handler) http.Handler {
	return answers(func(p *reply) {
		if when(p) {
			p.refuse(status, code)
		}
	})
}

// renamed gives every token that the server hands out another look, and takes it back.
func renamed(out, in func(string) string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		taken := before(func(r *http.Request, body string) string {
			setToken(r, in)
			return body
		})(next)
		return change(success("login"), func(m map[string]any) {
			m["access_token"] = out(m["access_token"].(string))
			m["accessToken"] = m["access_token"]
		})(taken)
	}
}

// setToken alters the token of a request, where it has one.
func setToken(r *http.Request, f func(string) string) {
	if q := r.URL.Query(); len(q["access_token"]) == 1 {
		q.Set("access_token", f(q.Get("access_token")))
		r.URL.RawQuery = q.Encode()
	}
	if h, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		r.Header.Set("Authorization", "Bearer "+f(h))
	}
}

func tokenOf(r *http.Request) string { return r.URL.Query().Get("access_token") }

// nth runs f for the nth of the answers that fit, counted from one.
func nth(n int64, fits func(*reply) bool, f func(*reply)) func(http.Handler) http.Handler {
	var seen atomic.Int64
	return answers(func(p *reply) {
		if fits(p) && seen.Add(1) == n {
			f(p)
		}
	})
}

// change alters the members of the answers that fit.
func change(fits func(*reply) bool, f func(map[string]any)) func(http.Handler) http.Handler {
	return answers(func(p *reply) {
		if fits(p) {
			m := p.members()
			f(m)
			p.set(m)
		}
	})
}

// returned has every case given back in the list, and in the query with such members.
func returned(members map[string]any) func(http.Handler) http.Handler {
	return answers(func(p *reply) {
		m := p.members()
		switch {
		case p.is("listCaseinfo") && p.has(`"SUCCESS"`):
			for _, e := range m["cases"].([]any) {
				e.(map[string]any)["state"] = "已退回"
			}
		case p.is("queryCaseinfo") && p.has(`"SUCCESS"`):
			m["state"] = "已退回"
			maps.Copy(m, members)
		default:
			return
		}
		p.set(m)
	})
}

func always(*reply) bool     { return true }
func receives(p *reply) bool { return p.is("receiveCaseinfo") }
func accepts(p *reply) bool  { return receives(p) && p.has(`"acceptid"`) }

func success(call string) func(*reply) bool {
	return func(p *reply) bool { return p.is(call) && p.has(`"SUCCESS"`) }
}

func del(names ...string) func(map[string]any) {
	return func(m map[string]any) {
		for _, n := range names {
			delete(m, n)
		}
	}
}

// errorsAs alters the list of errors where it has more than one.
func errorsAs(f func([]any) []any) func(http.Handler) http.Handler {
	return answers(func(p *reply) {
		m := p.members()
		if list, _ := m["errors"].([]any); len(list) > 1 {
			m["errors"] = f(list)
			p.set(m)
		}
	})
}

// reworded gives the entries of a code another message.
func reworded(code, message string) func(http.Handler) http.Handler {
	return answers(func(p *reply) {
		eachError(p, func(e map[string]any) {
			if e["errorCode"] == code {
				e["message"] = message
			}
		})
	})
}

// asPOST answers GET of a call.
func asPOST(call string) func(http.Handler) http.Handler {
	return before(func(r *http.Request, body string) string {
		if r.Method == "GET" && strings.HasSuffix(r.URL.Path, "/"+call) {
			r.Method = "POST"
		}
		return body
	})
}

// swallowed is a logout that the server only says it did; later is what becomes of it.
func swallowed(later func(next http.Handler, r *http.Request)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, "/logout") || r.Method == "PUT" || len(tokenOf(r)) != 36 ||
				strings.HasPrefix(tokenOf(r), "0000") {
				next.ServeHTTP(w, r)
				return
			}
			gone := r.Clone(context.WithoutCancel(r.Context()))
			gone.Body = http.NoBody
			later(next, gone)
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			io.WriteString(w, `{"ackCode":"SUCCESS","ack_code":"SUCCESS","errors":[]}`)
		})
	}
}

// acceptID finds one in JSON: after a quotation mark or an escaped character.
var acceptID = regexp.MustCompile(`("|\\u[0-9a-f]{4})(20\d{15})(\d)\b`)

// shifted is text in which every acceptid has another last digit.
func shifted(text string, by byte) string {
	return acceptID.ReplaceAllStringFunc(text, func(id string) string {
		last := len(id) - 1
		return id[:last] + string('0'+(id[last]-'0'+by)%10)
	})
}

// memory is what a broken server remembers.
type memory struct {
	mu    sync.Mutex
	value map[string]string
}

func newMemory() *memory { return &memory{value: make(map[string]string)} }

// put returns what was there before.
func (m *memory) put(key, value string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	old := m.value[key]
	m.value[key] = value
	return old
}

func (m *memory) get(key string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.value[key]
}

// caseKey is the caseid or acceptid that a request is about.
func caseKey(body []byte) string {
	if m := regexp.MustCompile(`"(?:caseid|acceptid)":"([^"]*)"`).FindSubmatch(body); m != nil {
		return string(m[1])
	}
	return ""
}

func latin1(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}
