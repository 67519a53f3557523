package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
	"diaoxiao/internal/rules"
)

// MaxProblems is how many problems of one list are told one by one; the last one then counts the others.
const MaxProblems = 100

var errConsumed = errors.New("sheet: a list can be read once, and only while its case is handed out")

// group is the run of rows of one case.
type group struct {
	*tableReader
	s        *scan
	c        Case
	key      runKey                // caseid of all its rows
	first    [caseFields]grid.Cell // of the first row
	said     texts                 // what they say
	problems []*Problem            // of the case itself
	told     int
	rest     int
	used     bool
	over     bool
	scratch  []byte
	codes    codes
	blank    blankRows
	strays   besides
	struck   struckOut
}

// group begins a case at the row where s stands.
func (r *tableReader) group(s *scan) *group {
	g := &group{tableReader: r, s: s, key: keyOf(s.cell(&r.head, caseID))}
	g.codes = codes{note: r.note, at: func(f field, row int) Place { return r.at(row, f) }}
	r.v.held = [fields]bool{}
	for _, p := range r.held {
		r.note(p)
	}
	for f := range field(caseFields) {
		c := s.cell(&r.head, f)
		g.first[f] = c
		g.first[f].Raw = bytes.Clone(c.Raw)
		b, p := r.v.of(f, c, r.at(s.Row, f))
		if p != nil {
			g.problems = append(g.problems, p)
		}
		g.said[f] = string(b)
	}
	g.c.Where = r.Place
	g.c.Where.Row = s.Row
	all := g.merge()
	g.looks(all)
	g.c.Case = all.toCase()
	g.c.List = g.list
	return g
}

// merge puts together what the columns, the sheet 案件 and the command line say of the case. They may not contradict each
// other.
func (g *group) merge() (all texts) {
	book, _ := g.cases.lookUp(g.said[caseID])
	for _, p := range book.strays {
		g.note(p)
	}
	var missing []field
	var where Place
	for f := range field(caseFields) {
		at := g.at(g.c.Where.Row, f)
		all[f] = g.agree(f, g.said[f], at, book.texts[f], "工作表“案件”中的")
		if o := book.odd[f]; o != nil && o.Holds() {
			g.v.odd(f, grid.Cell{Raw: []byte(book.texts[f]), Odd: o}, book.place[f])
		}
		if api.Blank(g.said[f]) && !api.Blank(book.texts[f]) {
			g.c.Texts[f] = book.place[f]
		} else if !api.Blank(g.said[f]) {
			g.c.Texts[f] = at
		}
		if g.said[f] == "" {
			at = book.place[f]
		}
		all[f] = g.agree(f, all[f], at, g.flags[f], "命令行给出的")
		faulty := slices.ContainsFunc(g.problems, func(p *Problem) bool { return p.Field == fieldTable[f].name })
		if !faulty && api.Blank(all[f]) {
			missing, where = append(missing, f), at
		}
	}
	if p := g.missing(missing, where); p != nil {
		g.problems = append(g.problems, p)
	}
	return all
}

// textAt is where a text of the case stands: in the sheet 案件, or in the first row of its list.
func (g *group) textAt(f field) Place {
	if at := g.c.Texts[f]; at.Row > 0 {
		return at
	}
	return g.at(g.c.Where.Row, f)
}

// looks remarks on texts of the case that are not what they seem, and refuses a caseid that was a number.
func (g *group) looks(all texts) {
	at := g.textAt(caseID)
	faulty := slices.ContainsFunc(g.problems, func(p *Problem) bool { return p.Field == fieldTable[caseID].name })
	harm, what := rules.CaseIDHarm(all[caseID])
	switch {
	case faulty:
	case harm == rules.Certain:
		g.problems = append(g.problems, destroyed(caseID, at, all[caseID], what))
	case harm == rules.Likely:
		g.note(Problem{Place: at, Field: fieldTable[caseID].name, Next: numberStep, Held: true,
			Text: "编号“" + grid.Brief(all[caseID]) + "”" + what + "，原来的编号可能已经变样"})
	}
	for f, text := range all {
		if found := strays(text); found != "" {
			g.v.remark(field(f), g.textAt(field(f)), "首尾有空白或含不可见字符（"+found+"），按原样报送"+sameBelow, "如非有意，在原系统中去掉")
		}
	}
}

