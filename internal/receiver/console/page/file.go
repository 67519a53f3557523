package page

import (
	"net/http"
	"net/url"
	"path"

	"io"
)

// File is an answer that is saved. Its content is written as it is made: an error in the middle breaks the connection,
// so that no half file looks whole.
type File struct {
	Name, Kind string
	Write      func(io.Writer) error
}

func (f File) answer(q *Request) error {
	h := q.w.Header()
	h.Set("Content-Type", f.Kind)
	h.Set("Content-Disposition",
		"attachment; filename=\""+asciiName(f.Name)+"\"; filename*=UTF-8''"+url.PathEscape(f.Name))
	if err := f.Write(q.w); err != nil {
		q.Log.Error("download broken off", "name", path.Ext(f.Name), "err", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// asciiName is a name for browsers that do not read the other one.
func asciiName(name string) string {
	return "export" + path.Ext(name)
}
