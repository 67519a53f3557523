// Package approvals is the changes of operators that wait for a second person.
package approvals

import (
	"embed"

	"errors"
	"strconv"
	"time"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

//go:embed *.html
var templates embed.FS

// notices are what is said after a form was taken.
var notices = map[string]string{
	"approved": "已批准，并已记入审计。",
	"refused":  "没有批准，理由已记入审计。",
}

// Pages are the changes of operators that wait for a second person.
func Pages() page.Group {
	return page.Group{Templates: templates, Notices: notices, Routes: []page.Route{
		page.Section("/approvals", "待批准", intake.ApproveOperators, approvalsPage).Counting(countWaiting),
		page.Post("/approvals/approve", intake.ApproveOperators, approve),
		page.Post("/approvals/refuse", intake.ApproveOperators, refuseApproval),
	}}
}

// approvalRow is one change that waits for the officer.
type approvalRow struct {
	intake.Operator
	Reset intake.Change // of an account that was enabled since, not approved yet
}

// Ready reports whether it can be approved now.
func (r approvalRow) Ready() bool { return !r.Waits.Kind.Suspends() || !r.PasswordSet.IsZero() }

// Effect says what approval and refusal do.
func (r approvalRow) Effect() string {
	switch r.Waits.Kind {
	case intake.ChangeRole:
		return "批准后角色改变，在线会话结束；不批准则不变。"
	case intake.ChangeIdentity:
		return "批准后以新的身份标识比对；不批准则不变。"
	case intake.ChangeRenew:
		return "这是这一角色唯一可用的账户。批准后原来的密码作废，一次性链接可以打开；本人设置以后须再批准一次。不批准则不变。"
	}
	return "批准后可以登录；不批准则停用账户。"
}

// countWaiting is how many changes of operators wait for the officer.
func countWaiting(q *page.Request) int {
	os, err := q.Staff.Waiting(q.Context(), q.Who)
	if err != nil && !errors.Is(err, intake.ErrForbidden) && !errors.Is(err, intake.ErrSignedOut) {
		q.Log.Warn("what waits for approval is not counted", "err", err)
	}
	return len(os)
}

func approvalsPage(q *page.Request) (page.Answer, error) { return showApprovals(q, nil) }

func showApprovals(q *page.Request, problem error) (page.Answer, error) {
	os, err := q.Staff.Waiting(q.Context(), q.Who)
	rows := make([]approvalRow, len(os))
	for i, o := range os {
		rows[i].Operator = o
		if o.Waits.Kind == intake.ChangeEnable && err == nil {
			rows[i].Reset, err = q.Staff.UnapprovedReset(q.Context(), q.Who, o.Name)
		}
	}
	return page.View{Template: "approval_list", Title: "待批准", Data: rows, Problem: problem}, err
}

func approve(q *page.Request) (page.Answer, error) {
	return decideApproval(q, "approved", func(asked time.Time) error {
		return q.Staff.ApproveOperator(q.Context(), q.Who, q.Field("name"), asked)
	})
}

func refuseApproval(q *page.Request) (page.Answer, error) {
	return decideApproval(q, "refused", func(asked time.Time) error {
		return q.Staff.RefuseOperator(q.Context(), q.Who, q.Field("name"), q.Field("text"), asked)
	})
}

// decideApproval decides on the request that the page showed.
func decideApproval(q *page.Request, notice string, do func(asked time.Time) error) (page.Answer, error) {
	ms, err := strconv.ParseInt(q.Field("asked"), 10, 64)
	if err != nil || ms <= 0 {
		return nil, intake.ErrNotFound
	}
	switch err := do(time.UnixMilli(ms)); {
	case errors.Is(err, intake.ErrInvalid), errors.Is(err, intake.ErrExists):
		return showApprovals(q, err)
	case err != nil:
		return nil, err
	}
	return page.Done("/approvals", notice), nil
}
