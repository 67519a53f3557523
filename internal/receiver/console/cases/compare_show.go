package cases

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
)

// compareData is one firm of a case, to be compared with the registry.
type compareData struct {
	casework.CaseFile
	May      casework.Steps
	Firm     *comparedFirm // nil: all that are held have been compared
	Revealed bool
	Reveal   page.PurposeForm
	Back     string // the page of the case
	Action   string // where the form goes
	Skip     string // the next firm, without an outcome; "": there is none
	Prev     string
	Left     int // how many are held and not compared
	Done     string
	Remark   string // that was refused, or proposed
}

// Shown identifies the outcome of the firm that the page shows.
func (d compareData) Shown() string { return shownOutcomes(casework.DigestOutcomes(d.Firm.Check)) }

// Records: an outcome of the firm can be recorded.
func (d compareData) Records() bool { return d.May.CheckFirms && d.Firm != nil && d.Firm.Undecided }

// Read is what the page shows as known of the case.
func (d compareData) Read() string { return seenText(d.Seen()) }

// comparedFirm is a firm with both sides of each value.
type comparedFirm struct {
	No       int
	Link     string // its own page
	Name     string
	State    page.Tag
	Holds    []string
	Verdict  page.Verdict
	Sides    []side
	Found    []foundOne
	Others   string // everything known of it in other cases
	Register []fact
	Check    intake.FirmCheck
	Covers   bool
	// Undecided: nobody has decided on it.
	Undecided bool
	// CheckedBy is the person who compared it.
	CheckedBy string
	Proposed  string // what may be remarked, from the findings
}

// side is a value as it was sent beside that of the register.
type side struct {
	Title            string
	Sent, Registered template.HTML
	Copy, Lookup     string // the code whole, and where the registry shows it
	Differs          bool
}

// fact is a value that the register alone has.
type fact struct{ Title, Value string }

// compared are the outcomes as forms and addresses name them.
var compared = map[string]release.Outcome{
	"agrees": release.Agrees, "differs": release.Differs, "unclear": release.Unclear,
}

// comparePath is the page on which the firms of a case are compared, from a number on.
func comparePath(q *page.Request, acceptID string, no int) string {
	v := url.Values{}
	if no > 0 {
		v.Set("at", strconv.Itoa(no))
	}
	if kept, ok := keptList(q); ok && len(kept) > 0 {
		v.Set(page.ListField, kept.Encode())
	}
	path := "/cases/" + acceptID + "/compare"
	if len(v) > 0 {
		path += "?" + v.Encode()
	}
	return path
}

func comparePage(q *page.Request) (page.Answer, error) { return showCompare(q, nil) }

// showCompare shows the firm of the address, or the first that waits, with what was wrong about the form.
func showCompare(q *page.Request, problem error) (page.Answer, error) {
	f, err := q.Cases.CaseFile(q.Context(), q.Who, q.PathValue("acceptid"))
	if err != nil {
		return nil, err
	}
	d := compareData{CaseFile: f, May: casework.StepsOf(q.Who, f.CaseRow), Done: compareDone(q)}
	d.Left = max(0, d.Firms.Flagged-d.Firms.Checked)
	if d.Revealed, err = q.Cases.Revealed(q.Context(), q.Who, q.Who.Token, f.No); err != nil {
		return nil, err
	}
	pos, err := comparedPosition(q, f.No)
	if err != nil {
		return nil, err
	}
	if err := fillCompare(q, &d, pos); err != nil {
		return nil, err
	}
	if problem != nil {
		d.Remark = q.FormValue("text")
	}
	return page.View{Template: "compare_show", Title: "逐户核对 " + display.Plain(f.CaseID), Data: d, Problem: problem}, nil
}

// comparedPosition returns the position of the firm that the address names. Without one it returns the first firm that
// is held and not compared yet; -1: there is none.
func comparedPosition(q *page.Request, caseNo int64) (int, error) {
	if q.Field("at") != "" {
		return position(q.Field("at"))
	}
	return nextOpen(q, caseNo, -1)
}

