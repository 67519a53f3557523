// Package docs holds the documents that the program itself cites.
package docs

import _ "embed"

//go:embed divergences.md
var divergences string

// Divergences is divergences.md: how the interface document is read where it contradicts itself or is silent. Reports
// of conformance cite its rows for readers that do not have it.
func Divergences() string { return divergences }
