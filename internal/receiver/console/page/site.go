// Package page is what the pages of the console are made with: routes with the right that each takes, the operator who
// asks, the frame and the menu, forms, lists in pages, exports, files, and the words that several pages use. It knows
// no page.
//
// The decision you could not guess: a handler returns an Answer and writes nothing itself, so an error after half a
// page cannot happen.
package page

import (
	"context"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"path"
	"strings"
	"time"

	"diaoxiao/internal/receiver/auditlog"
	"diaoxiao/internal/receiver/calllog"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
	"diaoxiao/internal/receiver/staff"
	"diaoxiao/internal/receiver/workday"
)

// Config is what pages are made with. All of it is required but Proxies and Backlog.
type Config struct {
	Desk     *intake.Desk
	Staff    *staff.Staff
	Cases    *casework.Cases
	Calls    *calllog.Calls
	Audit    *auditlog.Audit
	Prefix   string // the path of the console, such as "/console"
	Assets   string // the path of styles and scripts, under the prefix
	Proxies  []netip.Prefix
	Calendar *workday.Calendar
	// Backlog is how many cases wait for verification and when the oldest came in; nil: not known.
	Backlog func(context.Context) (n int, oldest time.Time, err error)
	Clock   func() time.Time
	Log     *slog.Logger
}

// Site is the pages of a console.
type Site struct {
	Config
	routes    []Route
	sections  []section
	templates map[string]*template.Template
	notices   map[string]string
}

// Group is the pages of one folder.
type Group struct {
	Routes []Route
	// Templates has one file for each page, with the template "content". A file whose name begins with "part_" defines
	// templates that the group's pages share.
	Templates fs.FS
	Funcs     template.FuncMap  // what the group's templates call besides the functions of all pages; nil: nothing
	Notices   map[string]string // what is said after something was done, by its key in an address; nil: nothing
}

// New returns the site of groups of pages. Their sections are in the menu in the order of the groups.
func New(c Config, groups ...Group) (*Site, error) {
	s := &Site{Config: c, templates: make(map[string]*template.Template), notices: make(map[string]string)}
	own := Group{Templates: templates, Notices: commonNotices}
	for _, g := range append([]Group{own}, groups...) {
		for _, r := range g.Routes {
			s.add(r)
		}
		if err := s.parse(g); err != nil {
			return nil, err
		}
		for key, text := range g.Notices {
			if s.notices[key] != "" {
				return nil, fmt.Errorf("console: two notices have the key %s", key)
			}
			s.notices[key] = text
		}
	}
	return s, nil
}

func (s *Site) add(r Route) {
	s.routes = append(s.routes, r)
	if r.Section != "" {
		_, path, _ := strings.Cut(r.Pattern, " ")
		s.sections = append(s.sections, section{path, r.Section, r.Right, r.Count})
	}
}

// frameFile is the template that stands around each page.
const frameFile = "frame.html"

// parse reads the templates of a group. Each page is known by the name of its file.
func (s *Site) parse(g Group) error {
	frame, err := template.New(frameFile).Funcs(s.functions()).Funcs(g.Funcs).ParseFS(templates, frameFile)
	if err != nil || g.Templates == nil {
		return err
	}
	if parts, _ := fs.Glob(g.Templates, "part_*.html"); parts != nil {
		if frame, err = frame.ParseFS(g.Templates, parts...); err != nil {
			return err
		}
	}
	files, err := fs.Glob(g.Templates, "*.html")
	for _, f := range files {
		if f == frameFile || strings.HasPrefix(f, "part_") {
			continue
		}
		name := strings.TrimSuffix(path.Base(f), ".html")
		if s.templates[name] != nil {
			return fmt.Errorf("console: two pages have the template %s", name)
		}
		page, err := frame.Clone()
		if err == nil {
			s.templates[name], err = page.ParseFS(g.Templates, f)
		}
		if err != nil {
			return err
		}
	}
	return err
}

// Handle has a mux answer every route.
func (s *Site) Handle(mux *http.ServeMux) {
	for _, r := range s.routes {
		method, path, _ := strings.Cut(r.Pattern, " ")
		mux.HandleFunc(method+" "+s.Prefix+path, func(w http.ResponseWriter, req *http.Request) { s.serve(w, req, r) })
	}
}

// Secure reports whether the browser speaks HTTPS, so that its cookies may say so.
func (s *Site) Secure(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" && peer.Within(peer.Neighbour(r), s.Proxies)
}
