package page

import (
	"bytes"
	"cmp"
	"embed"
	"net/http"
	"strconv"
	"time"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/intake"
)

//go:embed *.html
var templates embed.FS

// Answer is what a route ends in.
type Answer interface{ answer(*Request) error }

// View is an answer that shows a template, known by the name of its file without .html.
type View struct {
	Template string
	Title    string
	Data     any
	Problem  error  // what was wrong with the form that is shown again
	Bare     bool   // without the menu: nobody is signed in
	Wide     bool   // printed across: its table has too many columns for a sheet that stands upright
	Again    int    // after how many seconds the browser asks again; 0: it does not
	Head     string // beside the title on each sheet that is printed
	Window   string // the title of the window; "": the title, and what is asked for
}

// frame is what every page is rendered with.
type frame struct {
	View
	Prefix, Asset string
	Who           intake.Officer
	Nav           []navItem
	Notice        string
	Problem       string
	Now           time.Time // for the foot of what is printed
	Product, Unit string
	q             *Request
}

// Version and Support are for the foot of each page.
func (f frame) Version() string { return f.q.Version }

// Support is the phone of those who help.
func (f frame) Support() string { return f.q.Support }

// Idle is for how many seconds the visit goes on without another request, 0 where nobody is signed in. Each request is
// noted to the minute only.
func (f frame) Idle() int { return max(0, int(f.Who.Idle.Seconds())-60) }

// Rest is for how many seconds the visit goes on whatever is done.
func (f frame) Rest() int { return max(0, int(f.Who.Ends.Sub(f.q.Clock()).Seconds())) }

// WindowTitle says what the window shows, so that several are told apart.
func (f frame) WindowTitle() string {
	title := cmp.Or(f.Window, f.Title)
	if f.Window == "" {
		title += f.q.asked()
	}
	return title + " - " + f.Unit + f.Product
}

// asking are the fields of queries that say most of what is asked for, in that order.
var asking = []string{"q", "value", "acceptid", "caseid", "name", "org", "who", "target"}

// asked is what is asked for, as it stands in the title of the window.
func (q *Request) asked() string {
	for _, field := range asking {
		if v := q.URL.Query().Get(field); v != "" && q.Method == http.MethodGet {
			return "：" + display.Plain(intake.Clip(v, 60))
		}
	}
	return ""
}

// Person is Request.Person, for templates.
func (f frame) Person(a intake.Actor) string { return f.q.Person(a) }

// PersonNamed is Person for an actor that is kept as a text.
func (f frame) PersonNamed(a string) string { return f.q.Person(intake.Actor(a)) }

// Finds reports whether the page has the box that finds cases and firms.
func (f frame) Finds() bool { return !f.Bare && f.Who.Role.May(intake.LookCases) }

func (p View) answer(q *Request) error {
	f := q.frame(p)
	f.Notice, f.Now = q.notice(), q.Clock()
	if !p.Bare {
		f.Who, f.Nav = q.Who, q.nav()
	}
	if p.Again > 0 {
		q.w.Header().Set("Refresh", strconv.Itoa(p.Again))
	}
	status := http.StatusOK
	if p.Problem != nil {
		f.Problem, f.Notice = problemText(p.Problem), ""
		status = explain(p.Problem).Status
	}
	return q.render(p.Template, status, f)
}

// problemText is what stands above a form that could not be taken.
func problemText(err error) string {
	e := explain(err)
	switch e.Status {
	case http.StatusBadRequest:
		return e.Text
	case http.StatusConflict:
		return e.title() + "。以下为当前情况。"
	}
	return e.title() + "。" + e.Next
}

// render executes a template whole before anything of it is sent.
func (q *Request) render(name string, status int, data any) error {
	var b bytes.Buffer
	if err := q.templates[name].Execute(&b, data); err != nil {
		http.Error(q.w, "系统内部错误", http.StatusInternalServerError)
		return err
	}
	q.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	q.w.WriteHeader(status)
	_, err := q.w.Write(b.Bytes())
	return err
}

// problemPage is what a page that cannot be shown says instead.
type problemPage struct {
	Status int
	Hint   string
}

// frame is what stands around a page.
func (q *Request) frame(p View) frame {
	return frame{View: p, Prefix: q.Prefix, Asset: q.Link(q.Assets), Product: Product, Unit: q.Unit, q: q}
}

// Problem answers with a page that says what is wrong instead of another.
func (s *Site) Problem(w http.ResponseWriter, r *http.Request, status int, title, hint string) {
	q := s.newRequest(w, r)
	f := q.frame(View{Template: "problem", Title: title, Data: problemPage{status, hint}, Bare: true})
	if q.Identify() == nil {
		f.Bare, f.Who, f.Nav = false, q.Who, q.nav()
	}
	if err := q.render("problem", status, f); err != nil {
		s.Log.Error("console", "err", err)
	}
}
