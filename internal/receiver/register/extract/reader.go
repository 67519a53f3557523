package extract

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"diaoxiao/internal/grid"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// maxCell bounds the bytes of a cell that is taken: the names of fifty partners are shorter.
const maxCell = 4096

// reader turns the rows of one table into firms.
type reader struct {
	Row
	x    *Extract
	t    *table
	line uint32
	buf  []byte
	ends [fields]int // of the texts in buf
	word *stateWord
}

func newReader(x *Extract, t *table) *reader {
	return &reader{x: x, t: t, Row: Row{Place: t.Place}}
}

const (
	truncatedStep = "文件可能没有导完或传完，或单元格里有未加引号的分隔符、换行；从登记系统重新导出"
	asTextStep    = "从登记系统重新导出，把该列按文本导出；不要用表格软件打开后另存，只改格式不能恢复丢掉的数字"
)

// read reads one row. Its faults are among the problems.
func (r *reader) read(l grid.Line) {
	r.Place.Row, r.line = l.Row, r.t.base+uint32(l.Row)
	r.Firm, r.Mark = register.Firm{}, 0
	if how, at := r.t.shifted(l.Cells); how != "" {
		r.refuse(at, how, truncatedStep)
		return
	}
	for i, c := range l.Cells {
		if bytes.IndexByte(c.Raw, 0) >= 0 {
			r.refuse(i, "含有不可用的字符 U+0000", "文件已损坏，或是没有标记的 UTF-16；从登记系统重新导出为 UTF-8")
			return
		}
	}
	if l.Hidden {
		r.x.found.remarkOnce(r.t.Place, "隐藏的行同样读入", "核对是否应在其中")
	}
	before := len(r.x.found.Problems) + r.x.found.More
	r.texts(l.Cells)
	if len(r.x.found.Problems)+r.x.found.More > before {
		return
	}
	r.codes()
	r.marked(l.Cells)
	r.check()
}

// at is the place of a column of the row in hand.
func (r *reader) at(column int) grid.Place {
	p := r.Place
	if column >= 0 {
		p.Column = grid.ColumnName(column)
	}
	return p
}

func (r *reader) refuse(column int, text, next string) {
	r.x.found.refuse(fatal(r.at(column), text, next))
}

// column is the first column of a field, -1 where it has none.
func (r *reader) column(f field) int {
	if cols := r.t.head.cols[f]; len(cols) > 0 {
		return cols[0]
	}
	return -1
}

// texts reads the cells of the row.
func (r *reader) texts(cells []grid.Cell) {
	r.buf = r.buf[:0]
	for f := range mark {
		switch f {
		case entType:
			r.EntType = r.x.counts.text(r.first(f, cells))
		case organ:
			r.Organ = r.x.counts.text(r.first(f, cells))
		case state:
			r.word = r.x.state(r.first(f, cells))
			r.State, r.StateText = r.word.state, r.word.text
		case founded, approved:
			r.day(f, cells)
		default:
			r.buf = append(r.buf, r.first(f, cells)...)
		}
		r.ends[f] = len(r.buf)
	}
	all := string(r.buf) // one allocation a row
	r.PripID, r.UniscID = all[:r.ends[pripID]], all[r.ends[pripID]:r.ends[uniscID]]
	r.RegNo, r.Name = all[r.ends[uniscID]:r.ends[regNo]], all[r.ends[regNo]:r.ends[name]]
	r.Legal, r.Founded = all[r.ends[name]:r.ends[legal]], all[r.ends[organ]:r.ends[founded]]
	r.Approved = all[r.ends[founded]:r.ends[approved]]
}

// first is the text of the first column of a field that is not blank.
func (r *reader) first(f field, cells []grid.Cell) []byte {
	for _, col := range r.t.head.cols[f] {
		if col < len(cells) {
			if b := r.text(f, &cells[col], col); len(b) > 0 {
				return b
			}
		}
	}
	return nil
}

