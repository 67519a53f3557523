package conformance_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"diaoxiao/conformance"
)

// lawfulServer differs from ours in what the document leaves open.
type lawfulServer struct {
	server        // fails: SHOULD at most
	lacks  string // IDs or clauses of what it does not offer
}

// fixedPart is what is the same in every token of a server with signed ones.
const fixedPart = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJkeGFwcCIsImFjY291bnQiOiJ0ZXN0In0."

func lawful() []lawfulServer {
	own := regexp.MustCompile(`"errorCode":"19\d+","message":"[^"]*"`)
	gone := func(calls ...string) func(http.Handler) http.Handler {
		return refusing(404, "19011", func(p *reply) bool { return slices.ContainsFunc(calls, p.is) })
	}
	return []lawfulServer{
		{server{"spaces between", answers(func(p *reply) {
			var b bytes.Buffer
			json.Indent(&b, p.Body.Bytes(), "", "\t")
			p.Body = &b
		}), ""}, ""},
		{server{"Chinese as it is", answers(func(p *reply) { p.set(p.members()) }), ""}, "2.4-07"},
		{server{
			"members of its own",
			change(always, func(m map[string]any) { m["timestamp"], m["version"] = 1, "2" }),
			"",
		}, ""},
		{server{"codes of its own", answers(func(p *reply) {
			p.text(own.ReplaceAllString(p.Body.String(), `"errorCode":"E500","message":"no"`))
		}), "S17-05"}, "S23-19001 S23-19005 S23-19013"},
		{server{
			"always HTTP 200",
			answers(func(p *reply) { p.Code = map[bool]int{true: 200, false: p.Code}[p.Code == 400 || p.Code == 415] }),
			"S23-19001 S23-19007",
		}, ""},
		{server{"no queryCaseinfo", gone("queryCaseinfo"), ""}, "S22 S15-07 S19-02 S23-19013"},
		{server{"no listCaseinfo", gone("listCaseinfo"), ""}, "S24"},
		{server{"no extension, HTML", answers(func(p *reply) {
			if p.is("queryCaseinfo") || p.is("listCaseinfo") {
				p.Code = 404
				p.text("<html>")
			}
		}), ""}, "S22 S24"},
		{server{"returned cases", returned(map[string]any{
			"returnedAt":     "2026-03-01T00:00:00+08:00",
			"returnReason":   "由",
			"returnRowCount": 2000,
			"returnRows":     []any{map[string]any{"position": 1, "pripid": "1", "more": nil}},
		}), ""}, ""},
		{server{"returned cases without a word", returned(nil), ""}, ""},
		{server{"no counts of firms", change(success("queryCaseinfo"), func(m map[string]any) {
			delete(m, "firmCounts")
		}), ""}, ""},
		{server{"no GBK", refusing(415, "19007", func(p *reply) bool {
			return strings.Contains(p.r.Header.Get("Content-Type"), "charset=GB")
		}), ""}, "S11-07 S11-08 S11-09"},
		{server{
			"no Bearer",
			before(func(r *http.Request, b string) string { r.Header.Del("Authorization"); return b }),
			"",
		}, "S8-08 S8-09"},
		{server{"another kind of receipt", receipts(), ""}, "S18-02"},
		{server{"busy now and then", nth(9, receives, func(p *reply) {
			p.refuse(503, "19009")
			p.Header().Set("Retry-After", "1")
		}), ""}, ""},
		{server{
			"long tokens with fixed parts",
			renamed(func(s string) string { return fixedPart + s }, func(s string) string {
				return strings.TrimPrefix(s, fixedPart)
			}),
			"S6-01 S6-02",
		}, ""},
		{server{"nothing but the document's calls", withoutExtensions, ""}, "S22 S24 S26 S22-07 S24-06"},
		{server{"details after the text", answers(func(p *reply) {
			eachError(p, func(e map[string]any) { e["message"] = e["message"].(string) + "！请检查" })
		}), ""}, ""},
	}
}

// receipts gives acceptids of another form, the same for the same case.
func receipts() func(http.Handler) http.Handler {
	out, in := regexp.MustCompile(`("|\\u[0-9a-f]{4})20(\d{16})\b`), regexp.MustCompile(`NM-(\d{16})`)
	return func(next http.Handler) http.Handler {
		return answers(func(p *reply) { p.text(out.ReplaceAllString(p.Body.String(), "${1}NM-$2")) })(
			before(func(_ *http.Request, b string) string { return in.ReplaceAllString(b, "20$1") })(next))
	}
}

// No lawful server fails a check that is a MUST, and what it lacks is not offered.
func TestLawfulServersPass(t *testing.T) {
	all := lawful()
	if testing.Short() {
		all = all[:2]
	}
	var servers []server
	for _, s := range all {
		servers = append(servers, s.server)
	}
	for i, r := range tryAll(t, servers) {
		s := all[i]
		if !r.OK() {
			t.Errorf("%s: %s", s.name, r.Verdict())
		}
		for _, res := range r.Results {
			if slices.ContainsFunc(strings.Fields(s.lacks), res.Matches) && res.Outcome != conformance.NotOffered {
				t.Errorf("%s: %s: %s %s", s.name, res.ID, res.Outcome, res.Reason)
			}
		}
	}
}
