package published

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"diaoxiao/api"
)

// node is a place in the description, with its members in the order of the file. Places that are not there are empty.
type node struct {
	root, at *yaml.Node
}

// tree is the description as it is written.
func tree() (node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(api.OpenAPI(), &doc); err != nil {
		return node{}, err
	}
	return node{doc.Content[0], doc.Content[0]}, nil
}

// Get follows members, and references on the way.
func (n node) Get(names ...string) node {
	for _, name := range names {
		n = n.target()
		i := 0
		for n.at != nil && n.at.Kind == yaml.MappingNode && i < len(n.at.Content) && n.at.Content[i].Value != name {
			i += 2
		}
		if n.at == nil || n.at.Kind != yaml.MappingNode || i >= len(n.at.Content) {
			return node{root: n.root}
		}
		n.at = n.at.Content[i+1]
	}
	return n.target()
}

// target is what a reference refers to.
func (n node) target() node {
	if n.at == nil || n.at.Kind != yaml.MappingNode || len(n.at.Content) != 2 || n.at.Content[0].Value != "$ref" {
		return n
	}
	return node{n.root, n.root}.Get(strings.Split(strings.TrimPrefix(n.at.Content[1].Value, "#/"), "/")...)
}

// There reports whether the place is there.
func (n node) There() bool { return n.at != nil }

// Text is a scalar.
func (n node) Text() string {
	if n.at == nil {
		return ""
	}
	return n.at.Value
}

// pair is a name and what stands there.
type pair struct {
	Name string
	node
}

// Members are those of a mapping, in order.
func (n node) Members() (all []pair) {
	n = n.target()
	if n.at == nil || n.at.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(n.at.Content); i += 2 {
		all = append(all, pair{n.at.Content[i].Value, node{n.root, n.at.Content[i+1]}.target()})
	}
	return all
}

// Items are those of a sequence.
func (n node) Items() (all []node) {
	if n.at == nil || n.at.Kind != yaml.SequenceNode {
		return nil
	}
	for _, item := range n.at.Content {
		all = append(all, node{n.root, item}.target())
	}
	return all
}

// Texts are the scalars of a sequence.
func (n node) Texts() (all []string) {
	for _, item := range n.Items() {
		all = append(all, item.Text())
	}
	return all
}

// Has reports whether a sequence has a scalar.
func (n node) Has(text string) bool { return slices.Contains(n.Texts(), text) }

// JSON writes a value as JSON, its members in order, each on a line of its own; small ones of a list on one line.
func (n node) JSON() string { return n.json("", true) }

// Line writes it on one line.
func (n node) Line() string { return n.json("", false) }

func (n node) json(indent string, lines bool) string {
	n = n.target()
	if n.at == nil {
		return ""
	}
	sep, open, inner := ", ", "", indent+"  "
	if lines {
		sep, open = ",\n"+inner, "\n"+inner
	}
	end := func() string {
		if lines {
			return "\n" + indent
		}
		return ""
	}
	var parts []string
	switch n.at.Kind {
	case yaml.MappingNode:
		for _, m := range n.Members() {
			parts = append(parts, quote(m.Name)+": "+m.json(inner, lines && m.at.Kind == yaml.SequenceNode))
		}
		if len(parts) == 0 {
			return "{}"
		}
		return "{" + open + strings.Join(parts, sep) + end() + "}"
	case yaml.SequenceNode:
		for _, item := range n.Items() {
			parts = append(parts, item.json(inner, false))
		}
		if len(parts) == 0 {
			return "[]"
		}
		return "[" + open + strings.Join(parts, sep) + end() + "]"
	}
	if n.at.Tag == "!!str" || n.at.Tag == "!!timestamp" {
		return quote(n.at.Value)
	}
	if _, err := strconv.ParseFloat(n.at.Value, 64); err != nil &&
		!slices.Contains([]string{"true", "false", "null"}, n.at.Value) {
		return quote(n.at.Value)
	}
	return n.at.Value
}

// quote is a text as a string of JSON.
func quote(s string) string {
	b, _ := json.Marshal(s) // a string cannot fail
	return string(b)
}
