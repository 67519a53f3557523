package api_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"diaoxiao/api"
)

// vector is one body of testdata/caseinfo-hostile.ndjson with what must become of it.
type vector struct {
	Name   string
	Expect string // accept or reject
	Code   api.Code
	Body   []byte `json:"b64"`
}

func vectors(t testing.TB) (vs []vector) {
	t.Helper()
	data, err := os.ReadFile("testdata/caseinfo-hostile.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		var v vector
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatal(err)
		}
		vs = append(vs, v)
	}
	return vs
}

func TestHostileVectors(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			d := read(t, string(v.Body), 0)
			if accepted := len(d.Problems) == 0; accepted != (v.Expect == "accept") {
				t.Fatalf("want %s, got %v", v.Expect, d.Problems)
			}
			if v.Code != "" && (len(d.Problems) != 1 || d.Problems[0].Code != v.Code) {
				t.Errorf("want %s alone, got %v", v.Code, d.Problems)
			}
			if strings.HasPrefix(v.Name, "date_") && v.Expect == "reject" && d.Problems[0].Code != api.InvalidDate {
				t.Errorf("want %s, got %v", api.InvalidDate, d.Problems)
			}
		})
	}
}
