package cases

import (
	"errors"
	"html/template"
	"net/url"
	"slices"
	"strconv"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// entityList is a page of a case's list.
type entityList struct {
	Rows         []entityRow
	Doubted      bool // only those with findings
	Revealed     bool // names are shown in full
	From         int  // as people count
	First, Prev  string
	Next         string
	All, Dubious string // the same case, all entities or only those with findings
	Print        string // all rows, to be printed
	Paper        page.Paper
	Here         string // the query of this page of the list, with its ?; "" for the first of all
}

// entityRow is one entity with what the verifier has to say of each value.
type entityRow struct {
	No                              int // as people count
	Link                            string
	PripID, UniscID, Legal, EntType shownValue
	Type                            string // the name of the type
}

// shownValue is a value with its findings beside it.
type shownValue struct {
	HTML   template.HTML
	Link   string // to everything known of it
	Hidden bool   // a personal ID number in it is masked
	Found  []foundOne
}

// foundOne is a finding as people read it.
type foundOne struct {
	Class, Severity, Title, Hint string
	Detail                       template.HTML
}

func newFound(f casework.Found) foundOne {
	r, ok := rules.ByNo(f.Rule)
	if !ok {
		r = rules.Rule{No: f.Rule, Severity: rules.Severe, Title: "规则" + strconv.Itoa(f.Rule), Hint: "由其他版本的程序提出，请用该版本查看。"}
	}
	return foundOne{page.SeverityClass(r.Severity), r.Severity.String(), r.Title, r.Hint, detailHTML(f, nil)}
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

// linkedDetail is what a finding says, with a link at the place that it names, or behind it where only its text is known.
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

// foundAbout are the findings of an entity about a member, or about all of them where it is "": its own, with links to the
// rows that they name, and those that later rows say of it.
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

const entityRows = 50

func fillEntities(q *page.Request, d *caseData) (err error) {
	from, err := position(q.Field("at"))
	if err != nil {
		return err
	}
	l := &d.List
	l.Doubted, l.From = q.Field("only") == "found", from+1
	if l.Revealed, err = q.Cases.Revealed(q.Context(), q.Who, q.Who.Token, d.No); err != nil {
		return err
	}
	l.All, l.Dubious = listPath(q, d.AcceptID, 1, false), listPath(q, d.AcceptID, 1, true)
	l.Here, l.Print = q.Selecting(""), q.PrintLink()
	if q.Printing() {
		return printEntities(q, d, from)
	}
	es, err := q.Cases.CaseEntities(q.Context(), q.Who, d.No, from, entityRows+1, l.Doubted)
	if err != nil {
		return err
	}
	if len(es) > entityRows {
		l.Next = listPath(q, d.AcceptID, es[entityRows].Pos+1, l.Doubted)
		es = es[:entityRows]
	}
	if from > 0 {
		l.First = listPath(q, d.AcceptID, 1, l.Doubted)
		if !l.Doubted {
			l.Prev = listPath(q, d.AcceptID, max(1, from+1-entityRows), false)
		}
	}
	for _, e := range es {
		l.Rows = append(l.Rows, newEntityRow(q, d.AcceptID, e, l.Revealed))
	}
	return nil
}

// listPath is the address of the list from a number on.
func listPath(q *page.Request, acceptID string, no int, doubted bool) string {
	v := url.Values{}
	if no > 1 {
		v.Set("at", strconv.Itoa(no))
	}
	if doubted {
		v.Set("only", "found")
	}
	path := q.Link("/cases/" + acceptID)
	if len(v) > 0 {
		path += "?" + v.Encode()
	}
	return path + "#list"
}

func newEntityRow(q *page.Request, acceptID string, e casework.DoubtedEntity, revealed bool) entityRow {
	sent := e
	if !revealed {
		e = masked(e)
	}
	row := entityRow{No: e.Pos + 1, Link: q.Link("/cases/" + acceptID + "/entities/" + strconv.Itoa(e.Pos+1)),
		PripID: newShownValue(q, acceptID, "pripid", e.PripID, e), UniscID: newShownValue(q, acceptID, "uniscid", e.UniscID, e),
		Legal: newShownValue(q, acceptID, "legal", e.Legal, e), EntType: newShownValue(q, acceptID, "enttype", e.EntType, e)}
	row.PripID.Hidden, row.UniscID.Hidden = hides(sent.PripID, e.PripID), hides(sent.UniscID, e.UniscID)
	row.EntType.Hidden = hides(sent.EntType, e.EntType)
	if t, ok := rules.EntTypeByCode(e.EntType); ok {
		row.Type = t.Name
	}
	return row
}

// newShownValue is the value of a member with its findings; codes lead to everything known of them.
func newShownValue(q *page.Request, acceptID, member, value string, e casework.DoubtedEntity) shownValue {
	fs := slices.Clone(e.Findings)
	for _, m := range e.Marks {
		fs = append(fs, m.Found)
	}
	v := shownValue{HTML: template.HTML(page.Marked([]rune(value), doubtful(about(member, fs), value)))}
	if member == "pripid" || member == "uniscid" {
		v.Link = q.EntityLink(member, value)
	}
	v.Found = foundAbout(q, acceptID, e, member)
	return v
}

// entityData is one entity in full, between its neighbours.
type entityData struct {
	AcceptID, CaseID, CaseName string
	Rows                       []entityRow
	Here                       int
	Hidden                     bool // its name, too, until a purpose is given
	Reveal                     page.PurposeForm
	Free                       int64 // how many may be seen without one
}

func casesEntityPage(q *page.Request) (page.Answer, error) { return showEntity(q, nil) }

// showEntity shows one entity with its name; those before and after it are there because rows may have been shifted.
// Who has seen many names one by one has to say why before he sees more.
func showEntity(q *page.Request, problem error) (page.Answer, error) {
	pos, err := position(q.PathValue("pos"))
	if err != nil {
		return nil, intake.ErrNotFound
	}
	f, err := q.Cases.CaseFile(q.Context(), q.Who, q.PathValue("acceptid"))
	if err != nil {
		return nil, err
	}
	es, err := q.Cases.CaseEntities(q.Context(), q.Who, f.No, max(0, pos-2), 5, false)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(es, func(e casework.DoubtedEntity) bool { return e.Pos == pos }) {
		return nil, intake.ErrNotFound
	}
	d := entityData{AcceptID: f.AcceptID, CaseID: f.CaseID, CaseName: f.CaseName, Here: pos + 1}
	if err := askPurpose(q, &d, f.No, pos); err != nil {
		return nil, err
	}
	for _, e := range es {
		if e.Pos <= pos+2 {
			d.Rows = append(d.Rows, newEntityRow(q, f.AcceptID, e, e.Pos == pos && !d.Hidden))
		}
	}
	return page.View{Template: "entity_show", Title: "案件 " + f.AcceptID + " 第" + strconv.Itoa(pos+1) + "户", Data: d, Problem: problem}, nil
}

// askPurpose has the view of the name counted, and hides the name where a purpose is needed first.
func askPurpose(q *page.Request, d *entityData, caseNo int64, pos int) error {
	err := q.Cases.ViewName(q.Context(), q.Who, caseNo, pos)
	if !errors.Is(err, casework.ErrPurpose) {
		return err
	}
	ps, err := q.Staff.Policies(q.Context())
	d.Hidden, d.Free = true, ps[intake.FreeNames]
	d.Reveal = page.NewPurposeForm("reveal", q.Link(entityPath(q))+"/reveal", "显示姓名", "说明后，本案清单中的姓名在您的这次登录中暂时显示。")
	return err
}

func entityPath(q *page.Request) string {
	return "/cases/" + q.PathValue("acceptid") + "/entities/" + q.PathValue("pos")
}

// revealFromEntity is revealNames from the page of one entity, to which it leads back.
func revealFromEntity(q *page.Request) (page.Answer, error) {
	err := revealNames(q, q.PathValue("acceptid"))
	if errors.Is(err, intake.ErrInvalid) {
		return showEntity(q, err)
	}
	if err != nil {
		return nil, err
	}
	return page.Done(entityPath(q), "revealed"), nil
}
