// Package entities is the search for entities (市场主体) in all cases.
package entities

import (
	"embed"

	"errors"
	"strconv"
	"strings"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
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
	// Compared: some of them were compared with the register, whose state is beside them.
	Compared bool
	Register page.RegisterState
	Pager    page.Pager
	File     *fileData // everything about one entity
	Reset    string
}

func entitiesPage(q *page.Request) (page.Answer, error) {
	d := entitiesData{Fields: page.Fields(q.Selection()), Reset: q.Link("/entities")}
	for _, k := range entityKinds {
		d.Kinds = append(d.Kinds, page.Choice{Value: k.key, Title: k.title})
	}
	p := page.View{Template: "entity_find", Wide: true, Title: "市场主体"}
	err := findEntities(q, &d)
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
	search := casework.EntityQuery{Kind: kind, Text: text, Prefix: q.Field("match") == "prefix",
		Limit: page.PageRows + 1}
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