// text is what a cell says, without what spreadsheets and databases put around a text or in place of one.
func (r *reader) text(f field, c *grid.Cell, col int) []byte {
	if c.Kind != grid.Text {
		return r.typed(f, c, col)
	}
	b := trim(c.Raw)
	if len(b) == 0 {
		return nil
	}
	if len(b) > maxCell {
		r.refuse(col, fmt.Sprintf("内容有%d字节", len(b)), "检查该行的引号；"+truncatedStep)
		return nil
	}
	switch b[0] {
	case '=', '\'', '#', 'N', 'n', '\\', '(', '<':
		b = r.unwrap(f, b, col)
	}
	if f.isCode() && c.Odd != nil && (c.Odd.Doubt == grid.ShownElse || c.Odd.Doubt == grid.ShownSome) {
		r.refuse(col, "单元格显示的与存的“"+grid.Brief(b)+"”不同，数字格式使二者不同", asTextStep)
	}
	if r.t.Strict && bytes.IndexByte(b, '\n') >= 0 && r.t.head.swallowed(b) {
		r.refuse(col, "单元格里有换行和一行的分隔符，吞掉了后面的行", "检查该行的引号；"+truncatedStep)
	}
	return b
}

// trim takes blanks off both ends.
func trim(b []byte) []byte {
	if len(b) > 0 && b[0] > ' ' && b[0] < utf8.RuneSelf && b[len(b)-1] > ' ' && b[len(b)-1] < utf8.RuneSelf {
		return b
	}
	return bytes.TrimFunc(b, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' })
}

// unwrap takes off what keeps a text from being a number in a spreadsheet, and reads the null of a database as blank.
func (r *reader) unwrap(f field, b []byte, col int) []byte {
	switch {
	case isNull(b):
		return nil
	case len(b) > 2 && b[0] == '=' && b[1] == '"' && b[len(b)-1] == '"':
		r.x.found.remarkOnce(r.at(col), `="…" 是表格软件的文本写法，已取其中的内容；本列以下同样处理`, "")
		return trim(b[2 : len(b)-1])
	case b[0] == '\'' && bytes.IndexByte(b[1:], '\'') < 0:
		r.x.found.remarkOnce(r.at(col), "开头的撇号是表格软件的文本写法，已去掉；本列以下同样处理", "")
		return trim(b[1:])
	case b[0] == '=' && f.isCode():
		r.refuse(col, "内容是公式 "+grid.Brief(b), "把公式粘贴为值后重新导出")
	case b[0] == '#' && isFault(b):
		r.refuse(col, "内容是错误值 "+grid.Brief(b), "改正公式、数据或列宽后重新导出")
	}
	return b
}

func isNull(b []byte) bool {
	switch string(b) {
	case "NULL", "null", "Null", "(null)", "(NULL)", "<null>", "<NULL>", `\N`, "NaN", "nan", "None":
		return true
	}
	return false
}

// isFault reports whether a text is what a spreadsheet shows in place of a value.
func isFault(b []byte) bool {
	s := strings.ToUpper(string(b[:min(len(b), 32)]))
	switch s {
	case "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!":
		return true
	}
	return len(s) > 1 && strings.Trim(s, "#") == ""
}

// typed is what a cell that is no text says.
func (r *reader) typed(f field, c *grid.Cell, col int) []byte {
	switch c.Kind {
	case grid.Number:
		return r.number(f, c, col)
	case grid.Date:
		if f.isDay() {
			return c.Raw
		}
		r.refuse(col, "单元格是日期 "+grid.Brief(c.Raw)+"，可能是表格软件把内容当成了日期", asTextStep)
	case grid.Boolean:
		r.refuse(col, "单元格是逻辑值 "+grid.Brief(c.Raw), asTextStep)
	case grid.Fault:
		r.refuse(col, "单元格是错误值 "+grid.Brief(c.Raw), "改正公式或数据后重新导出")
	case grid.Uncomputed:
		r.refuse(col, "单元格的公式没有计算结果", "把公式粘贴为值后重新导出")
	}
	return nil
}

// number writes out a number. Spreadsheets keep 15 digits of one.
func (r *reader) number(f field, c *grid.Cell, col int) []byte {
	n, err := strconv.ParseFloat(string(c.Raw), 64)
	few := c.Odd != nil && c.Odd.Doubt == grid.FewDigits
	switch {
	case !f.isCode():
		return strconv.AppendFloat(nil, n, 'f', -1, 64)
	case err != nil || math.Abs(n) >= 1e15 || math.IsNaN(n):
		r.refuse(col, "单元格是数字 "+grid.Brief(c.Raw)+"，超过15位，后面的数字已经丢失", asTextStep)
	case n != math.Trunc(n) || n < 0 || few:
		r.refuse(col, "单元格是数字 "+grid.Brief(c.Raw)+"，不是完整的编号", asTextStep)
	default:
		r.x.found.remarkOnce(r.at(col), "单元格是数字而不是文本，如原来以 0 开头，开头的 0 已经丢失；本列以下同样处理", "核对后再导入；建议按文本导出")
		return fmt.Appendf(nil, "%0*d", c.Wide, int64(n))
	}
	return nil
}

// day reads a date. One that cannot be read is left out and counted.
func (r *reader) day(f field, cells []grid.Cell) {
	for _, col := range r.t.head.cols[f] {
		if col >= len(cells) {
			continue
		}
		c := &cells[col]
		b := r.text(f, c, col)
		if len(b) == 0 {
			continue
		}
		var ok bool
		if unclear(c.Odd) {
			b = []byte(string(b) + "（" + c.Odd.Seen + "）")
		} else if r.buf, ok = appendDay(r.buf, b); ok {
			return
		}
		r.x.found.odd(register.OddDate, r.at(col), string(b))
		return
	}
}

// unclear reports whether a cell of a date does not say one day.
func unclear(o *grid.Odd) bool {
	if o == nil {
		return false
	}
	switch o.Doubt {
	case grid.DayUnseen, grid.YearUnseen, grid.TooEarly, grid.OtherDay:
		return true
	}
	return false
}

// codes folds the codes of the row, and refuses what is left of destroyed ones.
func (r *reader) codes() {
	r.PripID = r.code(pripID, r.PripID)
	r.UniscID = r.code(uniscID, r.UniscID)
	r.RegNo = r.code(regNo, r.RegNo)
	if r.RegNo == "" && (len(r.UniscID) == 15 || len(r.UniscID) == 13) && rules.AllDigits(r.UniscID) {
		r.RegNo, r.UniscID = r.UniscID, ""
		r.x.found.odd(register.OddForm, r.at(r.column(uniscID)), r.RegNo+"（注册号）")
	}
}

// code is one code, folded.
func (r *reader) code(f field, raw string) string {
	if raw == "" {
		return ""
	}
	code := rules.FoldCode(raw)
	if rules.IsPlaceholder(code) {
		code = ""
	}
	if code != raw {
		r.x.found.odd(register.OddForm, r.at(r.column(f)), raw)
	}
	if f == uniscID && rules.ValidCreditCode(code) {
		return code // nothing was lost of it
	}
	r.harm(f, raw, code)
	return code
}

// harm refuses a code whose digits were destroyed, and remarks on the first one of a column that looks like it.
func (r *reader) harm(f field, raw, code string) {
	r.x.counts.series[f].Add(int(r.line), code)
	harm, what := r.x.counts.series[f].Harm(raw)
	switch {
	case code == "" || f == regNo && rules.ValidRegNo(code):
	case harm == rules.Certain:
		r.refuse(r.column(f), "“"+grid.Brief(raw)+"”"+what+"，编号曾被当作数值，末尾的数字已丢失", asTextStep)
	case f == uniscID && isCut(code):
		r.refuse(r.column(f), "“"+grid.Brief(raw)+"”末尾全是0，编号曾被当作数值，末尾的数字已丢失", asTextStep)
	case harm == rules.Likely:
		r.x.found.remarkOnce(r.at(r.column(f)), f.title()+what+"，末尾的数字可能已丢失；本列以下不再逐行提示", "与登记系统核对这些编号")
	}
}

// isCut reports whether a text has the length of a credit code and at most the 15 digits that a spreadsheet keeps.
func isCut(code string) bool {
	return len(code) == 18 && rules.AllDigits(code) && code[15:] == "000"
}

// marked reads the change mark.
func (r *reader) marked(cells []grid.Cell) {
	col := r.column(mark)
	if col < 0 {
		return
	}
	var raw []byte
	if col < len(cells) {
		raw = r.text(mark, &cells[col], col)
	}
	m, dereg, ok := markOf(string(raw))
	switch {
	case !ok:
		r.refuse(col, "变更标记“"+grid.Brief(raw)+"”不认识", "写 I、U、D 或 新增、变更、删除；全量文件须删去该列")
	case dereg && r.State != register.Deregistered:
		r.refuse(col, "变更标记是“"+grid.Brief(raw)+"”，登记状态却是“"+grid.Brief(r.StateText)+"”", "与登记系统核对该户")
	case r.PripID == "":
		r.refuse(r.column(pripID), "没有主体身份代码，无法更新", "从登记系统重新导出，须含主体身份代码")
	}
	r.Mark = m
}

// check counts what is odd about the row, and refuses what is no firm.
func (r *reader) check() {
	if r.isHeading() {
		r.refuse(-1, "该行是标题，不是主体", "删去重复的标题行；分开导出的文件逐个给出，不要拼在一起")
		return
	}
	if strings.ContainsFunc(r.PripID, func(c rune) bool { return unicode.Is(unicode.Han, c) }) {
		r.refuse(r.column(pripID), "主体身份代码“"+grid.Brief(r.PripID)+"”含汉字，不是编号", "检查各列是否错位；合计行、说明行须删去")
		return
	}
	if r.Mark == Delete {
		return
	}
	if r.Name == "" && r.StateText == "" && !r.identified() {
		r.refuse(-1, "该行既无名称又无登记状态", "合计行、说明行须删去；"+truncatedStep)
		return
	}
	if f := r.shiftedCode(); f < fields {
		r.refuse(r.column(f), f.title()+"是信用代码，却不是该户的“"+grid.Brief(r.UniscID)+"”", "检查该行各列是否错位；从登记系统重新导出")
		return
	}
	r.count()
	r.compare()
}

// identified reports whether the row has the code of a firm: a row of a total or a remark has none.
func (r *reader) identified() bool {
	const shortest = 15 // a number of rows is shorter
	return rules.ValidCreditCode(r.UniscID) || len(r.PripID) >= shortest
}

// shiftedCode finds a true credit code in a column of names, which shows that the row has shifted; fields: there is
// none. A firm that was struck off has its own code for a name.
func (r *reader) shiftedCode() field {
	switch {
	case r.Name != r.UniscID && rules.ValidCreditCode(r.Name):
		return name
	case rules.ValidCreditCode(r.Legal):
		return legal
	}
	return fields
}

// isHeading reports whether the row repeats the headings.
func (r *reader) isHeading() bool {
	i := r.column(name)
	return r.Name != "" && i >= 0 && r.Name == r.t.head.names[i] && r.StateText == r.t.head.names[r.column(state)]
}

// count counts the oddities of a row by itself.
func (r *reader) count() {
	x := r.x
	x.counts.byState[r.State]++
	if !r.word.known {
		x.found.odd(register.OddState, r.at(r.column(state)), r.StateText)
		x.counts.countWord(r.StateText)
	}
	switch {
	case r.UniscID == "" && r.RegNo == "":
		x.found.odd(register.OddNoCode, r.at(r.column(uniscID)), r.Name)
	case r.UniscID != "" && !rules.ValidCreditCode(r.UniscID):
		x.found.odd(register.OddCheck, r.at(r.column(uniscID)), r.UniscID)
	}
	if r.PripID == "" {
		x.found.odd(register.OddNoPripID, r.at(r.column(pripID)), r.Name)
	}
	x.counts.columns.add(&r.Firm)
	if x.counts.rows <= looked && rules.Mojibake(r.Name) != "" {
		if x.counts.garbled++; x.counts.garbled == 1 {
			x.counts.garbage = r.at(r.column(name))
		}
	}
}

// compare looks for the keys of a row among those before. In changes one firm may change twice.
func (r *reader) compare() {
	if r.Mark == 0 && r.PripID != "" {
		if first, _, again := r.x.counts.pripids.put(r.PripID, r.line); again {
			r.refuse(r.column(pripID), "主体身份代码“"+grid.Brief(r.PripID)+"”与"+r.x.placeOf(first).String()+"重复",
				"一个身份代码只能有一户；与登记系统核对后重新导出")
		}
	}
	if r.UniscID == "" || r.State.Ended() {
		return
	}
	if first, was, again := r.x.counts.codes.put(r.UniscID, r.line); again {
		if !was {
			r.x.found.odd(register.OddShared, r.x.placeOf(first), r.UniscID)
		}
		r.x.found.odd(register.OddShared, r.at(r.column(uniscID)), r.UniscID)
	}
}
