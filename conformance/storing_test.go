package conformance_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

var literal = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// storing is a server that keeps another text than the one that was sent.
func storing(f func(string) string) func(http.Handler) http.Handler {
	return inCases(func(body string) string {
		return literal.ReplaceAllStringFunc(body, func(quoted string) string {
			var text string
			if json.Unmarshal([]byte(quoted), &text) != nil || f(text) == text || strings.ContainsRune(text, '\ufffd') {
				return quoted
			}
			b, _ := json.Marshal(f(text))
			return string(b)
		})
	})
}

// replacingText is storing with some texts in place of others; dropping is storing without them.
func replacingText(pairs ...string) func(http.Handler) http.Handler {
	return storing(strings.NewReplacer(pairs...).Replace)
}

func dropping(texts ...string) func(http.Handler) http.Handler {
	var pairs []string
	for _, t := range texts {
		pairs = append(pairs, t, "")
	}
	return replacingText(pairs...)
}

// matching is storing with what a pattern finds replaced.
func matching(pattern, by string) func(http.Handler) http.Handler {
	re := regexp.MustCompile(pattern)
	return storing(func(s string) string { return re.ReplaceAllString(s, by) })
}

// keeping alters cases as they are read, where f does so.
func keeping(f func(c map[string]any) bool) func(http.Handler) http.Handler {
	return inCases(func(body string) string {
		var c map[string]any
		if d := json.NewDecoder(strings.NewReader(body)); d.Decode(&c) != nil || d.More() || !f(c) {
			return body
		}
		b, _ := json.Marshal(c)
		return string(b)
	})
}

// member is storing in one member only.
func member(name string, f func(string) string) func(http.Handler) http.Handler {
	change := func(m map[string]any) bool {
		s, ok := m[name].(string)
		if ok = ok && f(s) != s; ok {
			m[name] = f(s)
		}
		return ok
	}
	return keeping(func(c map[string]any) bool {
		changed := change(c)
		for _, e := range listOf(c) {
			if m, ok := e.(map[string]any); ok && change(m) {
				changed = true
			}
		}
		return changed
	})
}

func cut(n int) func(string) string {
	return func(s string) string { return string([]rune(s)[:min(n, len([]rune(s)))]) }
}

func cutBytes(n int) func(string) string {
	return func(s string) string { return strings.ToValidUTF8(s[:min(n, len(s))], "") }
}

func listOf(c map[string]any) []any {
	list, _ := c["penaltylist"].([]any)
	return list
}

// lists alters lists that f wants shorter or otherwise.
func lists(f func([]any) []any) func(http.Handler) http.Handler {
	return keeping(func(c map[string]any) bool {
		list := listOf(c)
		if len(list) == 0 {
			return false
		}
		other := f(slices.Clone(list))
		c["penaltylist"] = other
		return len(other) != len(list) || fmt.Sprint(other) != fmt.Sprint(list)
	})
}

func atMost(n int) func([]any) []any { return func(l []any) []any { return l[:min(n, len(l))] } }
