package api

import (
	_ "embed"
	"slices"
)

//go:embed openapi.yaml
var openAPI []byte

// OpenAPI returns the description of the interface, OpenAPI 3.1 in YAML and Chinese. It describes the calls, their members and
// limits, the codes, and the answers in every dialect; tests hold it to what the server does.
func OpenAPI() []byte { return slices.Clone(openAPI) }
