package console

import (
	"errors"
	"net/http"

	"diaoxiao/internal/receiver/intake"
)

// anybody marks a route that needs no sign-in.
const anybody intake.Right = -1

// serveFunc answers one request.
type serveFunc func(*request) (answer, error)

// route is one page or deed: who may, and what happens. Make it with getPage, postDeed or sectionPage.
type route struct {
	Pattern string // method and path under the prefix
	Right   intake.Right
	Serve   serveFunc
	Section string             // the title of its entry in the menu; "": it has none
	Count   func(*request) int // how much waits there, shown in the menu; nil: nothing does
}

// section is an entry of the menu, shown to those who may.
type section struct {
	path, title string
	right       intake.Right
	count       func(*request) int
}

// sectionPage is a page with an entry in the menu.
func sectionPage(path, title string, right intake.Right, serve serveFunc) route {
	return route{Pattern: "GET " + path, Right: right, Serve: serve, Section: title}
}

// counting is the route with a number beside its entry in the menu.
func (r route) counting(count func(*request) int) route {
	r.Count = count
	return r
}

// getPage is a page.
func getPage(path string, right intake.Right, serve serveFunc) route {
	return route{Pattern: "GET " + path, Right: right, Serve: serve}
}

// postDeed is what a form does.
func postDeed(path string, right intake.Right, serve serveFunc) route {
	return route{Pattern: "POST " + path, Right: right, Serve: serve}
}

// serve finds out who asks and has the route answer, where the role may.
func (s *site) serve(w http.ResponseWriter, r *http.Request, to route) {
	q := s.newRequest(w, r)
	if !q.readable() {
		q.fail(errUnreadable)
		return
	}
	if to.Right != anybody {
		switch err := q.identify(); {
		case errors.Is(err, intake.ErrSignedOut):
			q.toLogin()
			return
		case err != nil:
			q.fail(err)
			return
		case !q.who.Role.May(to.Right):
			q.fail(intake.ErrForbidden)
			return
		case q.who.Expired && to.Right != intake.OwnVisit:
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
