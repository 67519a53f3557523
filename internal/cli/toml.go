package cli

import "slices"

// Fits reports whether a value of the file may be that of a setting of a kind.
func Fits(kind string, value any) bool {
	switch v := value.(type) {
	case string:
		return kind == "string" || kind == "duration"
	case int64:
		return kind == "int"
	case bool:
		return kind == "bool"
	case []any:
		return kind == "strings" && !slices.ContainsFunc(v, func(e any) bool { return !Fits("string", e) })
	}
	return false
}

// WantedTOML describes the values of a kind in the file.
func WantedTOML(kind string) string {
	switch kind {
	case "string":
		return `加引号的文本，如 "…"`
	case "duration":
		return `加引号的时长，如 "30s"、"5m"`
	case "strings":
		return `文本的数组，如 ["10.1.2.3/32"]`
	}
	return Wanted(kind)
}
