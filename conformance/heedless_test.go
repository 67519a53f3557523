package conformance_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// heedless is a server that does not see some changes of a case that it has: forget makes the new content like the old.
func heedless(forget func(had, now map[string]any)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		known, apps := newMemory(), newMemory()
		key := func(r *http.Request, body string) string { return apps.get(tokenOf(r)) + caseKey([]byte(body)) }
		return answers(func(p *reply) {
			if token, ok := p.members()["access_token"].(string); ok {
				apps.put(token, appKey.FindString(string(p.body)))
			}
			if caseKey(p.body) != "" && accepts(p) && utf8.Valid(p.body) && known.get(key(p.r, string(p.body))) == "" {
				known.put(key(p.r, string(p.body)), string(p.body))
			}
		})(before(func(r *http.Request, body string) string {
			var had, now map[string]any
			if !receivesCase(r) || json.Unmarshal([]byte(known.get(key(r, body))), &had) != nil ||
				json.Unmarshal([]byte(body), &now) != nil {
				return body
			}
			before := fmt.Sprint(now)
			if forget(had, now); fmt.Sprint(now) == before {
				return body
			}
			b, _ := json.Marshal(now)
			return string(b)
		})(next))
	}
}

var appKey = regexp.MustCompile(`"appKey":"[^"]*"`)

func receivesCase(r *http.Request) bool { return path.Base(r.URL.Path) == "receiveCaseinfo" }

// ignoring is heedless of members of a case; of an entity, heedless of those of the entity at each place.
func ignoring(names ...string) func(http.Handler) http.Handler {
	return heedless(func(had, now map[string]any) {
		for _, n := range names {
			if v, ok := now[n].(string); ok && v != "" {
				now[n] = had[n]
			}
		}
	})
}

func ignoringAt(name string, at func(i, n int) bool) func(http.Handler) http.Handler {
	return heedless(func(had, now map[string]any) {
		old, list := listOf(had), listOf(now)
		for i := range min(len(old), len(list)) {
			one, ok := list[i].(map[string]any)
			if ok && at(i, len(list)) && one[name] != "" && one[name] != nil {
				one[name] = old[i].(map[string]any)[name]
			}
		}
	})
}

// ignoringList is heedless of the list in some way.
func ignoringList(same func(old, list []any) bool) func(http.Handler) http.Handler {
	return heedless(func(had, now map[string]any) {
		if old, list := listOf(had), listOf(now); len(list) > 0 && !slices.Contains(list, nil) && same(old, list) {
			now["penaltylist"] = old
		}
	})
}

// accepting makes the answer the acceptance of a case under a number.
func (p *reply) accepting(id string) {
	p.Code = 200
	p.text(`{"ackCode":"SUCCESS","ack_code":"SUCCESS","errors":[],"acceptid":"` + id + `","accpetid":"` + id + `"}`)
}

// column is a member of all entities, in order or sorted.
func column(list []any, name string, sorted bool) string {
	var values []string
	for _, e := range list {
		m, _ := e.(map[string]any)
		values = append(values, fmt.Sprint(m[name]))
	}
	if sorted {
		slices.Sort(values)
	}
	return strings.Join(values, "\x00")
}

// exceptLegal ignores what is not legal of the entities at the places.
func exceptLegal(at func(i, n int) bool) func(http.Handler) http.Handler {
	return both(ignoringAt("uniscid", at), both(ignoringAt("pripid", at), ignoringAt("enttype", at)))
}

// without drops the nth entity.
func without(n int) func([]any) []any {
	return func(l []any) []any { return slices.Delete(l, min(n-1, len(l)), min(n, len(l))) }
}

// repeated makes the refusal of a change the answer to a repeat.
func (p *reply) repeated() {
	found := acceptID.FindStringSubmatch(p.Body.String())
	p.accepting(found[2] + found[3])
}

var account = regexp.MustCompile(`"account":"[^"]*"`)

// severalAreRepeat takes a case for a repeat where two or more of its members have changed; only with the list among
// them, where that is asked for.
func severalAreRepeat(withList bool) func(http.Handler) http.Handler {
	return heedless(func(had, now map[string]any) {
		var changed []string
		for name, v := range now {
			if v == nil || v == "" || name == "caseid" {
				continue
			}
			if fmt.Sprint(v) != fmt.Sprint(had[name]) {
				changed = append(changed, name)
			}
		}
		if len(changed) < 2 || withList && !slices.Contains(changed, "penaltylist") {
			return
		}
		for _, name := range changed {
			now[name] = had[name]
		}
	})
}

// withoutExtensions is a server that only has what the document has.
func withoutExtensions(next http.Handler) http.Handler {
	return refusing(404, "19011", func(p *reply) bool { return p.is("queryCaseinfo") || p.is("listCaseinfo") || p.is("receiptCaseinfo") })(next)
}

func both(outer, inner func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler { return outer(inner(next)) }
}