// nextOpen returns the first firm after a position that is held and not compared yet. If there is none, it looks from
// the beginning of the list.
func nextOpen(q *page.Request, caseNo int64, after int) (int, error) {
	open := casework.EntityFilter{Open: true}
	pos, err := q.Cases.NextFirm(q.Context(), q.Who, caseNo, after+1, false, open)
	if err == nil && pos < 0 && after >= 0 {
		pos, err = q.Cases.NextFirm(q.Context(), q.Who, caseNo, 0, false, open)
	}
	if err == nil && pos == after {
		pos = -1
	}
	return pos, err
}

func fillCompare(q *page.Request, d *compareData, pos int) error {
	d.Back = listPath(q, d.AcceptID, 1, listFilter{Field: onlyField, Value: onlyFound})
	d.Reveal = page.NewPurposeForm("reveal", q.Link("/cases/"+d.AcceptID+"/compare/reveal")+q.Selecting(""),
		"显示姓名，开始核对",
		"核对法定代表人须看到姓名。选择目的后，本案清单中的姓名在您的这次登录中暂时显示，目的记入审计。")
	if pos < 0 {
		return nil
	}
	es, err := q.Cases.CaseEntities(q.Context(), q.Who, d.No, pos, 1, casework.EntityFilter{})
	if err != nil {
		return err
	}
	if len(es) != 1 || es[0].Pos != pos {
		return intake.ErrNotFound
	}
	d.Firm = newComparedFirm(q, d.AcceptID, es[0], d.Revealed)
	d.Remark = d.Firm.Proposed
	d.Action = q.Link(comparePath(q, d.AcceptID, pos+1))
	skip, err := nextOpen(q, d.No, pos)
	if err != nil {
		return err
	}
	if skip >= 0 {
		d.Skip = q.Link(comparePath(q, d.AcceptID, skip+1))
	}
	prev, err := q.Cases.NextFirm(q.Context(), q.Who, d.No, pos-1, true, casework.EntityFilter{Doubted: true})
	if err == nil && prev >= 0 && pos > 0 {
		d.Prev = q.Link(comparePath(q, d.AcceptID, prev+1))
	}
	return err
}

func newComparedFirm(q *page.Request, acceptID string, e casework.DoubtedEntity, revealed bool) *comparedFirm {
	row := newEntityRow(q, acceptID, e, revealed)
	c := &comparedFirm{No: row.No, Link: row.Link, Name: display.Plain(e.Judged.Firm.Name), State: row.State,
		Holds: e.Firm.Holds.Titles(), Verdict: row.Verdict, Found: row.Found, Others: row.Others, Check: e.Firm.Check,
		Undecided: e.Firm.State == release.Ready || e.Firm.State == release.Held, Covers: e.Firm.Covers,
		CheckedBy: q.Person(e.Firm.Check.By)}
	firm := page.NewFirm(e.Judged.Firm, revealed)
	for _, v := range []struct {
		title      string
		value      shownValue
		registered string
	}{
		{"统一社会信用代码", row.UniscID, cmp.Or(firm.UniscID, firm.RegNo)}, {"身份代码", row.PripID, firm.PripID},
		{"法定代表人", row.Legal, firm.Legal}, {"类型", row.EntType, strings.TrimSpace(firm.EntType + " " + firm.TypeName)},
	} {
		s := side{Title: v.title, Sent: v.value.HTML, Registered: v.value.Registered, Copy: v.value.Copy,
			Differs: v.value.Registered != ""}
		if v.value.After != "" {
			s.Sent += " " + page.Escaped(v.value.After)
		}
		if s.Registered == "" && e.Judged.Firm != (register.Firm{}) {
			s.Registered = page.Escaped(v.registered)
		}
		c.Sides = append(c.Sides, s)
	}
	lookUp(q.Registry, &c.Sides[0], &c.Sides[1])
	if e.Judged.Firm != (register.Firm{}) {
		c.Register = []fact{{"登记状态", strings.TrimSpace(firm.State.Text + " " + firm.StateText)}, {"登记机关", firm.Organ},
			{"注册号", firm.RegNo}, {"成立日期", firm.Founded}, {"核准日期", firm.Approved}}
	}
	c.Proposed = proposedRemark(e)
	return c
}

