package caselist

import (
	"strconv"
	"strings"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// mark is a condition of the query that no field shows, with how to do without it.
type mark struct{ Text, Without string }

// newMark is the mark of a field of the query.
func newMark(q *page.Request, field, text string) mark {
	v := q.Selection()
	v.Del(field)
	return mark{text, q.Link("/cases?" + v.Encode())}
}

// recognise fills in what the one box says: a whole acceptid leads to its case, a code of a firm to the search for
// firms; otherwise it is a part of a caseid, or where no case has it, of a name.
func recognise(q *page.Request, s *intake.CaseQuery) (to page.Answer, marks []mark, err error) {
	text := strings.TrimSpace(q.URL.Query().Get("q"))
	if text == "" {
		return nil, nil, nil
	}
	code := rules.FoldCode(text)
	if rules.AllDigits(code) {
		p, err := q.Cases.SearchCases(q.Context(), q.Who, intake.CaseQuery{AcceptID: code, Limit: 1})
		if err != nil {
			return nil, nil, err
		}
		if len(p.Rows) > 0 {
			return page.Redirect("/cases/" + code), nil, nil
		}
	}
	if page.LooksLikeCode(text) {
		return page.Redirect("/search?" + page.Query("q", text)), nil, nil
	}
	for _, try := range []struct {
		set  func(*intake.CaseQuery)
		what string
	}{
		{func(s *intake.CaseQuery) { s.Part = rules.FoldCaseID(text) }, "案件编号含"},
		{func(s *intake.CaseQuery) { s.CaseID = text }, "案件编号为"},
	} {
		var one intake.CaseQuery
		try.set(&one)
		has, err := q.Cases.HasCases(q.Context(), q.Who, one)
		if err != nil {
			return nil, nil, err
		}
		if has {
			try.set(s)
			return nil, []mark{newMark(q, "q", try.what+"“"+text+"”")}, nil
		}
	}
	s.Name = text
	return nil, []mark{newMark(q, "q", "案件名称含“"+text+"”")}, nil
}

// hiddenMarks are the conditions that come with a link and have no field.
func hiddenMarks(q *page.Request) (marks []mark) {
	for _, f := range [][2]string{{"account", "账户"}, {"caseid", "案件编号"}, {"acceptid", "受理号"}} {
		if value := q.Field(f[0]); value != "" {
			marks = append(marks, newMark(q, f[0], f[1]+"“"+value+"”"))
		}
	}
	if no, err := strconv.Atoi(q.Field("rule")); err == nil {
		marks = append(marks, newMark(q, "rule", "核验提示“"+ruleTitle(no)+"”"))
	}
	return marks
}

// ruleTitle is the title of a rule, and its number where there is none.
func ruleTitle(no int) string {
	if r, ok := rules.ByNo(no); ok {
		return r.Title
	}
	return strconv.Itoa(no)
}

// selected is the query of a list that is on the page already: what the one box says leads nowhere else.
func selected(q *page.Request) (intake.CaseQuery, error) {
	search, err := q.CaseQuery()
	if err != nil {
		return search, err
	}
	to, _, err := recognise(q, &search)
	if to != nil {
		search.Name = q.Field("q")
	}
	return search, err
}
