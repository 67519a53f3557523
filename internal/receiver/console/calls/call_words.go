package calls

import (
	"cmp"
	"fmt"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// callName is a call and what people call it.
type callName struct{ Name, Title string }

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
	case api.Receipt:
		return "取得受理回执"
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
