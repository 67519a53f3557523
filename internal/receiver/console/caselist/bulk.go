package caselist

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// bulkDeed is what can be done with many cases of the list at once, each in a transaction of its own.
type bulkDeed struct {
	Key, Title, Verb string
	// can says how many firms of the case the deed would concern, "" where that says nothing, or why it cannot be done.
	can func(*page.Request, intake.CaseRow) (firms string, err error)
	// do does it, and says more of it than that it is done, or "".
	do func(*page.Request, intake.CaseRow, time.Time) (said string, err error)
}

// bulkDeeds are those of a clerk.
func bulkDeeds() []bulkDeed {
	return []bulkDeed{
		{"publish", "登记公示", "登记公示", canPublish, bulkPublish},
		{"release", "申请放行", "申请放行", canRelease, bulkRelease},
		{"note", "添加备注", "添加备注", anyCase, bulkNote},
		{"claim", "认领", "认领", canClaim, bulkClaim},
		{"unclaim", "取消认领", "取消认领", canUnclaim, bulkUnclaim},
	}
}

func bulkDeedOf(q *page.Request) (bulkDeed, error) {
	for _, d := range bulkDeeds() {
		if d.Key == q.PostFormValue("deed") {
			return d, nil
		}
	}
	return bulkDeed{}, intake.Invalid("没有选择要办理的事项")
}

func anyCase(*page.Request, intake.CaseRow) (string, error) { return "", nil }

func canPublish(q *page.Request, r intake.CaseRow) (string, error) {
	day := q.Today().String()
	if typed := q.Field("day"); checkDay(q, typed) == nil {
		day = typed // a day that is none leaves no case out: it is asked for again
	}
	return "", q.Cases.CanPublish(q.Context(), q.Who, r.AcceptID, day)
}

func readyOf(r intake.CaseRow) casework.Draft {
	return casework.Draft{AcceptID: r.AcceptID, Kind: release.Release, Ready: true}
}

func canRelease(q *page.Request, r intake.CaseRow) (string, error) {
	p, err := q.Cases.PreviewProposal(q.Context(), q.Who, readyOf(r))
	if err == nil && p.NeedsReason() {
		err = intake.Invalid("其中%d户有严重提示，虽已核对，放行仍须写明理由，请打开案件申请", p.Doubts.Severe)
	}
	return fmt.Sprintf("%d户", p.Count), err
}

func bulkPublish(q *page.Request, r intake.CaseRow, since time.Time) (string, error) {
	day := q.Field("day")
	if did, err := q.Cases.DidSince(q.Context(), q.Who, r.No, intake.EventPublish, day, since); did || err != nil {
		return doneBefore, err
	}
	return "公示日期" + day, q.Cases.Publish(q.Context(), q.Who, r.AcceptID, day)
}

func bulkRelease(q *page.Request, r intake.CaseRow, _ time.Time) (string, error) {
	p, err := q.Cases.Propose(q.Context(), q.Who, readyOf(r))
	return fmt.Sprintf("%d户，等待复核员决定", p.Count), err
}

func bulkNote(q *page.Request, r intake.CaseRow, since time.Time) (string, error) {
	note := q.Field("text")
	if did, err := q.Cases.DidSince(q.Context(), q.Who, r.No, intake.EventNote, note, since); did || err != nil {
		return doneBefore, err
	}
	return "", q.Cases.AddNote(q.Context(), q.Who, r.AcceptID, note)
}

// canClaim leaves out what somebody else has claimed: the page of the case is where it is taken over.
func canClaim(q *page.Request, r intake.CaseRow) (string, error) {
	err := casework.CanClaim(q.Who, r)
	if err != nil && r.Claim.By != "" && r.Claim.By != q.Who.Actor() {
		err = intake.Exists("案件已由%s认领；须接手的，请打开案件办理", q.Person(r.Claim.By))
	}
	return "", err
}

func canUnclaim(q *page.Request, r intake.CaseRow) (string, error) {
	return "", casework.CanUnclaim(q.Who, r)
}

func bulkClaim(q *page.Request, r intake.CaseRow, _ time.Time) (string, error) {
	if said, err := canClaim(q, r); err != nil {
		return said, err
	}
	return "", q.Cases.Claim(q.Context(), q.Who, r.AcceptID)
}

func bulkUnclaim(q *page.Request, r intake.CaseRow, _ time.Time) (string, error) {
	return "", q.Cases.Unclaim(q.Context(), q.Who, r.AcceptID)
}

// doneBefore is said of a case where the form was sent a second time.
const doneBefore = "刚才已经办理，没有重复办理"

// bulkRow is one case of an act on many.
type bulkRow struct {
	intake.CaseRow
	Link, Said string
}

// bulkData is the confirmation of an act on many cases, or its outcome.
type bulkData struct {
	bulkDeed
	Days         bool // the deed takes a day
	Day, Text    string
	Done, Left   []bulkRow // what is or was done, and what is not, with why
	Firms        bool      // the rows say how many firms
	Action, Back string
	Anew         string // where the confirmation is asked for again, with another day
	Since        int64  // when the confirmation was shown
}

