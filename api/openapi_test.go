package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
	"diaoxiao/internal/openapi"
)

// described is api/openapi.yaml as it is published.
func described(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(api.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// operations are the described ones by method and path.
func operations(doc *openapi3.T) map[string]*openapi3.Operation {
	all := make(map[string]*openapi3.Operation)
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			all[method+" "+path] = op
		}
	}
	return all
}

// The description is OpenAPI, and every example fits its schema.
func TestDescriptionIsValid(t *testing.T) {
	doc := described(t)
	if err := doc.Validate(t.Context(), openapi3.EnableMultiError()); err != nil || !doc.IsOpenAPI31OrLater() {
		t.Errorf("%s: %v", doc.OpenAPI, err)
	}
}

// The description has the calls, each with its path and the name of its errors; logout also by GET (C5).
func TestDescribedCalls(t *testing.T) {
	want := map[string]string{"GET " + api.Logout.Path(): api.Logout.Failure()}
	for _, c := range api.Calls() {
		want["POST "+c.Path()] = c.Failure()
	}
	got := make(map[string]string)
	for call, op := range operations(described(t)) {
		got[call], _ = op.Extensions["x-failure-name"].(string)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-calls +described)\n%s", diff)
	}
}

// The codes are those of the catalogue, and each can be answered by some call or by none at all.
func TestDescribedCodes(t *testing.T) {
	doc := described(t)
	schema := doc.Components.Schemas["ErrorCode"].Value
	var want []any
	for _, c := range api.Codes() {
		want = append(want, string(c.Code))
	}
	if diff := cmp.Diff(want, schema.Enum); diff != "" {
		t.Errorf("(-catalogue +described)\n%s", diff)
	}
	if !strings.Contains(schema.Description, api.CodeTable()) {
		t.Errorf("the table of the codes in the description of ErrorCode should be\n%s", api.CodeTable())
	}
	used := map[string]bool{string(api.NoSuchCall): true}
	for call, op := range operations(doc) {
		for _, code := range op.Extensions["x-codes"].([]any) {
			used[code.(string)] = true
			if status := fmt.Sprint(api.Code(code.(string)).Info().Status); op.Responses.Value(status) == nil {
				t.Errorf("%s can answer %s, but not its status %s", call, code, status)
			}
		}
	}
	for _, c := range api.Codes() {
		if !used[string(c.Code)] {
			t.Errorf("no call answers %s", c.Code)
		}
	}
}

