package conformance_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// defect is something broken around the real server, and the checks that must find it.
type defect struct {
	around func(http.Handler) http.Handler
	want   string // IDs
}

// reply is an answer that may be altered before it goes out.
type reply struct {
	*httptest.ResponseRecorder
	r    *http.Request
	body []byte // of the request
}

// is reports whether the request was for the call.
func (p *reply) is(call string) bool { return strings.HasSuffix(p.r.URL.Path, "/"+call) }

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

// has reports whether the answer holds some text.
func (p *reply) has(s string) bool { return strings.Contains(p.Body.String(), s) }

// answers is a defect of answers.
func answers(alter func(*reply)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var sent bytes.Buffer
			sent.ReadFrom(r.Body)
			r.Body = http.NoBody
			r2 := r.Clone(r.Context())
			r2.Body = nopCloser{bytes.NewReader(sent.Bytes())}
			p := &reply{httptest.NewRecorder(), r, sent.Bytes()}
			next.ServeHTTP(p, r2)
			alter(p)
			maps.Copy(w.Header(), p.Header())
			w.Header().Del("Content-Length")
			w.WriteHeader(p.Code)
			w.Write(p.Body.Bytes())
		})
	}
}

type nopCloser struct{ *bytes.Reader }

func (nopCloser) Close() error { return nil }

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

func defects() map[string]defect {
	return map[string]defect{
		"error entries lack name": {answers(func(p *reply) { eachError(p, func(e map[string]any) { delete(e, "name") }) }), "C3-01"},
	}
}
