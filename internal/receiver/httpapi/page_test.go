package httpapi_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/httpapi"
)

// page asks for a page, with header fields as for request.
func (d *door) page(t *testing.T, method, path string, header ...string) (*http.Response, []byte) {
	t.Helper()
	res, err := client.Do(d.request(t, method, path, nil, header...))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, body
}

// The description is given to anybody, below the root, and told apart from calls.
func TestPages(t *testing.T) {
	d := openDoor(t, func(c *httpapi.Config) { c.Root = "/gateway" })
	for path, want := range map[string]struct {
		kind string
		text []byte
	}{
		"/gateway/openapi.yaml":     {"application/yaml", api.OpenAPI()},
		"/gateway/openapi-3.0.yaml": {"application/yaml", api.OpenAPI30()},
		"/gateway/openapi.html":     {"text/html; charset=utf-8", api.OpenAPIPage()},
	} {
		res, body := d.page(t, "GET", path)
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != want.kind || !bytes.Equal(body, want.text) ||
			len(body) < 10000 {
			t.Errorf("%s: %d %q, %d bytes", path, res.StatusCode, res.Header.Get("Content-Type"), len(body))
		}
		if policy := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; ") ||
			res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, res.Header)
		}
		r := d.record(t, answer{Header: res.Header})
		if r.Call != api.Unknown || r.Outcome != "page" || r.Path != path || r.Codes != "" || r.Status != 200 {
			t.Errorf("%s: recorded as %+v", path, r)
		}
		d.holdCopy(t, path, res.Header.Get("ETag"), len(want.text))
	}
}

// holdCopy holds what a reader who has a copy is told, and one who asks only for the header.
func (d *door) holdCopy(t *testing.T, path, tag string, size int) {
	t.Helper()
	for known, status := range map[string]int{
		tag:               304,
		"W/" + tag:        304,
		`"other", ` + tag: 304,
		"*":               304,
		`"other"`:         200,
	} {
		if res, body := d.page(t, "GET", path, "If-None-Match", known); res.StatusCode != status ||
			(status == 304) != (len(body) == 0) || res.Header.Get("ETag") != tag {
			t.Errorf("%s with If-None-Match %s: %d, %d bytes", path, known, res.StatusCode, len(body))
		}
	}
	if res, body := d.page(t, "HEAD", path); res.StatusCode != 200 || len(body) != 0 ||
		res.ContentLength != int64(size) {
		t.Errorf("HEAD %s: %d, Content-Length %d", path, res.StatusCode, res.ContentLength)
	}
}

// A page answers GET and HEAD, at its own path alone.
func TestPagesAreExact(t *testing.T) {
	d := openDoor(t)
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "get"} {
		res, body := d.page(t, method, "/openapi.yaml")
		if res.StatusCode != 405 || res.Header.Get("Allow") != "GET, HEAD" || !bytes.Contains(body, []byte(`"19010"`)) {
			t.Errorf("%s: %d %s", method, res.StatusCode, body)
		}
	}
	for _, path := range []string{
		"/openapi.yaml/", "/openapi.htm", "/openapi", "/", "//openapi.html", "/security/openapi.html",
		"/openapi%2Ehtml", "/OpenAPI.html", "/gateway/openapi.html",
	} {
		if a := d.do(t, d.request(t, "GET", path, nil)); a.Status != 404 || a.codes() != "19011" {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}
