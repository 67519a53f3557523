package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"diaoxiao/api"
)

// Exchange is what was seen of one request and its answer. Secrets and tokens are masked, bodies cut.
type Exchange struct {
	No     int       `json:"no"`
	Began  time.Time `json:"began"`
	Ended  time.Time `json:"ended"` // the answer, as far as there is one, is about to be sent
	Source string    `json:"source"`
	Method string    `json:"method"`
	Target string    `json:"target"` // path and query
	Call   api.Call  `json:"call"`   // "": none of the interface

	AppKey  string `json:"appKey,omitempty"`
	Account string `json:"account,omitempty"`
	Session int    `json:"session,omitempty"` // number of the exchange that opened it
	CaseID  string `json:"caseid,omitempty"`
	Bytes   int64  `json:"bytes"` // of the body that came
	SHA256  string `json:"sha256,omitempty"`
	Values  string `json:"values,omitempty"`  // digest of the values of a case (S17), of bodies up to 1 MiB
	Content string `json:"content,omitempty"` // the same but for the caseid
	Body    string `json:"body,omitempty"`
	Exposed bool   `json:"exposed,omitempty"` // an appSecret stands in the URL

	Fault string `json:"fault,omitempty"` // id
	By    string `json:"by,omitempty"`    // what called for it

	Sent       Sent     `json:"sent"`
	Status     int      `json:"status,omitempty"` // as sent
	RetryAfter int      `json:"retryAfter,omitempty"`
	Codes      []string `json:"codes,omitempty"`    // as sent
	AcceptID   string   `json:"acceptid,omitempty"` // of the receiver's answer, whether it was sent or not
	Answer     string   `json:"answer,omitempty"`   // as sent
	Gone       bool     `json:"gone,omitempty"`     // the client did not wait for the answer
	listed     []string // caseids of a page of listCaseinfo
}

// FaultName is the Chinese name of the fault that struck, "" if none did.
func (x Exchange) FaultName() string {
	f, _ := faultNamed(x.Fault)
	return f.Name
}

// Sent says how much of an answer was sent.
type Sent string

// How much of an answer was sent.
const (
	Whole   Sent = "whole"
	Cut     Sent = "cut"
	Nothing Sent = "nothing"
)

// maxExchanges bounds the transcript in memory: the oldest are forgotten.
const maxExchanges = 4096

// transcript is the latest exchanges, and all of them as lines of JSON where it has a file.
type transcript struct {
	mu      sync.Mutex
	all     []Exchange // in order of their ends
	dropped int
	file    io.Writer
	observe func(Exchange)
}

func (t *transcript) add(x Exchange) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all = append(t.all, x); len(t.all) > maxExchanges {
		t.all, t.dropped = slices.Delete(t.all, 0, maxExchanges/4), t.dropped+maxExchanges/4
	}
	if t.file != nil {
		json.NewEncoder(t.file).Encode(x)
	}
	if t.observe != nil {
		t.observe(x)
	}
}

// list returns the exchanges in order of their numbers.
func (t *transcript) list() []Exchange {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := append([]Exchange{}, t.all...)
	slices.SortFunc(all, func(a, b Exchange) int { return a.No - b.No })
	return all
}

// forgotten is how many there were before those.
func (t *transcript) forgotten() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.dropped
}

func (t *transcript) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all, t.dropped = nil, 0
}

// maxExcerpt is how many characters of a body are shown.
const maxExcerpt = 800

// secretLike finds what may be a token or a secret wherever it stands: UUIDs and long hexadecimal numbers.
var secretLike = regexp.MustCompile(`(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,}`)

// excerpt is the beginning of a body, masked.
func excerpt(body []byte) string {
	const most = 2 * maxExcerpt
	text := mask(strings.ToValidUTF8(string(body[:min(len(body), most)]), "�"))
	if len(body) > most {
		// a token may have been cut in two there, and not been known for one
		text = strings.ToValidUTF8(text[:max(0, len(text)-64)], "")
	}
	if r := []rune(text); len(r) > maxExcerpt || len(body) > most {
		return string(r[:min(len(r), maxExcerpt)]) + "……"
	}
	return text
}

func mask(text string) string {
	return secretLike.ReplaceAllStringFunc(api.MaskSecrets(text, masked), masked)
}

// masked leaves of a secret what tells it from others.
func masked(secret string) string {
	if len(secret) < 12 {
		return strings.Repeat("…", min(1, len(secret)))
	}
	return strings.ToValidUTF8(secret[:4], "") + "…"
}

// target is the path and the query, every value in it masked.
func (s *Server) target(r *http.Request) string {
	var query []string
	for name, values := range r.URL.Query() {
		for _, v := range values {
			if r.URL.Path != trapPath {
				v = masked(v)
			}
			query = append(query, excerpt([]byte(name))+"="+excerpt([]byte(v)))
		}
	}
	slices.Sort(query)
	return strings.TrimSuffix(excerpt([]byte(r.URL.Path))+"?"+strings.Join(query, "&"), "?")
}

// exposed reports whether an appSecret stands in the URL, where proxies write it down.
func (s *Server) exposed(r *http.Request) bool {
	where := r.URL.Path + "?"
	for _, values := range r.URL.Query() {
		where += strings.Join(values, "&") + "&"
	}
	return slices.ContainsFunc(s.Apps, func(a App) bool { return strings.Contains(where, a.AppSecret) })
}
