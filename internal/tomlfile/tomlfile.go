// Package tomlfile reads a TOML file that a person wrote as its keys in the order of the file, each with its line and
// value, so that the reader of the values can name the line of what is wrong.
package tomlfile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// Key is a key of a file, or the head of a table.
type Key struct {
	Path  []string // within the file: the names of its tables, then its own
	Line  int      // counted from 1
	Value any      // string, int64, float64, bool, []any, map[string]any or a time
}

// String is the path as TOML writes it.
func (k Key) String() string {
	parts := make([]string, len(k.Path))
	for i, name := range k.Path {
		parts[i] = bareOrQuoted(name)
	}
	return strings.Join(parts, ".")
}

// SyntaxError is the error of a text that is no TOML.
type SyntaxError struct {
	Line int
	Text string // in English
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Text) }

// Parse returns the keys of a text. The error is a SyntaxError.
func Parse(text string) ([]Key, error) {
	text = strings.TrimPrefix(text, "\uFEFF")
	var values map[string]any
	err := toml.Unmarshal([]byte(text), &values)
	if e, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, _ := e.Position()
		return nil, &SyntaxError{line, strings.TrimPrefix(e.Error(), "toml: ")}
	}
	if err != nil {
		return nil, &SyntaxError{1, err.Error()}
	}
	return keysOf(text, values), nil
}

// keysOf are the keys of a text that is valid and has these values.
func keysOf(text string, values map[string]any) (keys []Key) {
	var p unstable.Parser
	p.Reset([]byte(text))
	var table []string
	for p.NextExpression() {
		e := p.Expression()
		path, line := keyOf(&p, e)
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = path
		case unstable.KeyValue:
			path = append(table[:len(table):len(table)], path...)
		default:
			continue // a comment
		}
		keys = append(keys, Key{path, line, valueAt(values, path)})
		if e.Kind == unstable.KeyValue {
			keys = append(keys, inlineKeys(&p, e.Value(), path, values)...)
		}
	}
	return keys
}

// inlineKeys are the keys within the value at a path, where that is an inline table.
func inlineKeys(p *unstable.Parser, value *unstable.Node, at []string, values map[string]any) (keys []Key) {
	if value.Kind != unstable.InlineTable {
		return nil
	}
	for it := value.Children(); it.Next(); {
		e := it.Node()
		path, line := keyOf(p, e)
		path = append(at[:len(at):len(at)], path...)
		keys = append(append(keys, Key{path, line, valueAt(values, path)}), inlineKeys(p, e.Value(), path, values)...)
	}
	return keys
}

// keyOf is the key of an expression as it is written there, and its line.
func keyOf(p *unstable.Parser, e *unstable.Node) (path []string, line int) {
	for it := e.Key(); it.Next(); {
		n := it.Node()
		if line == 0 {
			line = p.Shape(n.Raw).Start.Line
		}
		path = append(path, string(n.Data))
	}
	return path, line
}

// valueAt is the value at a path; nil where that leads into an array of tables.
func valueAt(values map[string]any, path []string) any {
	var v any = values
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}
