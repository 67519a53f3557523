package wire

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"diaoxiao/api"
)

// hidden stands for a secret wherever one would be shown.
const hidden = "（已隐去）"

// Mask takes secrets and tokens out of what is shown: by value, and by the places where they stand.
type Mask struct {
	mu    sync.Mutex
	known []string // the longest first
}

// Add notes a secret, and how it looks in a URL. Very short ones are hidden by their place only.
func (m *Mask) Add(secret string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range []string{secret, url.QueryEscape(secret)} {
		if len(s) >= 8 && !slices.Contains(m.known, s) {
			m.known = append(m.known, s)
		}
	}
	slices.SortStableFunc(m.known, func(a, b string) int { return len(b) - len(a) })
}

var authorization = regexp.MustCompile(`(?i)(Authorization: *\w+ +)\S+`)

// Text is s without secrets.
func (m *Mask) Text(s string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range m.known {
		s = strings.ReplaceAll(s, k, hidden)
	}
	s = api.MaskSecrets(s, func(string) string { return hidden })
	return authorization.ReplaceAllString(s, "${1}"+hidden)
}

// Holds reports whether text holds the secret as it is.
func Holds(text, secret string) bool { return len(secret) >= 8 && strings.Contains(text, secret) }
