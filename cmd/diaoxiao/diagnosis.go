package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"diaoxiao/internal/display"
)

// standing is how one check of the doctor came out.
type standing string

// The standings, the worst last but one.
const (
	fine      standing = "正常"
	doubtful  standing = "注意" // works, but look at it
	broken    standing = "问题" // does not work
	unchecked standing = "未检查"
)

// diagnosis is what the doctor has to say of one check.
type diagnosis struct {
	No       int      `json:"no"`
	Name     string   `json:"name"`
	Standing standing `json:"state"`
	Text     string   `json:"text"`
	Details  []string `json:"details,omitempty"`
	Steps    []string `json:"steps,omitempty"` // what mends it
	Millis   float64  `json:"ms"`
}

// note adds a thing found: the worst decides the standing and speaks first.
func (d *diagnosis) note(s standing, text string, steps ...string) {
	if d.Text != "" && !worse(s, d.Standing) {
		d.Details = append(d.Details, text)
	} else {
		if d.Text != "" {
			d.Details = append(d.Details, d.Text)
		}
		d.Standing, d.Text = s, text
	}
	d.Steps = append(d.Steps, steps...)
}

func worse(a, b standing) bool {
	rank := map[standing]int{fine: 0, unchecked: 1, doubtful: 2, broken: 3}
	return rank[a] > rank[b]
}

// print writes a diagnosis for people: a line, and below it what was seen and what to do.
func (d *diagnosis) print(w io.Writer) error {
	lead := fmt.Sprintf("[%2d] %s%s", d.No, display.Pad(d.Name, 10), display.Pad(string(d.Standing), 8))
	var b strings.Builder
	indented(&b, lead, d.Text)
	for _, line := range d.Details {
		indented(&b, strings.Repeat(" ", display.Columns(lead)-2)+"· ", line)
	}
	for _, step := range d.Steps {
		indented(&b, strings.Repeat(" ", display.Columns(lead)-8)+"处理    ", step)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// indented wraps a text behind a lead.
func indented(b *strings.Builder, lead, text string) {
	for _, line := range display.Wrap(display.Plain(text), display.Width-display.Columns(lead)) {
		b.WriteString(strings.TrimRight(lead+line, " ") + "\n")
		lead = strings.Repeat(" ", display.Columns(lead))
	}
}

// checkup is everything the doctor found, as --json shows it.
type checkup struct {
	URL     string       `json:"url"`
	Profile string       `json:"profile"`
	Account string       `json:"account"`
	Worst   standing     `json:"state"`
	Checks  []*diagnosis `json:"checks"`
}

func (e *checkup) counts() string {
	n := make(map[standing]int)
	for _, d := range e.Checks {
		n[d.Standing]++
	}
	var words []string
	for _, s := range []standing{fine, doubtful, broken, unchecked} {
		if n[s] > 0 {
			words = append(words, fmt.Sprintf("%s %d 项", s, n[s]))
		}
	}
	return strings.Join(words, "，")
}

// worst is that of all checks; what was not checked is neither good nor bad.
func (e *checkup) worst() standing {
	s := fine
	for _, d := range e.Checks {
		if d.Standing != unchecked && worse(d.Standing, s) {
			s = d.Standing
		}
	}
	return s
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
