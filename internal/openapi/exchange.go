package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"diaoxiao/api"
)

// Answer is one answer of a server, with what it answers to.
type Answer struct {
	Method, Path string        // below {API_ROOT}, without a query
	Dialects     []api.Dialect // that it may be spelled in; none: any one of them
	Status       int
	Header       http.Header
	Body         []byte
}

// envelope is what has to agree beyond the schemas.
type envelope struct {
	Errors []struct{ Name, ErrorCode string }
}

// HoldAnswer returns everything in which an answer differs from the description, nil if nothing: its status and header,
// its body in the tolerant and in the strict reading of its dialect, the names and codes of its errors, and the status
// that the first of them has.
func (d *Description) HoldAnswer(a Answer) error {
	op, described, known := d.find(a)
	if !known {
		return fmt.Errorf("%s %s: no answer with status %d is described", a.Method, a.Path, a.Status)
	}
	problems := described.holdHeader(a)
	if a.Method != http.MethodHead {
		problems = append(problems, described.holdBody(op, a)...)
	}
	return errors.Join(problems...)
}

// find returns what is described of the call and of its answer. A method that is not described is answered as POST is;
// a path that no call has, and one that has a call elsewhere, by the answer that names none.
func (d *Description) find(a Answer) (operation, answer, bool) {
	op, ok := d.operations[a.Method+" "+a.Path]
	if !ok && a.Status == http.StatusMethodNotAllowed {
		op, ok = d.operations["POST "+a.Path]
	}
	switch described, known := op.answers[strconv.Itoa(a.Status)]; {
	case a.Status == http.StatusNotFound:
		return d.nowhere, d.nowhere.answers["404"], true
	default:
		return op, described, ok && known
	}
}

func (w answer) holdHeader(a Answer) (problems []error) {
	if got := a.Header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		problems = append(problems, fmt.Errorf("Content-Type %q", got))
	}
	for name, schema := range w.headers {
		var value any = a.Header.Get(name)
		if n, err := strconv.Atoi(a.Header.Get(name)); err == nil {
			value = n
		}
		if name == "X-Request-Id" { // may happen to be digits alone
			value = a.Header.Get(name)
		}
		if err := schema.Validate(value); err != nil {
			problems = append(problems, fmt.Errorf("header %s: %w", name, err))
		}
	}
	for _, name := range []string{"Allow", "Retry-After", "Location"} {
		if a.Header.Get(name) != "" && w.headers[name] == nil {
			problems = append(problems, fmt.Errorf("header %s is not described for status %d", name, a.Status))
		}
	}
	return problems
}

func (w answer) holdBody(op operation, a Answer) (problems []error) {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.Body))
	if err != nil {
		return []error{err}
	}
	if err := w.body.Validate(value); err != nil {
		problems = append(problems, err)
	}
	if err := op.holdDialect(a.Dialects, value); err != nil {
		problems = append(problems, err)
	}
	var said envelope
	if err := json.Unmarshal(a.Body, &said); err != nil {
		return append(problems, err)
	}
	return append(problems, op.holdErrors(said, a.Status)...)
}

// holdDialect holds that an answer is strictly one of the dialects.
func (op operation) holdDialect(dialects []api.Dialect, value any) error {
	if len(dialects) == 0 {
		dialects = api.Dialects()
	}
	var problems []error
	for _, dialect := range dialects {
		schema := op.strict[dialect]
		if schema == nil {
			continue
		}
		err := schema.Validate(value)
		if err == nil {
			return nil
		}
		problems = append(problems, fmt.Errorf("in the dialect %s: %w", dialect, err))
	}
	if problems == nil {
		return fmt.Errorf("no strict schema for %q", dialects)
	}
	return errors.Join(problems...)
}

func (op operation) holdErrors(said envelope, status int) (problems []error) {
	for i, e := range said.Errors {
		if e.Name != op.failure {
			problems = append(problems, fmt.Errorf("errors[%d].name is %q, described is %q", i, e.Name, op.failure))
		}
		if !op.codes[e.ErrorCode] {
			problems = append(
				problems,
				fmt.Errorf("errors[%d].errorCode %s is not described for this call", i, e.ErrorCode),
			)
		}
	}
	want := http.StatusOK
	if len(said.Errors) > 0 {
		want = api.Code(said.Errors[0].ErrorCode).Info().Status
	}
	if status != want {
		problems = append(problems, fmt.Errorf("status %d, its first error has %d", status, want))
	}
	return problems
}

// HoldRequest returns in what the body of a request that was accepted differs from the description, nil if in nothing.
// A leading byte-order mark is not part of the JSON (S11); what logout is sent is described as anything (C7).
func (d *Description) HoldRequest(method, path string, body []byte) error {
	op, ok := d.operations[method+" "+path]
	if !ok {
		return fmt.Errorf("%s %s is not described", method, path)
	}
	if op.body == nil || strings.HasSuffix(path, "/"+string(api.Logout)) {
		return nil
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	if err != nil {
		return err
	}
	return op.body.Validate(value)
}
