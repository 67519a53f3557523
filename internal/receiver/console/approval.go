package console

import (
	"errors"
	"strconv"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// approvalPages are the changes of operators that wait for a second person.
func approvalPages() group {
	return group{Routes: []route{
		sectionPage("/approvals", "待批准", intake.ApproveOperators, approvalsPage).counting(countWaiting),
		postDeed("/approvals/approve", intake.ApproveOperators, approve),
		postDeed("/approvals/refuse", intake.ApproveOperators, refuseApproval),
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
func countWaiting(q *request) int {
	os, err := q.Staff.Waiting(q.Context(), q.who)
	if err != nil && !errors.Is(err, intake.ErrForbidden) && !errors.Is(err, intake.ErrSignedOut) {
		q.Log.Warn("what waits for approval is not counted", "err", err)
	}
	return len(os)
}

func approvalsPage(q *request) (answer, error) { return showApprovals(q, nil) }

func showApprovals(q *request, problem error) (answer, error) {
	os, err := q.Staff.Waiting(q.Context(), q.who)
	rows := make([]approvalRow, len(os))
	for i, o := range os {
		rows[i].Operator = o
		if o.Waits.Kind == intake.ChangeEnable && err == nil {
			rows[i].Reset, err = q.Staff.UnapprovedReset(q.Context(), q.who, o.Name)
		}
	}
	return page{Name: "approvals", Title: "待批准", Data: rows, Problem: problem}, err
}

func approve(q *request) (answer, error) {
	return decideApproval(q, "approved", func(asked time.Time) error {
		return q.Staff.ApproveOperator(q.Context(), q.who, q.field("name"), asked)
	})
}

func refuseApproval(q *request) (answer, error) {
	return decideApproval(q, "refused", func(asked time.Time) error {
		return q.Staff.RefuseOperator(q.Context(), q.who, q.field("name"), q.field("text"), asked)
	})
}

// decideApproval decides on the request that the page showed.
func decideApproval(q *request, notice string, do func(asked time.Time) error) (answer, error) {
	ms, err := strconv.ParseInt(q.field("asked"), 10, 64)
	if err != nil || ms <= 0 {
		return nil, intake.ErrNotFound
	}
	switch err := do(time.UnixMilli(ms)); {
	case errors.Is(err, intake.ErrInvalid), errors.Is(err, intake.ErrExists):
		return showApprovals(q, err)
	case err != nil:
		return nil, err
	}
	return done("/approvals", notice), nil
}
