package entities

import (
	"cmp"
	"html/template"
	"strconv"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// hitRow is an entity that was found, with its case.
type hitRow struct {
	PripID, UniscID, EntType template.HTML
	Code, Prip               string // to be copied; "": there is none, or it is masked
	File, Link               string // to all that was sent about it, and to the row of the case
	Legal                    string // masked
	No                       int
	Case                     intake.CaseRow
	Received                 string
	States                   []page.Tag
	StateText                string // of the tags
	Worst                    page.Tag
	CaseLink                 string
	Verdict                  page.Verdict
}

// newHitRow marks what differs from another row; nil: nothing.
func newHitRow(q *page.Request, h casework.EntityHit, from *casework.EntityHit) hitRow {
	like := h
	if from != nil {
		like = *from
	}
	at, states := q.Link("/cases/"+h.Case.AcceptID), q.States(h.Case)
	r := hitRow{UniscID: differing(rules.MaskPersonal(like.UniscID), rules.MaskPersonal(h.UniscID)),
		PripID:  differing(rules.MaskPersonal(like.PripID), rules.MaskPersonal(h.PripID)),
		EntType: differing(rules.MaskPersonal(like.EntType), rules.MaskPersonal(h.EntType)),
		Code:    copied(rules.MaskPersonal(h.UniscID)), Prip: copied(rules.MaskPersonal(h.PripID)),
		Legal: display.Plain(page.Mask(h.Legal)), Verdict: q.Verdict(h.Judged), No: h.Pos + 1, Case: h.Case,
		Received: page.ShortClock(h.Case.Received, q.Clock()), States: states, StateText: page.Texts(states),
		CaseLink: at, Link: at + "/entities/" + strconv.Itoa(h.Pos+1)}
	if from == nil {
		r.File = cmp.Or(q.EntityLink("uniscid", r.Code), q.EntityLink("pripid", r.Prip))
	}
	if h.Worst > 0 {
		r.Worst = page.Tag{Class: page.SeverityClass(h.Worst), Text: h.Worst.String()}
	}
	return r
}

// copied is a code that can be copied; "": it is masked.
func copied(code string) string {
	if strings.Contains(code, "*") {
		return ""
	}
	return code
}

// differing is b with the characters marked in which it is not a; of another length, all after the first difference.
func differing(a, b string) template.HTML {
	return template.HTML(page.Marked([]rune(b), page.Differing(a, b)))
}
