// Package entities is the search for entities (市场主体) in all cases: one box, and the form of what was typed decides
// what is looked for.
package entities

import (
	"embed"
	"errors"
	"strconv"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

//go:embed *.html
var templates embed.FS

// Pages are the search for entities in all cases.
func Pages() page.Group {
	return page.Group{Templates: templates, Routes: []page.Route{
		page.Section("/entities", "市场主体", intake.LookCases, entitiesPage),
	}}
}

// entitiesData is the search for entities (市场主体).
type entitiesData struct {
	Text   string
	Taken  string        // as what the text was taken; "": nothing was searched for
	Remark string        // what is odd about the text
	Others []readingLink // the other ways to take it
	Rows   []hitRow
	Firms  []firmRow // of the register, where a name was looked for
	// Compared: some of them were compared with the register, whose state is beside them.
	Compared bool
	Register page.RegisterState
	Pager    page.Counted
	File     *fileData // everything about one entity
	Reset    string
}

// readingLink leads to another reading.
type readingLink struct{ Title, Link string }

func entitiesPage(q *page.Request) (page.Answer, error) {
	d := entitiesData{Text: typed(q), Reset: q.Link("/entities")}
	p := page.View{Template: "entity_find", Wide: true, Title: "市场主体"}
	to, err := findEntities(q, &d)
	if to != nil {
		return to, nil
	}
	for _, r := range d.Rows {
		d.Compared = d.Compared || r.Verdict.Compared
	}
	if err == nil {
		d.Register, err = q.RegisterState()
	}
	p.Data, p.Problem = d, err
	if err != nil && !errors.Is(err, intake.ErrInvalid) {
		return nil, err
	}
	return p, nil
}

// typed is what is looked for. Links to one entity have it in another field.
func typed(q *page.Request) string {
	if text := q.Field("q"); text != "" {
		return text
	}
	return q.Field("value")
}

// findEntities fills in what the query asks for, or leads to where it belongs.
func findEntities(q *page.Request, d *entitiesData) (to page.Answer, err error) {
	if d.Text == "" {
		return nil, nil
	}
	r, asked, err := askedReading(q)
	if err != nil {
		return nil, err
	}
	there := true
	if !asked {
		if to, err := acceptIDPage(q, d.Text); to != nil || err != nil {
			return to, err
		}
		if r, there, err = recognise(q, d.Text); err != nil {
			return nil, err
		}
	}
	d.say(q, r)
	switch {
	case !there:
		return nil, nil
	case r.as == asCase:
		return page.Redirect("/cases?" + page.Query("q", d.Text)), nil
	case r.as == asFirm:
		return nil, fillFirms(q, d)
	case r.as != asLegal && !r.prefix:
		return nil, fillEntityFile(q, d, kinds[r.as], d.Text)
	}
	return nil, fillHits(q, d, r)
}

// askedReading is the reading that the query names. asked: it names one.
func askedReading(q *page.Request) (r reading, asked bool, err error) {
	r = reading{q.Field("as"), q.Field("match") == "prefix"}
	if r.as == "" {
		r.as = q.Field("kind")
	}
	if r.as == "" && !r.prefix {
		return r, false, nil
	}
	if _, ok := titles[r.as]; !ok {
		return r, true, intake.Invalid("不能按“%s”查询", r.as)
	}
	return r, true, nil
}

// acceptIDPage leads to the case where the text is an acceptid; nil: it is none.
func acceptIDPage(q *page.Request, text string) (page.Answer, error) {
	code := rules.FoldCode(text)
	if !rules.AllDigits(code) {
		return nil, nil
	}
	has, err := q.Cases.HasCases(q.Context(), q.Who, intake.CaseQuery{AcceptID: code})
	if err != nil || !has {
		return nil, err
	}
	return page.Redirect("/cases/" + code), nil
}

// recognise is the first of the readings of a text by which anything is found, or else the likeliest.
func recognise(q *page.Request, text string) (r reading, there bool, err error) {
	rs := readings(text)
	for _, r := range rs {
		has, err := finds(q, r, text)
		if err != nil || has {
			return r, has, err
		}
	}
	return rs[0], false, nil
}

// finds reports whether a reading leads to anything.
func finds(q *page.Request, r reading, text string) (has bool, err error) {
	switch r.as {
	case asCase:
		return q.Cases.HasCases(q.Context(), q.Who, intake.CaseQuery{Part: rules.FoldCaseID(text)})
	case asFirm:
		f, err := q.Register.Named(q.Context(), q.Who, text, 1)
		if page.Expected(err) {
			err = nil
		}
		return len(f.Firms) > 0, err
	}
	n, _, err := q.Cases.CountEntities(q.Context(), q.Who, entityQuery(r, text), 1)
	if errors.Is(err, intake.ErrInvalid) {
		err = nil
	}
	return n > 0, err
}

func entityQuery(r reading, text string) casework.EntityQuery {
	return casework.EntityQuery{Kind: kinds[r.as], Text: text, Prefix: r.prefix}
}

// say says as what the text was taken, and offers the other readings.
func (d *entitiesData) say(q *page.Request, r reading) {
	d.Taken = r.Title()
	code := rules.FoldCode(d.Text)
	if r == (reading{as: asUniscID}) && len(code) == creditCode && !rules.ValidCreditCode(code) {
		d.Remark = "校验码不符，请核对是否录错；仍按所填内容查询。"
	}
	for _, o := range readings(d.Text) {
		if o == r {
			continue
		}
		link := "/entities?" + page.Query("q", d.Text) + "&as=" + o.as
		if o.prefix {
			link += "&match=prefix"
		}
		d.Others = append(d.Others, readingLink{o.Title(), q.Link(link)})
	}
}

// mostCounted is how many entities are counted.
const mostCounted = 10_000

// fillHits lists entities by a key, page by page.
func fillHits(q *page.Request, d *entitiesData, r reading) error {
	search, size := entityQuery(r, d.Text), q.PageSize()
	search.Limit = size + 1
	var err error
	if search.After, err = readEntityKey(q, search.Kind, q.Field("after")); err != nil {
		return err
	}
	if search.Before, err = readEntityKey(q, search.Kind, q.Field("before")); err != nil {
		return err
	}
	hits, err := q.Cases.SearchEntities(q.Context(), q.Who, search)
	if err != nil {
		return err
	}
	n, more, err := q.Cases.CountEntities(q.Context(), q.Who, search, mostCounted)
	hits, pager := page.CutAt(q, size, hits, entityKey)
	d.Pager = q.Counted(pager, n, more, "户次")
	for _, h := range hits {
		d.Rows = append(d.Rows, newHitRow(q, h, nil))
	}
	return err
}

// entityKey writes a row's place for a link: the case and the position, not the value, which may be a whole name.
func entityKey(h casework.EntityHit) string {
	return strconv.FormatInt(h.Key.CaseNo, 10) + "." + strconv.Itoa(h.Key.Pos)
}

func readEntityKey(q *page.Request, kind intake.KeyKind, s string) (k intake.Key, err error) {
	if s == "" {
		return k, nil
	}
	no, at, _ := strings.Cut(s, ".")
	caseNo, err := strconv.ParseInt(no, 10, 64)
	pos, bad := strconv.Atoi(at)
	if err == nil && bad == nil && pos >= 0 {
		k, err = q.Cases.KeyOf(q.Context(), q.Who, kind, caseNo, pos)
	}
	if errors.Is(err, intake.ErrNotFound) || bad != nil || k.Kind == 0 {
		return intake.Key{}, intake.Invalid("没有这一页，请重新查询")
	}
	return k, err
}

// Shown is the text as it is shown.
func (d entitiesData) Shown() string { return display.Plain(d.Text) }
