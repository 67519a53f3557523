package sandbox

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"diaoxiao/internal/beijingtime"
)

//go:embed page/*.html
var pageFiles embed.FS

// pages are the templates. They hold everything that a browser needs, and no script.
var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"clock": func(t time.Time) string { return t.In(beijingtime.Zone).Format("15:04:05.000") },
	"day":   func(t time.Time) string { return t.In(beijingtime.Zone).Format("2006-01-02 15:04:05") },
	"join":  func(list []string) string { return strings.Join(list, "、") },
	"took":  func(x Exchange) string { return x.Ended.Sub(x.Began).Round(time.Millisecond).String() },
	"class": func(j Judgement) string { return map[Judgement]string{Passed: "good", Failed: "bad"}[j] },
	"worstFirst": func(all []Scenario) []Scenario {
		rank := map[Judgement]int{Failed: 0, Passed: 1, Untouched: 2}
		return slices.SortedStableFunc(slices.Values(all), func(a, b Scenario) int {
			return rank[a.Judgement] - rank[b.Judgement]
		})
	},
	"sent": func(s Sent) string {
		return map[Sent]string{Whole: "完整", Cut: "只发一半", Nothing: "没有发出"}[s]
	},
}).ParseFS(pageFiles, "page/*.html"))

// page serves a template with what value returns.
func (s *Server) page(name string, value func(*http.Request) any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var b bytes.Buffer
		if err := pages.ExecuteTemplate(&b, name, value(r)); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		h.Set("Cache-Control", "no-store")
		w.Write(b.Bytes())
	}
}
