package calls

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// callQuery is the query above the request log (报送记录), as it was filled in.
type callQuery struct {
	App, Name, Code, Request, Case, Source, From, To string
	Failed                                           bool
}

func readCallQuery(q *page.Request) callQuery {
	return callQuery{q.Field("app"), q.Field("call"), q.Field("code"), q.Field("request"), q.Field("caseid"),
		q.Field("source"), q.Field("from"), q.Field("to"),
		q.Field("failed") != ""}
}

// search is what the desk is asked. ErrInvalid: a number or a time that is none.
func (c callQuery) search() (s intake.CallQuery, err error) {
	s = intake.CallQuery{Name: c.Name, Failed: c.Failed, Code: c.Code, RequestID: c.Request, Source: c.Source,
		Limit: page.PageRows + 1}.About(c.Case)
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

// words say what the query selects.
func (c callQuery) words(q *page.Request) (string, error) {
	app := c.App
	if id, err := strconv.ParseInt(c.App, 10, 64); err == nil {
		a, err := appOf(q, id)
		if err != nil {
			return "", err
		}
		app = cmp.Or(a.Name, c.App)
	}
	failed := ""
	if c.Failed {
		failed = "失败"
	}
	var said []string
	for _, w := range [][2]string{{"应用", app}, {"调用", c.Name}, {"错误码", c.Code}, {"案件编号或受理号", c.Case},
		{"请求编号", c.Request}, {"来源地址", c.Source}, {"时间自", c.From}, {"时间至", c.To}, {"结果", failed}} {
		if w[1] != "" {
			said = append(said, w[0]+w[1])
		}
	}
	return cmp.Or(strings.Join(said, "，"), "全部"), nil
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
