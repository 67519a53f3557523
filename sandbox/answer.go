package sandbox

import (
	"bytes"
	"html"
	"maps"
	"net"
	"net/http"
	"strconv"
	"time"

	"diaoxiao/api"
)

// answer is what is to be sent to a client, or what the receiver would have sent.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// recorder takes the receiver's answer. Anything that is to happen to the connection meanwhile, such as its deadlines,
// still reaches it. The receiver writes each answer in one piece that it has in memory, so keeping it bounds memory as
// the receiver does.
type recorder struct {
	http.ResponseWriter
	status int
	header http.Header
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// real has the receiver answer the request; nothing is sent yet.
func (v *request) real() answer {
	v.s.groundLock.RLock()
	defer v.s.groundLock.RUnlock()
	v.endExpired()
	r := v.r.WithContext(v.r.Context())
	r.Body = v.body
	rec := &recorder{ResponseWriter: v.w, status: http.StatusOK, header: make(http.Header)}
	v.s.ground.public.Handler.ServeHTTP(rec, r)
	a := answer{rec.status, rec.header, rec.body.Bytes()}
	v.learn(a)
	return a
}

// refusal is what the receiver would say with one code.
func (v *request) refusal(c api.Code) answer {
	a := api.Answer{Call: v.x.Call, Problems: []api.Problem{{Code: c}}}
	h := http.Header{
		"Content-Type":  {"application/json; charset=utf-8"},
		"Cache-Control": {"no-store"},
		"X-Request-Id":  {"sandbox" + itoa(v.x.No)},
	}
	if c == api.Unavailable || c == api.TooManyRequests {
		h.Set("Retry-After", itoa(max(1, int(v.pause/time.Second))))
	}
	return answer{a.HTTPStatus(), h, v.dialect().Append(nil, a)}
}

// page is what a proxy or gateway would say.
func page(status int, title string) answer {
	body := "<!DOCTYPE html><html><head><title>" + html.EscapeString(title) + "</title></head><body><h1>" +
		html.EscapeString(title) + "</h1></body></html>\n"
	return answer{status, http.Header{"Content-Type": {"text/html; charset=utf-8"}}, []byte(body)}
}

// writeTime is how long a client may take to take an answer.
const writeTime = time.Minute

// begin records what is about to be sent, so that who has an answer finds it in the transcript, and writes the head of
// it.
func (v *request) begin(a answer, body []byte, sent Sent) {
	http.NewResponseController(v.w).SetWriteDeadline(time.Now().Add(writeTime))
	v.x.Sent, v.x.Status, v.x.Answer, v.x.Codes = sent, a.status, excerpt(body), v.codesIn(a)
	v.x.RetryAfter, _ = strconv.Atoi(a.header.Get("Retry-After"))
	v.record()
	maps.Copy(v.w.Header(), a.header)
	v.w.Header().Set("Content-Length", itoa(len(a.body)))
	v.w.WriteHeader(a.status)
}

// codesIn are the codes of an answer of the interface, in whatever spelling.
func (v *request) codesIn(a answer) []string {
	said, err := api.ReadAnswer(a.body, v.x.Call)
	if err != nil {
		return nil
	}
	return codesOf(said)
}

// send sends an answer whole.
func (v *request) send(a answer) {
	v.begin(a, a.body, Whole)
	v.w.Write(a.body)
}

// sendHalf sends the head and half of the body and cuts the connection.
func (v *request) sendHalf(a answer) {
	half := a.body[:len(a.body)/2]
	v.begin(a, half, Cut)
	v.w.Write(half)
	http.NewResponseController(v.w).Flush()
	panic(http.ErrAbortHandler)
}

// cut closes the connection without an answer.
func (v *request) cut() {
	v.x.Sent = Nothing
	v.record()
	panic(http.ErrAbortHandler)
}

// reset closes the connection so that the client's system reports a reset. Over HTTP/2 only the stream is reset.
func (v *request) reset() {
	v.x.Sent = Nothing
	v.record()
	conn, _, err := http.NewResponseController(v.w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if t, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = t.NetConn()
	}
	if t, ok := conn.(*net.TCPConn); ok {
		t.SetLinger(0)
	}
	conn.Close()
}

func itoa(n int) string { return strconv.Itoa(n) }
