package sheet

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"diaoxiao/internal/grid"
)

// values turns cells into the texts that are sent. Nothing is trimmed, folded or normalised but for what spreadsheets
// and exporting systems put around a text so that it stays one, whatever column it is in:
//
//   - ="0123" is 0123
//   - tabs at either end, and one leading apostrophe that is the only one, are taken off
//   - in penaltydate what says a day without doubt, as 2026/3/16, 20260316 or 2026年3月16日 0:00:00, is 2026-03-16
//
// Each is remarked on once. Blanks and invisible characters that are in a text stay: what they are is not certain, the
// receiver compares values to the byte, and the rules name them. Anything that shows that a value is no longer what was
// written is a problem.
type values struct {
	note func(Problem)
	once map[string]bool
	held [fields]bool // columns that hold the case in hand
}

func newValues(note func(Problem)) *values {
	if note == nil {
		note = func(Problem) {}
	}
	return &values{note: note, once: make(map[string]bool)}
}

// remark notes what happened to a value the first time it happens in a column.
func (v *values) remark(f field, at Place, text, next string) {
	if key := fieldTable[f].name + text; !v.once[key] {
		v.once[key] = true
		v.note(Problem{Place: at, Field: fieldTable[f].name, Text: text, Next: next})
	}
}

const (
	asTextStep = "在原系统把该列按文本导出，或先把该列设为“文本”格式再重新填写；只改格式不能恢复丢掉的数字"
	sameBelow  = "；本列以下同样处理，不再逐行提示"
)

func fatal(f field, at Place, text, next string) *Problem {
	return &Problem{Place: at, Field: fieldTable[f].name, Text: text, Next: next, Fatal: true}
}

// of returns the text of a cell, valid as long as the cell.
func (v *values) of(f field, c grid.Cell, at Place) ([]byte, *Problem) {
	if p := v.odd(f, c, at); p != nil {
		return nil, p
	}
	switch c.Kind {
	case grid.Number:
		return v.number(f, c, at)
	case grid.Date:
		if f != penaltyDate {
			return nil, fatal(f, at, "单元格是日期 "+string(c.Raw)+"，可能是表格软件把编号当成了日期", "把该列设为“文本”格式后重新填写")
		}
	case grid.Boolean:
		return nil, fatal(f, at, "单元格是逻辑值 "+string(c.Raw), "把该列设为“文本”格式后重新填写")
	case grid.Fault:
		return nil, fatal(f, at, "单元格是错误值 "+grid.Brief(c.Raw), "改正公式或数据后重新保存")
	case grid.Uncomputed:
		return nil, fatal(f, at, "单元格的公式没有计算结果", "用表格软件打开并保存一次，或把公式粘贴为值")
	default:
		if c.Padded {
			v.remark(f, at, "引号外的空白不属于内容，已去掉"+sameBelow, "")
		}
		return v.text(f, c.Raw, at)
	}
	return c.Raw, nil
}

// number writes out a cell that holds a number. Spreadsheets keep 15 digits; beyond, the number is not the one that was
// entered.
func (v *values) number(f field, c grid.Cell, at Place) ([]byte, *Problem) {
	n, err := strconv.ParseFloat(string(c.Raw), 64)
	switch {
	case err != nil:
		return nil, fatal(f, at, "单元格的数字无法读出："+grid.Brief(c.Raw), asTextStep)
	case f == penaltyDate:
		return nil, fatal(f, at, "单元格是数字 "+grid.Brief(c.Raw)+"，不是日期", "写成 yyyy-MM-dd，如 2026-03-16")
	case math.Abs(n) >= 1e15 || math.IsNaN(n):
		return nil, fatal(f, at, "单元格是数字 "+grid.Brief(c.Raw)+"，超过15位，后面的数字已经丢失", asTextStep)
	case n != math.Trunc(n) || n < 0:
		if f.isCode() {
			return nil, fatal(f, at, "单元格是数字 "+grid.Brief(c.Raw)+"，不是编号", asTextStep)
		}
		return strconv.AppendFloat(nil, n, 'f', -1, 64), nil
	case f.isCode() && c.Wide == 0:
		v.remark(f, at, "单元格是数字而不是文本，如原来以 0 开头，开头的 0 已经丢失"+sameBelow, "核对后再报送；建议把该列设为“文本”格式")
	}
	return fmt.Appendf(nil, "%0*d", c.Wide, int64(n)), nil
}

