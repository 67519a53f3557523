package main

import (
	"fmt"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/sender/sheet"
)

// entityView is one entity of a list, as it is sent.
type entityView struct {
	placeView `json:"at"`
	PripID    string `json:"pripid"`
	UniscID   string `json:"uniscid"`
	Legal     string `json:"legal"`
	EntType   string `json:"enttype"`
	at        sheet.Place
}

// ends are the first and the last entity of the list, in a dry run; nil where they are not there, or one.
func (k *candidate) ends() (first, last *entityView) {
	f := &k.found
	if !f.some {
		return nil, nil
	}
	first = k.entityView(f.firstPos, f.first)
	if f.lastPos != f.firstPos {
		last = k.entityView(f.lastPos, f.last)
	}
	return first, last
}

func (k *candidate) entityView(pos int, e api.Entity) *entityView {
	at := k.place(pos, "")
	return &entityView{viewPlace(at), e.PripID, e.UniscID, e.Legal, e.EntType, at}
}

// text is for people: it is the sender's own screen, so names stand as they are.
func (e *entityView) text() string {
	return fmt.Sprintf("    %s  身份代码 %s  信用代码 %s  法定代表人 %s  类型 %s", display.Plain(e.at.String()), display.Marked(e.PripID), display.Marked(e.UniscID),
		display.Marked(e.Legal), display.Marked(e.EntType))
}

// fit tells a case of a dry run that can be sent, with what would be.
func (p *submitPrinter) fit(v *submitView, k *candidate) error {
	v.PenaltyDate, v.PenaltyOrg = k.decoded.Case.PenaltyDate, k.decoded.Case.PenaltyOrg
	v.First, v.Last = k.ends()
	word := "将发送"
	if v.Held != "" {
		word = stateHeld
	}
	lines := []string{fmt.Sprintf("%s  案件 %s（%s 户）  处罚决定日期 %s  处罚决定机关 %s", word, display.Marked(v.CaseID), display.Count(v.Items), display.Marked(v.PenaltyDate),
		display.Marked(v.PenaltyOrg))}
	for _, e := range []*entityView{v.First, v.Last} {
		if e != nil {
			lines = append(lines, e.text())
		}
	}
	return p.tell(v, "fit", lines...)
}
