package stats

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/statistics"
	"diaoxiao/internal/rules"
)

// cell is a number, what it was corrected to, and where its cases are listed.
type cell struct {
	Text, Base string // Base: what a rate is of
	Corrected  string // what it would be now; "": the same, or the month is open
	Link       string
}

// figureRow is one figure of the whole month.
type figureRow struct {
	Title, Formula string
	cell
}

// head is a column of the tables of parts.
type head struct{ Title, Formula string }

// partRow is one app, organ or month.
type partRow struct {
	Name  string
	Note  string
	Link  string
	Cells []cell
}

// columns are the figures that the tables of parts have, by their keys, under short titles.
var columns = []struct{ key, title string }{
	{"cases", "案件"}, {"firms", "户数"}, {"resent", "重新报送"}, {"repeats", "重复"}, {"refused", "被拒"},
	{"returnedcases", "退回"}, {"returnrate", "退回率"}, {"findings", "千户提示"}, {"doubtful", "千户不一致"},
	{"released", "放行"}, {"published", "公示"}, {"undecided", "未决定"}, {"acceptance", "至受理"},
	{"publication", "至公示"}, {"timely20", "20日及时"}, {"timely7", "7日及时"},
}

func heads() (hs []head) {
	for _, c := range columns {
		f := statistics.FigureCalled(c.key)
		hs = append(hs, head{c.title, f.Title + "：" + f.Formula})
	}
	return hs
}

// cellOf is a figure of a part. now is the part as it would be, nil where the month is open or nothing differs.
func cellOf(f statistics.Figure, p statistics.Part, now *statistics.Part) cell {
	v := f.Of(p)
	c := cell{Text: v.String() + unit(f, v)}
	if (v.Kind == statistics.Rate || v.Kind == statistics.PerThousand) && v.Of > 0 && !v.Small() {
		c.Base = v.Fraction()
	}
	if now != nil {
		if is := f.Of(*now); is.String() != v.String() {
			c.Corrected = cmp.Or(is.String(), "无")
		}
	}
	if c.Text == "" {
		c.Text = "—"
	}
	return c
}

func unit(f statistics.Figure, v statistics.Value) string {
	if v.Kind == statistics.Number {
		return f.Unit
	}
	return ""
}

func figureRows(q *page.Request, r statistics.Report) (rows []figureRow) {
	s := r.Total
	p := statistics.Part{Counts: s.Counts, Refused: s.Refused}
	var now *statistics.Part
	if r.Now != nil {
		s := r.NowTotal
		now = &statistics.Part{Counts: s.Counts, Refused: s.Refused}
	}
	for _, f := range statistics.Figures() {
		if f.NotFinal && r.Final {
			continue
		}
		row := figureRow{f.Title, f.Formula, cellOf(f, p, now)}
		if f.Listed {
			row.Link = casesOf(q, r.Month, p, f.State)
		}
		rows = append(rows, row)
	}
	return rows
}

// casesOf lists the cases of a part of a month.
func casesOf(q *page.Request, m statistics.Month, p statistics.Part, state string) string {
	v := url.Values{"from": {string(m) + "-01"}, "to": {m.LastDay()}}
	if p.App != 0 {
		v.Set("app", strconv.FormatInt(p.App, 10))
	}
	if p.Organ != "" {
		v.Set("org", "="+p.Organ)
	}
	if state != "" {
		v.Set("state", state)
	}
	return q.Link("/cases?" + v.Encode())
}

// cellsOf are the columns of a part.
func cellsOf(q *page.Request, m statistics.Month, p statistics.Part, now *statistics.Part, byOrgan bool) (cs []cell) {
	for _, col := range columns {
		f := statistics.FigureCalled(col.key)
		if byOrgan && f.NotByOrgan {
			cs = append(cs, cell{Text: "—"})
			continue
		}
		c := cellOf(f, p, now)
		if v := f.Of(p); v.Kind == statistics.Number {
			c.Text = v.String()
			if f.Listed && f.Unit == "件" && v.N > 0 && (p.App != 0 || p.Organ != "") {
				c.Link = casesOf(q, m, p, f.State)
			}
		}
		cs = append(cs, c)
	}
	return cs
}