// text returns a text as it is meant.
func (v *values) text(f field, b []byte, at Place) ([]byte, *Problem) {
	if bytes.IndexByte(b, 0) >= 0 {
		return nil, fatal(f, at, "含有不可用的字符 U+0000", "从原系统重新导出")
	}
	if b = v.unwrap(f, b, at); len(b) == 0 {
		return b, nil
	}
	if b[0] == '=' {
		inner, ok := quotedFormula(b)
		if !ok && int(f) >= caseFields || !ok && f.isCode() {
			return nil, fatal(f, at, "内容是公式 "+grid.Brief(b), "把公式粘贴为值后重新导出")
		}
		if ok {
			v.remark(f, at, `="…" 是表格软件的文本写法，已取其中的内容`+sameBelow, "")
			b = v.unwrap(f, inner, at)
		}
	}
	if isFault(b) {
		return nil, fatal(f, at, "内容是错误值 "+grid.Brief(b), "改正公式、数据或列宽后重新导出")
	}
	if f == penaltyDate {
		return v.date(b, at), nil
	}
	return b, nil
}

// unwrap takes off what an exporter put around a text so that a spreadsheet leaves it alone.
func (v *values) unwrap(f field, b []byte, at Place) []byte {
	if len(b) > 0 && (b[0] == '\t' || b[len(b)-1] == '\t') {
		v.remark(f, at, "首尾的制表符是导出时为保持文本所加，已去掉"+sameBelow, "")
		b = bytes.Trim(b, "\t")
	}
	if len(b) > 1 && b[0] == '\'' && bytes.IndexByte(b[1:], '\'') < 0 && (f.isCode() || !isLetter(b[1])) {
		v.remark(f, at, "开头的撇号是表格软件的文本写法，已去掉"+sameBelow, "")
		b = b[1:]
	}
	return b
}

// isLetter: of a foreign name, an apostrophe before a letter may be a part.
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// quotedFormula returns what ="…" says.
func quotedFormula(b []byte) ([]byte, bool) {
	if len(b) < 3 || b[1] != '"' || b[len(b)-1] != '"' {
		return b, false
	}
	inner := b[2 : len(b)-1]
	return inner, bytes.IndexByte(inner, '"') < 0
}

// isFault reports whether a text is what a spreadsheet shows in place of a value: #N/A, ##### in a narrow column,
// Err:502 or #错误.
func isFault(b []byte) bool {
	if len(b) == 0 || b[0] != '#' && b[0] != 'E' && b[0] != 'e' && b[0] < 0x80 && b[0] != ' ' {
		return false
	}
	if 0xe4 <= b[0] && b[0] <= 0xe8 { // most ideographs, but not 错
		return false
	}
	s := strings.ToUpper(strings.TrimSpace(string(b[:min(len(b), 64)])))
	for _, prefix := range []string{"ERR:", "错误:", "错误：", "#ERR:"} {
		if rest, ok := strings.CutPrefix(s, prefix); ok && len(rest) == 3 && digits([]byte(rest)) == 3 {
			return true
		}
	}
	s, ok := strings.CutPrefix(strings.Replace(s, "＃", "#", 1), "#")
	switch {
	case !ok:
		return false
	case s == "N/A" || s == "NAME?" || s == "GETTING_DATA" || s == "ERR" || s == "ERROR" || strings.HasPrefix(s, "错误"):
		return true
	case strings.Trim(s, "#") == "":
		return len(s) > 1
	}
	name, mark := strings.CutSuffix(strings.Replace(s, "！", "!", 1), "!")
	return mark && name != "" && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_/0") == ""
}

func digits(b []byte) (n int) {
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	return n
}
