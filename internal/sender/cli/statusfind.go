package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
)

// isAcceptID reports whether s has the shape of an acceptid (S18), which no caseid has by chance: a day, and a check
// digit.
func isAcceptID(s string) bool {
	if _, ok := acceptid.CaseNo(s); !ok {
		return false
	}
	_, err := time.Parse("20060102", s[:8])
	return err == nil
}

// find queries the case with the number from the command line. A text with a blank or a character beyond ASCII is a
// caseid. Anything else is queried as an acceptid, and also as a caseid where there is no such acceptid, or where it
// does not have the shape of our acceptids: another receiver may use another shape. It is an error where the number
// names two cases.
func (q *question) find(ctx context.Context, to *client.Client) (e api.CaseEntry, err error) {
	if q.number == "" {
		q.FirmCounts = true
		return to.Query(ctx, q.QueryRequest)
	}
	as := func(in api.QueryRequest) (api.CaseEntry, error) {
		in.FirmCounts = true
		e, err := to.Query(ctx, in)
		if err == nil {
			q.QueryRequest, q.number = in, ""
		}
		return e, err
	}
	byCase := api.QueryRequest{CaseID: q.number}
	if strings.ContainsFunc(q.number, func(r rune) bool { return r > '~' || r <= ' ' }) {
		return as(byCase)
	}
	number := q.number
	e, err = as(api.QueryRequest{AcceptID: number})
	if errors.Is(err, api.NoSuchCase) {
		return as(byCase)
	}
	if err != nil || isAcceptID(number) {
		return e, err
	}
	if other, err := to.Query(ctx, byCase); err == nil && other.AcceptID != e.AcceptID {
		return e, explain.Usagef("%s 既是案件 %s 的受理号，又是另一件案件（受理号 %s）的编号；用 --acceptid 或 --caseid 指明", display.Plain(number),
			display.Plain(e.CaseID), display.Plain(other.AcceptID))
	}
	return e, nil
}

// shownReturned is how many of the rows that a return names are listed for people; --json lists all that the receiver
// names.
const shownReturned = 20

// returnedLines say, in lines for people, why a case was returned and which rows of its list are concerned.
func returnedLines(r *api.CaseReturn) (lines []string) {
	lines = append(lines, "退回的理由：")
	for _, line := range display.Wrap(strings.TrimSpace(display.Prose(r.Reason)), display.Width-4) {
		lines = append(lines, "    "+line)
	}
	if r.RowCount > 0 {
		lines = append(lines, "涉及清单中的 "+display.Count(r.RowCount)+" 条：")
	}
	for i, row := range r.Rows {
		if i == shownReturned {
			break
		}
		lines = append(lines, "    "+returnedRow(row))
	}
	if left := r.RowCount - min(len(r.Rows), shownReturned); left > 0 {
		lines = append(lines, fmt.Sprintf(
			"    ……另有 %s 条未列出，diaoxiao status 受理号 --json 至多给出前 %s 条",
			display.Count(left),
			display.Count(api.MaxReturnedRows),
		))
	}
	return lines
}

func returnedRow(r api.ReturnedRow) string {
	text := fmt.Sprintf("第 %d 条", r.Position)
	if r.UniscID != "" {
		text += "  信用代码 " + display.Plain(r.UniscID)
	}
	if r.PripID != "" {
		text += "  身份代码 " + display.Plain(r.PripID)
	}
	return text
}
