// Package calls is the request log (报送记录) and its statistics of errors.
package calls

import (
	"embed"

	"cmp"
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

//go:embed *.html
var templates embed.FS

// Pages are the request log and its statistics of errors.
func Pages() page.Group {
	return page.Group{Templates: templates, Routes: []page.Route{
		page.Section("/calls", "报送记录", intake.LookCalls, callsPage),
		page.Get("/calls/errors", intake.LookCalls, callErrorsPage),
	}}
}

// callQuery is the query above the request log (报送记录), as it was filled in.
type callQuery struct {
	App, Name, Code, Request, Case, Source, From, To string
	Failed                                           bool
}

// callsData is the request log.
type callsData struct {
	Query     callQuery
	Apps      []intake.App
	Names     []callName
	Codes     []api.CodeInfo
	Calls     []callRow
	Pager     page.Pager
	CaseLinks bool // cases may be looked at
}

// callName is a call and what people call it.
type callName struct{ Name, Title string }

// callRow is one row of the request log.
type callRow struct {
	intake.Call
	Title, Ended, Mark, Took string
	Codes                    []api.CodeInfo
}

func callsPage(q *page.Request) (page.Answer, error) {
	d := callsData{Query: readCallQuery(q), Names: callNames(), Codes: api.Codes(), CaseLinks: q.Who.Role.May(intake.LookCases)}
	var err error
	if d.Apps, err = q.Desk.Apps(q.Context()); err != nil {
		return nil, err
	}
	p := page.View{Template: "call_list", Wide: true, Title: "报送记录"}
	search, err := d.Query.search()
	if err == nil {
		err = readCallPlace(q, &search)
	}
	if err != nil {
		p.Data, p.Problem = d, err
		return p, nil
	}
	cs, err := q.Calls.SearchCalls(q.Context(), q.Who, search)
	cs, d.Pager = page.Cut(q, cs, callKey)
	for _, c := range cs {
		d.Calls = append(d.Calls, newCallRow(c))
	}
	p.Data = d
	return p, err
}

func readCallQuery(q *page.Request) callQuery {
	return callQuery{q.Field("app"), q.Field("call"), q.Field("code"), q.Field("request"), q.Field("caseid"), q.Field("source"), q.Field("from"), q.Field("to"),
		q.Field("failed") != ""}
}

// search is what the desk is asked. ErrInvalid: a number or a time that is none.
func (c callQuery) search() (s intake.CallQuery, err error) {
	s = intake.CallQuery{Name: c.Name, Failed: c.Failed, Code: c.Code, RequestID: c.Request, CaseID: c.Case, Source: c.Source, Limit: page.PageRows + 1}
	if c.App != "" {
		if s.AppID, err = strconv.ParseInt(c.App, 10, 64); err != nil {
			return s, intake.Invalid("没有编号为“%s”的应用", c.App)
		}
	}
	if s.From, err = page.Minute(c.From); err != nil {
		return s, err
	}
	if s.To, err = page.Minute(c.To); err == nil && !s.To.IsZero() {
		s.To = s.To.Add(time.Minute) // up to and with that minute
	}
	return s, err
}

// readCallPlace adds the page that is asked for. The list begins with the newest, so what comes after a row is older.
func readCallPlace(q *page.Request, s *intake.CallQuery) (err error) {
	if s.After, err = readCallKey(q.Field("before")); err == nil {
		s.Before, err = readCallKey(q.Field("after"))
	}
	return err
}

func callKey(c intake.Call) string { return fmt.Sprintf("%d-%d", c.At.UnixMilli(), c.No) }

func readCallKey(s string) (k intake.CallKey, err error) {
	if s == "" {
		return k, nil
	}
	at, no, _ := strings.Cut(s, "-")
	ms, err := strconv.ParseInt(at, 10, 64)
	if err == nil {
		k.No, err = strconv.ParseInt(no, 10, 64)
	}
	if err != nil {
		return k, intake.Invalid("没有这一页，请重新查询")
	}
	k.At = time.UnixMilli(ms)
	return k, nil
}

func newCallRow(c intake.Call) callRow {
	r := callRow{Call: c, Title: callTitle(c.Name), Took: took(c.Took)}
	r.Ended, r.Mark = callEnded(c)
	if c.Failed() {
		r.Codes = page.CodeInfos(c.Codes)
	}
	return r
}

func callNames() (names []callName) {
	for _, c := range api.Calls() {
		names = append(names, callName{string(c), callTitle(string(c))})
	}
	return names
}

// callTitle is what people call a call, its own name where it is none of the interface.
func callTitle(name string) string {
	switch api.Call(name) {
	case api.Login:
		return "登录"
	case api.Logout:
		return "退出登录"
	case api.Receive:
		return "报送案件"
	case api.Query:
		return "查询受理情况"
	case api.List:
		return "查询对账清单"
	}
	return cmp.Or(name, "未知调用")
}

// callEnded says how a call ended, and the mark to show it with.
func callEnded(c intake.Call) (word, mark string) {
	switch {
	case c.Outcome == string(intake.Accepted):
		return "受理", "good"
	case c.Outcome == string(intake.Repeated):
		return "重复报送", "mild"
	case c.Outcome == string(intake.Refused):
		return "拒绝", "warning"
	case c.Failed():
		return "失败", "warning"
	}
	return "成功", "off"
}

// took writes how long a call took.
func took(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%.1f 毫秒", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%.2f 秒", d.Seconds())
}

