package calls

import (
	"strconv"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// callData is one call.
type callData struct {
	callRow
	App   intake.AppDetail // zero: not known
	Case  string           // where its case is shown, "" where there is none, or it may not be looked at
	Found string           // the acceptid of the case that its app sent under the same caseid, where it is not its own
	Text  string           // for the sender
	Back  string           // the list that the page was opened from
}

func callPage(q *page.Request) (page.Answer, error) {
	no, err := strconv.ParseInt(q.PathValue("no"), 10, 64)
	if err != nil {
		return nil, intake.ErrNotFound
	}
	c, err := q.Calls.Call(q.Context(), q.Who, no)
	if err != nil {
		return nil, err
	}
	d := callData{callRow: newCallRow(q, c), Back: q.Link(withQuery(q, "/calls"))}
	if d.App, err = appOf(q, c.AppID); err != nil {
		return nil, err
	}
	if err := d.readCase(q); err != nil {
		return nil, err
	}
	d.Text = sayTo(d.callRow)
	return page.View{Template: "call_show", Title: "报送记录" + c.RequestID, Data: d}, nil
}

func (d *callData) readCase(q *page.Request) error {
	if !q.Who.Role.May(intake.LookCases) {
		return nil
	}
	id, err := q.Calls.CaseOf(q.Context(), q.Who, d.Call)
	if id != "" {
		d.Case = q.Link("/cases/" + id)
	}
	if id != d.AcceptID {
		d.Found = id
	}
	return err
}

func appOf(q *page.Request, id int64) (intake.AppDetail, error) {
	apps, err := q.Desk.Apps(q.Context(), q.Who)
	for _, a := range apps {
		if a.ID == id {
			return a, err
		}
	}
	return intake.AppDetail{}, err
}

// toldRow is one error that the sender was told, with its entry of the catalogue.
type toldRow struct {
	intake.ToldError
	Info api.CodeInfo
}

// toldRows are the errors of a call as they were told, and how many more there were.
func toldRows(t intake.Told) (rows []toldRow, more int) {
	es, all := t.Errors()
	for _, e := range es {
		rows = append(rows, toldRow{e, page.CodeInfo(e.Code)})
	}
	return rows, all - len(rows)
}
