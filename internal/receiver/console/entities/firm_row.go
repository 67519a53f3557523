package entities

import (
	"strconv"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/register"
)

// firmRow is a firm of the register, with where it is listed.
type firmRow struct {
	page.Firm
	Link       string // to the firm
	Cases      string // in which cases it is listed, in words; "": in none
	CasesLink  string
	Code, Prip string // to be copied; "": there is none, or it is masked
}

// mostFirms is how many firms of a name are listed.
const mostFirms = 500

// fillFirms lists the firms of the register that have a text in their names.
func fillFirms(q *page.Request, d *entitiesData) error {
	found, err := q.Register.Named(q.Context(), q.Who, d.Text, mostFirms)
	if err != nil {
		return err
	}
	firms, pager := page.CutFrom(q, found.Firms)
	d.Pager = q.Counted(pager, len(found.Firms), found.More, "户")
	listed, err := q.Cases.Listings(q.Context(), q.Who, firms)
	if err != nil {
		return err
	}
	for i, f := range firms {
		path := "/firms/" + strconv.FormatInt(found.State.Snapshot.ID, 10) + "/" + strconv.Itoa(f.RowNo)
		d.Firms = append(d.Firms, newFirmRow(q, f, listed[i], path))
	}
	return nil
}

func newFirmRow(q *page.Request, f register.Firm, l casework.Listing, path string) firmRow {
	r := firmRow{Firm: page.NewFirm(f, false), Link: q.Link(path)}
	r.Code, r.Prip = copied(r.UniscID), copied(r.PripID)
	switch {
	case l.Rows == 1:
		r.Cases = display.Plain(l.One.CaseID)
		r.CasesLink = q.Link("/cases/" + l.One.AcceptID + "/entities/" + strconv.Itoa(l.Pos+1))
	case l.Rows > 1:
		r.Cases = strconv.Itoa(l.Rows) + "户次"
		if l.More {
			r.Cases += "以上"
		}
		r.CasesLink = r.Link
	}
	return r
}