// callErrorsData is the failed calls by app and code.
type callErrorsData struct {
	Periods []period
	Period  period
	Errors  []callErrorRow
	More    int // groups left out
}

// period is a time up to now that may be chosen.
type period struct {
	Key, Title string
	days       int
	Here       bool
	Link       string
}

var periods = []period{{Key: "today", Title: "今天", days: 1}, {Key: "7", Title: "近7天", days: 7}, {Key: "30", Title: "近30天", days: 30}}

// callErrorRow is one app with one code.
type callErrorRow struct {
	intake.CallErrors
	Info  api.CodeInfo
	Calls string // where they are listed
}

// callErrorRows is how many groups the page shows.
const callErrorRows = 300

func callErrorsPage(q *page.Request) (page.Answer, error) {
	d := callErrorsData{Periods: append([]period(nil), periods...)}
	here := 1
	for i := range d.Periods {
		d.Periods[i].Link = q.Link("/calls/errors?period=" + d.Periods[i].Key)
		if d.Periods[i].Key == q.Field("period") {
			here = i
		}
	}
	d.Periods[here].Here = true
	d.Period = d.Periods[here]
	from := page.Midnight(q.Clock()).AddDate(0, 0, 1-d.Period.days)
	err := d.read(q.Context(), q, from)
	return page.View{Template: "call_errors", Wide: true, Title: "报送错误统计", Data: d}, err
}

func (d *callErrorsData) read(ctx context.Context, q *page.Request, from time.Time) error {
	es, err := q.Calls.CallErrors(ctx, q.Who, from, time.Time{})
	if len(es) > callErrorRows {
		d.More = len(es) - callErrorRows
		es = es[:callErrorRows]
	}
	for _, e := range es {
		d.Errors = append(d.Errors, callErrorRow{e, page.CodeInfo(e.Code), q.Link("/calls?" + callsOf(e, from).Encode())})
	}
	return err
}

// callsOf selects the calls of a group; of an app that is not known, those that came from the same place as the last.
func callsOf(e intake.CallErrors, from time.Time) url.Values {
	v := url.Values{"code": {e.Code}, "from": {from.Format(page.MinuteForm)}}
	if e.AppID != 0 {
		v.Set("app", strconv.FormatInt(e.AppID, 10))
	} else {
		v.Set("source", e.Source)
	}
	return v
}
