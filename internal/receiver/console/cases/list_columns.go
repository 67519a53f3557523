package cases

import (
	"slices"
	"strconv"
	"strings"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// listedRow is a row of a list as it leaves: masked where its names are not shown, and as sent.
type listedRow struct {
	of          intake.CaseRow
	shown, sent casework.DoubtedEntity
	outside     bool // it is for the sender, who does not learn of the cases of others
}

func newListedRow(l casework.ListedEntity, revealed, outside bool) listedRow {
	r := listedRow{l.Case, l.Entity, l.Entity, outside}
	if !revealed {
		r.shown = page.Masked(l.Entity)
	}
	return r
}

// listColumn is one column of a list that leaves.
type listColumn struct {
	page.Head
	text func(listedRow) string
}

// listColumns are the columns of every list of market entities, so that files of several cases can be put together.
func listColumns(q *page.Request) []listColumn {
	return slices.Concat(sentColumns(), registerColumns(), findingColumns(), firmColumns(q))
}

// sentColumns are the case and what was sent.
func sentColumns() []listColumn {
	return []listColumn{
		{page.Head{Title: "案件编号", Width: 26}, func(r listedRow) string { return r.of.CaseID }},
		{page.Head{Title: "受理号", Width: 20}, func(r listedRow) string { return r.of.AcceptID }},
		{page.Head{Title: "清单序号", Number: true, Width: 9},
			func(r listedRow) string { return strconv.Itoa(r.sent.Pos + 1) }},
		{page.Head{Title: "统一社会信用代码", Width: 21}, func(r listedRow) string { return r.shown.UniscID }},
		{page.Head{Title: "身份代码", Width: 27}, func(r listedRow) string { return r.shown.PripID }},
		{page.Head{Title: "法定代表人", Width: 12}, func(r listedRow) string { return r.shown.Legal }},
		{page.Head{Title: "类型", Width: 8}, func(r listedRow) string { return r.shown.EntType }},
	}
}

// registerColumns are what the register says of an entity. Without a register the verdict is 无法比对.
func registerColumns() []listColumn {
	of := func(text func(casework.Judged) string) func(listedRow) string {
		return func(r listedRow) string { return text(r.sent.Judged) }
	}
	return []listColumn{
		{page.Head{Title: "名称", Width: 30, Wrap: true}, of(func(j casework.Judged) string { return j.Firm.Name })},
		{page.Head{Title: "比对结论", Width: 10}, of(func(j casework.Judged) string { return j.Shown.String() })},
		{page.Head{Title: "不一致栏目", Width: 14, Wrap: true},
			of(func(j casework.Judged) string { return page.FieldsText(j.Fields) })},
		{page.Head{Title: "登记状态", Width: 10}, of(stateInRegister)},
		{page.Head{Title: "主体库快照", Number: true, Width: 8}, of(snapshotText)},
		{page.Head{Title: "数据截止日", Time: true, Width: 12}, of(func(j casework.Judged) string { return j.AsOf })},
	}
}

func stateInRegister(j casework.Judged) string {
	if j.Firm == (register.Firm{}) {
		return ""
	}
	return j.Firm.State.String()
}

func snapshotText(j casework.Judged) string {
	if j.Against == 0 {
		return ""
	}
	return strconv.FormatInt(j.Against, 10)
}

// findingColumns are what is doubtful about an entity.
func findingColumns() []listColumn {
	return []listColumn{
		{page.Head{Title: "最重提示", Width: 9}, listedRow.gravest},
		{page.Head{Title: "核验提示", Width: 60, Wrap: true},
			func(r listedRow) string { return strings.Join(r.findings(), "；\n") }},
	}
}

// firmColumns are what was found and decided about an entity.
func firmColumns(q *page.Request) []listColumn {
	of := func(text func(casework.FirmState) string) func(listedRow) string {
		return func(r listedRow) string { return text(r.sent.Firm) }
	}
	checked := func(text func(intake.FirmCheck) string) func(listedRow) string {
		return func(r listedRow) string {
			if !wasChecked(r.sent) {
				return ""
			}
			return text(r.sent.Firm.Check)
		}
	}
	return []listColumn{
		{page.Head{Title: "办理状态", Width: 10}, of(func(f casework.FirmState) string {
			if f.State == 0 {
				return ""
			}
			return f.State.String()
		})},
		{page.Head{Title: "暂缓原因", Width: 18, Wrap: true}, of(holdsText)},
		{page.Head{Title: "核对结果", Width: 10}, checked(func(c intake.FirmCheck) string { return c.Outcome.String() })},
		{page.Head{Title: "核对备注", Width: 24, Wrap: true}, checked(func(c intake.FirmCheck) string { return c.Remark })},
		{page.Head{Title: "核对人", Width: 16}, checked(func(c intake.FirmCheck) string { return q.Person(c.By) })},
		{page.Head{Title: "核对时间", Time: true, Width: 19},
			checked(func(c intake.FirmCheck) string { return page.Clock(c.At) })},
		{page.Head{Title: "公示日期", Time: true, Width: 12},
			of(func(f casework.FirmState) string { return f.Published })},
	}
}

// gravest is the severity of the gravest finding about a row, "" without any.
func (r listedRow) gravest() string {
	if r.of.Verified.IsZero() {
		return "尚未核验"
	}
	var most rules.Severity
	for _, f := range foundOf(r.sent) {
		rule, ok := rules.ByNo(f.Rule)
		if !ok {
			rule.Severity = rules.Severe
		}
		most = max(most, rule.Severity)
	}
	if most == 0 {
		return ""
	}
	return most.String()
}

// foundOf are the findings of an entity and those that later rows raise about it.
func foundOf(e casework.DoubtedEntity) []casework.Found {
	fs := e.Findings[:len(e.Findings):len(e.Findings)]
	for _, m := range e.Marks {
		fs = append(fs, m.Found)
	}
	return fs
}

// findings are what is doubtful about a row in words, each with its detail.
func (r listedRow) findings() (said []string) {
	for _, v := range [][3]string{{"信用代码", r.sent.UniscID, r.shown.UniscID},
		{"身份代码", r.sent.PripID, r.shown.PripID}, {"类型", r.sent.EntType, r.shown.EntType}} {
		if hides(v[1], v[2]) {
			said = append(said, v[0]+hiddenWords)
		}
	}
	for _, f := range r.shown.Findings {
		lead, ok := r.shown.LeadOf(f.Rule)
		said = append(said, findingText(f, ok && r.hides(lead.AppID)))
	}
	for _, m := range r.shown.Marks {
		hidden := r.hides(m.Place.AppID)
		text := findingText(m.Found, hidden)
		if place := m.Place.String(); !hidden && !strings.Contains(text, place) {
			text += "（与" + place + "）"
		}
		said = append(said, text)
	}
	return said
}

// hides reports whether nothing may be said of a case of that app.
func (r listedRow) hides(appID int64) bool { return r.outside && appID != r.of.AppID }

// elsewhere is what a sender reads of the case of another one.
const elsewhere = "其他单位报送的案件"

// findingText is a finding with its detail, in words, without the other place that it names where that is hidden.
func findingText(f casework.Found, hidden bool) string {
	one := newFound(f)
	text, detail := one.Severity+"："+one.Title, f.Detail
	if len(f.Said.Parts) > 0 {
		detail = saidOutside(f.Said, hidden).Text()
	} else if hidden {
		detail = "涉及" + elsewhere
	}
	if detail != "" {
		text += "：" + detail
	}
	return text
}

func saidOutside(d rules.Detail, hidden bool) rules.Detail {
	d.Parts = slices.Clone(d.Parts)
	for i := range d.Parts {
		if hidden && d.Parts[i].Kind == rules.PartPlace {
			d.Parts[i].Text = elsewhere
		}
	}
	return d
}

// mending are the members that findings about a row are about, and what to do, each once.
func (r listedRow) mending() (members, hints []string) {
	for _, f := range foundOf(r.sent) {
		one := newFound(f)
		if title := page.MemberTitle(f.Field); title != "" && !slices.Contains(members, title) {
			members = append(members, title)
		}
		if !slices.Contains(hints, one.Hint) {
			hints = append(hints, one.Hint)
		}
	}
	for _, name := range r.sent.Judged.Fields.Names() {
		if title := page.MemberTitle(name); !slices.Contains(members, title) {
			members = append(members, title)
		}
	}
	return members, hints
}