func monthRows(q *page.Request, lines []statistics.Line) (rows []partRow) {
	for _, l := range lines {
		p := statistics.Part{Counts: l.Counts, Refused: l.Refused}
		rows = append(rows, partRow{Name: monthText(l.Month), Note: stateText(l),
			Link: q.Link("/stats?month=" + string(l.Month)), Cells: cellsOf(q, l.Month, p, nil, false)})
	}
	return rows
}

func appRows(q *page.Request, r statistics.Report) (rows []partRow) {
	now := partsNow(r, statistics.Numbers.ByApp)
	for _, p := range r.ByApp() {
		name := display.Plain(r.Apps[p.App])
		if p.App == 0 {
			name = unknownApp
		}
		rows = append(rows, partRow{Name: name, Cells: cellsOf(q, r.Month, p, now(p), false)})
	}
	return rows
}

// organsShown is how many organs the page shows: senders write what they like. The workbook has all.
const organsShown = 100

func organRows(q *page.Request, r statistics.Report) (rows []partRow, more int) {
	now := partsNow(r, statistics.Numbers.ByOrgan)
	ps := r.ByOrgan()
	for _, p := range ps[:min(len(ps), organsShown)] {
		rows = append(rows, partRow{Name: display.Plain(p.Organ), Cells: cellsOf(q, r.Month, p, now(p), true)})
	}
	return rows, len(ps) - len(rows)
}

// partsNow finds a part among those of now.
func partsNow(r statistics.Report, parts func(statistics.Numbers) []statistics.Part,
) func(statistics.Part) *statistics.Part {
	if r.Now == nil {
		return func(statistics.Part) *statistics.Part { return nil }
	}
	all := parts(*r.Now)
	return func(p statistics.Part) *statistics.Part {
		i := slices.IndexFunc(all, func(o statistics.Part) bool { return o.App == p.App && o.Organ == p.Organ })
		if i < 0 {
			return &statistics.Part{App: p.App, Organ: p.Organ, Counts: statistics.NewCounts()}
		}
		return &all[i]
	}
}

// ruleRow is how often a rule found something.
type ruleRow struct {
	No              int
	Class, Severity string
	Title           string
	N               int
	Per, Corrected  string
}

func ruleRows(r statistics.Report) (rows []ruleRow) {
	s := r.Total
	numbers := maps.Clone(s.Findings)
	var now map[int]int
	if r.Now != nil {
		now = r.NowTotal.Findings
		for no := range now {
			numbers[no] += 0
		}
	}
	for _, no := range slices.Sorted(maps.Keys(numbers)) {
		rule, _ := rules.ByNo(no)
		row := ruleRow{No: no, Class: page.SeverityClass(rule.Severity), Severity: rule.Severity.String(),
			Title: rule.Title, N: numbers[no], Per: s.PerThousand(numbers[no]).String()}
		if now != nil && now[no] != numbers[no] {
			row.Corrected = display.Count(now[no])
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b ruleRow) int { return cmp.Compare(b.N, a.N) })
	return rows
}

// verdictRow is how many firms have a verdict.
type verdictRow struct {
	Title          string
	N              int
	Per, Corrected string
}

func verdictRows(r statistics.Report) (rows []verdictRow) {
	s := r.Total
	for v := register.NotCompared; v < register.Stale; v++ {
		n := s.Verdicts[int(v)]
		row := verdictRow{Title: v.String(), N: n, Per: s.PerThousand(n).String()}
		if r.Now != nil {
			if now := r.NowTotal.Verdicts[int(v)]; now != n {
				row.Corrected = display.Count(now)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// codeRow is how many calls were refused with a code.
type codeRow struct {
	Code, Meaning string
	N             int
}

func codeRows(r statistics.Report) (rows []codeRow) {
	codes := r.Codes()
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		rows = append(rows, codeRow{code, page.CodeInfo(code).Message, codes[code]})
	}
	slices.SortStableFunc(rows, func(a, b codeRow) int { return cmp.Compare(b.N, a.N) })
	return rows
}
