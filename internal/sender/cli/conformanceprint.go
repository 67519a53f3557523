package cli

import (
	"fmt"
	"io"
	"strings"

	"diaoxiao/conformance"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
)

func listChecks(w io.Writer, checks []conformance.Check, asJSON bool) error {
	t := display.NewTable(w)
	for _, c := range checks {
		var err error
		if asJSON {
			err = cli.PrintJSON(w, c)
		} else {
			err = t.Add(c.ID, string(c.Requirement), c.Title)
		}
		if err != nil {
			return err
		}
	}
	return t.Flush()
}

// printReport prints a report for people: first the checks that failed, then those that were not made, then the result.
func printReport(w io.Writer, r conformance.Report) error {
	var b strings.Builder
	cited := make(map[string]bool)
	for _, res := range r.Results {
		if res.Outcome == conformance.Failed {
			basis := r.Basis(res)
			if cited[basis] {
				basis = ""
			}
			cited[basis] = true
			printFailure(&b, res, basis)
		}
	}
	for _, o := range []conformance.Outcome{conformance.NotOffered, conformance.NotTested} {
		for _, res := range r.Results {
			if res.Outcome == o {
				fmt.Fprintf(
					&b, "%s  %s  %s（%s）\n", o, display.Pad(res.ID, 9), display.Plain(res.Title),
					display.Plain(res.Reason),
				)
			}
		}
	}
	fmt.Fprintf(&b, "\n检查对象  %s（应答报文格式 %s）\n结果      ", display.Plain(r.URL), r.Dialect)
	for _, o := range conformance.Outcomes() {
		fmt.Fprintf(&b, "%s %d  ", o, r.Counts[o])
	}
	if cases := r.CasesText(); cases != "" {
		fmt.Fprintf(&b, "\n案件      %s", cases)
	}
	fmt.Fprintf(&b, "\n请求      %d 次，用时 %s", r.Requests, r.Ended.Sub(r.Began))
	fmt.Fprintf(&b, "\n摘要      %s\n%s\n", r.Digest, r.Verdict())
	_, err := io.WriteString(w, b.String())
	return err
}

// printFailure writes a check that failed, with the sentence of the decision that it rests on, both exchanges where the
// check compares two, and the place where they differ.
func printFailure(b *strings.Builder, res conformance.Result, basis string) {
	fmt.Fprintf(b, "未通过  %s（%s）  %s\n", res.ID, res.Requirement, display.Plain(res.Title))
	printLines(b, "依据", basis)
	printLines(b, "说明", res.Note())
	s, ok := res.Decisive()
	if !ok {
		b.WriteByte('\n')
		return
	}
	sent := "发送"
	if before := s.Before; before != nil {
		printLines(b, "先发", before.Sent)
		printLines(b, "先答", before.Came)
		printLines(b, "不同", s.Differs)
		sent = "后发"
	}
	for _, line := range [][2]string{{sent, s.Sent}, {"期望", s.Expected}, {"实际", s.Came}, {"应答", s.Answer}} {
		printLines(b, line[0], line[1])
	}
	b.WriteByte('\n')
}

// printLines writes a text of a report beside its label, six lines of it at most: the papers have the whole.
func printLines(b *strings.Builder, label, text string) {
	if text == "" {
		return
	}
	for i, part := range display.Wrap(display.Plain(strings.Join(strings.Fields(text), " ")), display.Width-10) {
		if i == 6 {
			b.WriteString("          ……\n")
			return
		}
		fmt.Fprintf(b, "    %s  %s\n", label, part)
		label = "    "
	}
}

// examProgress shows which check is running: on a terminal in one line that is written over, elsewhere now and then.
type examProgress struct {
	n, of int
	line  *cli.Line // nil where there is no terminal
	slow  *cli.Progress
}

func newExamProgress(w io.Writer, of int) *examProgress {
	p := &examProgress{of: of, slow: cli.NewProgress(w, "检查")}
	if cli.IsTerminal(w) {
		p.line = cli.NewLine(w)
	}
	return p
}

// at shows the check that begins.
func (p *examProgress) at(c conformance.Check) {
	if p.n++; p.line == nil {
		p.slow.At("第 %d 项，共 %d 项，%s", p.n, p.of, c.ID)
		return
	}
	p.line.Show("%d/%d  %s  %s", p.n, p.of, c.ID, c.Title)
}

// clear takes the line off the screen.
func (p *examProgress) clear() {
	if p.line != nil {
		p.line.Clear()
	}
}
