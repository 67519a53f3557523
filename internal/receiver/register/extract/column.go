package extract

import (
	"fmt"
	"strings"

	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// columns counts the rows that show that a heading is over the wrong column, or over a column that was not filled.
type columns struct {
	codes  int // a credit code for a pripid, and no credit code for a credit code
	names  int // a firm for a person, and no firm for a name
	filled [fields]int
	rows   int
}

// add counts one firm.
func (c *columns) add(f *register.Firm) {
	c.rows++
	if f.UniscID != "" && !rules.ValidCreditCode(f.UniscID) && rules.ValidCreditCode(f.PripID) {
		c.codes++
	}
	if f.Name != "" && isFirmName(f.Legal) && !isFirmName(f.Name) {
		c.names++
	}
	for _, column := range [...]struct {
		field field
		text  string
	}{{name, f.Name}, {legal, f.Legal}, {state, f.StateText}} {
		if column.text != "" {
			c.filled[column.field]++
		}
	}
}

// isFirmName reports whether a text ends as names of firms do, and those of people do not.
func isFirmName(s string) bool {
	for _, end := range [...]string{"公司", "企业", "合作社", "事务所", "中心", "厂", "店", "部", "商行", "超市", "合伙）", "合伙)"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}

// misplaced refuses an extract most of whose rows have their columns mixed up, or a column of which is empty: each
// listed firm would seem a wrong one.
func (x *Extract) misplaced() {
	const few = 20
	c := &x.counts.columns
	if c.rows < few {
		return
	}
	at := x.tables[0].Place
	step := "检查各列的标题是否写错；从登记系统重新导出，先检查（命令行加 --dry-run），看各列被当作什么"
	mixed := func(n int, one, other field) {
		if n*2 > c.rows {
			text := fmt.Sprintf("%d行的“%s”和“%s”两列填反，共%d行", n, one.title(), other.title(), c.rows)
			x.found.refuseAll(fatal(at, text, step))
		}
	}
	mixed(c.codes, pripID, uniscID)
	mixed(c.names, name, legal)
	for _, f := range [...]field{name, legal, state} {
		if c.filled[f] == 0 {
			x.found.refuseAll(fatal(at, fmt.Sprintf("“%s”一列全是空的，共%d行", f.title(), c.rows), step))
		}
	}
}