// Each status but 200 is answered with the one code that has it.
func TestDescribedStatuses(t *testing.T) {
	want := make(map[string]string)
	for _, c := range api.Codes() {
		if c.Status != http.StatusOK {
			want[fmt.Sprint(c.Status)] = string(c.Code)
		}
	}
	got := make(map[string]string)
	for _, op := range operations(described(t)) {
		for status, r := range op.Responses.Map() {
			if codes, ok := r.Value.Extensions["x-codes"].([]any); ok {
				got[status] = codes[0].(string)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-catalogue +described)\n%s", diff)
	}
}

// reader is what reads the requests that a schema describes, with one that is good.
type reader struct {
	schema string
	good   members
	read   func(string) []api.Problem
	path   string // of a member in an error entry
}

func readers(t *testing.T) []reader {
	small := func(read func(*strings.Reader) []api.Problem) func(string) []api.Problem {
		return func(body string) []api.Problem { return read(strings.NewReader(body)) }
	}
	receive := func(body string) []api.Problem { return read(t, body, 0).Problems }
	return []reader{
		{
			"LoginRequest",
			login(),
			small(func(r *strings.Reader) []api.Problem { _, ps, _ := api.ReadLogin(r); return ps }),
			"",
		},
		{
			"QueryRequest",
			members{{"acceptid", `"1"`}, {"caseid", `"1"`}},
			small(func(r *strings.Reader) []api.Problem { _, ps, _ := api.ReadQuery(r); return ps }),
			"",
		},
		{
			"ListRequest",
			members{{"from", `""`}, {"to", `""`}, {"after", `""`}, {"limit", `""`}},
			small(func(r *strings.Reader) []api.Problem { _, ps, _ := api.ReadList(r); return ps }),
			"",
		},
		{
			"ReceiptRequest",
			members{{"acceptid", `"1"`}},
			small(func(r *strings.Reader) []api.Problem { _, ps, _ := api.ReadReceipt(r); return ps }),
			"",
		},
		{"CaseinfoRequest", goodCase(), receive, ""},
		{"Entity", goodItem(), func(item string) []api.Problem {
			return receive(goodCase().set("penaltylist", list(item)).String())
		}, "penaltylist[0]."},
	}
}

// Every described member is read as described: its type, its length in code points, and the code for its absence (S9,
// S13, S15).
func TestDescribedMembers(t *testing.T) {
	doc := described(t)
	for _, r := range readers(t) {
		schema := doc.Components.Schemas[r.schema].Value
		for name, member := range schema.Properties {
			m, at := member.Value, r.schema+"."+name
			if got := named(r.read(r.good.set(name, `7`).String())); !slices.Contains(got, "19002 "+r.path+name) {
				t.Errorf("%s as a number: %v", at, got)
			}
			if empty, ok := m.Extensions["x-empty-code"].(string); ok != slices.Contains(schema.Required, name) {
				t.Errorf("%s: required, but what code tells that it is missing?", at)
			} else if got := named(r.read(r.good.without(name).String())); ok &&
				!slices.Equal(got, []string{empty + " " + r.path + name}) {
				t.Errorf("%s missing: %v", at, got)
			}
			if m.MaxLength == nil || m.Format == "date" {
				continue
			}
			for extra, want := range []bool{false, true} {
				text := quote(strings.Repeat("\U00020000", int(*m.MaxLength)+extra))
				if got := named(r.read(r.good.set(name, text).String())); slices.Contains(
					got,
					"19004 "+r.path+name,
				) != want {
					t.Errorf("%s of %d and %d code points: %v", at, *m.MaxLength, extra, got)
				}
			}
		}
		if got := r.read(r.good.String()); len(got) > 0 {
			t.Errorf("%s: a good one has %v", r.schema, got)
		}
	}
}

// The members of a case and of an item are those that are described, in the order of the document; the list has its
// limit.
func TestDescribedCase(t *testing.T) {
	doc := described(t)
	for name, of := range map[string]reflect.Type{
		"CaseinfoRequest": reflect.TypeFor[api.Case](),
		"Entity":          reflect.TypeFor[api.Entity](),
	} {
		var want []string
		for field := range of.Fields() {
			want = append(want, field.Tag.Get("json"))
		}
		schema := doc.Components.Schemas[name].Value
		if !slices.Equal(schema.Required, want) ||
			!slices.Equal(slices.Sorted(maps.Keys(schema.Properties)), slices.Sorted(slices.Values(want))) {
			t.Errorf(
				"%s requires %q, has %q, want %q",
				name,
				schema.Required,
				slices.Sorted(maps.Keys(schema.Properties)),
				want,
			)
		}
	}
	list := doc.Components.Schemas["CaseinfoRequest"].Value.Properties["penaltylist"].Value
	if items := list.MaxItems; items == nil || *items != api.DefaultItems {
		t.Errorf("most items: %v", items)
	}
}

// exampleAnswers are the examples of answers with what they answer.
func exampleAnswers(doc *openapi3.T) map[string]*openapi3.Operation {
	all := make(map[string]*openapi3.Operation)
	for _, op := range operations(doc) {
		for _, e := range op.Responses.Value("200").Value.Content["application/json"].Examples {
			all[strings.TrimPrefix(e.Ref, "#/components/examples/")] = op
		}
	}
	return all
}

// Every example of an answer is strictly in its dialect, and each dialect has one of a success and one of a failure for
// each call. Those of the document have its placeholders: only their names are held.
func TestExamplesOfAnswers(t *testing.T) {
	doc := described(t)
	held, err := openapi.Load(api.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{
		"Content-Type":  {"application/json; charset=utf-8"},
		"Cache-Control": {"no-store"},
		"X-Request-Id":  {"0123456789abcdef"},
	}
	for name, op := range exampleAnswers(doc) {
		example := doc.Components.Examples[name].Value
		dialect := api.Dialect(example.Extensions["x-dialect"].(string))
		body, err := json.Marshal(example.Value)
		if err != nil {
			t.Fatal(err)
		}
		if example.Extensions["x-document"] != nil {
			kind, _, _ := strings.Cut(name, "-")
			if strings.Contains(string(body), "FAILURE") {
				kind += "-failure"
			}
			own := doc.Components.Examples[kind+"-"+string(dialect)].Value.Value
			if diff := cmp.Diff(
				slices.Sorted(maps.Keys(own.(map[string]any))),
				slices.Sorted(maps.Keys(example.Value.(map[string]any))),
			); diff != "" {
				t.Errorf("%s (-%s +document)\n%s", name, dialect, diff)
			}
			continue
		}
		call := api.Call(strings.TrimSuffix(op.OperationID, "ByGet"))
		if err := held.HoldAnswer(openapi.Answer{
			Method:   "POST",
			Path:     call.Path(),
			Dialects: []api.Dialect{dialect},
			Status:   200,
			Header:   header,
			Body:     body,
		}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if ack := strings.Contains(string(body), "FAILURE"); ack != strings.Contains(name, "-failure-") ||
			!strings.HasSuffix(name, "-"+string(dialect)) {
			t.Errorf("%s is %s", name, body)
		}
	}
	for _, op := range operations(doc) {
		for _, dialect := range api.Dialects() {
			examples := op.Responses.Value("200").Value.Content["application/json"].Examples
			if examples[string(dialect)] == nil || examples["failure-"+string(dialect)] == nil {
				t.Errorf("%s has no examples in the dialect %s", op.OperationID, dialect)
			}
		}
	}
}

// Every example is shown somewhere.
func TestExamplesAreShown(t *testing.T) {
	text := string(api.OpenAPI())
	for name := range described(t).Components.Examples {
		if !strings.Contains(text, "'#/components/examples/"+name+"'") {
			t.Errorf("the example %s is shown nowhere", name)
		}
	}
}

// The decisions that are referred to are rows of docs/divergences.md.
func TestDecisionsOfDescription(t *testing.T) {
	rows, err := os.ReadFile("../docs/divergences.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, no := range regexp.MustCompile(`\b[CS]\d+\b`).FindAllString(string(api.OpenAPI()), -1) {
		if found++; !strings.Contains(string(rows), "\n| "+no+" |") {
			t.Errorf("openapi.yaml refers to %s, which docs/divergences.md does not have", no)
		}
	}
	if found < 50 {
		t.Errorf("only %d references found", found)
	}
}
