package api

import (
	_ "embed"
	"slices"
)

var (
	//go:embed openapi.yaml
	openAPI []byte
	//go:embed openapi-3.0.yaml
	openAPI30 []byte
	//go:embed openapi.html
	openAPIPage []byte
)

// OpenAPI returns the description of the interface, OpenAPI 3.1 in YAML and Chinese. It describes the calls, their
// members and limits, the codes, and the answers in every dialect; tests hold it to what the server does.
func OpenAPI() []byte { return slices.Clone(openAPI) }

// OpenAPI30 returns the same in OpenAPI 3.0.3, for tools that do not read 3.1.
func OpenAPI30() []byte { return slices.Clone(openAPI30) }

// OpenAPIPage returns the same for people: one HTML file in Chinese that needs no script and nothing from elsewhere.
func OpenAPIPage() []byte { return slices.Clone(openAPIPage) }
