// Package firms is the market-entity register (主体库) at the console: the search in it, and the page of one firm.
package firms

import (
	"embed"
	"errors"
	"html/template"
	"strconv"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/registrar"
	"diaoxiao/internal/rules"
)

//go:embed *.html
var templates embed.FS

// notices are what is said after something was done.
var notices = map[string]string{"renewed": "主体库已有新的快照，原来的页面不再有效，请重新查询。"}

// Pages are the search in the register, and each firm of it.
func Pages() page.Group {
	return page.Group{Templates: templates, Notices: notices, Funcs: template.FuncMap{"sample": shownCode}, Routes: []page.Route{
		page.Section("/firms", "主体库", intake.LookRegister, firmsPage),
		page.Get("/firms/{snapshot}/{row}", intake.LookRegister, firmPage),
	}}
}

// firmsData is a page of a search in the register.
type firmsData struct {
	page.Fields
	Register page.RegisterState
	Counts   []stateCount
	Oddities []oddityCount
	Asked    bool
	ByCode   bool
	Rows     []firmRow
	Pager    page.Pager
	Reset    string
}

// firmRow is a firm as the register has it, as it is shown.
type firmRow struct {
	Link                                                   string
	Name, Legal, UniscID, RegNo, PripID, EntType, TypeName string
	State                                                  page.Tag
	StateText, Organ, Founded, Approved                    string
}

// newFirmRow masks the name of the legal representative, as all lists do.
func newFirmRow(q *page.Request, snapshot int64, f register.Firm) firmRow {
	r := firmRow{Name: display.Plain(f.Name), Legal: display.Plain(page.Mask(f.Legal)),
		UniscID: shownCode(f.UniscID), RegNo: shownCode(f.RegNo), PripID: shownCode(f.PripID),
		EntType: shownCode(f.EntType), State: page.FirmStateTag(f.State), Organ: display.Plain(f.Organ),
		Founded: f.Founded, Approved: f.Approved}
	if t, ok := rules.EntTypeByCode(f.EntType); ok {
		r.TypeName = t.Name
	}
	if f.StateText != f.State.String() {
		r.StateText = display.Plain(f.StateText)
	}
	if path := page.FirmPath(snapshot, f.RowNo); path != "" {
		r.Link = q.Link(path)
	}
	return r
}

// shownCode is a code with a personal ID number in it masked.
func shownCode(s string) string { return display.Plain(rules.MaskPersonal(s)) }

func firmsPage(q *page.Request) (page.Answer, error) {
	d := firmsData{Fields: page.Fields(q.Selection()), Reset: q.Link("/firms")}
	var err error
	if d.Register, err = q.RegisterState(); err != nil {
		return nil, err
	}
	d.Counts, d.Oddities = countsOf(d.Register.Snapshot.Report)
	problem := findFirms(q, &d)
	if problem != nil && !errors.Is(problem, intake.ErrInvalid) {
		return nil, problem
	}
	return page.View{Template: "firm_find", Wide: true, Title: "主体库", Data: d, Problem: problem}, nil
}

// findFirms fills in what the query asks for.
func findFirms(q *page.Request, d *firmsData) error {
	text := q.Field("q")
	if text == "" {
		return nil
	}
	after, err := readRow(q.Field("after"))
	if err != nil {
		return err
	}
	found, err := q.Register.Search(q.Context(), q.Who, text, after)
	if err != nil {
		return err
	}
	d.Asked, d.ByCode = true, found.Kind == registrar.ByCode
	for _, f := range found.Firms {
		d.Rows = append(d.Rows, newFirmRow(q, found.State.Snapshot.ID, f))
	}
	if n := len(found.Firms); n > 0 {
		last := strconv.Itoa(found.Firms[n-1].RowNo)
		d.Pager = q.Pager("", last, false, found.More)
	}
	return nil
}

// readRow reads the number of a row, 0 where there is none.
func readRow(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 0 {
		return 0, intake.Invalid("没有这一页，请重新查询")
	}
	return int(n), nil
}
