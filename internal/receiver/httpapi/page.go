package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"diaoxiao/api"
)

// page is a document about the interface, given to anybody. It is no call: its record names none and has the outcome
// "page".
type page struct {
	path, kind string
	text       []byte
	tag        string
}

// pages are the description of the interface, for programs and for people.
func pages() []page {
	return []page{
		newPage("/openapi.yaml", "application/yaml", api.OpenAPI()),
		newPage("/openapi-3.0.yaml", "application/yaml", api.OpenAPI30()),
		newPage("/openapi.html", "text/html; charset=utf-8", api.OpenAPIPage()),
	}
}

func newPage(path, kind string, text []byte) page {
	sum := sha256.Sum256(text)
	return page{path, kind, text, `"` + hex.EncodeToString(sum[:16]) + `"`}
}

// route makes a page an exact path like that of a call.
func (p *page) route() route {
	return route{api.Unknown, "GET, HEAD", func(_ *door, e *exchange) api.Answer {
		e.page = p
		return api.Answer{}
	}, getOrHead}
}

// show answers with a page, or tells that the reader's copy is still good.
func (e *exchange) show(p *page) {
	e.rec.Status, e.rec.Outcome = http.StatusOK, Page
	h := e.w.Header()
	h["X-Request-Id"], h["X-Content-Type-Options"] = []string{e.rec.RequestID}, noSniff
	h.Set("ETag", p.tag)
	h.Set("Cache-Control", "no-cache")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set(
		"Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	)
	if p.known(e.r.Header.Get("If-None-Match")) {
		e.rec.Status = http.StatusNotModified
		e.w.WriteHeader(e.rec.Status)
		return
	}
	h.Set("Content-Type", p.kind)
	h.Set("Content-Length", strconv.Itoa(len(p.text)))
	e.w.WriteHeader(e.rec.Status)
	e.send(p.text) // net/http leaves it out of the answer to HEAD
}

// known reports whether the reader already has the page, by the tags it tells.
func (p *page) known(tags string) bool {
	for tag := range strings.SplitSeq(tags, ",") {
		if tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/"); tag == p.tag || tag == "*" {
			return true
		}
	}
	return false
}
