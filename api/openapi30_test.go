package api_test

import (
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"diaoxiao/api"
)

// api/openapi-3.0.yaml is the description for older tools.
func TestOpenAPI30IsPublished(t *testing.T) {
	text := published(t, "openapi-3.0.yaml")
	doc, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context(), openapi3.EnableMultiError()); err != nil || !doc.IsOpenAPI30() {
		t.Errorf("%s: %v", doc.OpenAPI, err)
	}
	if got := len(operations(doc)); got != len(api.Calls())+1 {
		t.Errorf("%d operations", got)
	}
	for _, word := range []string{"const:", "'null'", "summary: 执法办案系统向"} {
		if strings.Contains(text, word) {
			t.Errorf("%s is not of OpenAPI 3.0", word)
		}
	}
}