// emptyCodes are the codes of the document for texts of the case that are blank.
var emptyCodes = [caseFields]api.Code{
	api.EmptyCaseID, api.EmptyCaseName, api.EmptyCaseIntroduction, api.EmptyIllegality, api.EmptyPenalty,
	api.EmptyPenaltyDate, api.EmptyPenaltyOrg,
}

// missing is the problem of a case without some of its texts: one, however many, with the place where a single one
// belongs.
func (g *group) missing(fs []field, where Place) *Problem {
	if len(fs) == 0 {
		return nil
	}
	if f := fs[0]; len(fs) == 1 && where.Column != "" {
		return fatal(f, where, fmt.Sprintf("为空（%s）", emptyCodes[f]), "填写后再次运行")
	}
	var names, codes []string
	for _, f := range fs {
		names, codes = append(names, fieldTable[f].title), append(codes, string(emptyCodes[f]))
	}
	return &Problem{
		Place: g.c.Where,
		Text:  fmt.Sprintf("没有%s（%s）", strings.Join(names, "、"), strings.Join(codes, "、")),
		Fatal: true,
		Next: "在命令行给出，如 diaoxiao submit 清单.csv --caseid 编号 --casename 名称 …；或写在清单的同名列或工作簿的工作表“案件”里；或用 diaoxiao " +
			"submit template 模板.xlsx 得到可填写的模板",
	}
}

// agree returns the one of two texts that says something; where both do and differ, that is a problem.
func (g *group) agree(f field, file string, at Place, other, where string) string {
	switch {
	case other == "" || file == other:
		return file
	case api.Blank(file):
		return other
	case !api.Blank(other):
		g.problems = append(
			g.problems,
			fatal(f, at, fmt.Sprintf("“%s”与%s“%s”不一致", grid.Brief(file), where, grid.Brief(other)), "改正其中一处"),
		)
	}
	return file
}

// list yields the rows of the case. A row with problems is not yielded itself; each of its problems is.
func (g *group) list(yield func(Row, error) bool) {
	if g.used || g.over {
		yield(Row{}, errConsumed)
		return
	}
	g.used = true
	if !g.tell(yield, g.problems...) {
		return
	}
	for ; g.goesOn(); g.s.advance() {
		if g.isEmpty() && g.noEntity(g.s.Line) == nil {
			g.blank.add(g.s.Row, g.shown())
			continue
		}
		if !g.tell(yield, g.blank.end(g.Place)...) {
			return
		}
		row, problems := g.row()
		if len(problems) == 0 && !yield(row, nil) || !g.tell(yield, problems...) {
			return
		}
	}
	if !g.tell(yield, append(g.blank.end(g.Place), g.codes.end()...)...) {
		return
	}
	for _, p := range append(g.strays.end(g.Place), g.struck.end()...) {
		g.note(p)
	}
	if err := grid.IgnoreEOF(g.s.err); err != nil {
		yield(Row{}, err)
		return
	}
	if g.rest > 0 {
		yield(Row{}, &Problem{Place: g.Place, Text: fmt.Sprintf("另有%d处问题未逐一列出", g.rest), Next: "改正后重试", Fatal: true})
	}
}

// tell yields problems, or counts them once MaxProblems are told.
func (g *group) tell(yield func(Row, error) bool, problems ...*Problem) bool {
	for _, p := range problems {
		if g.told == MaxProblems {
			g.rest++
			continue
		}
		g.told++
		if !yield(Row{Place: p.Place}, p) {
			return false
		}
	}
	return true
}

