package calls

import (
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// exportCalls gives out every call that the query selects.
func exportCalls(q *page.Request) (page.Answer, error) {
	f := readCallQuery(q)
	search, err := f.search()
	if err != nil {
		return showCalls(q, err)
	}
	words, err := f.words(q)
	if err != nil {
		return nil, err
	}
	l := page.List{Title: "报送记录", Query: words, Right: intake.LookCalls,
		Heads: callHeads(), Rows: exportedCalls(q, search)}
	a, err := q.Export(l, q.Field("kind"))
	if errors.Is(err, page.ErrTooMany) {
		return showCalls(q, q.TooMany())
	}
	return a, err
}

func callHeads() (heads []page.Head) {
	for _, title := range []string{"时间", "调用", "接口", "应用", "appKey", "账户", "案件编号", "受理号", "结果", "HTTP状态", "错误码", "错误",
		"错误处数", "未放行的原因", "字节数", "条数", "耗时（毫秒）", "请求编号", "来源地址"} {
		number := title == "错误处数" || title == "字节数" || title == "条数" || title == "HTTP状态"
		heads = append(heads, page.Head{Title: title, Number: number})
	}
	return heads
}

func exportedCalls(q *page.Request, search intake.CallQuery) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for c, err := range q.Calls.EachCall(q.Context(), q.Who, search) {
			if !yield(exportedCall(newCallRow(q, c)), err) {
				return
			}
		}
	}
}

func exportedCall(c callRow) []string {
	return []string{page.Clock(c.At), c.Title, c.Name, c.AppName, c.AppKey, c.Account, c.CaseID, c.AcceptID, c.Ended,
		strconv.Itoa(c.Status), c.Call.Codes, c.Said(), count(c.Errors()), c.Cause.Title(),
		strconv.FormatInt(c.Bytes, 10), count(c.Items), fmt.Sprintf("%.1f", float64(c.Call.Took.Microseconds())/1000),
		c.RequestID, c.Source}
}

// Said is what the sender was told, an error a line.
func (r callRow) Said() string {
	var lines []string
	for _, e := range r.Told {
		line := e.Code + " " + e.Message
		if e.Field != "" {
			line += "（字段 " + e.Field + "）"
		}
		lines = append(lines, line)
	}
	if lines == nil {
		for _, i := range r.Codes {
			lines = append(lines, string(i.Code)+" "+i.Message)
		}
	}
	if r.More > 0 {
		lines = append(lines, fmt.Sprintf("另有%d处", r.More))
	}
	return strings.Join(lines, "\n")
}

// count is a number, "" for none.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
