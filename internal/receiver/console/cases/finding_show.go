package cases

import (
	"html/template"
	"strconv"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/rules"
)

// foundOne is a finding as people read it.
type foundOne struct {
	Rule                         int
	Class, Severity, Title, Hint string
	Detail                       template.HTML
	Text                         string // Title and Detail, without marks and links
	Beside                       bool   // where both values are shown, Detail says nothing more
	severity                     rules.Severity
}

func newFound(f casework.Found) foundOne {
	r, ok := rules.ByNo(f.Rule)
	if !ok {
		r = rules.Rule{No: f.Rule, Severity: rules.Severe, Title: "规则" + strconv.Itoa(f.Rule),
			Hint: "由其他版本的程序提出，请用该版本查看。"}
	}
	text := r.Title
	if said := page.SaidOf(f); said != "" {
		text += "：" + said
	}
	return foundOne{f.Rule, page.SeverityClass(r.Severity), r.Severity.String(), r.Title, r.Hint, detailHTML(f, nil),
		text, false, r.Severity}
}

// detailHTML is what a finding says, in its values the characters marked that differ. link is the place that it names,
// nil: as text.
func detailHTML(f casework.Found, link func(named string) template.HTML) (said template.HTML) {
	if len(f.Said.Parts) == 0 {
		return page.Escaped(f.Detail)
	}
	for _, p := range f.Said.Parts {
		switch {
		case p.Kind == rules.PartPlace && link != nil:
			said += link(p.Text)
		case p.Kind == rules.PartValue:
			said += "“" + template.HTML(page.Marked([]rune(p.Inside()), setOf(p.At))) + "”"
		default:
			said += page.Escaped(p.Shown())
		}
	}
	return said
}

func setOf(positions []int) map[int]bool {
	set := make(map[int]bool, len(positions))
	for _, p := range positions {
		set[p] = true
	}
	return set
}

// linkedDetail is what a finding says, with a link at the place that it names, or behind it where only its text is
// known.
func linkedDetail(q *page.Request, acceptID string, f casework.Found, p casework.Place) template.HTML {
	to := "/cases/" + p.AcceptID
	if p.Own {
		to = "/cases/" + acceptID
	}
	if p.Pos >= 0 {
		to += "/entities/" + strconv.Itoa(p.Pos+1)
	}
	linked := false
	link := func(named string) template.HTML {
		linked = true
		return template.HTML(`<a href="`+template.HTMLEscapeString(q.Link(to))+`">`) + page.Escaped(named) + "</a>"
	}
	said := detailHTML(f, link)
	if !linked {
		said += "（" + link(p.String()) + "）"
	}
	return said
}

// foundAbout are the findings of an entity about a member, or about all of them where it is "": its own, with links to
// the rows that they name, and those that later rows say of it.
func foundAbout(q *page.Request, acceptID string, e casework.DoubtedEntity, member string) (all []foundOne) {
	for _, f := range e.Findings {
		if member != "" && f.Field != member {
			continue
		}
		one := newFound(f)
		if p, ok := e.LeadOf(f.Rule); ok {
			one.Detail = linkedDetail(q, acceptID, f, p)
		}
		all = append(all, one)
	}
	for _, m := range e.Marks {
		if member != "" && m.Field != member {
			continue
		}
		one := newFound(m.Found)
		one.Detail = linkedDetail(q, acceptID, m.Found, m.Place)
		all = append(all, one)
	}
	if n := len(all); n > 0 && e.MoreMarks && len(e.Marks) > 0 {
		all[n-1].Detail += "；还有其他条目指向本条，请点代码查看"
	}
	return all
}

// doubtful are the positions, from zero, that findings about a value name. They count in the folded code.
func doubtful(fs []casework.Found, value string) map[int]bool {
	which := make(map[int]bool)
	if rules.FoldCode(value) != value {
		return which
	}
	for _, f := range fs {
		for _, i := range f.Said.At {
			which[i] = true
		}
	}
	return which
}

// about are the findings whose positions are those of a member's value: that one pripid has two credit codes is said of
// the pripid, and shown in the credit code.
func about(member string, fs []casework.Found) (its []casework.Found) {
	for _, f := range fs {
		of := f.Field
		if f.Rule == rules.PripIDOtherCreditCode {
			of = "uniscid"
		}
		if of == member {
			its = append(its, f)
		}
	}
	return its
}
