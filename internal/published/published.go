// Package published draws the files that are published of the wire, from the catalogue of codes and from
// api/openapi.yaml.
//
// It is no test, so that go generate writes the files, and a reader finds the generator.
package published

//go:generate go run diaoxiao/scripts/published ../..

import "diaoxiao/api"

// File is one published file.
type File struct {
	Path string // from the root of the module, slash-separated
	Text string
}

// Files draws every published file. It fails only where the description or a template cannot be read.
func Files() ([]File, error) {
	doc, err := tree()
	if err != nil {
		return nil, err
	}
	files := []File{{"docs/codes.md", codes()}}
	for _, f := range []struct {
		path string
		draw func(node) (string, error)
	}{
		{"api/openapi.html", htmlPage},
		{"docs/diaoxiao.postman_collection.json", postman},
		{"api/openapi-3.0.yaml", openapi30}, // last: it changes the tree
	} {
		text, err := f.draw(doc)
		if err != nil {
			return nil, err
		}
		files = append(files, File{f.path, text})
	}
	return files, nil
}

// codes is the catalogue of codes for people.
func codes() string {
	return "# 错误代码\n\n" +
		"本表由程序生成，与接口应答完全一致：`message` 以错误说明开头，冒号之后为具体情况；19xxx 为本系统的扩展代码，其余代码的含义与规范第5章相同。\n\n" +
		api.CodeTable()
}
