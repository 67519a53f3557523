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
	"strings"
	"time"

	"diaoxiao/internal/receiver/auditlog"
	"diaoxiao/internal/receiver/calllog"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
	"diaoxiao/internal/receiver/registrar"
	"diaoxiao/internal/receiver/staff"
	"diaoxiao/internal/receiver/statistics"
	"diaoxiao/internal/receiver/workday"
)

// Config is what pages are made with. All of it is required but Proxies and Backlog.
type Config struct {
	// Policy reads the trust policy that is put into packages of cases; nil: no packages are given out here.
	Policy   func() ([]byte, error)
	Desk     *intake.Desk
	Staff    *staff.Staff
	Cases    *casework.Cases
	Register *registrar.Registrar
	Calls    *calllog.Calls
	Audit    *auditlog.Audit
	Stats    *statistics.Statistics
	Prefix   string // the path of the console, such as "/console"
	Assets   string // the path of styles and scripts, under the prefix
	Proxies  []netip.Prefix
	Calendar *workday.Calendar
	// Backlog is how many cases wait for verification and when the oldest came in; nil: not known.
	Backlog func(context.Context) (n int, oldest time.Time, err error)
	Clock   func() time.Time
	Log     *slog.Logger
	// Unit is the name of the unit, Support a phone, Version that of the program; "": not shown.
	Unit, Support, Version string
	// Registry is the page of the registration system that shows one firm, with {uniscid} and {pripid} in it; "": none.
	Registry string
}

// Product is the name of the system, before which that of the unit is shown.
const Product = "批量吊销案件管理系统"

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
	if g.Templates == nil {
		return nil
	}
	parts, pages, err := templatesOf(g.Templates)
	if err != nil {
		return err
	}
	frame := template.New(frameFile).Funcs(s.functions()).Funcs(g.Funcs)
	if err := parseFile(frame, templates, frameFile); err != nil {
		return err
	}
	for _, f := range parts {
		if err := parseFile(frame.New(f), g.Templates, f); err != nil {
			return err
		}
	}
	for _, f := range pages {
		if err := s.addTemplate(frame, g.Templates, f); err != nil {
			return err
		}
	}
	return nil
}

// templatesOf are the files of a group: parts that its pages share, and pages.
func templatesOf(files fs.FS) (parts, pages []string, err error) {
	names, err := fs.Glob(files, "*.html")
	for _, n := range names {
		switch {
		case n == frameFile:
		case strings.HasPrefix(n, "part_"):
			parts = append(parts, n)
		default:
			pages = append(pages, n)
		}
	}
	return parts, pages, err
}

func (s *Site) addTemplate(frame *template.Template, files fs.FS, file string) error {
	name := strings.TrimSuffix(file, ".html")
	if s.templates[name] != nil {
		return fmt.Errorf("console: two pages have the template %s", name)
	}
	page, err := frame.Clone()
	if err == nil {
		err = parseFile(page.New(file), files, file)
	}
	s.templates[name] = page
	return err
}

// parseFile reads a template without the indentation of its lines: it is for readers of the file, and would make a page
// a third longer.
func parseFile(t *template.Template, files fs.FS, file string) error {
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return err
	}
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		b.WriteString(strings.TrimLeft(line, "\t"))
	}
	_, err = t.Parse(b.String())
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
