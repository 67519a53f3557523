package caselist

import (
	"strings"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// brackets are the pairs that stand around the year of a caseid. Documents have the first, which few can type.
var brackets = []string{"〔〕", "[]", "()", "（）", "［］", "【】", "﹝﹞"}

// spellings are the caseids that differ from one in its brackets alone, none where it has none. They are guesses, for
// cases that the index of caseids does not have: not verified yet, or by an older program.
func spellings(caseID string) (others []string) {
	for _, to := range brackets {
		var pairs []string
		open, shut := []rune(to)[0], []rune(to)[1]
		for _, from := range brackets {
			pairs = append(pairs, string([]rune(from)[0]), string(open), string([]rune(from)[1]), string(shut))
		}
		if other := strings.NewReplacer(pairs...).Replace(caseID); other != caseID {
			others = append(others, other)
		}
	}
	return others
}

// otherSpelling leads to the list of a caseid that was typed in another way than it was sent, with other brackets,
// blanks or width; nil: there is none such.
func otherSpelling(q *page.Request, s intake.CaseQuery, found casework.CasePage) page.Answer {
	if s.CaseID == "" || len(found.Rows) > 0 || q.PastFirst() {
		return nil
	}
	others, err := q.Cases.LikeCaseIDs(q.Context(), q.Who, s.AppID, s.CaseID)
	if err != nil {
		return nil
	}
	for _, other := range append(others, spellings(s.CaseID)...) {
		s.CaseID = other
		if p, err := q.Cases.SearchCases(q.Context(), q.Who, s); err == nil && len(p.Rows) > 0 {
			v := q.Selection()
			v.Set("caseid", other)
			return page.Redirect("/cases?" + v.Encode())
		}
	}
	return nil
}
