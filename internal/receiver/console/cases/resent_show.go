package cases

import (
	"html/template"
	"math"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/rules"
)

// resentData is a case beside the returned one that it replaces.
type resentData struct {
	casework.CaseFile
	casework.Resent
	Lines    []resentLine
	Back     string
	More     bool // there are more rows than are shown
	Revealed bool
}

// resentLine is one firm that is not in both lists alike.
type resentLine struct {
	No, Was int // in this list and in the one before; 0: it is not there
	Change  page.Tag
	Named   bool
	Values  []resentValue
}

// resentValue is one member of both rows. A value that a row does not have is "".
type resentValue struct {
	Was, Now template.HTML
	Changed  bool
}

// resentPage shows, row by row, what differs between a case and the returned one that it replaces.
func resentPage(q *page.Request) (page.Answer, error) {
	f, err := q.Cases.CaseFile(q.Context(), q.Who, q.PathValue("acceptid"))
	if err != nil {
		return nil, err
	}
	d := resentData{CaseFile: f, Back: q.CaseLink(f.AcceptID)}
	if d.Resent, err = q.Cases.Resent(q.Context(), q.Who, f.No, math.MaxInt); err != nil {
		return nil, err
	}
	if d.Revealed, err = q.Cases.Revealed(q.Context(), q.Who, q.Who.Token, f.No); err != nil {
		return nil, err
	}
	for _, r := range d.Rows {
		d.Lines = append(d.Lines, resentLineOf(r, d.Revealed))
	}
	d.More = d.Added+d.Dropped+d.Changed > len(d.Rows)
	return page.View{Template: "resent_show", Title: "与上次报送比较 " + display.Plain(f.CaseID), Data: d}, nil
}

func resentLineOf(r casework.ResentRow, revealed bool) resentLine {
	l := resentLine{No: r.Pos + 1, Was: r.WasPos + 1, Named: r.Named, Change: page.Tag{Class: "warning", Text: "改动"}}
	switch {
	case r.WasPos < 0:
		l.Change = page.Tag{Class: "severe", Text: "新增"}
	case r.Pos < 0:
		l.Change = page.Tag{Text: "删除"}
	}
	was, now := members(r.Was), members(r.Now)
	for i := range was {
		mask := rules.MaskPersonal
		if i == legalMember {
			mask = page.Mask
		}
		if revealed {
			mask = func(s string) string { return s }
		}
		l.Values = append(l.Values, resentValueOf(was[i], now[i], mask, r.Pos >= 0 && r.WasPos >= 0))
	}
	return l
}

// legalMember is which of members is a name.
const legalMember = 2

func members(e api.Entity) [4]string { return [4]string{e.UniscID, e.PripID, e.Legal, e.EntType} }

// resentValueOf marks the characters that changed, where the values are shown as they were sent.
func resentValueOf(was, now string, mask func(string) string, both bool) resentValue {
	v := resentValue{Was: page.Escaped(mask(was)), Now: page.Escaped(mask(now)), Changed: both && was != now}
	if v.Changed && mask(was) == was && mask(now) == now {
		v.Was = template.HTML(page.Marked([]rune(was), page.Differing(now, was)))
		v.Now = template.HTML(page.Marked([]rune(now), page.Differing(was, now)))
	}
	return v
}
