package sheet

import "diaoxiao/api"

// given is a case as the sheet 案件 has it.
type given struct {
	texts
	place [caseFields]Place
	row   int
}

// book is the cases of the sheet 案件.
type book struct {
	all  []given
	byID map[string]int
}

// add takes a case in unless its caseid is there; then it returns the row where.
func (b *book) add(c given) (first int, ok bool) {
	if b.byID == nil {
		b.byID = make(map[string]int)
	}
	if i, there := b.byID[c.texts[caseID]]; there {
		return b.all[i].row, false
	}
	b.byID[c.texts[caseID]] = len(b.all)
	b.all = append(b.all, c)
	return 0, true
}

// lookUp returns what the sheet says of a case. Without the sheet nothing; a sheet with one case that has no caseid speaks of
// every case, and one with one case speaks of the rows without a caseid.
func (b *book) lookUp(key string) (given, bool) {
	if i, ok := b.byID[key]; ok {
		return b.all[i], true
	}
	switch {
	case len(b.all) == 0:
		return given{}, true
	case len(b.all) == 1 && (b.all[0].texts[caseID] == "" || api.Blank(key)):
		return b.all[0], true
	}
	return given{}, false
}
