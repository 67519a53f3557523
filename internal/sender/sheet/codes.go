package sheet

import (
	"fmt"

	"diaoxiao/internal/grid"
	"diaoxiao/internal/rules"
)

// codes judges whether the codes of one case were numbers on their way, each by itself and all together. Anything that
// is certain is a problem; what is likely holds the case, told once for each column.
type codes struct {
	note    func(Problem)
	at      func(f field, pos int) Place
	columns [2]codeColumn // pripid and uniscid
}

// codeColumn is what is known of one column.
type codeColumn struct {
	series  rules.NumberSeries
	refused bool
	doubt   int // codes that are likely harmed
	pos     int // of the first of them
	text    string
}

const numberStep = "与原系统逐条核对；如已丢失，" + asTextStep

// judge takes the next code of a column. Only its own problem is returned.
func (c *codes) judge(f field, code string, pos int) *Problem {
	column := &c.columns[f-pripID]
	column.series.Add(pos, code)
	harm, what := column.series.Harm(code)
	switch {
	case harm == rules.Unharmed, isGenuine(code):
		return nil
	case harm == rules.Certain:
		column.refused = true
		return destroyed(f, c.at(f, pos), code, what)
	}
	c.doubt(f, pos, "编号“"+grid.Brief(code)+"”"+what+"，原来的数字可能已经丢失")
	return nil
}

// doubt holds the case for a code that is likely harmed.
func (c *codes) doubt(f field, pos int, text string) {
	column := &c.columns[f-pripID]
	if column.doubt++; column.doubt == 1 {
		column.pos, column.text = pos, text
	}
}

// isGenuine: check characters that are right show that no digit was lost.
func isGenuine(code string) bool { return rules.ValidCreditCode(code) || rules.ValidRegNo(code) }

func destroyed(f field, at Place, code, what string) *Problem {
	return fatal(f, at, "编号“"+grid.Brief(code)+"”"+what+"，是被当作数值处理过的结果，后面的数字已经丢失", asTextStep)
}

// end is the judgement on all codes of the case: problems, and notes of what holds it.
func (c *codes) end() (problems []*Problem) {
	for i := range c.columns {
		f, column := pripID+field(i), &c.columns[i]
		v := column.series.Judge()
		switch {
		case column.refused:
		case v.Harm == rules.Certain:
			problems = append(problems, fatal(f, c.at(f, v.First[0].Pos), wholeList(v), asTextStep))
		case v.Harm == rules.Likely:
			c.hold(f, v.First[0].Pos, wholeList(v))
		case column.doubt == 1:
			c.hold(f, column.pos, column.text)
		case column.doubt > 1:
			c.hold(f, column.pos, column.text+fmt.Sprintf("；本列共%d个这样的编号", column.doubt))
		}
	}
	c.columns = [2]codeColumn{}
	return problems
}

func wholeList(v rules.NumberVerdict) string {
	return v.Text() + "，远多于巧合，末几位数字可能已经丢失；第一个为“" + grid.Brief(v.First[0].Code) + "”"
}

func (c *codes) hold(f field, pos int, text string) {
	c.note(Problem{Place: c.at(f, pos), Field: fieldTable[f].name, Text: text, Next: numberStep, Held: true})
}
