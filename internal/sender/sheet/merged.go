package sheet

import (
	"diaoxiao/api"
	"fmt"
)

// mergedAway is the problem of a blank cell of a merge, nil where it is in none. A sheet that cannot be read on is named
// elsewhere.
func mergedAway(t table, f field, at Place, column int) *Problem {
	if t.merges == nil || column < 0 {
		return nil
	}
	all, _ := t.merges()
	if m, ok := all.cover(at.Row, column); ok {
		return fatal(f, at, fmt.Sprintf("为空（%s）：%s", emptyCode(f), m.blank(at.Row)), unmergeStep)
	}
	return nil
}

// emptyCode is the code of the document for a field that is blank.
func emptyCode(f field) api.Code {
	if int(f) < caseFields {
		return emptyCodes[f]
	}
	return api.EmptyItem
}
