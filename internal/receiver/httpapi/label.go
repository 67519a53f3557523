package httpapi

import (
	"mime"
	"net/http"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/charset"
)

// label is the charset that a request declares for its body, with what the body itself shows (S11). Nil: it declares
// UTF-8, which is looked at by those who decode it.
type label struct {
	declared string // as the sender wrote it, in capitals
	evidence charset.UTF8Evidence
}

// newLabel is the label of a request whose charset was found to be c.
func newLabel(r *http.Request, c charset.Charset) *label {
	if c == charset.UTF8 {
		return nil
	}
	_, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return &label{declared: strings.ToUpper(params["charset"])}
}

// Write takes the next piece of the body as sent. It never fails.
func (l *label) Write(p []byte) (int, error) {
	if l == nil {
		return len(p), nil
	}
	return l.evidence.Write(p)
}

// problem is that of a body, seen to its end, that is UTF-8 in spite of its label; nil: there is none.
func (l *label) problem() *api.Problem {
	if l == nil || !l.evidence.Found() {
		return nil
	}
	return &api.Problem{Code: api.InvalidJSON, Field: "Content-Type",
		Detail: "Content-Type声明" + l.declared + "，而正文是UTF-8。请声明charset=UTF-8，或按" + l.declared + "编码正文"}
}
