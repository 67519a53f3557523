package console_test

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/intake"
)

// everyRole is who goes through the whole console.
var everyRole = []intake.Role{intake.Clerk, intake.Reviewer, intake.SystemAdmin, intake.SecurityAdmin, intake.Auditor}

// crawl follows every link a role is shown, of pages that differ only in a number or in what is asked for two, of one
// path not many more, and hands each page, in the browser, to look; what is to be saved has to be harmless.
func (h *house) crawl(role intake.Role, look func(s *screen, path string)) (visited []string) {
	h.Helper()
	v := h.enter(role, "crawl."+string(role))
	s := h.window(v)
	seen, alike, ofPath := make(map[string]bool), make(map[string]int), make(map[string]int)
	for queue := []string{"/", "/account"}; len(queue) > 0; {
		path := queue[0]
		queue = queue[1:]
		of, _, _ := strings.Cut(kind(path), "?")
		if seen[path] || alike[kind(path)] == 2 || ofPath[of] == pagesOfPath {
			continue
		}
		ofPath[of]++
		seen[path] = true
		alike[kind(path)]++
		visited = append(visited, path)
		switch a := v.follow(path); {
		case a.Status != 200:
			h.Errorf("%s: %d %s", path, a.Status, text(a.Body))
			continue
		case a.Header.Get("Content-Disposition") != "":
			h.harmless(path, a)
			continue
		}
		s.open(path)
		look(s, path)
		if alike[kind(path)] == 1 {
			v.saveAll(s)
		}
		queue = append(queue, s.links()...)
	}
	return visited
}

// pagesOfPath is how many pages of one path a crawl looks at, whatever is asked for.
const pagesOfPath = 8

// saveAll gives out what the page offers to save, which has to be harmless.
func (v *visitor) saveAll(s *screen) {
	v.Helper()
	for _, d := range evaluate[[][]string](s, `Array.from(
		document.querySelectorAll('form[data-download] button:not([name=deed])')).map(b => {
			b.form.querySelectorAll('[required]').forEach(e => { e.value = '核对' });
			document.querySelectorAll('[name=acceptid][type=checkbox]').forEach(e => { e.checked = true });
			const fields = new URLSearchParams(new FormData(b.form));
			if (b.name) fields.append(b.name, b.value);
			return [b.hasAttribute('formaction') ? b.formAction : b.form.action, String(fields)] })`) {
		fields, err := url.ParseQuery(d[1])
		v.must(err)
		path := strings.TrimPrefix(d[0], v.house.console.URL+"/console")
		a := v.do("POST", path, fields)
		if a.Status != 200 || a.Header.Get("Content-Disposition") == "" {
			v.Errorf("%s %s: %d %s", path, d[1], a.Status, text(a.Body))
			continue
		}
		v.harmless(path+" "+d[1], a)
	}
}

// follow gets what a path leads to, through redirects.
func (v *visitor) follow(path string) answer {
	v.Helper()
	for range 5 {
		a := v.do("GET", path, nil)
		if a.Status != 303 {
			return a
		}
		path = a.Location
	}
	v.Fatalf("GET %s goes round in circles", path)
	return answer{}
}

// links are the paths of the console that the page links to.
func (s *screen) links() (paths []string) {
	s.Helper()
	for _, href := range evaluate[[]string](s, "Array.from(document.querySelectorAll('a[href]')).map(a => a.href)") {
		path, ours := strings.CutPrefix(href, s.console.URL+"/console")
		if path, _, _ = strings.Cut(path, "#"); ours && path != "" {
			paths = append(paths, path)
		}
	}
	return paths
}

var navigation = regexp.MustCompile(`<a href="/console(/[^"]*)"[^>]*>([^<]+)</a>`)

var digits = regexp.MustCompile(`[0-9A-Za-z]*[0-9]+[0-9A-Za-z]*`)

// kind is what pages of one sort have in common: the path without numbers, and the names in the query.
func kind(path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	return digits.ReplaceAllString(u.Path, "*") + "?" + strings.Join(slices.Sorted(maps.Keys(u.Query())), "&")
}

