package sheet

import (
	"diaoxiao/api"
	"diaoxiao/internal/grid"
	"fmt"
)

// mergedAway is the problem of a blank cell of a merge, nil where it is in none. A sheet that cannot be read on is
// named elsewhere.
func mergedAway(t grid.Table, f field, at Place, column int) *Problem {
	if t.Merges == nil || column < 0 {
		return nil
	}
	all, _ := t.Merges()
	if m, ok := all.Cover(at.Row, column); ok {
		return fatal(f, at, fmt.Sprintf("为空（%s）：%s", emptyCode(f), m.Blank(at.Row)), grid.UnmergeStep)
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
