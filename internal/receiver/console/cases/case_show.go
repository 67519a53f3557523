package cases

import (
	"errors"
	"path"
	"strings"
	"unicode/utf8"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// caseData is one case with all that is known of it.
type caseData struct {
	q *page.Request
	casework.CaseFile
	Texts    api.Case
	Damaged  string // why the texts cannot be shown; "": they are
	Tags     []page.Tag
	Deadline page.Deadline
	App      intake.App
	Vouched  string     // by whom the case was checked, of whose firms undecided ones have severe findings; "": none
	Own      []foundOne // about the case itself
	Attempts []intake.Attempt
	List     entityList
	Near     neighbours
	Done     string // what was done just now; "": nothing
	Claims   claims

	// By these the list can be filtered; each is there only where it selects something.
	States, Severities, Rules []filterChoice

	Comparison page.Comparison

	Reveal  page.PurposeForm // of the list's names
	Take    page.PurposeForm // of the body
	Package *page.PurposeForm
	May     casework.Steps
	Today   string
	Other   []intake.CaseRow // the same caseid, sent before or after
	Refused refusedForm
	Draft   returnDraft
	Before  intake.Return    // of the case that this one replaces; the zero value: it replaces none
	Resent  *casework.Resent // the comparison with it; nil: not for a list this long

	AttemptsRead int // of its caseid, those of other cases included
}

// AttemptsLeftOut reports whether there may be more attempts than are shown.
func (d caseData) AttemptsLeftOut() bool { return d.AttemptsRead >= mostAttempts }

// mostAttempts is how many the desk lists, see intake.Cases.AttemptsOf.
const mostAttempts = 1000

// Person is an actor as people read it.
func (d caseData) Person(a intake.Actor) string { return d.q.Person(a) }

// Read is what the page shows as known of the case, for its forms.
func (d caseData) Read() string { return seenText(d.Seen()) }

// Nth is how often its caseid was sent, this time included.
func (d caseData) Nth() int { return d.Revision + 1 }

// Sum is the SHA-256 of the body as sent.
func (d caseData) Sum() []byte { return d.SHA256[:] }

// ValueDigest is the digest of its values.
func (d caseData) ValueDigest() []byte { return d.Digest[:] }

// StateClass is how the state of the case is marked: by the gravest of what is said of it.
func (d caseData) StateClass() string {
	switch {
	case d.Damaged != "" || d.Vouched != "" || d.Alarmed() || d.Unchecked() && d.Returned.IsZero():
		return "severe"
	case !d.Returned.IsZero():
		return "off"
	case len(d.Waits) > 0:
		return "warning"
	case d.Work.Published != "":
		return "good"
	}
	return d.Deadline.Class()
}

func casePage(q *page.Request) (page.Answer, error) { return showCase(q, nil) }

// showCase shows the case of the path, with what was wrong about a form.
func showCase(q *page.Request, problem error) (page.Answer, error) {
	f, err := q.Cases.CaseFile(q.Context(), q.Who, q.PathValue("acceptid"))
	if err != nil {
		return nil, err
	}
	d := caseData{q: q, CaseFile: f, Tags: q.States(f.CaseRow), Deadline: q.Deadline(f.PenaltyDate),
		May: casework.StepsOf(q.Who, f.CaseRow), Today: q.Today().String()}
	if problem != nil {
		d.Refused = refusedForm{path.Base(q.URL.Path), q.FormValue("kind"), q.FormValue("text"), q.FormValue("rows"),
			pickedText(q)}
	} else {
		d.Done = doneText(q.URL.Query().Get("done"), f.CaseRow)
	}
	at := q.Link("/cases/" + f.AcceptID)
	d.Take = page.NewPurposeForm("body", at+"/body", "下载", "报文含有法定代表人姓名，属个人信息，只用于所写目的。")
	d.Take.Download = true
	d.Package = packageForm(q, at, packageHint)
	for _, load := range []func(*page.Request, *caseData) error{
		loadTexts, loadBefore, loadSender, loadAttempts, loadFindings, fillEntities, loadChoices, loadDraft,
		loadVouched, loadNeighbours, loadClaims,
	} {
		if err := load(q, &d); err != nil {
			return nil, err
		}
	}
	d.Reveal = page.NewPurposeForm("reveal", at+"/reveal"+d.List.Here+"#list", "显示姓名", "姓名属个人信息，在清单中默认遮盖；单户可点序号查看。")
	return page.View{Template: "case_show", Window: display.Plain(f.CaseID) + " " + display.Plain(f.CaseName),
		Title: "案件", Head: d.sheetHead(), Data: d, Problem: problem}, nil
}

func loadTexts(q *page.Request, d *caseData) (err error) {
	d.Texts, err = q.Cases.CaseTexts(q.Context(), q.Who, d.Case)
	if errors.Is(err, intake.ErrDamaged) {
		d.Damaged, err = "存档报文与受理时的记录不符，不能显示。请暂停处理本案，并联系系统管理员执行 diaoxiao db check。", nil
	}
	return err
}

// mostResent is how many firms a list has at most that is compared with the one before wherever the case is shown.
const mostResent = 5000

// loadBefore reads why the case was returned that this one replaces, and what is different now.
func loadBefore(q *page.Request, d *caseData) error {
	if d.Supersedes == "" {
		return nil
	}
	r, err := q.Cases.Resent(q.Context(), q.Who, d.No, mostResent)
	if d.Before = r.Return; errors.Is(err, intake.ErrDamaged) {
		return nil // said beside the texts
	}
	if r.Compared {
		d.Resent = &r
	}
	return err
}

func loadSender(q *page.Request, d *caseData) error {
	app, err := appOf(q, d.AppID)
	if err != nil {
		return err
	}
	d.App = app
	p, err := q.Cases.SearchCases(q.Context(), q.Who, intake.CaseQuery{AppID: d.AppID, CaseID: d.CaseID})
	for _, r := range p.Rows {
		if r.No != d.No {
			d.Other = append(d.Other, r)
		}
	}
	return err
}

// loadAttempts reads the attempts that led to this case or were refused, not those of another case with its caseid.
func loadAttempts(q *page.Request, d *caseData) error {
	all, err := q.Cases.AttemptsOf(q.Context(), q.Who, d.AcceptID)
	d.AttemptsRead = len(all)
	current := int64(0) // the case that had the caseid at the time
	for _, a := range all {
		if a.CaseNo != 0 {
			current = a.CaseNo
		}
		if a.CaseNo == d.No || a.CaseNo == 0 && (current == d.No || current == 0 && d.Supersedes == "") {
			d.Attempts = append(d.Attempts, a)
		}
	}
	return err
}

func loadFindings(q *page.Request, d *caseData) error {
	own, err := q.Cases.CaseFindings(q.Context(), q.Who, d.No)
	d.Own = foundAbout(q, d.AcceptID, own, "")
	return err
}

// loadVouched reads by whom the case was checked as a whole, where firms with severe findings are not decided on.
func loadVouched(q *page.Request, d *caseData) error {
	if d.AllSevere() == 0 || d.Firms.Open() == 0 || !d.CaseChecked() || !d.Returned.IsZero() {
		return nil
	}
	pos, err := q.Cases.NextFirm(q.Context(), q.Who, d.No, 0, false, casework.EntityFilter{Severity: rules.Severe,
		States: []release.State{release.Ready, release.Held}})
	if err != nil || pos < 0 && !d.Tally.CaseSevere {
		return err
	}
	for _, e := range d.Events {
		if e.Kind == intake.EventCheck {
			d.Vouched = "由" + q.Person(e.By) + "于" + page.Clock(e.At) + "登记核对无误"
		}
	}
	return nil
}

// loadChoices reads by what the list can be filtered, and how much each filter selects.
func loadChoices(q *page.Request, d *caseData) error {
	if d.Verified.IsZero() {
		return nil
	}
	d.Severities = severityChoices(q, d.CaseRow, d.List.Filter)
	d.States = stateChoices(q, d.AcceptID, d.Firms, d.List.Filter)
	if len(d.Severities) == 0 {
		return nil
	}
	byRule, err := q.Cases.RuleCounts(q.Context(), q.Who, d.No)
	d.Rules = ruleChoices(q, d.AcceptID, byRule, d.List.Filter)
	return err
}

// Kept is the query of the list from which the case was opened, for forms that ask for another page of it.
func (d caseData) Kept() string {
	_, kept, _ := strings.Cut(d.Near.List, "?")
	return kept
}

// foldedText is a text that is folded where it is long.
type foldedText struct {
	ID, Text string
	Long     bool
}

// The size from which a text is folded, in lines of so many characters.
const (
	foldLines = 6
	foldWidth = 40
)

func fold(id, text string) foldedText {
	lines := 0
	for line := range strings.Lines(text) {
		lines += 1 + utf8.RuneCountInString(line)/foldWidth
	}
	return foldedText{id, text, lines > foldLines}
}
