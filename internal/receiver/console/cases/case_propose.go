package cases

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// proposeForm is the form with which a proposal of one kind begins.
type proposeForm struct {
	Kind, Title, RowsTitle, ReasonTitle, Hint string
	Action, Read, Day                         string
	Text, Rows                                string
	Open                                      bool
}

// Form is the form of a kind of proposal, with what was written in it before, or else what is known already.
func (d caseData) Form(kind, title, rowsTitle, reasonTitle, hint string) proposeForm {
	f := proposeForm{Kind: kind, Title: title, RowsTitle: rowsTitle, ReasonTitle: reasonTitle, Hint: hint,
		Action: d.q.Link("/cases/"+d.AcceptID+"/propose") + d.List.Here, Read: d.Read(), Day: d.Today}
	switch {
	case d.Refused.Form == "propose" && d.Refused.Kind == kind:
		f.Open, f.Text, f.Rows = true, d.Refused.Text, d.Refused.Rows
	case kind == release.Return.Code():
		f.Text, f.Rows = d.Draft.Text, d.Draft.Rows
	}
	return f
}

// MayPropose reports whether the officer may make a proposal of the kind.
func (d caseData) MayPropose(kind string) bool { return d.May.Propose.Has(release.KindCalled(kind)) }

// Publishable is how many firms one person may publish.
func (d caseData) Publishable() int { return d.Firms.Released - d.Firms.Published - d.Firms.Alarmed }

// returnDraft is what a return is about, as far as it is known.
type returnDraft struct{ Text, Rows string }

// loadDraft reads what persons found, as the reason of a return; or else the rows with severe findings.
func loadDraft(q *page.Request, d *caseData) error {
	if !d.May.Propose.Has(release.Return) {
		return nil
	}
	reason, rows, err := q.Cases.ReturnDraft(q.Context(), q.Who, d.No)
	if err == nil && reason == "" && rows == "" {
		rows, err = q.Cases.SevereRows(q.Context(), q.Who, d.No)
	}
	d.Draft = returnDraft{reason, strings.ReplaceAll(string(rows), ",", "、")}
	return err
}

// proposeData is the page that shows a proposal before it is made.
type proposeData struct {
	casework.CaseFile
	casework.Preview
	Ready       bool
	Rows, Text  string
	Shown, Read string
	Unwritten   bool // no reason was written on the page before
	Needs       bool // a reason, which is written on this page
	Warning     string
	Doubtful    []string       // what is doubtful about its firms, and who cleared them
	Firms       []page.SetFirm // of the set: all of a short one, of a long one the first about which there are findings
	Short       bool           // Firms are all
	More        string         // leads to the others; "": there are none
	Left        []filterChoice // the firms that are left out, by state
	Back, Here  string
}

// proposeMeans is what comes of a proposal of a kind once another person has agreed.
var proposeMeans = map[release.Kind]string{
	release.Release:  "另一人（复核员）同意后，这些市场主体放行，可以登记公示。",
	release.Withhold: "另一人（复核员）同意后，这些市场主体不予公示，其余不受影响。",
	release.Return:   "另一人（复核员）同意后，整件案件退回报送单位，可以用原案件编号重新报送，不能撤销。",
	release.Publish:  "另一人（复核员）同意后，这些市场主体登记为已公示，由您和复核员共同负责。",
	release.Recall:   "另一人（复核员）同意后，这些市场主体恢复为未决定。",
}

// Means is what comes of it.
func (d proposeData) Means() string { return proposeMeans[d.Kind] }

// propose makes a proposal. Without "sure" it shows first which firms it is about.
func propose(q *page.Request) (page.Answer, error) {
	draft, err := readDraft(q)
	if err != nil {
		return showCase(q, err)
	}
	read := draft
	if q.Field("unwritten") != "" && draft.Kind != release.Return {
		read.Reason = "" // as it was when the page was shown, on which the reason was written
	}
	p, err := q.Cases.PreviewProposal(q.Context(), q.Who, read)
	shown := hex.EncodeToString(p.Digest[:])
	if err == nil && (q.Field("sure") == "" || q.Field("shown") != shown) {
		return showProposal(q, draft, p, q.Field("sure") != "", nil)
	}
	if err == nil {
		_, err = q.Cases.Propose(q.Context(), q.Who, draft)
	}
	if err != nil && q.Field("sure") != "" && errors.Is(err, intake.ErrInvalid) && p.Count > 0 {
		return showProposal(q, draft, p, false, err)
	}
	if errors.Is(err, intake.ErrInvalid) || errors.Is(err, intake.ErrExists) {
		return showCase(q, err)
	}
	if err != nil {
		return nil, err
	}
	return page.Done(q.Selecting("/cases/"+draft.AcceptID), "asked"+draft.Kind.Code()), nil
}

