package cases

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

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
	Reveal   page.PurposeForm // of the list's names
	Take     page.PurposeForm // of the body
	May      mayDo
	Today    string
	Other    []intake.CaseRow // the same caseid, sent before or after
	Refused  refusedDeed

	SevereRows intake.RowNumbers // where a return may be asked for
}

// refusedDeed is what was written for a deed that was not done.
type refusedDeed struct{ Deed, Text, Rows, Choice string }

// Typed is what stands in the field of a deed: what was written for it before.
func (d caseData) Typed(deed string) string {
	if d.Refused.Deed == deed {
		return d.Refused.Text
	}
	return ""
}

// TypedRows is what stands in the field of the rows of a return: what was written for it before, or else the rows with
// severe findings.
func (d caseData) TypedRows() string {
	if d.Refused.Deed == "ask" {
		return d.Refused.Rows
	}
	return strings.ReplaceAll(string(d.SevereRows), ",", "、")
}

// said is what an event says: a text, and rows of the list.
type said struct {
	Text string
	Rows intake.RowNumbers
}

func saidOf(e intake.CaseEvent) said {
	if e.Kind != intake.EventAsk {
		return said{Text: e.Detail}
	}
	reason, rows, _ := intake.ReadAskDetail(e.Detail)
	return said{reason, rows}
}

// Chosen is what was chosen in the form of a deed before.
func (d caseData) Chosen(deed string) string {
	if d.Refused.Deed == deed {
		return d.Refused.Choice
	}
	return ""
}

