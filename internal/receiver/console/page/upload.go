package page

import (
	"io"
	"mime/multipart"
	"net/http"
	"time"
)

// Upload returns the parts of a form with files, as they arrive: each read gives the browser further time. It is for
// routes whose bodies the console does not bound as tightly as forms.
func (q *Request) Upload() (*multipart.Reader, error) {
	control := http.NewResponseController(q.w)
	r := q.Request.Clone(q.Context())
	r.Body = patient{q.Body, control}
	return r.MultipartReader()
}

// stall is how long no byte of an upload may come, and slack how much later its answer has to be through.
const (
	stall = time.Minute
	slack = 10 * time.Minute
)

// patient extends the time for a body while it comes.
type patient struct {
	io.ReadCloser
	control *http.ResponseController
}

func (p patient) Read(b []byte) (int, error) {
	now := time.Now()
	p.control.SetReadDeadline(now.Add(stall)) // the server's own are for small forms
	p.control.SetWriteDeadline(now.Add(stall + slack))
	return p.ReadCloser.Read(b)
}
