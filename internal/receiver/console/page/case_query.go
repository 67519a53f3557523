package page

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// CaseSort is the field by which cases are sorted: the newest come first where nothing is said.
func CaseSort(sort string) string {
	if sort == "" {
		return "received"
	}
	return sort
}

// caseSorts: what is left until a publication is late follows from the day of the decision.
var caseSorts = map[string]intake.CaseSort{"received": intake.ByReceived, "penaltydate": intake.ByPenaltyDate,
	"left": intake.ByPenaltyDate, "items": intake.ByItems, "severe": intake.BySevere, "penaltyorg": intake.ByOrg}

// CaseQuery is which cases the query string asks for. ErrInvalid says what cannot be understood.
func (q *Request) CaseQuery() (s intake.CaseQuery, err error) {
	s = intake.CaseQuery{CaseID: q.Field("caseid"), AcceptID: rules.FoldCode(q.URL.Query().Get("acceptid")),
		Account: q.Field("account"), Name: q.Field("name"), Org: q.Field("org"),
		PenaltyFrom: q.Field("decidedfrom"), PenaltyTo: q.Field("decidedto"), State: intake.CaseState(q.Field("state")),
		DueBy: q.DueBy(), SoonBy: q.SoonBy(), Desc: q.Field("order") != "asc", Limit: q.PageSize()}
	if is, whole := strings.CutPrefix(q.FormValue("org"), "="); whole {
		s.Org, s.OrgIs = "", is
	}
	sort, ok := caseSorts[CaseSort(q.Field("sort"))]
	if s.Sort = sort; !ok {
		return s, intake.Invalid("不能按“%s”排序", q.Field("sort"))
	}
	if app := q.Field("app"); app != "" {
		if s.AppID, err = strconv.ParseInt(app, 10, 64); err != nil || s.AppID <= 0 {
			return s, intake.Invalid("没有应用“%s”", app)
		}
	}
	if rule := q.Field("rule"); rule != "" {
		if s.Rule, err = strconv.Atoi(rule); err != nil || s.Rule <= 0 {
			return s, intake.Invalid("没有核验规则“%s”", rule)
		}
	}
	if s.Handler, err = handler(q); err != nil {
		return s, err
	}
	if s.ReceivedFrom, s.ReceivedTo, err = readDays(q, "from", "to", "受理时间"); err != nil {
		return s, err
	}
	at := q.Field("after")
	if b := q.Field("before"); b != "" {
		at, s.Back = b, true
	}
	s.After, err = parseKey(at)
	return s, err
}

// HandlerMine is the value of the field 办理人 for the asker, whoever that is.
const HandlerMine = "me"

// handler is whose work the query asks for: the asker's, or that of the operator with a name.
func handler(q *Request) (intake.Actor, error) {
	switch name := q.Field("handler"); strings.ToLower(name) {
	case "":
		return "", nil
	case HandlerMine:
		return q.Who.Actor(), nil
	default:
		return q.personNamed(name)
	}
}

// readDays reads two days of Beijing, either of which may be missing; the second is included, so that until is the
// midnight after it.
func readDays(q *Request, from, to, what string) (since, until time.Time, err error) {
	for _, d := range []struct {
		name string
		into *time.Time
	}{{from, &since}, {to, &until}} {
		if text := q.Field(d.name); text != "" {
			if *d.into, err = time.ParseInLocation(time.DateOnly, text, beijingtime.Zone); err != nil {
				return since, until, intake.Invalid("%s“%s”不是日期，应为2026-03-15的形式", what, text)
			}
		}
	}
	if !until.IsZero() {
		until = until.AddDate(0, 0, 1)
	}
	return since, until, nil
}

// CaseKeyText writes a row's place in a list of cases for a link; CaseQuery reads it.
func CaseKeyText(k intake.CaseKey) string { return strconv.FormatInt(k.No, 10) + "." + k.PenaltyDate }

func parseKey(s string) (k intake.CaseKey, err error) {
	if s == "" {
		return k, nil
	}
	no, day, _ := strings.Cut(s, ".")
	if k.No, err = strconv.ParseInt(no, 10, 64); err != nil || k.No <= 0 || len(day) > 10 {
		return intake.CaseKey{}, intake.Invalid("翻页的地址不完整，请从第一页开始")
	}
	k.PenaltyDate = day
	return k, nil
}

// ListField is the field of a case's address that keeps the query of the list from which it was opened.
const ListField = "list"

// CaseLink is the page of a case, which leads back to the list that the query of this page selects.
func (q *Request) CaseLink(acceptID string) string {
	path := q.Link("/cases/" + acceptID)
	if v := q.Selection(); len(v) > 0 {
		path += "?" + url.Values{ListField: {v.Encode()}}.Encode()
	}
	return path
}
