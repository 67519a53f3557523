package doctor

import (
	"fmt"
	"io"
	"strings"
	"time"

	"diaoxiao/internal/display"
)

// Standing is how one check came out.
type Standing string

// The standings, the worst last but one.
const (
	Fine      Standing = "正常"
	Doubtful  Standing = "注意" // works, but look at it
	Broken    Standing = "问题" // does not work
	Unchecked Standing = "未检查"
)

// Diagnosis is what there is to say of one check.
type Diagnosis struct {
	No       int      `json:"no"`
	Name     string   `json:"name"`
	Standing Standing `json:"state"`
	Text     string   `json:"text"`
	Details  []string `json:"details,omitempty"`
	Steps    []string `json:"steps,omitempty"` // what mends it
	Millis   float64  `json:"ms"`
}

// note adds a thing found: the worst decides the standing and speaks first.
func (d *Diagnosis) note(s Standing, text string, steps ...string) {
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

func worse(a, b Standing) bool {
	rank := map[Standing]int{Fine: 0, Unchecked: 1, Doubtful: 2, Broken: 3}
	return rank[a] > rank[b]
}

// Print writes a diagnosis for people: a line, and below it what was seen and what to do.
func (d *Diagnosis) Print(w io.Writer) error {
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

// Checkup is everything that was found, as doctor --json shows it.
type Checkup struct {
	URL     string       `json:"url"`
	Profile string       `json:"profile"`
	Account string       `json:"account"`
	Worst   Standing     `json:"state"`
	Checks  []*Diagnosis `json:"checks"`
}

// Counts is how many checks came out how, in Chinese.
func (c *Checkup) Counts() string {
	n := make(map[Standing]int)
	for _, d := range c.Checks {
		n[d.Standing]++
	}
	var words []string
	for _, s := range []Standing{Fine, Doubtful, Broken, Unchecked} {
		if n[s] > 0 {
			words = append(words, fmt.Sprintf("%s %d 项", s, n[s]))
		}
	}
	return strings.Join(words, "，")
}

// worst is that of all checks; what was not checked is neither good nor bad.
func (c *Checkup) worst() Standing {
	s := Fine
	for _, d := range c.Checks {
		if d.Standing != Unchecked && worse(d.Standing, s) {
			s = d.Standing
		}
	}
	return s
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