// unreached are the pages of the route table that none of the paths lead to.
func unreached(t *testing.T, visited []string) (patterns []string) {
	t.Helper()
	for _, r := range console.Routes() {
		pattern, get := strings.CutPrefix(r.Pattern, "GET ")
		if !get {
			continue
		}
		expression := regexp.MustCompile(`\{[^$}]+\}`).ReplaceAllString(strings.ReplaceAll(pattern, "{$}", ""), "[^/]+")
		is := regexp.MustCompile("^" + expression + `(\?.*)?$`)
		reached := false
		for _, path := range visited {
			reached = reached || is.MatchString(path)
		}
		if !reached {
			patterns = append(patterns, pattern)
		}
	}
	return patterns
}

// Every page that a link leads to, for every role: whatever was sent in is shown as text, and no page runs it, no table
// computes it; and everybody can use it.
func TestEveryPage(t *testing.T) {
	long(t)
	h, accepted := fullHouse(t)
	tabbed := make(map[string]bool)
	look := func(s *screen, path string) {
		for _, found := range evaluate[[]string](s, strange) {
			t.Errorf("%s: %s", path, found)
		}
		s.accessible(path)
		if k := kind(path); !tabbed[k] {
			tabbed[k] = true
			s.reachable(path)
		}
	}
	var visited []string
	for _, role := range everyRole {
		visited = append(visited, h.crawl(role, look)...)
	}
	clerk := h.sit(intake.Clerk, "clerk")
	for i, id := range accepted {
		clerk.open("/cases/" + id)
		look(clerk, "/cases/"+id)
		clerk.reads(legible(hostile[i]))
	}
	link, err := h.CreateOperator(t.Context(), intake.Actor("cli:root"), newcomer)
	h.must(err)
	for _, path := range []string{"/login", "/setup"} {
		s := h.browse()
		s.open(path)
		look(s, path)
		visited = append(visited, path)
	}
	s := h.browse()
	s.follow(link)
	look(s, "/setup#"+link)
	visited = append(visited, "/setup#"+link)
	visited = append(visited, h.shownOnce(look)...)
	clerk.open("/search?q=1")
	look(clerk, "/search?q=1")
	visited = append(visited, "/search?q=1", "/setup/old", "/account/alive") // see TestOldLinks and TestWalkIdle
	for _, p := range unreached(t, visited) {
		t.Errorf("no link leads to %s", p)
	}
	t.Logf("%d pages, %d files", len(visited), h.saved)
	if h.saved < 2 {
		t.Error("nothing was saved")
	}
}

// shownOnce looks at the pages of new secrets, to which no link leads.
func (h *house) shownOnce(look func(s *screen, path string)) (visited []string) {
	h.Helper()
	admin := h.enter(intake.SystemAdmin, "shower")
	for path, fields := range map[string][]string{"/apps": {"name", hostile[0], "accounts", hostile[1]},
		"/operators": {"name", "shown", "person", hostile[0], "role", "clerk", "identifier", "工号9"}} {
		a := admin.do("POST", path, form(fields...))
		s := h.window(admin)
		s.open(a.Location) // it has no cookie of what is handed over
		look(s, a.Location)
		visited = append(visited, a.Location)
	}
	return visited
}

// strange is JavaScript that lists what no template of ours has.
const strange = `(() => {
const found = [], ours = document.querySelector('link[rel=stylesheet]').href.replace(/console\.css$/, '');
for (const e of document.querySelectorAll('*')) {
	const tag = e.tagName.toLowerCase();
	if (/^(img|iframe|object|embed|base|video|audio|math|style|xss-probe|frame|applet|marquee)$/.test(tag))
		found.push('element ' + e.outerHTML.slice(0, 90));
	if (tag === 'script' && (e.src.indexOf(ours) !== 0 || e.text)) found.push('script ' + e.outerHTML.slice(0, 90));
	for (const a of e.attributes) {
		if (/^on|^style$|^srcdoc$/.test(a.name)) found.push('attribute ' + e.outerHTML.slice(0, 90));
		if (/^(href|src|action|formaction)$/.test(a.name) && !/^(\/console|#|\?)/.test(a.value))
			found.push('leads away ' + e.outerHTML.slice(0, 90));
	}
}
return found;
})()`
