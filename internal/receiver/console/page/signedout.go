package page

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// signedOutData is the form that was filled in while the session ended: it can be sent again after the next sign-in.
type signedOutData struct {
	Action, Login string
	Fields        []typedField
}

// typedField is one field of a form as it was sent.
type typedField struct{ Name, Value string }

// unkept are the fields that never come back on a page.
var unkept = []string{"password", "again", "old", "code", "secret", "identifier"}

// typed are the fields of the form that was sent, by name, none where it holds what is not to be kept.
func (q *Request) typed() (fields []typedField) {
	if q.Method != http.MethodPost || q.ParseForm() != nil {
		return nil
	}
	for name, values := range q.PostForm {
		if slices.Contains(unkept, name) {
			return nil
		}
		for _, v := range values {
			fields = append(fields, typedField{name, v})
		}
	}
	slices.SortStableFunc(fields, func(a, b typedField) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

func (q *Request) signedOut(fields []typedField) {
	d := signedOutData{Action: q.URL.RequestURI(), Login: q.Link("/login?to=" + url.QueryEscape(q.cameFrom())),
		Fields: fields}
	f := q.frame(View{Template: "signed_out", Title: "登录已失效", Data: d, Bare: true})
	if err := q.render("signed_out", http.StatusUnauthorized, f); err != nil {
		q.Log.Error("console", "err", err)
	}
}

// cameFrom is the page that the form stood on, the first page where the browser does not tell.
func (q *Request) cameFrom() string {
	u, err := url.Parse(q.Referer())
	if err != nil || !strings.HasPrefix(u.Path, q.Prefix+"/") {
		return "/"
	}
	v := u.Query()
	v.Del("done")
	to := url.URL{Path: strings.TrimPrefix(u.Path, q.Prefix), RawQuery: v.Encode()}
	return Back(to.String())
}
