package grid

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Place is where in a file something stands, as the spreadsheet shows it.
type Place struct {
	File   string
	Sheet  string // "" but for a workbook
	Row    int    // 1-based, blank rows counted; the line of a JSON Lines file; 0: the file as a whole
	Column string // letter of the column, or the path of a JSON member; "" for the row as a whole
}

// String says the place in Chinese: 清单.xlsx 工作表“清单”第5行B列.
func (p Place) String() string {
	var b strings.Builder
	b.WriteString(filepath.Base(p.File))
	if p.Sheet != "" {
		fmt.Fprintf(&b, " 工作表“%s”", p.Sheet)
	} else if p.Row > 0 {
		b.WriteString(" ")
	}
	if p.Row > 0 {
		fmt.Fprintf(&b, "第%d行", p.Row)
	}
	switch {
	case p.Column != "" && p.Column[0] >= 'A' && p.Column[0] <= 'Z':
		b.WriteString(p.Column + "列")
	case p.Column != "":
		b.WriteString(" " + p.Column)
	}
	return b.String()
}

// Problem is one thing wrong with a file, in Chinese.
type Problem struct {
	Place
	Field string // name of the document's member, such as uniscid; "" where there is none
	Text  string // what is wrong
	Next  string // what to do about it
	Fatal bool   // the case must not be sent
	Held  bool   // the case waits until a person agrees to send it: likely wrong, not certainly; never with Fatal
}

// Error says where, what and what to do next.
func (p *Problem) Error() string {
	text := p.Place.String()
	if title := Title(p.Field); title != "" {
		text += "（" + title + " " + p.Field + "）"
	}
	text += "：" + p.Text
	if p.Next != "" {
		text += "；" + p.Next
	}
	return text
}

// ColumnName is the letter of a zero-based column: A … Z, AA ….
func ColumnName(i int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if i < len(letters) {
		return letters[i : i+1] // without allocating: asked for every cell
	}
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// Brief shortens what a file says for a message.
func Brief[S string | []byte](s S) string {
	const most = 40
	r := []rune(string(s[:min(len(s), 8*most)]))
	if len(r) <= most && len(s) <= 8*most {
		return string(r)
	}
	return string(r[:min(len(r), most)]) + "…"
}

// Title is the Chinese title of a member of the document, such as uniscid, in headings and messages; "" where there
// is no such member.
func Title(name string) string {
	switch name {
	case "caseid":
		return "案件编号"
	case "casename":
		return "案件名称"
	case "caseintroduction":
		return "案由"
	case "illegality":
		return "违法行为"
	case "penalty":
		return "处罚内容"
	case "penaltydate":
		return "处罚决定日期"
	case "penaltyorg":
		return "处罚决定机关"
	case "pripid":
		return "市场主体身份代码"
	case "uniscid":
		return "统一社会信用代码"
	case "legal":
		return "法定代表人（负责人）"
	case "enttype":
		return "市场主体类型"
	}
	return ""
}
