package httpapi

import (
	"net/http"
	"net/url"
	"strings"
)

// tokenOf returns the access_token of a request, from the query or from Authorization: Bearer. It reports false unless
// it stands in exactly one place, once (S8).
func tokenOf(r *http.Request) (string, bool) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return "", false
	}
	found := q["access_token"]
	for _, h := range r.Header["Authorization"] {
		if scheme, value, _ := strings.Cut(h, " "); strings.EqualFold(scheme, "Bearer") {
			found = append(found, strings.TrimSpace(value))
		}
	}
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}
