// Package openapi holds requests and answers against api/openapi.yaml, for tests.
//
// The decision you could not guess: the schemas are compiled once from the whole description, as JSON Schema 2020-12,
// and not asked of an OpenAPI library, which compiles a schema again for every value: at ten thousand answers that is
// the difference between nothing and half a minute.
package openapi

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"diaoxiao/api"
)

// Description is api/openapi.yaml, made ready to hold exchanges against it. It may be used by many goroutines.
type Description struct {
	document   any
	operations map[string]operation // by method and path: "POST /security/login"
	nowhere    operation            // a path that no call has
}

// operation is one method of one path.
type operation struct {
	failure string          // name of its error entries
	codes   map[string]bool // that it may answer
	strict  map[api.Dialect]*jsonschema.Schema
	body    *jsonschema.Schema // of a request; nil: any
	answers map[string]answer  // by status
}

// answer is what is described of one status.
type answer struct {
	body    *jsonschema.Schema
	headers map[string]*jsonschema.Schema
}

const address = "openapi.yaml"

// Load reads a description, such as api.OpenAPI().
func Load(text []byte) (_ *Description, err error) {
	d := &Description{operations: make(map[string]operation)}
	if err := yaml.Unmarshal(text, &d.document); err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource(address, d.document); err != nil {
		return nil, err
	}
	defer func() { // a description of another shape than ours
		if p := recover(); p != nil {
			err = fmt.Errorf("not a description of the interface: %v", p)
		}
	}()
	root := d.document.(map[string]any)
	for path, methods := range root["paths"].(map[string]any) {
		for method, op := range methods.(map[string]any) {
			at := []string{"paths", path, method}
			if d.operations[strings.ToUpper(method)+" "+path], err = d.operation(
				c,
				at,
				op.(map[string]any),
			); err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
		}
	}
	return d, d.describeNowhere(c)
}

// describeNowhere: an answer that names no call is a failure like that of any call, spelled as for no app (S25).
func (d *Description) describeNowhere(c *jsonschema.Compiler) error {
	a, err := d.answer(c, []string{"components", "responses", "NoSuchCall"})
	d.nowhere = operation{failure: api.Unknown.Failure(), codes: map[string]bool{string(api.NoSuchCall): true},
		strict: map[api.Dialect]*jsonschema.Schema{api.NoApp: d.operations["POST "+
			api.Logout.Path()].strict[api.NoApp]},
		answers: map[string]answer{"404": a}}
	return err
}

func (d *Description) operation(c *jsonschema.Compiler, at []string, op map[string]any) (o operation, err error) {
	o = operation{
		failure: op["x-failure-name"].(string),
		codes:   make(map[string]bool),
		strict:  make(map[api.Dialect]*jsonschema.Schema),
		answers: make(map[string]answer),
	}
	for _, code := range op["x-codes"].([]any) {
		o.codes[code.(string)] = true
	}
	if _, ok := op["requestBody"]; ok {
		if o.body, err = c.Compile(pointer(at, "requestBody", "content", "application/json", "schema")); err != nil {
			return o, err
		}
	}
	responses := op["responses"].(map[string]any)
	for dialect, ref := range responses["200"].(map[string]any)["x-dialects"].(map[string]any) {
		if o.strict[api.Dialect(dialect)], err = c.Compile(address + ref.(string)); err != nil {
			return o, err
		}
	}
	for status := range responses {
		if o.answers[status], err = d.answer(c, append(at[:len(at):len(at)], "responses", status)); err != nil {
			return o, err
		}
	}
	return o, nil
}

func (d *Description) answer(c *jsonschema.Compiler, at []string) (a answer, err error) {
	at, described := d.resolve(at)
	a.headers = make(map[string]*jsonschema.Schema)
	for name := range described["headers"].(map[string]any) {
		header, _ := d.resolve(append(at[:len(at):len(at)], "headers", name))
		if a.headers[http.CanonicalHeaderKey(name)], err = c.Compile(pointer(header, "schema")); err != nil {
			return a, err
		}
	}
	a.body, err = c.Compile(pointer(at, "content", "application/json", "schema"))
	return a, err
}

// resolve follows the reference that stands at a place, if one does.
func (d *Description) resolve(at []string) ([]string, map[string]any) {
	node := d.document
	for _, name := range at {
		node = node.(map[string]any)[name]
	}
	m := node.(map[string]any)
	if ref, ok := m["$ref"].(string); ok {
		return d.resolve(strings.Split(strings.TrimPrefix(ref, "#/"), "/"))
	}
	return at, m
}

// pointer is the address of a place in the description.
func pointer(at []string, more ...string) string {
	var b strings.Builder
	b.WriteString(address + "#")
	for _, name := range append(at[:len(at):len(at)], more...) {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
	}
	return b.String()
}