// bulkPage shows what would be done with the chosen cases, what would not and why.
func bulkPage(q *page.Request) (page.Answer, error) { return confirmBulk(q, nil) }

func confirmBulk(q *page.Request, problem error) (page.Answer, error) {
	deed, err := bulkDeedOf(q)
	if err != nil {
		return showCases(q, err)
	}
	rows, err := chosenCases(q)
	if errors.Is(err, intake.ErrInvalid) {
		return showCases(q, err)
	}
	if err != nil {
		return nil, err
	}
	d := newBulk(q, deed)
	for _, r := range rows {
		row := bulkRow{CaseRow: r, Link: q.Link("/cases/" + r.AcceptID)}
		firms, err := deed.can(q, r)
		if err := d.add(row, firms, err); err != nil {
			return nil, err
		}
	}
	return page.View{Template: "bulk_confirm", Title: deed.Title, Data: d, Problem: problem}, nil
}

func newBulk(q *page.Request, deed bulkDeed) bulkData {
	return bulkData{bulkDeed: deed, Days: deed.Key == "publish", Firms: deed.Key == "release",
		Day: cmp.Or(q.PostFormValue("day"), q.Today().String()), Text: q.PostFormValue("text"),
		Action: q.Link(q.Selecting("/cases/bulk/do")), Anew: q.Link(q.Selecting("/cases/bulk")),
		Back:  q.Link(q.Selecting("/cases")),
		Since: q.Clock().UnixMilli()}
}

// add adds a case to those that are done, or to those that are left out with the reason. It returns errors that no
// operator can cause.
func (d *bulkData) add(row bulkRow, said string, err error) error {
	row.Said = said
	switch {
	case err == nil:
		d.Done = append(d.Done, row)
	case page.Expected(err):
		row.Said = page.ErrorText(err)
		d.Left = append(d.Left, row)
	default:
		return err
	}
	return nil
}

// chosenCases are those that were ticked, or all that the query selects.
func chosenCases(q *page.Request) ([]intake.CaseRow, error) {
	if q.PostFormValue("all") == "" {
		ids := slices.Clone(q.PostForm["acceptid"])
		if len(ids) == 0 {
			return nil, intake.Invalid("没有选中案件，请先勾选要办理的案件")
		}
		return q.Cases.CasesNamed(q.Context(), q.Who, slices.Compact(ids))
	}
	search, err := selected(q)
	if err != nil {
		return nil, err
	}
	search.After, search.Back, search.Limit = intake.CaseKey{}, false, casework.MostBulk
	p, err := q.Cases.SearchCases(q.Context(), q.Who, search)
	if err == nil && p.Behind {
		err = intake.Invalid("符合条件的案件超过%d件，一次至多办理%d件，请缩小查询范围分几次办理", casework.MostBulk, casework.MostBulk)
	}
	return p.Rows, err
}

// doBulk does the deed with the cases that were shown, one after the other, and shows what became of each.
func doBulk(q *page.Request) (page.Answer, error) {
	deed, err := bulkDeedOf(q)
	if err != nil {
		return showCases(q, err)
	}
	if err := checkBulk(q, deed); err != nil {
		return confirmBulk(q, err)
	}
	rows, err := chosenCases(q)
	if errors.Is(err, intake.ErrInvalid) {
		return showCases(q, err)
	}
	if err != nil {
		return nil, err
	}
	since, err := strconv.ParseInt(q.Field("since"), 10, 64)
	if err != nil {
		return confirmBulk(q, intake.Invalid("填写的内容不完整，请重新确认"))
	}
	d := newBulk(q, deed)
	for _, r := range rows {
		row := bulkRow{CaseRow: r, Link: q.Link("/cases/" + r.AcceptID)}
		said, err := deed.do(q, r, time.UnixMilli(since))
		if err := d.add(row, said, err); err != nil {
			row.Said = "结果不明，请打开案件查看：" + page.ErrorText(err)
			d.Left = append(d.Left, row)
		}
	}
	return page.View{Template: "bulk_done", Title: deed.Title, Data: d}, nil
}

// checkBulk is nil where the form has what the deed takes.
func checkBulk(q *page.Request, deed bulkDeed) error {
	switch {
	case deed.Key == "publish":
		return checkDay(q, q.Field("day"))
	case deed.Key == "note":
		return intake.CheckText("备注", q.Field("text"))
	}
	return nil
}

func checkDay(q *page.Request, day string) error {
	switch {
	case day == "":
		return intake.Invalid("没有填写公示日期")
	case !intake.IsCalendarDay(day):
		return intake.Invalid("公示日期“%s”应为2026-03-15的形式", day)
	case day > q.Today().String():
		return intake.Invalid("公示日期%s还没有到", day)
	}
	return nil
}
