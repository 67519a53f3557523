package entities

import (
	"html/template"
	"strconv"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// hitRow is an entity that was found, with its case.
type hitRow struct {
	PripID, UniscID, EntType template.HTML
	PripLink, CodeLink, Link string
	Legal                    string // masked
	No                       int
	Case                     intake.CaseRow
	States                   []page.Tag
	Worst                    page.Tag
	CaseLink                 string
	Verdict                  page.Verdict
}

// newHitRow marks what differs from another row; nil: nothing.
func newHitRow(q *page.Request, h casework.EntityHit, from *casework.EntityHit) hitRow {
	code, pripid, entType := rules.MaskPersonal(h.UniscID), rules.MaskPersonal(h.PripID), rules.MaskPersonal(h.EntType)
	at := q.Link("/cases/" + h.Case.AcceptID)
	r := hitRow{UniscID: differing(code, code), PripID: differing(pripid, pripid), EntType: differing(entType, entType),
		Legal: display.Plain(page.Mask(h.Legal)), Verdict: q.Verdict(h.Judged), No: h.Pos + 1, Case: h.Case,
		States: q.States(h.Case), CaseLink: at, Link: at + "/entities/" + strconv.Itoa(h.Pos+1),
		CodeLink: q.EntityLink("uniscid", code), PripLink: q.EntityLink("pripid", pripid)}
	if from != nil {
		r.UniscID, r.PripID = differing(rules.MaskPersonal(from.UniscID), code),
			differing(rules.MaskPersonal(from.PripID), pripid)
		r.EntType = differing(rules.MaskPersonal(from.EntType), entType)
	}
	if h.Worst > 0 {
		r.Worst = page.Tag{Class: page.SeverityClass(h.Worst), Text: h.Worst.String()}
	}
	return r
}

// differing is b with the characters marked in which it is not a; of another length, all after the first difference.
func differing(a, b string) template.HTML {
	return template.HTML(page.Marked([]rune(b), page.Differing(a, b)))
}
