package sheet

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"time"
)

// values turns cells into the texts that are sent. Nothing is trimmed, folded or normalised but for what spreadsheets and
// exporting systems put around a text so that it stays one:
//
//   - ="0123" is 0123
//   - in codes, one leading apostrophe that is the only one, and tabs at either end, are taken off
//   - in penaltydate 2026/3/16, 2026-3-16, 2026.3.16 and 2026年3月16日, with or without 0:00:00, are 2026-03-16
//
// Each is remarked on once. Whatever shows that a value is no longer what was written is a problem.
type values struct {
	note  func(Problem)
	once  map[string]bool
	zeros [fields]tail // of the case in hand
	held  [fields]bool // columns that hold it
}

// tail counts codes of 16 digits and more, those of them whose digits from the 16th on are all 0, as a spreadsheet that keeps
// 15 leaves them, and how many of those chance would leave. Of 19 digits and more, chance leaves one in 10,000 at most.
type tail struct {
	long, zero int
	sure       int // of zero, those with so many zeros that one is enough
	chance     float64
	first      Place
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
func (v *values) of(f field, c cell, at Place) ([]byte, *Problem) {
	if p := v.odd(f, c, at); p != nil {
		return nil, p
	}
	switch c.kind {
	case number:
		return v.number(f, c, at)
	case date:
		if f != penaltyDate {
			return nil, fatal(f, at, "单元格是日期 "+string(c.raw)+"，可能是表格软件把编号当成了日期", "把该列设为“文本”格式后重新填写")
		}
	case boolean:
		return nil, fatal(f, at, "单元格是逻辑值 "+string(c.raw), "把该列设为“文本”格式后重新填写")
	case fault:
		return nil, fatal(f, at, "单元格是错误值 "+brief(c.raw), "改正公式或数据后重新保存")
	case uncomputed:
		return nil, fatal(f, at, "单元格的公式没有计算结果", "用表格软件打开并保存一次，或把公式粘贴为值")
	default:
		return v.text(f, c.raw, at)
	}
	return c.raw, nil
}

// number writes out a cell that holds a number. Spreadsheets keep 15 digits; beyond, the number is not the one that was entered.
func (v *values) number(f field, c cell, at Place) ([]byte, *Problem) {
	n, err := strconv.ParseFloat(string(c.raw), 64)
	switch {
	case err != nil:
		return nil, fatal(f, at, "单元格的数字无法读出："+brief(c.raw), asTextStep)
	case f == penaltyDate:
		return nil, fatal(f, at, "单元格是数字 "+brief(c.raw)+"，不是日期", "写成 yyyy-MM-dd，如 2026-03-16")
	case math.Abs(n) >= 1e15 || math.IsNaN(n):
		return nil, fatal(f, at, "单元格是数字 "+brief(c.raw)+"，超过15位，后面的数字已经丢失", asTextStep)
	case n != math.Trunc(n) || n < 0:
		if f.isCode() {
			return nil, fatal(f, at, "单元格是数字 "+brief(c.raw)+"，不是编号", asTextStep)
		}
		return strconv.AppendFloat(nil, n, 'f', -1, 64), nil
	case f.isCode() && c.wide == 0:
		v.remark(f, at, "单元格是数字而不是文本，如原来以 0 开头，开头的 0 已经丢失"+sameBelow, "核对后再报送；建议把该列设为“文本”格式")
	}
	return fmt.Appendf(nil, "%0*d", c.wide, int64(n)), nil
}

// text returns a text as it is meant.
func (v *values) text(f field, b []byte, at Place) ([]byte, *Problem) {
	if len(b) == 0 {
		return b, nil
	}
	if bytes.IndexByte(b, 0) >= 0 {
		return nil, fatal(f, at, "含有不可用的字符 U+0000", "从原系统重新导出")
	}
	switch b[0] {
	case '=':
		inner, ok := quotedFormula(b)
		if !ok && int(f) >= caseFields || !ok && f.isCode() {
			return nil, fatal(f, at, "内容是公式 "+brief(b), "把公式粘贴为值后重新导出")
		}
		if ok {
			v.remark(f, at, `="…" 是表格软件的文本写法，已取其中的内容`+sameBelow, "")
			b = inner
		}
	case '#':
		if isFault(b) {
			return nil, fatal(f, at, "内容是错误值 "+brief(b), "改正公式、数据或列宽后重新导出")
		}
	}
	switch {
	case len(b) == 0: // of =""
		return b, nil
	case f.isCode():
		return v.code(f, b, at)
	case f == penaltyDate:
		return v.date(b, at), nil
	}
	return b, nil
}

// quotedFormula returns what ="…" says.
func quotedFormula(b []byte) ([]byte, bool) {
	if len(b) < 3 || b[1] != '"' || b[len(b)-1] != '"' {
		return b, false
	}
	inner := b[2 : len(b)-1]
	return inner, bytes.IndexByte(inner, '"') < 0
}

// isFault reports whether a text is what a spreadsheet shows in place of a value: #N/A, or ##### in a narrow column.
func isFault(b []byte) bool {
	switch string(b) {
	case "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!":
		return true
	}
	return len(b) > 2 && len(bytes.Trim(b, "#")) == 0
}

// code returns a code as it is meant, unless it shows that a spreadsheet has taken it for a number.
func (v *values) code(f field, b []byte, at Place) ([]byte, *Problem) {
	if b[0] == '\t' || b[len(b)-1] == '\t' {
		v.remark(f, at, "编号首尾的制表符是导出时为保持文本所加，已去掉"+sameBelow, "")
		if b = bytes.Trim(b, "\t"); len(b) == 0 {
			return b, nil
		}
	}
	if b[0] == '\'' && len(b) > 1 && bytes.IndexByte(b[1:], '\'') < 0 {
		v.remark(f, at, "编号开头的撇号是表格软件的文本写法，已去掉"+sameBelow, "")
		b = b[1:]
	}
	if b[0] > '9' || b[0] < '0' && b[0] != ' ' {
		return b, nil
	}
	n := digits(b)
	switch {
	case n < len(b) && isScientific(bytes.TrimSpace(b)):
		return nil, fatal(f, at, "编号成了科学记数 "+brief(b)+"，后面的数字已经丢失", asTextStep)
	case n > 15 && n < len(b) && isFraction(bytes.TrimSpace(b[n:])):
		return nil, fatal(f, at, "编号成了带小数的数值 "+brief(b)+"，后面的数字可能已经丢失", asTextStep)
	case n == len(b) && n > 15:
		t := &v.zeros[f]
		t.long++
		t.chance += math.Pow10(15 - n)
		if len(bytes.TrimRight(b, "0")) <= 15 {
			if t.zero++; t.zero == 1 {
				t.first = at
			}
			if n >= 19 {
				t.sure++
			}
		}
	}
	return b, nil
}

func digits(b []byte) (n int) {
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	return n
}

// isScientific reports whether b is like 1.50102E+17. No code holds a plus sign.
func isScientific(b []byte) bool {
	mantissa, exponent, ok := bytes.Cut(bytes.ToUpper(b), []byte("E+"))
	if !ok || len(exponent) == 0 || digits(exponent) < len(exponent) {
		return false
	}
	return len(mantissa) == 1 || len(mantissa) > 2 && mantissa[1] == '.' && digits(mantissa[2:]) == len(mantissa)-2
}

// isFraction reports whether b is like .00, behind a number.
func isFraction(b []byte) bool {
	return len(b) > 1 && b[0] == '.' && digits(b[1:]) == len(b)-1
}

// date writes a day as the document asks for where it is said without doubt. Anything else stays and is refused later.
func (v *values) date(b []byte, at Place) []byte {
	for _, form := range []string{"2006/1/2", "2006-1-2", "2006.1.2", "2006年1月2日", "2006/1/2 0:00:00", "2006/1/2 0:00", "2006-1-2 0:00:00", "2006-1-2 0:00",
		"2006-1-2 00:00:00"} {
		day, err := time.Parse(form, string(b))
		if err != nil {
			continue
		}
		if out := day.AppendFormat(nil, time.DateOnly); !bytes.Equal(out, b) {
			v.remark(penaltyDate, at, fmt.Sprintf("日期“%s”已写成 %s%s", b, out, sameBelow), "")
			return out
		}
	}
	return b
}

// endCase remarks on codes that look cut, and begins the next case.
func (v *values) endCase() {
	for f, t := range v.zeros {
		if t.sure > 0 || t.zero >= 3 && float64(t.zero) >= min(10*t.chance, float64(t.long)) {
			v.note(Problem{Place: t.first, Field: fieldTable[f].name, Text: fmt.Sprintf(
				"%d个16位以上的编号中有%d个从第16位起全是0，可能是表格软件丢掉了后面的数字（此处为第一个）", t.long, t.zero), Next: "与原系统核对；如已丢失，" + asTextStep})
		}
	}
	v.zeros = [fields]tail{}
}
