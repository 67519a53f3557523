package page

import (
	"errors"
	"net/http"

	"diaoxiao/internal/receiver/intake"
)

// Anybody marks a route that needs no sign-in.
const Anybody intake.Right = -1

// Serve answers one request.
type Serve func(*Request) (Answer, error)

// Route is one page, or what one form does: the right that it takes, and its handler. Make it with Section, Get or
// Post.
type Route struct {
	Pattern string // method and path under the prefix
	Right   intake.Right
	Serve   Serve
	Section string             // the title of its entry in the menu; "": it has none
	Count   func(*Request) int // how much waits there, shown in the menu; nil: nothing does
}

// section is an entry of the menu, shown to operators with its right.
type section struct {
	path, title string
	right       intake.Right
	count       func(*Request) int
}

// Section is a page with an entry in the menu.
func Section(path, title string, right intake.Right, serve Serve) Route {
	return Route{Pattern: "GET " + path, Right: right, Serve: serve, Section: title}
}

// Counting is the route with a number beside its entry in the menu.
func (r Route) Counting(count func(*Request) int) Route {
	r.Count = count
	return r
}

// Get is a page.
func Get(path string, right intake.Right, serve Serve) Route {
	return Route{Pattern: "GET " + path, Right: right, Serve: serve}
}

// Post is what a form does.
func Post(path string, right intake.Right, serve Serve) Route {
	return Route{Pattern: "POST " + path, Right: right, Serve: serve}
}

// serve finds the operator that asks and has the route answer, where the role has its right.
func (s *Site) serve(w http.ResponseWriter, r *http.Request, to Route) {
	q := s.newRequest(w, r)
	if !q.readable() {
		q.fail(errUnreadable)
		return
	}
	if to.Right != Anybody {
		switch err := q.Identify(); {
		case errors.Is(err, intake.ErrSignedOut):
			q.toLogin()
			return
		case err != nil:
			q.fail(err)
			return
		case !q.Who.Role.May(to.Right):
			q.fail(intake.ErrForbidden)
			return
		case q.Who.Expired && to.Right != intake.OwnVisit:
			q.redirect("/account?done=expired")
			return
		}
	}
	a, err := to.Serve(q)
	if err != nil {
		q.fail(err)
		return
	}
	if err := a.answer(q); err != nil {
		s.Log.Error("page not shown", "path", r.Pattern, "err", err)
	}
}
