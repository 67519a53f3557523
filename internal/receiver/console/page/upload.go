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

// stall is how long no byte of an upload may come.
const stall = time.Minute

// patient extends the time for a body while it comes.
type patient struct {
	io.ReadCloser
	control *http.ResponseController
}

func (p patient) Read(b []byte) (int, error) {
	p.control.SetReadDeadline(time.Now().Add(stall)) // of a server that has none, it is not supported
	return p.ReadCloser.Read(b)
}
