package register

import (
	_ "embed"
	"strings"

	"diaoxiao/internal/rules"
)

//go:embed oldname.tsv
var oldNameTSV string

// oldNames are the codes of old names of types, folded.
var oldNames = readOldNames(oldNameTSV)

func readOldNames(tsv string) map[string][]string {
	names := make(map[string][]string)
	for line := range strings.Lines(tsv) {
		if name, codes, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && !strings.HasPrefix(line, "#") {
			names[rules.FoldEntTypeName(name)] = strings.Fields(codes)
		}
	}
	return names
}
