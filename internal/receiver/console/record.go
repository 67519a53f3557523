package console

import (
	"net/http"
	"strings"
	"time"

	"diaoxiao/internal/receiver/peer"
)

// Record is what is logged of one request. It holds no path and no query as they were asked for, so no name and no
// token.
type Record struct {
	Operator string // "": nobody is signed in
	Method   string
	Route    string // the pattern that matched; "": none
	Status   int
	Source   string
	Duration time.Duration
	Unlogged bool // without a session, beyond what is logged of one source in a minute
}

// recorder notes what becomes of a request.
type recorder struct {
	http.ResponseWriter
	status   int
	operator string
}

// SignedIn notes the user name of the operator.
func (r *recorder) SignedIn(name string) { r.operator = name }

// Unwrap lets http.ResponseController through.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// recorded has every request observed but those for styles and scripts that are there.
func (s *console) recorded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, rec := time.Now(), &recorder{ResponseWriter: w}
		defer func() { s.observe(r, rec, time.Since(began)) }()
		next.ServeHTTP(rec, r)
	})
}

func (s *console) observe(r *http.Request, rec *recorder, took time.Duration) {
	_, route, has := strings.Cut(r.Pattern, " ")
	if !has {
		route = r.Pattern
	}
	if s.Observe == nil || strings.HasSuffix(route, "/assets/") && rec.status < http.StatusBadRequest {
		return
	}
	from := peer.Source(r, s.Proxies)
	s.Observe(Record{Operator: rec.operator, Method: r.Method, Route: route, Status: rec.status, Source: from.String(),
		Duration: took,
		Unlogged: rec.operator == "" && !s.sampler.Pass(from)})
}
