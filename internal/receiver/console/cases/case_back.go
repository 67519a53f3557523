package cases

import (
	"net/http"
	"net/url"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// mostList is the longest query that is kept, in bytes.
const mostList = 2000

// neighbours are the list from which a case was opened, and the cases before and after it in its order; "": there is
// none.
type neighbours struct {
	List, Prev, Next string
	Chosen           bool // the list is one that somebody selected
}

// loadNeighbours reads which cases are before and after one. Without a list they are those to be compared.
func loadNeighbours(q *page.Request, d *caseData) error {
	kept, ok := keptList(q)
	d.Near = neighbours{List: q.Link("/cases"), Chosen: ok && len(kept) > 0}
	if d.Near.Chosen {
		d.Near.List += "?" + kept.Encode()
	} else {
		kept = url.Values{"state": {string(intake.StateToCheck)}}
	}
	s, err := asking(q, "/cases", kept).CaseQuery()
	if err != nil {
		d.Near.Chosen = false
		return nil // the address was changed by hand: the case is shown without neighbours
	}
	for _, side := range []struct {
		back bool
		to   *string
	}{{true, &d.Near.Prev}, {false, &d.Near.Next}} {
		s.After, s.Back, s.Limit = d.Key(), side.back, 1
		p, err := q.Cases.SearchCases(q.Context(), q.Who, s)
		if err != nil {
			return err
		}
		if len(p.Rows) == 1 {
			*side.to = q.Link("/cases/" + p.Rows[0].AcceptID)
			if d.Near.Chosen {
				*side.to += "?" + url.Values{page.ListField: {kept.Encode()}}.Encode()
			}
		}
	}
	return nil
}

// keptList is the query of the list that the address keeps. false: there is none, or it is no query.
func keptList(q *page.Request) (url.Values, bool) {
	text := q.URL.Query().Get(page.ListField)
	if text == "" || len(text) > mostList {
		return nil, false
	}
	v, err := url.ParseQuery(text)
	for _, name := range []string{"before", "after", "done", "print", page.ListField} {
		v.Del(name)
	}
	return v, err == nil
}

// asking is a request of the same operator for a path with another query.
func asking(q *page.Request, path string, v url.Values) *page.Request {
	other := *q
	other.Request = q.Request.Clone(q.Context())
	other.Method, other.Body = http.MethodGet, http.NoBody
	other.Form, other.PostForm, other.MultipartForm = nil, nil, nil
	other.URL = &url.URL{Path: q.Link(path), RawQuery: v.Encode()}
	return &other
}
