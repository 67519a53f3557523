package console

import (
	"net/http"
	"net/url"
	"path"

	"io"
)

// file is an answer that is saved. Its content is written as it is made: an error in the middle breaks the connection,
// so that no half file looks whole.
type file struct {
	name, kind string
	write      func(io.Writer) error
}

func (f file) answer(q *request) error {
	h := q.w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Content-Disposition", "attachment; filename=\""+asciiName(f.name)+"\"; filename*=UTF-8''"+url.PathEscape(f.name))
	if err := f.write(q.w); err != nil {
		q.Log.Error("download broken off", "name", path.Ext(f.name), "err", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// asciiName is a name for browsers that do not read the other one.
func asciiName(name string) string {
	return "export" + path.Ext(name)
}
