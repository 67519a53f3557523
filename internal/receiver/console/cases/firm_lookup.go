package cases

import (
	"net/url"
	"strings"
)

// lookUp puts the page of the registration system that shows the firm beside the first of its codes that the page asks
// for. A code that is masked leads nowhere.
func lookUp(registry string, uniscid, pripid *side) {
	at := uniscid
	if !strings.Contains(registry, "{uniscid}") {
		at = pripid
	}
	asks := func(name string, of *side) bool { return strings.Contains(registry, name) && of.Copy == "" }
	if registry == "" || asks("{uniscid}", uniscid) || asks("{pripid}", pripid) {
		return
	}
	at.Lookup = strings.NewReplacer("{uniscid}", inAddress(uniscid.Copy), "{pripid}", inAddress(pripid.Copy)).
		Replace(registry)
}

// inAddress is a value as part of an address, wherever in it.
func inAddress(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
