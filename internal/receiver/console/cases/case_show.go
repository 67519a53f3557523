package cases

import (
	"errors"
	"path"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// caseData is one case with all that is known of it.
type caseData struct {
	casework.CaseFile
	Texts    api.Case
	Damaged  string // why the texts cannot be shown; "": they are
	Tags     []page.Tag
	Doubts   []page.Tag
	Deadline page.Deadline
	App      intake.App
	Own      []foundOne // about the case itself
	Attempts []intake.Attempt
	List     entityList

	Comparison page.Comparison

	Reveal  page.PurposeForm // of the list's names
	Take    page.PurposeForm // of the body
	May     casework.Steps
	Today   string
	Other   []intake.CaseRow // the same caseid, sent before or after
	Refused refusedForm

	SevereRows intake.RowNumbers // where a return may be asked for
}

// AttemptsLeftOut reports whether there may be more attempts than are shown.
func (d caseData) AttemptsLeftOut() bool { return len(d.Attempts) >= mostAttempts }

// mostAttempts is how many the desk lists, see intake.Cases.AttemptsOf.
const mostAttempts = 1000

// Read is what the page shows as known of the case, for its forms.
func (d caseData) Read() string { return seenText(d.Seen()) }

// Nth is how often its caseid was sent, this time included.
func (d caseData) Nth() int { return d.Revision + 1 }

// Sum is the SHA-256 of the body as sent.
func (d caseData) Sum() []byte { return d.SHA256[:] }

// ValueDigest is the digest of its values.
func (d caseData) ValueDigest() []byte { return d.Digest[:] }

func casePage(q *page.Request) (page.Answer, error) { return showCase(q, nil) }

// showCase shows the case of the path, with what was wrong about a form.
func showCase(q *page.Request, problem error) (page.Answer, error) {
	f, err := q.Cases.CaseFile(q.Context(), q.Who, q.PathValue("acceptid"))
	if err != nil {
		return nil, err
	}
	d := caseData{CaseFile: f, Tags: q.States(f.CaseRow), Doubts: page.Doubts(f.CaseRow),
		Deadline: q.Deadline(f.PenaltyDate), May: casework.StepsOf(q.Who, f.CaseRow), Today: q.Today().String()}
	if problem != nil {
		d.Refused = refusedForm{path.Base(q.URL.Path), q.FormValue("text"), q.FormValue("rows"), q.FormValue("choice")}
	}
	at := q.Link("/cases/" + f.AcceptID)
	d.Take = page.NewPurposeForm("body", at+"/body", "下载", "报文含有法定代表人姓名，属个人信息，只用于所写目的。")
	d.Take.Download = true
	for _, load := range []func(*page.Request, *caseData) error{
		loadTexts, loadSender, loadFindings, fillEntities, loadSevereRows,
	} {
		if err := load(q, &d); err != nil {
			return nil, err
		}
	}
	d.Reveal = page.NewPurposeForm("reveal", at+"/reveal"+d.List.Here+"#list", "显示姓名", "姓名属个人信息，在清单中默认遮盖；单户可点序号查看。")
	return page.View{Template: "case_show", Title: "案件 " + f.AcceptID, Head: "案件编号 " + display.Plain(f.CaseID), Data: d,
		Problem: problem}, nil
}

func loadTexts(q *page.Request, d *caseData) (err error) {
	d.Texts, err = q.Cases.CaseTexts(q.Context(), q.Who, d.Case)
	if errors.Is(err, intake.ErrDamaged) {
		d.Damaged, err = "存档报文与受理时的记录不符，不能显示。请暂停处理本案，并联系系统管理员执行 diaoxiao db check。", nil
	}
	return err
}

func loadSender(q *page.Request, d *caseData) error {
	apps, err := q.Desk.Apps(q.Context(), q.Who)
	for _, a := range apps {
		if a.ID == d.AppID {
			d.App = a.App
		}
	}
	if err != nil {
		return err
	}
	if d.Attempts, err = q.Cases.AttemptsOf(q.Context(), q.Who, d.AcceptID); err != nil {
		return err
	}
	p, err := q.Cases.SearchCases(q.Context(), q.Who, intake.CaseQuery{AppID: d.AppID, CaseID: d.CaseID})
	for _, r := range p.Rows {
		if r.No != d.No {
			d.Other = append(d.Other, r)
		}
	}
	return err
}

func loadSevereRows(q *page.Request, d *caseData) (err error) {
	if d.May.Ask {
		d.SevereRows, err = q.Cases.SevereRows(q.Context(), q.Who, d.No)
	}
	return err
}

func loadFindings(q *page.Request, d *caseData) error {
	own, err := q.Cases.CaseFindings(q.Context(), q.Who, d.No)
	d.Own = foundAbout(q, d.AcceptID, own, "")
	return err
}
