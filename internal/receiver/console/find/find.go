// Package find is the one search box (查找): it recognises from what is typed what is looked for, and shows all kinds of
// hits on one page.
package find

import (
	"cmp"
	"embed"
	"errors"
	"slices"
	"strconv"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

//go:embed *.html
var templates embed.FS

// Pages are the search box's.
func Pages() page.Group {
	return page.Group{Templates: templates, Routes: []page.Route{page.Get("/search", intake.LookCases, findPage)}}
}

// most is how many hits of a kind are shown; the list behind has the others.
const most = 10

// mostRead is how many cases are read to find among them those whose number is meant exactly.
const mostRead = 100

// findData is what was found, by kind.
type findData struct {
	Q        string
	Groups   []caseGroup // of cases
	Firms    []firmHit   // of the register
	AllFirms string
	Rows     []rowHit // of lists, by a code
	AllRows  string
	Legal    string // the search for people of that name
	Nothing  bool
	Action   string
}

// caseGroup is cases that were found in one way.
type caseGroup struct {
	Title string
	All   string // the list of them
	Rows  []caseHit
}

// caseHit is a case.
type caseHit struct {
	intake.CaseRow
	Link   string
	States []page.Tag
}

// firmHit is a firm of the register, with the rows of cases that name it.
type firmHit struct {
	page.Firm
	Link  string
	Cases []rowHit
}

// rowHit is a row of the list of a case.
type rowHit struct {
	Case     intake.CaseRow
	No       int
	Link     string
	CaseLink string
	Code     string
	States   []page.Tag
}

func findPage(q *page.Request) (page.Answer, error) {
	text := q.Field("q")
	d := findData{Q: text, Action: q.Link("/search")}
	if text == "" {
		return page.View{Template: "find", Title: "查找", Data: d}, nil
	}
	if to, err := acceptID(q, text); to != nil || err != nil {
		return to, err
	}
	var err error
	if page.LooksLikeCode(text) {
		err = d.findRows(q, text)
	}
	err = errors.Join(err, d.findFirms(q, text))
	if err == nil {
		err = d.findCases(q, text)
	}
	if err != nil {
		return nil, err
	}
	if !page.LooksLikeCode(text) {
		d.Legal = q.Link("/entities?kind=legal&" + page.Query("value", text))
	}
	d.Nothing = len(d.Groups)+len(d.Firms)+len(d.Rows) == 0
	return page.View{Template: "find", Title: "查找", Data: d}, nil
}

// acceptID leads to the case where the text is an acceptid, however written; nil: it is none.
func acceptID(q *page.Request, text string) (page.Answer, error) {
	code := rules.FoldCode(text)
	if !rules.AllDigits(code) {
		return nil, nil
	}
	p, err := q.Cases.SearchCases(q.Context(), q.Who, intake.CaseQuery{AcceptID: code, Limit: 1})
	if err != nil || len(p.Rows) == 0 {
		return nil, err
	}
	return page.Redirect("/cases/" + code), nil
}

// findCases finds cases by a part of their number, and of their name.
func (d *findData) findCases(q *page.Request, text string) error {
	for _, g := range []struct {
		title, all string
		query      intake.CaseQuery
	}{
		{"案件编号含", "/cases?" + page.Query("q", text), intake.CaseQuery{Part: rules.FoldCaseID(text)}},
		{"案件名称含", "/cases?" + page.Query("name", text), intake.CaseQuery{Name: text}},
	} {
		g.query.Desc, g.query.Limit = true, mostRead
		p, err := q.Cases.SearchCases(q.Context(), q.Who, g.query)
		if err != nil {
			return err
		}
		if len(p.Rows) == 0 {
			continue
		}
		group := caseGroup{Title: g.title + "“" + display.Plain(text) + "”的案件"}
		exactFirst(p.Rows, rules.FoldCaseID(text))
		if p.Behind || len(p.Rows) > most {
			group.All = q.Link(g.all)
		}
		for _, r := range p.Rows[:min(len(p.Rows), most)] {
			group.Rows = append(group.Rows, caseHit{r, q.Link("/cases/" + r.AcceptID), q.States(r)})
		}
		d.Groups = append(d.Groups, group)
	}
	return nil
}

// findFirms finds firms of the register by code or name, and the cases that list them. Without a register there are
// none.
func (d *findData) findFirms(q *page.Request, text string) error {
	found, err := q.Register.Search(q.Context(), q.Who, text, 0)
	if page.Expected(err) || errors.Is(err, intake.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, f := range found.Firms[:min(len(found.Firms), most)] {
		hits, _, err := q.Cases.FirmRows(q.Context(), q.Who, f)
		if err != nil {
			return err
		}
		path := "/firms/" + strconv.FormatInt(found.State.Snapshot.ID, 10) + "/" + strconv.Itoa(f.RowNo)
		d.Firms = append(d.Firms, firmHit{page.NewFirm(f, false), q.Link(path), rowHits(q, hits)})
	}
	if found.More || len(found.Firms) > most {
		d.AllFirms = q.Link("/firms?" + page.Query("q", text))
	}
	return nil
}

// findRows finds rows of lists by the credit code or the pripid that was typed.
func (d *findData) findRows(q *page.Request, text string) error {
	for kind, key := range map[intake.KeyKind]string{intake.ByUniscID: "uniscid", intake.ByPripID: "pripid"} {
		f, err := q.Cases.EntityFile(q.Context(), q.Who, kind, text)
		if err != nil {
			return err
		}
		if len(f.Hits) > len(d.Rows) {
			d.Rows = rowHits(q, f.Hits)
			d.AllRows = q.Link("/entities?kind=" + key + "&" + page.Query("value", text))
		}
	}
	return nil
}

func rowHits(q *page.Request, hits []casework.EntityHit) (rows []rowHit) {
	for _, h := range hits[:min(len(hits), most)] {
		at := q.Link("/cases/" + h.Case.AcceptID)
		rows = append(rows, rowHit{h.Case, h.Pos + 1, at + "/entities/" + strconv.Itoa(h.Pos+1), at,
			display.Plain(rules.MaskPersonal(h.UniscID)), q.States(h.Case)})
	}
	return rows
}

// exactFirst puts those cases first in whose number the text is not a part of a longer number: for 38号 the 38th before
// the 1038th. The others keep their order.
func exactFirst(rows []intake.CaseRow, text string) {
	slices.SortStableFunc(rows, func(a, b intake.CaseRow) int {
		return cmp.Compare(inNumber(a.CaseID, text), inNumber(b.CaseID, text))
	})
}

// inNumber is 0 where the text is a number of its own in the case's, or has none at its edges, and 1 otherwise.
func inNumber(caseID, text string) int {
	before, after, ok := strings.Cut(rules.FoldCaseID(caseID), text)
	if !ok || text == "" || digitAt(before, len(before)-1) && digitAt(text, 0) ||
		digitAt(text, len(text)-1) && digitAt(after, 0) {
		return 1
	}
	return 0
}

func digitAt(s string, i int) bool { return i >= 0 && i < len(s) && '0' <= s[i] && s[i] <= '9' }
