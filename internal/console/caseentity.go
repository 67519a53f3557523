package console

import (
	"errors"
	"html/template"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/intake"
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
	Paper        paper
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

func newFound(f rules.Finding) foundOne {
	r, ok := rules.ByNo(f.Rule)
	if !ok {
		r = rules.Rule{No: f.Rule, Severity: rules.Severe, Title: "规则" + strconv.Itoa(f.Rule), Hint: "由其他版本的程序提出，请用该版本查看。"}
	}
	return foundOne{severityClass(r.Severity), r.Severity.String(), r.Title, r.Hint, plainDetail(f.Detail)}
}

var (
	quoted = regexp.MustCompile(`“([^”]*)”`)
	places = regexp.MustCompile(`第([0-9]+(?:、[0-9]+)*)位`)
)

// pieces is a finding's detail, before and after the place that it names; where it holds two values of one length against each other,
// their differing characters are marked: the first that it quotes and the last.
func pieces(before, after string) (template.HTML, template.HTML) {
	detail := before + after
	at := quoted.FindAllStringSubmatchIndex(detail, -1)
	escaped := func(s string) string { return template.HTMLEscapeString(display.Plain(s)) }
	if len(at) < 2 || !strings.Contains(detail, "位不同") {
		return template.HTML(escaped(before)), template.HTML(escaped(after))
	}
	first, last := at[0], at[len(at)-1]
	a, b := []rune(detail[first[2]:first[3]]), []rune(detail[last[2]:last[3]])
	differ := make(map[int]bool)
	for i := range min(len(a), len(b)) {
		differ[i] = a[i] != b[i]
	}
	if len(a) != len(b) {
		differ = nil
	}
	cut := min(max(len(before), first[3]), last[2])
	return template.HTML(escaped(detail[:first[2]]) + marked(a, differ) + escaped(detail[first[3]:cut])),
		template.HTML(escaped(detail[cut:last[2]]) + marked(b, differ) + escaped(detail[last[3]:]))
}

// detailed is a detail with a link at the place that it names.
func (q *request) detailed(acceptID, detail string, rule int, p intake.Place) template.HTML {
	named := p.String()
	if rule == rules.LikeCaseID {
		named = "受理号" + p.AcceptID
	}
	before, after, ok := strings.Cut(detail, named)
	if !ok {
		before, after = detail, ""
	}
	a, b := pieces(before, after)
	to := "/cases/" + p.AcceptID
	if p.Own {
		to = "/cases/" + acceptID
	}
	if p.Pos >= 0 {
		to += "/entities/" + strconv.Itoa(p.Pos+1)
	}
	link := template.HTML(`<a href="` + template.HTMLEscapeString(q.link(to)) + `">` + template.HTMLEscapeString(display.Plain(named)) + "</a>")
	if !ok {
		return a + "（" + link + "）"
	}
	return a + link + b
}

// leadOf is the place that a finding of a rule names: the first of its own list, or else the first.
func leadOf(e intake.DoubtedEntity, rule int) (p intake.Place, ok bool) {
	for _, l := range e.Leads {
		if l.Rule == rule && (!ok || l.Own && !p.Own) {
			p, ok = l.Place, true
		}
	}
	return p, ok
}

// found are the findings of an entity about a member, or about all of them where it is "": its own, with links to the rows that they name, and
// those that later rows say of it.
func (q *request) found(acceptID string, e intake.DoubtedEntity, member string) (all []foundOne) {
	for _, f := range e.Findings {
		if member != "" && f.Field != member {
			continue
		}
		one := newFound(f)
		if p, ok := leadOf(e, f.Rule); ok {
			one.Detail = q.detailed(acceptID, f.Detail, f.Rule, p)
		}
		all = append(all, one)
	}
	for _, m := range e.Marks {
		if member != "" && m.Field != member {
			continue
		}
		one := newFound(m.Finding)
		one.Detail = q.detailed(acceptID, m.Detail, m.Rule, m.Place)
		all = append(all, one)
	}
	if n := len(all); n > 0 && e.MoreMarks && len(e.Marks) > 0 {
		all[n-1].Detail += "；还有其他条目指向本条，请点代码查看"
	}
	return all
}

// marked writes runes with some of them marked, neighbours together.
func marked(rs []rune, which map[int]bool) string {
	var b strings.Builder
	for i, r := range rs {
		if which[i] && !which[i-1] {
			b.WriteString("<mark>")
		}
		b.WriteString(template.HTMLEscapeString(display.Plain(string(r))))
		if which[i] && (i+1 == len(rs) || !which[i+1]) {
			b.WriteString("</mark>")
		}
	}
	return b.String()
}

// plainDetail is a detail without links.
func plainDetail(detail string) template.HTML {
	a, b := pieces(detail, "")
	return a + b
}

// doubtful are the positions, from zero, that findings about a value name. They count in the folded code.
func doubtful(fs []rules.Finding, value string) map[int]bool {
	which := make(map[int]bool)
	if rules.FoldCode(value) != value {
		return which
	}
	for _, f := range fs {
		for _, m := range places.FindAllStringSubmatch(f.Detail, -1) {
			for n := range strings.SplitSeq(m[1], "、") {
				if i, err := strconv.Atoi(n); err == nil {
					which[i-1] = true
				}
			}
		}
	}
	return which
}

// about are the findings whose positions are those of a member's value: that one pripid has two credit codes is said of the pripid,
// and shown in the credit code.
func about(member string, fs []rules.Finding) (its []rules.Finding) {
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

func (q *request) caseEntities(d *caseData) (err error) {
	from, err := position(q.field("at"))
	if err != nil {
		return err
	}
	l := &d.List
	l.Doubted, l.From = q.field("only") == "found", from+1
	if l.Revealed, err = q.Desk.Revealed(q.Context(), q.who, q.who.Token, d.No); err != nil {
		return err
	}
	l.All, l.Dubious = q.listAt(d.AcceptID, 1, false), q.listAt(d.AcceptID, 1, true)
	l.Here, l.Print = strings.TrimPrefix(q.selecting(""), q.Prefix), q.printLink()
	if q.printing() {
		return q.printEntities(d, from)
	}
	es, err := q.Desk.CaseEntities(q.Context(), q.who, d.No, from, entityRows+1, l.Doubted)
	if err != nil {
		return err
	}
	if len(es) > entityRows {
		l.Next = q.listAt(d.AcceptID, es[entityRows].Pos+1, l.Doubted)
		es = es[:entityRows]
	}
	if from > 0 {
		l.First = q.listAt(d.AcceptID, 1, l.Doubted)
		if !l.Doubted {
			l.Prev = q.listAt(d.AcceptID, max(1, from+1-entityRows), false)
		}
	}
	for _, e := range es {
		l.Rows = append(l.Rows, q.entityRow(d.AcceptID, e, l.Revealed))
	}
	return nil
}

// listAt is the address of the list from a number on.
func (q *request) listAt(acceptID string, no int, doubted bool) string {
	v := url.Values{}
	if no > 1 {
		v.Set("at", strconv.Itoa(no))
	}
	if doubted {
		v.Set("only", "found")
	}
	path := q.link("/cases/" + acceptID)
	if len(v) > 0 {
		path += "?" + v.Encode()
	}
	return path + "#list"
}

func (q *request) entityRow(acceptID string, e intake.DoubtedEntity, revealed bool) entityRow {
	sent := e
	if !revealed {
		e = masked(e)
	}
	row := entityRow{No: e.Pos + 1, Link: q.link("/cases/" + acceptID + "/entities/" + strconv.Itoa(e.Pos+1)),
		PripID: q.shown(acceptID, "pripid", e.PripID, e), UniscID: q.shown(acceptID, "uniscid", e.UniscID, e),
		Legal: q.shown(acceptID, "legal", e.Legal, e), EntType: q.shown(acceptID, "enttype", e.EntType, e)}
	row.PripID.Hidden, row.UniscID.Hidden = hides(sent.PripID, e.PripID), hides(sent.UniscID, e.UniscID)
	row.EntType.Hidden = hides(sent.EntType, e.EntType)
	if t, ok := rules.EntTypeByCode(e.EntType); ok {
		row.Type = t.Name
	}
	return row
}

// shown is the value of a member with its findings; codes lead to everything known of them.
func (q *request) shown(acceptID, member, value string, e intake.DoubtedEntity) shownValue {
	fs := slices.Clone(e.Findings)
	for _, m := range e.Marks {
		fs = append(fs, m.Finding)
	}
	v := shownValue{HTML: template.HTML(marked([]rune(value), doubtful(about(member, fs), value)))}
	if (member == "pripid" || member == "uniscid") && value != "" && !strings.Contains(value, "*") {
		v.Link = q.link("/entities?") + url.Values{"kind": {member}, "value": {value}}.Encode()
	}
	v.Found = q.found(acceptID, e, member)
	return v
}

// entityData is one entity in full, between its neighbours.
type entityData struct {
	AcceptID, CaseID, CaseName string
	Rows                       []entityRow
	Here                       int
	Hidden                     bool // its name, too, until a purpose is given
	Reveal                     purposeForm
	Free                       int64 // how many may be seen without one
}

func casesEntityPage(q *request) (answer, error) { return q.caseEntity(nil) }

// caseEntity shows one entity with its name; those before and after it are there because rows may have been shifted. Who has seen many
// names one by one has to say why before he sees more.
func (q *request) caseEntity(problem error) (answer, error) {
	pos, err := position(q.PathValue("pos"))
	if err != nil {
		return nil, intake.ErrNotFound
	}
	f, err := q.Desk.CaseFile(q.Context(), q.who, q.PathValue("acceptid"))
	if err != nil {
		return nil, err
	}
	es, err := q.Desk.CaseEntities(q.Context(), q.who, f.No, max(0, pos-2), 5, false)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(es, func(e intake.DoubtedEntity) bool { return e.Pos == pos }) {
		return nil, intake.ErrNotFound
	}
	d := entityData{AcceptID: f.AcceptID, CaseID: f.CaseID, CaseName: f.CaseName, Here: pos + 1}
	if err := q.askPurpose(&d, f.No, pos); err != nil {
		return nil, err
	}
	for _, e := range es {
		if e.Pos <= pos+2 {
			d.Rows = append(d.Rows, q.entityRow(f.AcceptID, e, e.Pos == pos && !d.Hidden))
		}
	}
	return page{Name: "caseentity", Title: "案件 " + f.AcceptID + " 第" + strconv.Itoa(pos+1) + "户", Data: d, Problem: problem}, nil
}

// askPurpose has the view of the name counted, and hides the name where a purpose is needed first.
func (q *request) askPurpose(d *entityData, caseNo int64, pos int) error {
	err := q.Desk.ViewName(q.Context(), q.who, caseNo, pos)
	if !errors.Is(err, intake.ErrPurpose) {
		return err
	}
	ps, err := q.Desk.Policies(q.Context())
	d.Hidden, d.Free = true, ps[intake.FreeNames]
	d.Reveal = newPurposeForm("reveal", q.link(q.entityPath())+"/reveal", "显示姓名", "说明后，本案清单中的姓名在您的这次登录中暂时显示。")
	return err
}

func (q *request) entityPath() string {
	return "/cases/" + q.PathValue("acceptid") + "/entities/" + q.PathValue("pos")
}

// revealFromEntity is revealNames from the page of one entity, to which it leads back.
func revealFromEntity(q *request) (answer, error) {
	err := revealNames(q, q.PathValue("acceptid"))
	if errors.Is(err, intake.ErrInvalid) {
		return q.caseEntity(err)
	}
	if err != nil {
		return nil, err
	}
	return done(q.entityPath(), "revealed"), nil
}
