package published

import (
	"slices"

	"go.yaml.in/yaml/v4"
)

// downgrade writes the description as OpenAPI 3.0, for tools that do not read 3.1. Only what the description uses is
// known.
func downgrade(n *yaml.Node) {
	if n.Kind == yaml.MappingNode {
		for i := 0; i < len(n.Content); i += 2 {
			name, value := n.Content[i], n.Content[i+1]
			switch {
			case name.Value == "value" || name.Value == "answer" || name.Value == "request": // of an example
				continue
			case name.Value == "const":
				name.Value, n.Content[i+1] = "enum", &yaml.Node{
					Kind:    yaml.SequenceNode,
					Style:   yaml.FlowStyle,
					Content: []*yaml.Node{value},
				}
			case name.Value == "examples" && value.Kind == yaml.SequenceNode:
				name.Value, n.Content[i+1] = "example", value.Content[0]
			case name.Value == "type" && value.Kind == yaml.SequenceNode: // one type, or null
				n.Content[i+1] = value.Content[0]
				n.Content = append(
					n.Content,
					&yaml.Node{Kind: yaml.ScalarNode, Value: "nullable"},
					&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "true"},
				)
			}
		}
	}
	for _, c := range n.Content {
		downgrade(c)
	}
}

// openapi30 is the description in OpenAPI 3.0.3.
func openapi30(doc node) (string, error) {
	doc.root.HeadComment = "# Generated from openapi.yaml for tools that read only OpenAPI 3.0 (make generate). Do " +
		"not edit."
	doc.root.Content[0].HeadComment = ""
	doc.Get("openapi").at.Value = "3.0.3"
	info := doc.Get("info").at
	i := slices.IndexFunc(info.Content, func(n *yaml.Node) bool { return n.Value == "summary" })
	info.Content = slices.Delete(info.Content, i, i+2)
	downgrade(doc.root)
	text, err := yaml.Dump(doc.root, yaml.WithIndent(2), yaml.WithCompactSeqIndent(false), yaml.WithLineWidth(-1))
	return string(text), err
}