func readDraft(q *page.Request) (f casework.Draft, err error) {
	f = casework.Draft{AcceptID: q.PathValue("acceptid"), Kind: release.KindCalled(q.Field("kind")),
		Ready: q.Field("ready") != "", Rows: q.Field("rows"), Reason: strings.TrimSpace(q.FormValue("text"))}
	switch f.Kind {
	case release.Publish:
		f.Day = q.Field("day")
		f.Ready = api.Blank(f.Rows)
	case release.Recall:
		f.Ready = api.Blank(f.Rows)
	}
	f.Read, err = readSeen(q)
	return f, err
}

// showProposal shows the proposal that would be made, with what is left out of it.
func showProposal(
	q *page.Request,
	f casework.Draft,
	p casework.Preview,
	moved bool,
	problem error,
) (page.Answer, error) {
	c, err := q.Cases.CaseFile(q.Context(), q.Who, f.AcceptID)
	if err != nil {
		return nil, err
	}
	d := proposeData{CaseFile: c, Preview: p, Ready: f.Ready, Rows: f.Rows, Text: f.Reason,
		Shown: hex.EncodeToString(p.Digest[:]), Read: q.Field("seen"),
		Back: q.Link(q.Selecting("/cases/" + f.AcceptID)), Here: q.Selecting("")}
	d.Unwritten = p.Reason == ""
	d.Needs = d.Unwritten && p.NeedsReason()
	if d.Doubtful = q.DoubtsText(p.Doubts); d.Needs && d.Text == "" {
		d.Text = p.Doubts.Remark()
	}
	if err := d.fillFirms(q); err != nil {
		return nil, err
	}
	if f.Kind == release.Release && f.Ready {
		d.Left = leftOut(q, c)
	}
	if moved {
		d.Warning = "打开页面以后，其中的市场主体有了变化。以下是现在的情况，请看过再确认。"
	}
	return page.View{Template: "case_propose", Data: d, Problem: problem,
		Title: "确认申请" + f.Kind.String() + " " + display.Plain(c.CaseID)}, nil
}

// firmsProposed is how many firms are shown before they are proposed.
const firmsProposed = 50

// fillFirms reads the firms that are shown before they are proposed.
func (d *proposeData) fillFirms(q *page.Request) error {
	rows := d.Proposal.Rows
	if rows == "" {
		return nil
	}
	d.Short = rows.Count() <= firmsProposed
	which := casework.EntityFilter{Rows: rows, Doubted: !d.Short}
	es, err := q.Cases.CaseEntities(q.Context(), q.Who, d.CaseFile.No, 0, firmsProposed+1, which)
	if len(es) > firmsProposed {
		es, d.More = es[:firmsProposed], listPath(q, d.AcceptID, 1, listFilter{Field: onlyField, Value: onlyFound})
	}
	for _, e := range es {
		d.Firms = append(d.Firms, q.NewSetFirm(d.AcceptID, e))
	}
	return err
}

// leftOut are the firms that a release of all that are ready leaves out.
func leftOut(q *page.Request, c casework.CaseFile) (cs []filterChoice) {
	for _, one := range stateChoices(q, c.AcceptID, c.Firms, listFilter{}) {
		if one.Text != release.Ready.String() {
			cs = append(cs, one)
		}
	}
	return cs
}

// Officer is the one that looks.
func (d caseData) Officer() intake.Officer { return d.q.Who }

// Compare leads to the page on which firms are compared.
func (d caseData) Compare() string { return d.q.Link(comparePath(d.q, d.AcceptID, 0)) }

// correctDay corrects the day of a publication.
func correctDay(q *page.Request, id string) error {
	return q.Cases.CorrectDay(q.Context(), q.Who, id, q.Field("day"), q.Field("text"))
}

// pickData is the page that shows which firms get an outcome before they do.
type pickData struct {
	casework.CaseFile
	Rows          intake.RowNumbers
	Outcome, Text string
	Title, Read   string
	Back, Here    string
	casework.Chosen
	Shown   string        // of the outcomes that the page shows
	Others  []otherPerson // that have recorded outcomes
	Warning string
}

// otherPerson is the rows of which another person has recorded an outcome.
type otherPerson struct {
	Name    string
	Outcome release.Outcome
	Rows    intake.RowNumbers
}

