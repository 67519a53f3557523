// Package entities is the search for entities (市场主体) in all cases.
package entities

import (
	"embed"

	"errors"
	"fmt"
	"html/template"
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

// entityKinds are the keys that entities are found by, as queries name them.
var entityKinds = []struct {
	kind  intake.KeyKind
	key   string
	title string
}{{intake.ByUniscID, "uniscid", "统一社会信用代码"}, {intake.ByPripID, "pripid", "身份代码"}, {intake.ByLegal, "legal", "法定代表人姓名"}}

// entitiesData is the search for entities (市场主体).
type entitiesData struct {
	page.Fields
	Kinds []page.Choice
	Asked bool // something was searched for
	Rows  []hitRow
	Pager page.Pager
	File  *fileData // everything about one entity
	Reset string
}

// hitRow is an entity that was found, with its case.
type hitRow struct {
	PripID, UniscID, EntType template.HTML
	PripLink, CodeLink, Link string
	Legal                    string // masked
	No                       int
	Case                     intake.CaseRow
	States                   []page.Tag
	Worst                    page.Tag
	CaseLink                 string
}

// fileData is one entity across all cases.
type fileData struct {
	Title  string
	Alarms []alarmText
	More   bool
}

// alarmText is an alarm in words.
type alarmText struct{ Class, Text string }

func entitiesPage(q *page.Request) (page.Answer, error) {
	d := entitiesData{Fields: page.Fields(q.Selection()), Reset: q.Link("/entities")}
	for _, k := range entityKinds {
		d.Kinds = append(d.Kinds, page.Choice{Value: k.key, Title: k.title})
	}
	p := page.View{Template: "entity_find", Wide: true, Title: "市场主体"}
	err := findEntities(q, &d)
	p.Data, p.Problem = d, err
	if err != nil && !errors.Is(err, intake.ErrInvalid) {
		return nil, err
	}
	return p, nil
}

// findEntities fills in what the query asks for: a list, or where it names one code, everything about that entity.
func findEntities(q *page.Request, d *entitiesData) error {
	kind, text := entityKind(q.Field("kind")), q.Field("value")
	if text == "" {
		return nil
	}
	d.Asked = true
	if kind == 0 {
		return intake.Invalid("不能按“%s”查询", q.Field("kind"))
	}
	if q.Field("match") != "prefix" && kind != intake.ByLegal {
		return fillEntityFile(q, d, kind, text)
	}
	search := casework.EntityQuery{Kind: kind, Text: text, Prefix: q.Field("match") == "prefix", Limit: page.PageRows + 1}
	var err error
	if search.After, err = readEntityKey(q, kind, q.Field("after")); err != nil {
		return err
	}
	if search.Before, err = readEntityKey(q, kind, q.Field("before")); err != nil {
		return err
	}
	hits, err := q.Cases.SearchEntities(q.Context(), q.Who, search)
	if err != nil {
		return err
	}
	hits, d.Pager = page.Cut(q, hits, entityKey)
	for _, h := range hits {
		d.Rows = append(d.Rows, newHitRow(q, h, nil))
	}
	return nil
}

func entityKind(key string) intake.KeyKind {
	for _, k := range entityKinds {
		if k.key == key {
			return k.kind
		}
	}
	return 0
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

// fillEntityFile shows every row that goes with a code, whoever sent it, what differs from the first marked.
func fillEntityFile(q *page.Request, d *entitiesData, kind intake.KeyKind, code string) error {
	f, err := q.Cases.EntityFile(q.Context(), q.Who, kind, code)
	if err != nil || len(f.Hits) == 0 {
		return err
	}
	d.File = &fileData{Title: display.Plain(rules.MaskPersonal(code)), More: f.More}
	for _, a := range f.Alarms {
		d.File.Alarms = append(d.File.Alarms, alarmOf(a))
	}
	for i := range f.Hits {
		d.Rows = append(d.Rows, newHitRow(q, f.Hits[i], &f.Hits[0]))
	}
	return nil
}

func alarmOf(a casework.EntityAlarm) alarmText {
	shown := make([]string, len(a.Others))
	for i, o := range a.Others {
		shown[i] = display.Plain(rules.MaskPersonal(o))
	}
	value, others := display.Plain(rules.MaskPersonal(a.Value)), strings.Join(shown, "、")
	switch a.Kind {
	case casework.CodesOfPripID:
		return alarmText{"severe", fmt.Sprintf("同一身份代码 %s 对应不同的信用代码：%s。可能指向不同主体，有误吊他人营业执照的危险，请与登记系统核对。", value, others)}
	case casework.PripIDsOfCode:
		return alarmText{"severe", fmt.Sprintf("同一信用代码 %s 对应不同的身份代码：%s。可能是重码或填错了主体，请与登记系统核对。", value, others)}
	case casework.CasesOfCode:
		return alarmText{"warning", fmt.Sprintf("信用代码 %s 见于多件没有退回的案件：%s。请核对是否重复吊销、一案两报。", value, others)}
	}
	return alarmText{"warning", fmt.Sprintf("身份代码 %s 见于多件没有退回的案件：%s。请核对是否重复吊销、一案两报。", value, others)}
}

// newHitRow marks what differs from another row; nil: nothing.
func newHitRow(q *page.Request, h casework.EntityHit, from *casework.EntityHit) hitRow {
	code, pripid, entType := rules.MaskPersonal(h.UniscID), rules.MaskPersonal(h.PripID), rules.MaskPersonal(h.EntType)
	r := hitRow{UniscID: differing(code, code), PripID: differing(pripid, pripid), EntType: differing(entType, entType), Legal: display.Plain(page.Mask(h.Legal)),
		No: h.Pos + 1, Case: h.Case, States: q.States(h.Case), CaseLink: q.Link("/cases/" + h.Case.AcceptID),
		Link:     q.Link("/cases/" + h.Case.AcceptID + "/entities/" + strconv.Itoa(h.Pos+1)),
		CodeLink: q.EntityLink("uniscid", code), PripLink: q.EntityLink("pripid", pripid)}
	if from != nil {
		r.UniscID, r.PripID = differing(rules.MaskPersonal(from.UniscID), code), differing(rules.MaskPersonal(from.PripID), pripid)
		r.EntType = differing(rules.MaskPersonal(from.EntType), entType)
	}
	if h.Worst > 0 {
		r.Worst = page.Tag{Class: page.SeverityClass(h.Worst), Text: h.Worst.String()}
	}
	return r
}

// differing is b with the characters marked in which it is not a; of another length, all after the first difference.
func differing(a, b string) template.HTML {
	ra, rb := []rune(a), []rune(b)
	which := make(map[int]bool)
	for i, r := range rb {
		which[i] = i >= len(ra) || ra[i] != r || len(ra) != len(rb) && i > 0 && which[i-1]
	}
	return template.HTML(page.Marked(rb, which))
}