// proposedRemark is what a person may remark of a firm that differs: the findings about it, without names. Of a value
// that is masked nothing is said: the remark goes to the sender, who has the whole and cannot use a part.
func proposedRemark(e casework.DoubtedEntity) string {
	shown := page.Masked(e)
	var said []string
	add := func(f, sent casework.Found) {
		text := newFound(f).Title
		if f.Detail != "" && len(f.Said.Parts) > 0 && f.Said.Text() == sent.Said.Text() {
			text += "：" + f.Said.Text()
		}
		said = append(said, text)
	}
	for i, f := range shown.Findings {
		add(f, e.Findings[i])
	}
	for i, m := range shown.Marks {
		add(m.Found, e.Marks[i].Found)
	}
	return intake.Clip(strings.Join(said, "；"), 200)
}

// compareFirm records what a person found about one firm, and goes on to the next.
func compareFirm(q *page.Request) (page.Answer, error) {
	id := q.PathValue("acceptid")
	pos, err := position(q.Field("at"))
	if err != nil {
		return nil, err
	}
	outcome := compared[q.Field("outcome")]
	remark := q.Field("text")
	if outcome == release.Agrees && remark == q.Field("proposed") {
		remark = "" // it says what differs
	}
	read, err := readReading(q)
	if err == nil && outcome == release.NotChecked {
		err = intake.Invalid("请选择“一致”“不一致”或者“待查”")
	}
	if err == nil {
		err = q.Cases.CheckFirms(q.Context(), q.Who, id, casework.Compared{Rows: rowsOf(pos + 1), Outcome: outcome,
			Remark: remark, Read: read})
	}
	if errors.Is(err, intake.ErrInvalid) || errors.Is(err, intake.ErrExists) {
		return showCompare(q, err)
	}
	if err != nil {
		return nil, err
	}
	f, err := q.Cases.CaseFile(q.Context(), q.Who, id)
	if err != nil {
		return nil, err
	}
	next, err := nextOpen(q, f.No, pos)
	return page.Done(comparePath(q, id, next+1), fmt.Sprintf("%s.%d", q.Field("outcome"), pos+1)), err
}

// shownOutcomes is a digest of outcomes as forms have it.
func shownOutcomes(d [32]byte) string { return hex.EncodeToString(d[:]) }

// readReading reads what the page showed of the case and of the outcomes of its firms.
func readReading(q *page.Request) (*casework.Reading, error) {
	seen, err := readSeen(q)
	if err != nil {
		return nil, err
	}
	shown, err := hex.DecodeString(q.Field("outcomes"))
	if err != nil || len(shown) != len(casework.Reading{}.Outcomes) {
		return nil, intake.Invalid("不知道页面显示的是哪一次核对结果，请在逐户核对的页面上办理")
	}
	return &casework.Reading{Seen: *seen, Outcomes: [32]byte(shown)}, nil
}

// rowsOf is one row as RowNumbers.
func rowsOf(no int) intake.RowNumbers { return intake.RowNumbers(strconv.Itoa(no)) }

// compareDone is what was recorded just now, by the address; "": nothing.
func compareDone(q *page.Request) string {
	outcome, no, _ := strings.Cut(q.URL.Query().Get("done"), ".")
	n, err := strconv.Atoi(no)
	if o := compared[outcome]; o != release.NotChecked && err == nil && n > 0 {
		return fmt.Sprintf("已登记：第%d户%s。", n, o)
	}
	return ""
}

// revealToCompare is revealNames from the page on which firms are compared.
func revealToCompare(q *page.Request) (page.Answer, error) {
	id := q.PathValue("acceptid")
	err := revealNames(q, id)
	if errors.Is(err, intake.ErrInvalid) {
		return showCompare(q, err)
	}
	no, _ := position(q.Field("at"))
	if q.Field("at") == "" {
		no = -1
	}
	return page.Redirect(comparePath(q, id, no+1)), err
}