// checkFirms records an outcome for the chosen firms. Without "sure" it shows first which they are.
func checkFirms(q *page.Request) (page.Answer, error) {
	id := q.PathValue("acceptid")
	c, err := q.Cases.CaseFile(q.Context(), q.Who, id)
	if err != nil {
		return nil, err
	}
	rows, read, err := readPicked(q, c)
	outcome := compared[q.Field("outcome")]
	var known casework.Chosen
	if err == nil {
		known, err = q.Cases.ChosenFirms(q.Context(), q.Who, id, rows, outcome)
	}
	if shown := shownOutcomes(known.Outcomes); err == nil && (q.Field("sure") == "" || q.Field("outcomes") != shown) {
		return pickPage(q, c, rows, known), nil
	}
	var left intake.RowNumbers
	if err == nil {
		if outcome != release.NotChecked {
			left, err = q.Cases.CheckMany(q.Context(), q.Who, id, casework.Compared{Rows: rows, Outcome: outcome,
				Remark: q.Field("text"), Read: &casework.Reading{Seen: *read, Outcomes: known.Outcomes}})
		} else {
			err = q.Cases.UncheckFirms(q.Context(), q.Who, id, rows, q.Field("text"))
		}
	}
	if errors.Is(err, intake.ErrInvalid) || errors.Is(err, intake.ErrExists) {
		return showCase(q, err)
	}
	if err != nil {
		return nil, err
	}
	return page.Done(q.Selecting("/cases/"+id), comparedBut(left)), nil
}

// pickPage shows what is about to be recorded, and of which firms.
func pickPage(q *page.Request, c casework.CaseFile, rows intake.RowNumbers, known casework.Chosen) page.Answer {
	d := pickData{CaseFile: c, Rows: rows, Outcome: q.Field("outcome"), Text: q.Field("text"),
		Title: outcomeTitle(q.Field("outcome")), Read: q.Field("seen"), Chosen: known,
		Shown: shownOutcomes(known.Outcomes), Back: q.Link(q.Selecting("/cases/" + c.AcceptID)), Here: q.Selecting("")}
	if compared[d.Outcome] != release.Agrees {
		d.Left = ""
	}
	for _, o := range known.Others {
		d.Others = append(d.Others, otherPerson{q.Person(o.By), o.Outcome, o.Rows})
	}
	if q.Field("sure") != "" {
		d.Warning = "打开页面以后，其中的核对结果有了变化，没有登记。以下是现在的情况，请看过再确认。"
	}
	return page.View{Template: "case_pick", Title: "确认登记核对结果：" + d.Title, Data: d}
}

// Taken is how many firms get the outcome.
func (d pickData) Taken() int { return d.Rows.Count() - d.Left.Count() }

// Compare leads to the page on which firms are compared.
func (d pickData) Compare() string { return "/cases/" + d.AcceptID + "/compare" }

// leftShown is how long a text of rows in an address may be.
const leftShown = 300

// comparedBut is the key of what is said after outcomes were recorded, with the rows that were left out.
func comparedBut(left intake.RowNumbers) string {
	if left == "" {
		return "compared"
	}
	rows := string(left)
	if len(rows) > leftShown {
		rows = rows[:strings.LastIndexByte(rows[:leftShown], ',')]
	}
	return fmt.Sprintf("compared.%d.%s", left.Count(), rows)
}

// undoOutcome is the name, in forms, of taking outcomes back.
const undoOutcome = "undo"

func outcomeTitle(name string) string {
	if name == undoOutcome {
		return "撤销核对结果"
	}
	return compared[name].String()
}

// readPicked reads which firms were chosen, by their boxes and by their numbers.
func readPicked(q *page.Request, c casework.CaseFile) (rows intake.RowNumbers, read *intake.Seen, err error) {
	if read, err = readSeen(q); err != nil {
		return "", nil, err
	}
	name := q.Field("outcome")
	if compared[name] == release.NotChecked && name != undoOutcome {
		return "", nil, intake.Invalid("请选择“一致”“不一致”“待查”或者“撤销核对结果”")
	}
	if (name != "agrees") && api.Blank(q.Field("text")) {
		return "", nil, intake.Invalid("登记%s须写明说明", outcomeTitle(name))
	}
	rows, err = intake.ParseRowSet(pickedText(q), c.Items)
	if err == nil && rows == "" {
		err = intake.Invalid("请在清单中勾选市场主体，或者填写清单序号")
	}
	return rows, read, err
}

// pickedText is the chosen rows as they were sent.
func pickedText(q *page.Request) string {
	q.ParseForm()
	return strings.Join(append(url.Values(q.Form)["row"], q.Field("rows")), "、")
}

// PickedRows are the rows that were chosen in a form that could not be taken.
func (d caseData) PickedRows() string {
	if d.Refused.Form == "checkfirms" {
		return strings.Trim(d.Refused.Picked, "、")
	}
	return ""
}

// Count is how many they are.
func (d pickData) Count() int { return d.Rows.Count() }
