package api_test

import (
	"strings"
	"testing"

	"diaoxiao/api"
)

// docs/diaoxiao.postman_collection.json is drawn from the description: every call, and every request that is refused.
func TestPostmanCollectionIsPublished(t *testing.T) {
	text := published(t, "../docs/diaoxiao.postman_collection.json")
	for _, c := range api.Calls() {
		if !strings.Contains(text, `"{{baseUrl}}`+c.Path()) {
			t.Errorf("the collection does not call %s", c)
		}
	}
}
