package firms

import (
	"errors"
	"strconv"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// firmData is one firm of the register, and every case that names it.
type firmData struct {
	Firm     page.Firm
	Register page.RegisterState
	Rows     []caseRow
	More     bool   // there are more cases than are shown
	File     string // leads to everything that was sent under its codes
}

// caseRow is a row of a case that names the firm.
type caseRow struct {
	UniscID, PripID, Legal, EntType string
	Case                            intake.CaseRow
	No                              int
	States                          []page.Tag
	Worst                           page.Tag
	Verdict                         page.Verdict
	CaseLink, Link                  string
}

func firmPage(q *page.Request) (page.Answer, error) {
	snapshot, err := strconv.ParseInt(q.PathValue("snapshot"), 10, 64)
	row, bad := strconv.Atoi(q.PathValue("row"))
	if err != nil || bad != nil {
		return nil, intake.ErrNotFound
	}
	f, state, err := q.Register.Firm(q.Context(), q.Who, snapshot, row)
	if errors.Is(err, intake.ErrNotFound) && state.There && state.Snapshot.ID != snapshot {
		return page.Done("/firms", "renewed"), nil
	}
	if err != nil {
		return nil, err
	}
	d := firmData{Firm: page.NewFirm(f, false), Register: page.RegisterState{State: state}, File: fileOf(q, f)}
	hits, more, err := q.Cases.FirmRows(q.Context(), q.Who, f)
	if err != nil {
		return nil, err
	}
	d.More = more
	for _, h := range hits {
		d.Rows = append(d.Rows, newCaseRow(q, h))
	}
	return page.View{Template: "firm_show", Wide: true, Title: d.Firm.Title(), Data: d}, nil
}

// fileOf leads to everything that was sent about the firm.
func fileOf(q *page.Request, f register.Firm) string {
	for _, k := range [][2]string{{"pripid", f.PripID}, {"uniscid", f.UniscID}, {"uniscid", f.RegNo}} {
		if to := q.EntityLink(k[0], rules.MaskPersonal(k[1])); to != "" {
			return to
		}
	}
	return ""
}

func newCaseRow(q *page.Request, h casework.EntityHit) caseRow {
	at := q.Link("/cases/" + h.Case.AcceptID)
	r := caseRow{UniscID: page.ShownCode(h.UniscID), PripID: page.ShownCode(h.PripID), Legal: page.Mask(h.Legal),
		EntType: page.ShownCode(h.EntType), Case: h.Case, No: h.Pos + 1, States: q.States(h.Case), CaseLink: at,
		Verdict: q.Verdict(h.Judged), Link: at + "/entities/" + strconv.Itoa(h.Pos+1)}
	if h.Worst > 0 {
		r.Worst = page.Tag{Class: page.SeverityClass(h.Worst), Text: h.Worst.String()}
	}
	return r
}