// goesOn reports whether the row where the scan stands belongs to the case.
func (g *group) goesOn() bool {
	return g.s.err == nil && g.key.is(g.s.cell(&g.head, caseID))
}

// drain goes to the first row of the next case.
func (g *group) drain() {
	for g.goesOn() {
		g.s.advance()
	}
}

// row reads the row where the scan stands.
func (g *group) row() (row Row, problems []*Problem) {
	if p := g.noEntity(g.s.Line); p != nil {
		return Row{}, []*Problem{p}
	}
	g.scratch = g.scratch[:0]
	var end [4]int
	for i := range end {
		f := pripID + field(i)
		b, p := g.v.of(f, g.s.cell(&g.head, f), g.at(g.s.Row, f))
		if p == nil && g.told < MaxProblems && api.Blank(b) {
			p = mergedAway(g.Table, f, g.at(g.s.Row, f), g.head.column[f])
		}
		if p != nil {
			problems = append(problems, p)
		}
		g.scratch = append(g.scratch, b...)
		end[i] = len(g.scratch)
	}
	if g.s.Hidden {
		at := g.Place
		at.Row = g.s.Row
		problems = append(problems, &Problem{Place: at, Text: "该行被隐藏或筛选掉，却会一并报送", Fatal: true,
			Next: "取消筛选和隐藏，核对后重试；不该报送的行须删去，或把要报送的行复制到新工作簿"})
	}
	problems = append(problems, g.unseen(g.s.Line)...)
	problems = append(problems, g.shifted()...)
	g.beside()
	g.crossedOut()
	if g.head.hasCase() {
		problems = append(problems, g.contradictions()...)
	}
	all := string(g.scratch) // one allocation for the four texts
	row.Entity = api.Entity{
		PripID:  all[:end[0]],
		UniscID: all[end[0]:end[1]],
		Legal:   all[end[1]:end[2]],
		EntType: all[end[2]:],
	}
	row.Place, row.head = g.Place, &g.head
	row.Place.Row = g.s.Row
	for i, code := range [...]string{row.PripID, row.UniscID} {
		if p := g.codes.judge(pripID+field(i), code, g.s.Row); p != nil {
			problems = append(problems, p)
		}
	}
	return row, problems
}

// shifted is the problem of a row with more cells than headings.
func (g *group) shifted() []*Problem {
	n := len(g.head.names)
	if !g.Strict || len(g.s.Cells) <= n || grid.IsBlank(g.s.Cells[n:]) {
		return nil
	}
	at := g.Place
	at.Row, at.Column = g.s.Row, grid.ColumnName(n)
	return []*Problem{{Place: at, Text: fmt.Sprintf("比标题多出内容“%s”，该行可能已经错位", grid.Brief(g.s.Cells[n].Raw)), Fatal: true,
		Next: "内容中有分隔符的单元格须加引号；用表格软件打开核对后重新导出"}}
}

// contradictions are the texts of the case in this row that differ from those of its first row. A blank cell says
// nothing.
func (g *group) contradictions() (problems []*Problem) {
	for f := range field(caseFields) {
		c := g.s.cell(&g.head, f)
		if c.Kind == grid.Text && len(c.Raw) == 0 || c.SameAs(g.first[f]) {
			continue
		}
		at := g.at(g.s.Row, f)
		b, p := g.v.of(f, c, at)
		if p == nil && !api.Blank(b) && string(b) != g.said[f] {
			p = fatal(
				f,
				at,
				fmt.Sprintf("“%s”与同一案件第%d行的“%s”不一致", grid.Brief(b), g.c.Where.Row, grid.Brief(g.said[f])),
				"同一案件各行的案件内容须相同；改正其中一行",
			)
		}
		if p != nil {
			problems = append(problems, p)
		}
	}
	return slices.Clip(problems)
}
