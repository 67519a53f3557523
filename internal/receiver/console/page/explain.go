package page

import (
	"errors"
	"net/http"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

// explanation is what an operator reads of an error.
type explanation struct {
	Status int
	Lead   string // what kind of error it is, before the text
	Text   string
	Next   string // what to do
}

func (e explanation) title() string { return e.Lead + e.Text }

// explain is the one table from errors to what an operator reads.
func explain(err error) explanation {
	if e, ok := errors.AsType[WaitError](err); ok {
		return explanation{http.StatusTooManyRequests, "", e.why, retryHint(e)}
	}
	switch {
	case errors.Is(err, intake.ErrSignedOut):
		return explanation{http.StatusUnauthorized, "", "登录已失效", "请重新登录。"}
	case errors.Is(err, intake.ErrSamePerson):
		return explanation{http.StatusForbidden, "", err.Error(), "须由申请人以外的复核员决定。"}
	case errors.Is(err, staff.ErrNotApprover):
		return explanation{http.StatusForbidden, "", err.Error(), "账户的变更须由申请人和账户本人以外的人批准。"}
	case errors.Is(err, staff.ErrNotYet):
		return explanation{http.StatusForbidden, "", err.Error(), "请在批准以后再打开这一链接。"}
	case errors.Is(err, intake.ErrForbidden):
		return explanation{http.StatusForbidden, "", "没有权限", "您的角色不能使用这一功能；如工作需要，请联系系统管理员。"}
	case errors.Is(err, intake.ErrNotFound):
		return explanation{http.StatusNotFound, "", "没有找到", "请核对地址或者编号。"}
	case errors.Is(err, staff.ErrNoInvitation):
		return explanation{http.StatusGone, "", err.Error(), ""}
	case errors.Is(err, casework.ErrUnchecked):
		return explanation{http.StatusConflict, "", err.Error(), "请先核对，或者写明理由申请。"}
	case errors.Is(err, intake.ErrInvalid):
		return explanation{http.StatusBadRequest, "填写有误：", invalidText(err), "请返回修改后再提交。"}
	case errors.Is(err, intake.ErrExists):
		return explanation{http.StatusConflict, "本次操作未生效：", err.Error(), "请重新打开原来的页面，查看现在的情况。"}
	case errors.Is(err, intake.ErrUnavailable):
		return explanation{http.StatusServiceUnavailable, "", "系统繁忙，或者不能确定是否已经保存",
			"请重新打开原来的页面，看是否已经生效，再决定是否重做；不要刷新这一页，那会再提交一次。反复出现请联系系统管理员。"}
	}
	return explanation{http.StatusInternalServerError, "", "系统内部错误", "请联系系统管理员查看服务日志。"}
}

// invalidText is what is wrong with an input, without where it was found and that it is one.
func invalidText(err error) string {
	if r, ok := errors.AsType[intake.DeskError](err); ok {
		return r.Text
	}
	return err.Error()
}

// ErrorText is an error as an operator reads it, without what kind it is.
func ErrorText(err error) string { return invalidText(err) }

// Expected reports whether an error says that something cannot be done, and why, and not that something failed.
func Expected(err error) bool {
	switch explain(err).Status {
	case http.StatusBadRequest, http.StatusConflict, http.StatusForbidden:
		return true
	}
	return false
}
