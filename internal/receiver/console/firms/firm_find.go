// Package firms is the market-entity register (主体库) at the console: the search in it, and the page of one firm.
package firms

import (
	"embed"
	"errors"
	"html/template"
	"strconv"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/registrar"
)

//go:embed *.html
var templates embed.FS

// notices are what is said after something was done.
var notices = map[string]string{"renewed": "主体库已有新的快照，原来的页面不再有效，请重新查询。"}

// Pages are the search in the register, and each firm of it.
func Pages() page.Group {
	return page.Group{Templates: templates, Notices: notices, Funcs: template.FuncMap{"sample": page.ShownCode},
		Routes: []page.Route{
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

// firmRow is a firm that was found.
type firmRow struct {
	page.Firm
	Link string
}

func firmsPage(q *page.Request) (page.Answer, error) {
	d := firmsData{Fields: page.Fields(q.Selection()), Reset: q.Link("/firms")}
	var err error
	if d.Register, err = q.RegisterState(); err != nil {
		return nil, err
	}
	d.Counts, d.Oddities = countsOf(d.Register.Snapshot.Report)
	only, problem := findFirms(q, &d)
	if only != "" {
		return page.Redirect(only), nil
	}
	if problem != nil && !errors.Is(problem, intake.ErrInvalid) {
		return nil, problem
	}
	return page.View{Template: "firm_find", Wide: true, Title: "主体库", Data: d, Problem: problem}, nil
}

// findFirms fills in what the query asks for. only is the page of the firm where the query is the code of one.
func findFirms(q *page.Request, d *firmsData) (only string, err error) {
	text := q.Field("q")
	if text == "" {
		return "", nil
	}
	after, err := readRow(q.Field("after"))
	if err != nil {
		return "", err
	}
	found, err := q.Register.Search(q.Context(), q.Who, text, after)
	if err != nil {
		return "", err
	}
	n, snapshot := len(found.Firms), found.State.Snapshot.ID
	d.Asked, d.ByCode = true, found.Kind == registrar.ByCode
	if d.ByCode && n == 1 && after == 0 {
		return firmPath(snapshot, found.Firms[0]), nil
	}
	for _, f := range found.Firms {
		d.Rows = append(d.Rows, firmRow{page.NewFirm(f, false), q.Link(firmPath(snapshot, f))})
	}
	if n > 0 {
		d.Pager = q.Pager("", strconv.Itoa(found.Firms[n-1].RowNo), false, found.More)
	}
	return "", nil
}

// firmPath is the page of a row of a snapshot.
func firmPath(snapshot int64, f register.Firm) string {
	return "/firms/" + strconv.FormatInt(snapshot, 10) + "/" + strconv.Itoa(f.RowNo)
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
