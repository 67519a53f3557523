package api

import (
	"slices"
	"strings"
)

// KnownField is the path of an error entry with … for each name that is none of the interface's: the sender wrote it,
// so it may be anything.
func KnownField(path string) string {
	names := strings.Split(path, ".")
	for i, name := range names {
		if bare, index, listed := strings.Cut(name, "["); !knownName(bare) {
			names[i] = "…"
			if listed {
				names[i] += "[" + index
			}
		}
	}
	return strings.Join(names, ".")
}

func knownName(name string) bool {
	is := func(m member) bool { return m.name == name }
	return name == "" || name == listMember ||
		slices.ContainsFunc(caseMembers[:], is) || slices.ContainsFunc(entityMembers[:], is) ||
		slices.Contains([]string{"appKey", "appSecret", "account", "acceptid", "returnDetails", "firmCounts"}, name) ||
		slices.Contains([]string{"from", "to", "after", "limit"}, name)
}
