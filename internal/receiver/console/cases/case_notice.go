package cases

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// returnNotice is the return of a case, or the one that somebody asks for.
type returnNotice struct {
	At        time.Time // when it was returned; zero: it is not yet
	Asked     time.Time // zero: nobody has asked
	AskedBy   intake.Actor
	DecidedBy intake.Actor
	Reason    string
	Rows      intake.RowNumbers
}

// returnOf is the return of a case, or the one that waits for a decision; the zero value: there is none.
func returnOf(f casework.CaseFile) (n returnNotice) {
	for _, e := range f.Events {
		switch e.Kind {
		case intake.EventAsk:
			n = returnNotice{Asked: e.At, AskedBy: e.By}
			n.Reason, n.Rows, _ = intake.ReadAskDetail(e.Detail)
		case intake.EventWithdraw, intake.EventRefuse:
			n = returnNotice{}
		}
	}
	if !f.Returned.IsZero() {
		n.At, n.DecidedBy, n.Reason, n.Rows = f.Returned, f.Return.By, f.Return.Reason, f.Return.Rows
	}
	return n
}

// HasNotice reports whether there is a notice of return to print.
func (d caseData) HasNotice() bool { return returnOf(d.CaseFile).there() }

func (n returnNotice) there() bool { return !n.Asked.IsZero() || !n.At.IsZero() }

// noticeData is what a notice of return says.
type noticeData struct {
	casework.CaseFile
	returnNotice
	App     intake.App
	Draft   bool // the case is not returned yet
	Named   bool // the rows are those that the return names; otherwise those with findings
	Listed  []noticeRow
	LeftOut bool
	Whole   bool   // names are whole
	Here    string // the path of the case

	Clerk, Reviewer string // who asked and who decided; "": nobody yet
}

// Day is when the case was returned, "" where it is not.
func (d noticeData) Day() string {
	if d.At.IsZero() {
		return ""
	}
	return d.At.In(beijingtime.Zone).Format("2006年1月2日")
}

// noticeRow is a row of a list on paper.
type noticeRow struct {
	No                              int
	UniscID, PripID, Legal, EntType string
	Name, Verdict, Members          string
	Findings                        []string
}

// noticeRows is how many rows a notice has.
const noticeRows = 1000

func noticePage(q *page.Request) (page.Answer, error) {
	f, err := q.Cases.CaseFile(q.Context(), q.Who, q.PathValue("acceptid"))
	if err != nil {
		return nil, err
	}
	n := returnOf(f)
	if !n.there() {
		return showCase(q, intake.Invalid("本案没有退回，也没有申请退回，不能打印退回通知书"))
	}
	d := noticeData{CaseFile: f, returnNotice: n, Draft: n.At.IsZero(), Named: n.Rows != "",
		Here: q.Link("/cases/" + f.AcceptID), Clerk: q.Person(n.AskedBy), Reviewer: q.Person(n.DecidedBy)}
	if err := fillNotice(q, &d); err != nil {
		return nil, err
	}
	return page.View{Template: "case_notice", Title: "退回通知书", Data: d,
		Head: caseHead(f.CaseRow)}, nil
}

func fillNotice(q *page.Request, d *noticeData) (err error) {
	if d.App, err = appOf(q, d.AppID); err != nil {
		return err
	}
	if d.Whole, err = q.Cases.Revealed(q.Context(), q.Who, q.Who.Token, d.No); err != nil {
		return err
	}
	for e, err := range d.entities(q) {
		if err != nil {
			return err
		}
		if d.LeftOut = len(d.Listed) == noticeRows; d.LeftOut {
			break
		}
		d.Listed = append(d.Listed, newNoticeRow(newListedRow(casework.ListedEntity{Case: d.CaseRow, Entity: e},
			d.Whole, true)))
	}
	return q.Noted(d.AcceptID, "打印退回通知书"+namesText(d.Whole), len(d.Listed))
}

// entities are the rows that the notice lists.
func (d *noticeData) entities(q *page.Request) iter.Seq2[casework.DoubtedEntity, error] {
	if d.Named {
		return q.Cases.NamedEntities(q.Context(), q.Who, d.No, d.returnNotice.Rows)
	}
	return stillFaulty(q.Cases.FaultyEntities(q.Context(), q.Who, d.No, ""), "")
}

func newNoticeRow(r listedRow) noticeRow {
	members, _ := r.mending()
	j := r.sent.Judged
	n := noticeRow{No: r.sent.Pos + 1, UniscID: display.Plain(r.shown.UniscID), PripID: display.Plain(r.shown.PripID),
		Legal: display.Plain(r.shown.Legal), EntType: display.Plain(r.shown.EntType),
		Name: display.Plain(j.Firm.Name), Verdict: j.Shown.String(), Members: strings.Join(members, "、")}
	if j.Firm != (register.Firm{}) && j.Firm.State != register.Live {
		n.Verdict += fmt.Sprintf("（登记状态：%s）", j.Firm.State)
	}
	for _, text := range r.findings() {
		n.Findings = append(n.Findings, display.Plain(text))
	}
	return n
}

// appOf is an app by its number, zero where there is none.
func appOf(q *page.Request, id int64) (app intake.App, err error) {
	apps, err := q.Desk.Apps(q.Context(), q.Who)
	for _, a := range apps {
		if a.ID == id {
			app = a.App
		}
	}
	return app, err
}
