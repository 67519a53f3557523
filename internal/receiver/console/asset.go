package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

//go:embed assets
var assetFiles embed.FS

// assetPath stands before the names of assets. It changes with their content, so that a browser may keep them.
var assetPath = "/assets/" + assetVersion()

// assetKinds are the assets by name.
var assetKinds = map[string]string{"icon.svg": "image/svg+xml", "landscape.css": styleSheet,
	"console.css": styleSheet, "case.css": styleSheet, "list.css": styleSheet, "paper.css": styleSheet,
	"stats.css":  styleSheet,
	"console.js": script, "case.js": script, "list.js": script}

const (
	styleSheet = "text/css; charset=utf-8"
	script     = "text/javascript; charset=utf-8"
)

func assetVersion() string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(assetKinds)) {
		b, err := assetFiles.ReadFile("assets/" + name)
		if err != nil {
			panic(err) // it is compiled in
		}
		sum.Write(b)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// assets serves the style sheet and the script, to anybody: the sign-in page needs them.
func (s *console) assets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, s.Config.Prefix+assetPath+"/")
		kind := assetKinds[name]
		b, err := assetFiles.ReadFile("assets/" + name)
		if err != nil || kind == "" {
			s.missing(w, r)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
	})
}
