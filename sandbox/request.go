package sandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// request is one HTTP request that the sandbox is answering.
type request struct {
	s       *Server
	w       http.ResponseWriter
	r       *http.Request
	x       Exchange // the record in the making
	head    []byte   // the beginning of the body
	whole   bool     // head is all of it
	body    io.ReadCloser
	sum     hash.Hash
	ended   bool // body was read to its end
	token   string
	said    api.Answer    // the receiver's, where it is a success
	session session       // zero: not known
	pause   time.Duration // of the fault
}

// maxHead is how much of a body is looked at before the receiver gets it.
const maxHead = 1 << 20

// headTime is how long the head may take; the receiver then sets its own limits.
const headTime = 5 * time.Minute

// arrive looks at a request without deciding anything about it.
func (s *Server) arrive(w http.ResponseWriter, r *http.Request) *request {
	v := &request{
		s:   s,
		w:   w,
		r:   r,
		sum: sha256.New(),
		x:   Exchange{No: int(s.requests.Add(1)), Began: time.Now(), Method: r.Method, Source: r.RemoteAddr},
	}
	v.x.Call, v.x.Target, v.x.Exposed = callOf(r), s.target(r), s.exposed(r)
	http.NewResponseController(w).SetReadDeadline(v.x.Began.Add(headTime))
	head, err := io.ReadAll(io.LimitReader(r.Body, maxHead))
	v.head, v.whole = head, err == nil && len(head) < maxHead
	v.body = &counted{v, io.MultiReader(bytes.NewReader(head), failing{err}, r.Body)}
	v.token = tokenOf(r)
	v.session = s.sessions.of(v.token)
	v.read()
	return v
}

// record completes the record and puts it into the transcript.
func (v *request) record() {
	v.x.Ended = time.Now()
	if v.whole {
		v.sum.Reset()
		v.sum.Write(v.head)
		v.x.Bytes = int64(len(v.head))
	}
	if v.x.Bytes > 0 && (v.whole || v.ended) && v.x.Call != api.Login { // a hash of a secret might be guessed
		v.x.SHA256 = hex.EncodeToString(v.sum.Sum(nil))
	}
	v.x.Gone = v.x.Gone || v.r.Context().Err() != nil
	v.s.transcript.add(v.x)
}

func callOf(r *http.Request) api.Call {
	for _, c := range api.Calls() {
		if r.URL.Path == c.Path() {
			return c
		}
	}
	return api.Unknown
}

// tokenOf is where a request says it has its token; the receiver looks closer (S8).
func tokenOf(r *http.Request) string {
	if t := r.URL.Query().Get("access_token"); t != "" {
		return t
	}
	scheme, t, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(t)
}

func (v *request) dialect() api.Dialect {
	for _, a := range v.s.Apps {
		if a.AppKey == v.x.AppKey {
			return a.Dialect
		}
	}
	return api.NoApp
}

// drain reads the body to its end.
func (v *request) drain() { io.Copy(io.Discard, v.body) }

// wait waits, and less long where the client goes.
func (v *request) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-v.r.Context().Done():
		v.x.Gone = true
	}
}

// learn notes what the receiver's answer says.
func (v *request) learn(a answer) {
	said, err := api.ReadAnswer(a.body, v.x.Call)
	if err != nil || len(said.Problems) > 0 {
		return
	}
	if v.said = said; said.AcceptID != "" {
		v.x.AcceptID = said.AcceptID
	}
	for _, c := range said.Cases {
		v.x.listed = append(v.x.listed, c.CaseID)
	}
	if said.Token != "" {
		v.x.Session = v.x.No
		v.s.sessions.add(said.Token, session{no: v.x.No, appKey: v.x.AppKey, account: v.x.Account})
	}
}

// endSession ends the session for good, as a logout would.
func (v *request) endSession() {
	v.s.groundLock.RLock()
	defer v.s.groundLock.RUnlock()
	v.logout()
}

func (v *request) logout() {
	if who, err := v.s.ground.desk.Identify(v.r.Context(), v.token); err == nil {
		v.s.ground.desk.Logout(v.r.Context(), intake.Caller(who))
	}
}

// endExpired ends the session where its short life is over.
func (v *request) endExpired() {
	if !v.session.dies.IsZero() && !time.Now().Before(v.session.dies) {
		v.logout()
	}
}

// limitSession has the session that was just opened end at a moment.
func (v *request) limitSession(at time.Time) { v.s.sessions.limit(v.said.Token, at) }

// counted passes on the body, counting and hashing it.
type counted struct {
	v *request
	r io.Reader
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.v.x.Bytes += int64(n)
	c.v.sum.Write(p[:n])
	c.v.ended = c.v.ended || err == io.EOF
	return n, err
}

func (c *counted) Close() error { return c.v.r.Body.Close() }

// failing is a reader that ends with err.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// slowReader spreads a body over the pause of its request.
type slowReader struct {
	v *request
	r io.ReadCloser
	n int
}

const slowSteps = 10

func (s *slowReader) Read(p []byte) (int, error) {
	if s.n < slowSteps {
		s.n++
		s.v.wait(s.v.pause / slowSteps)
		p = p[:min(len(p), max(1, len(s.v.head)/slowSteps))]
	}
	return s.r.Read(p)
}

func (s *slowReader) Close() error { return s.r.Close() }
