package sheet

import (
	"diaoxiao/internal/grid"
	"fmt"
)

// odd remarks on what is doubtful about a cell, holds the case, or refuses.
func (v *values) odd(f field, c grid.Cell, at Place) *Problem {
	o := c.Odd
	if o == nil || c.Kind == grid.Number && f == penaltyDate || c.Kind == grid.Date && f != penaltyDate {
		return nil // refused for that
	}
	raw := grid.Brief(c.Raw)
	switch o.Doubt {
	case grid.ShownElse:
		return fatal(f, at, "单元格显示为"+seen(o.Seen)+"，存的却是“"+raw+"”，数字格式使二者不同", asShownStep)
	case grid.ShownSome:
		return fatal(f, at, "单元格存的是“"+raw+"”，其数字格式 "+grid.Brief(o.Seen)+" 使显示的与之不同", asShownStep)
	case grid.DayUnseen:
		return fatal(f, at, "单元格的格式只显示到月，没有显示日，"+raw+" 中的日可能是表格软件补的", dayStep)
	case grid.YearUnseen:
		return fatal(f, at, "单元格的格式没有显示年，"+raw+" 中的年可能是表格软件补的", dayStep)
	case grid.TooEarly:
		return fatal(f, at, "单元格的日期是 "+raw+"，可能是把一个小数字当成了日期", dayStep)
	case grid.ShownSplit:
		v.remarkOn(f, at, o.Doubt, "单元格显示千位分隔符，报送的内容没有（此处显示“"+o.Seen+"”，报送“"+raw+"”）"+sameBelow, "核对后再报送；建议把该列设为“文本”格式")
	case grid.FewDigits:
		if f.isCode() {
			v.hold(f, at, "单元格的数字写成 "+o.Seen+"，写文件的程序只保留这几位有效数字，末尾的数字可能已经丢失", asTextStep)
		}
	case grid.TimeOfDay:
		v.remarkOn(f, at, o.Doubt, "日期单元格含有时间 "+o.Seen+"，只报送日期"+sameBelow, "核对日期是否正确")
	case grid.OtherDay:
		v.hold(
			f,
			at,
			fmt.Sprintf("日期单元格是 %s %s，可能差一天：应为 %s 或 %s", raw, o.Seen, raw, o.Other),
			"核对处罚决定书的日期；在表格中改成不含时间的日期",
		)
	case grid.Since1904:
		v.remarkOn(f, at, o.Doubt, "工作簿的日期从1904年算起，此处为 "+raw+sameBelow, "与处罚决定书核对，如相差四年须改正")
	}
	return nil
}

const (
	asShownStep = "把单元格设为“文本”格式，按应报送的内容重新填写"
	dayStep     = "把单元格的格式设为显示年月日，核对后重试；或写成文本 yyyy-MM-dd，如 2026-03-16"
)

// seen is a text that a cell shows.
func seen(text string) string {
	if text == "" {
		return "空白"
	}
	return "“" + grid.Brief(text) + "”"
}

// remarkOn notes a doubt the first time that a column has it, whatever the values are.
func (v *values) remarkOn(f field, at Place, d grid.Doubt, text, next string) {
	if key := fieldTable[f].name + string(rune(d)); !v.once[key] {
		v.once[key] = true
		v.note(Problem{Place: at, Field: fieldTable[f].name, Text: text, Next: next})
	}
}

// hold notes what a person must agree to before the case is sent, for each column once in a case.
func (v *values) hold(f field, at Place, text, next string) {
	if !v.held[f] {
		v.held[f] = true
		v.note(Problem{Place: at, Field: fieldTable[f].name, Text: text, Next: next, Held: true})
	}
}
