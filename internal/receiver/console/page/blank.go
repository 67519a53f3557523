package page

import "io"

// Blank is a picture without anything on it: an answer for a script, which learns that the session goes on.
type Blank struct{}

func (Blank) answer(q *Request) error {
	q.w.Header().Set("Content-Type", "image/svg+xml")
	_, err := io.WriteString(q.w, `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`)
	return err
}
