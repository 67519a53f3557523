package conformance

import (
	"encoding/xml"
	"fmt"
	"io"
)

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Name    string       `xml:"name,attr"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	Failure *junitNote `xml:"failure,omitempty"`
	Skipped *junitNote `xml:"skipped,omitempty"`
}

type junitNote struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes the report as JUnit XML, a suite for each clause. Anything that does not count against the target,
// but was not passed either, is skipped with its reason.
func (r Report) WriteJUnit(w io.Writer) error {
	all := junitSuites{Name: "批量吊销接口符合性检查 " + r.URL}
	for _, g := range r.Groups() {
		s := junitSuite{Name: g.No + " " + g.Title, Tests: len(g.Results)}
		for _, res := range g.Results {
			c := r.junitCase(res)
			if c.Failure != nil {
				s.Failures++
			}
			if c.Skipped != nil {
				s.Skipped++
			}
			s.Cases = append(s.Cases, c)
		}
		all.Suites = append(all.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	return e.Encode(all)
}

func (r Report) junitCase(res Result) junitCase {
	c := junitCase{Class: res.Clause(), Name: fmt.Sprintf("%s %s %s", res.ID, res.Requirement, res.Title)}
	note := &junitNote{Message: string(res.Outcome) + "：" + res.Reason}
	if s, ok := res.Decisive(); ok {
		if b := s.Before; b != nil {
			note.Text = fmt.Sprintf("先发送：%s\n先应答：%s\n不同之处：%s\n", b.Sent, b.Answer, s.Differs)
		}
		note.Text += fmt.Sprintf("发送：%s\n期望：%s\n实际：%s\n\n%s", s.Sent, s.Expected, s.Came, s.Answer)
	}
	if basis := r.Basis(res); basis != "" {
		note.Text = "依据：" + res.Clause() + "，" + basis + "\n" + note.Text
	}
	switch {
	case r.Weighs(res):
		c.Failure = note
	case res.Outcome != Passed:
		note.Text = ""
		c.Skipped = note
	}
	return c
}
