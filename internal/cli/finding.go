package cli

import (
	"fmt"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/rules"
)

// FindingView is a finding as --json shows it.
type FindingView struct {
	Row      int    `json:"row"` // counted from 1; 0: the case itself
	Field    string `json:"field"`
	Rule     int    `json:"rule"`
	Severity string `json:"severity"`
	Title    string `json:"title"`
	Detail   string `json:"detail"`
	Hint     string `json:"hint"`
}

// ViewFinding is a finding with the title and the advice of its rule.
func ViewFinding(f rules.Finding) FindingView {
	r, _ := rules.ByNo(f.Rule)
	return FindingView{f.Pos + 1, f.Field, f.Rule, r.Severity.String(), r.Title, f.Detail, r.Hint}
}

// Text is a finding for people, over several lines: the place, the entity whom, the detail, and the advice. whom may be
// "".
func (f FindingView) Text(whom string) string {
	where := "整个案件"
	if f.Row > 0 {
		where = fmt.Sprintf("清单第 %s 条", display.Count(f.Row))
	}
	head := fmt.Sprintf("[%s] %s  规则 %d  %s", f.Severity, where, f.Rule, f.Title)
	if f.Field != "" {
		head += "（" + f.Field + "）"
	}
	lines := []string{head}
	for _, part := range [][2]string{{"主体", whom}, {"详情", f.Detail}, {"建议", f.Hint}} {
		if part[1] != "" {
			lines = append(lines, Labelled(part[0], display.Plain(part[1]))...)
		}
	}
	return strings.Join(lines, "\n")
}

// Labelled wraps a text behind an indented label.
func Labelled(label, text string) []string {
	lines := display.Wrap(text, display.Width-display.Columns(label)-9)
	for i, line := range lines {
		lead := ""
		if i == 0 {
			lead = label
		}
		lines[i] = strings.Repeat(" ", 7) + display.Pad(lead, display.Columns(label)+2) + line
	}
	return lines
}