// Unsaved is what was written for a deed that cannot be done any more, so that it has no field: "" where there is none.
func (d caseData) Unsaved() string {
	fields := map[string]bool{"note": d.May.Note, "check": d.May.Check, "reopen": d.May.Reopen, "unpublish": d.May.Unpublish, "ask": d.May.Ask, "decide": d.May.Decide,
		"askpublish": d.May.AskPublish, "agree": d.May.Agree}
	if shown, has := fields[d.Refused.Deed]; shown || !has {
		return ""
	}
	return d.Refused.Text
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

// mayDo is which deeds the officer may do with the case as it stands.
type mayDo struct {
	Note, Check, Reopen, Publish, Unpublish, Ask, Withdraw, Decide bool
	AskPublish, WithdrawPublish, Agree                             bool // of a publication without a check
}

func mayDoWith(q *page.Request, r intake.CaseRow) (m mayDo) {
	work := q.Who.Role.May(intake.WorkCases)
	asked, agreed := !r.Work.Asked.IsZero(), !r.Work.Publish.Asked.IsZero()
	open := r.Returned.IsZero() && !asked && !agreed
	m.Note = work
	m.Check = work && open && !r.Verified.IsZero() && (r.Work.Checked.IsZero() || r.Doubted())
	m.Reopen = work && open && !r.Work.Checked.IsZero()
	m.Publish = work && open && r.Work.Published == "" && !r.NeedsSecond()
	m.AskPublish = work && open && r.Work.Published == "" && r.NeedsSecond()
	m.Unpublish = work && open && r.Work.Published != ""
	m.Ask = work && open && r.Work.Published == ""
	me := intake.ConsoleActor(q.Who.Name)
	mine := r.Work.AskedBy == me
	m.WithdrawPublish = work && agreed && r.Work.Publish.By == me
	m.Agree = q.Who.Role.May(intake.ConfirmReturns) && agreed && r.Work.Publish.By != me
	m.Withdraw = work && asked && mine
	m.Decide = q.Who.Role.May(intake.ConfirmReturns) && asked && !mine
	return m
}

func casePage(q *page.Request) (page.Answer, error) { return showCase(q, nil) }

// showCase shows the case of the path, with what was wrong about a deed.
func showCase(q *page.Request, problem error) (page.Answer, error) {
	f, err := q.Cases.CaseFile(q.Context(), q.Who, q.PathValue("acceptid"))
	if err != nil {
		return nil, err
	}
	d := caseData{CaseFile: f, Tags: q.States(f.CaseRow), Doubts: page.Doubts(f.CaseRow), Deadline: q.Deadline(f.PenaltyDate), May: mayDoWith(q, f.CaseRow), Today: q.Today().String()}
	if problem != nil {
		d.Refused = refusedDeed{path.Base(q.URL.Path), q.FormValue("text"), q.FormValue("rows"), q.FormValue("choice")}
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
	return page.View{Template: "case_show", Title: "案件 " + f.AcceptID, Head: "案件编号 " + display.Plain(f.CaseID), Data: d, Problem: problem}, nil
}

func loadTexts(q *page.Request, d *caseData) (err error) {
	d.Texts, err = q.Cases.CaseTexts(q.Context(), q.Who, d.Case)
	if errors.Is(err, intake.ErrDamaged) {
		d.Damaged, err = "存档报文与受理时的记录不符，不能显示。请暂停处理本案，并联系系统管理员执行 diaoxiao db check。", nil
	}
	return err
}

func loadSender(q *page.Request, d *caseData) error {
	apps, err := q.Desk.Apps(q.Context())
	for _, a := range apps {
		if a.ID == d.AppID {
			d.App = a
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

// deed is one form of the case's page: it does something with the case and shows it again.
func deed(notice string, do func(*page.Request, string) error) func(*page.Request) (page.Answer, error) {
	return func(q *page.Request) (page.Answer, error) {
		id := q.PathValue("acceptid")
		err := do(q, id)
		if errors.Is(err, intake.ErrInvalid) || errors.Is(err, intake.ErrExists) || errors.Is(err, intake.ErrSamePerson) || errors.Is(err, casework.ErrUnchecked) {
			return showCase(q, err)
		}
		if err != nil {
			return nil, err
		}
		return page.Done(q.Selecting("/cases/"+id), notice), nil
	}
}

func noteCase(q *page.Request, id string) error {
	return q.Cases.AddNote(q.Context(), q.Who, id, q.Field("text"))
}

// checkCase takes the findings that the page showed for read, and no others.
func checkCase(q *page.Request, id string) error {
	read, err := readSeen(q)
	if err != nil {
		return err
	}
	return q.Cases.Check(q.Context(), q.Who, id, q.Field("text"), read)
}

// seenText writes what the page shows as known of the case into a form; request.seen reads it.
func seenText(s intake.Seen) string {
	at := int64(0)
	if !s.Verified.IsZero() {
		at = s.Verified.UnixMilli()
	}
	return fmt.Sprintf("%d.%d.%d.%d", at, s.Newest, s.Severe, s.Warnings)
}

func readSeen(q *page.Request) (*intake.Seen, error) {
	var s intake.Seen
	var at int64
	if _, err := fmt.Sscanf(q.Field("seen"), "%d.%d.%d.%d", &at, &s.Newest, &s.Severe, &s.Warnings); err != nil {
		return nil, intake.Invalid("不知道依据的是哪一次核验的提示，请在案件页上办理")
	}
	if at != 0 {
		s.Verified = time.UnixMilli(at)
	}
	return &s, nil
}

func reopenCase(q *page.Request, id string) error {
	return q.Cases.Reopen(q.Context(), q.Who, id, q.Field("text"))
}
func publishCase(q *page.Request, id string) error {
	return q.Cases.Publish(q.Context(), q.Who, id, q.Field("day"))
}
func unpublishCase(q *page.Request, id string) error {
	return q.Cases.Unpublish(q.Context(), q.Who, id, q.Field("text"))
}
func askReturn(q *page.Request, id string) error {
	return q.Cases.AskReturn(q.Context(), q.Who, id, q.Field("text"), q.Field("rows"))
}
func withdrawReturn(q *page.Request, id string) error {
	return q.Cases.WithdrawReturn(q.Context(), q.Who, id)
}

func askPublish(q *page.Request, id string) error {
	return q.Cases.AskPublish(q.Context(), q.Who, id, q.Field("day"), q.Field("text"))
}
func withdrawPublish(q *page.Request, id string) error {
	return q.Cases.WithdrawPublish(q.Context(), q.Who, id)
}

// revealNames shows the names of the case's list to this visit for a while.
func revealNames(q *page.Request, id string) error {
	ps, err := q.Staff.Policies(q.Context())
	if err != nil {
		return err
	}
	return q.Cases.RevealNames(q.Context(), q.Who, q.Who.Token, id, q.Purpose(), time.Duration(ps[intake.RevealMinutes])*time.Minute)
}

// takeBody gives the body out as it was sent.
func takeBody(q *page.Request) (page.Answer, error) {
	c, err := q.Cases.TakeBody(q.Context(), q.Who, q.PathValue("acceptid"), q.Purpose())
	if errors.Is(err, intake.ErrInvalid) {
		return showCase(q, err)
	}
	if err != nil {
		return nil, err
	}
	return page.File{Name: c.AcceptID + ".json", Kind: "application/json", Write: func(w io.Writer) error {
		body, err := q.Desk.Body(c)
		if err != nil {
			return err
		}
		_, err = io.Copy(w, body)
		return errors.Join(err, body.Close())
	}}, nil
}

// position reads a number of the list as people count, from one.
func position(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 0, intake.Invalid("清单序号“%s”应为从1开始的数字", s)
	}
	return n - 1, nil
}

// outcome is how a receive call ended, in words.
func outcome(o intake.Outcome) string {
	switch o {
	case intake.Accepted:
		return "受理"
	case intake.Repeated:
		return "重复报送，答复原受理号"
	case intake.Refused:
		return "拒绝"
	}
	return string(o)
}
