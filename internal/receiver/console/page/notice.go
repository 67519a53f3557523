package page

import "strings"

// Redirect is an answer that goes on to a path of the console.
type Redirect string

func (r Redirect) answer(q *Request) error {
	q.redirect(string(r))
	return nil
}

// Done goes on to a path with one of the notices.
func Done(to, notice string) Redirect {
	sep := "?"
	if strings.Contains(to, "?") {
		sep = "&"
	}
	return Redirect(to + sep + "done=" + notice)
}

// commonNotices are what is said after something was done.
var commonNotices = map[string]string{
	"expired":      "密码已过有效期，请先修改密码，才能继续使用。",
	"password":     "密码已修改，其他地方的登录已经失效。",
	"ended":        "会话已结束。",
	"saved":        "已保存。",
	"unlocked":     "已解锁，可以立即登录。",
	"account":      "账户已添加。",
	"out":          "您已退出。",
	"over":         "登录已失效，请重新登录。",
	"noted":        "备注已添加。",
	"asked":        "已申请退回，等待复核员确认。",
	"askedpublish": "已申请不经核对登记公示，等待复核员决定。",
	"agreed":       "已同意公示，公示日期已登记。",
	"returned":     "已同意退回，报送单位可以用原案件编号重新报送。",
	"revealed":     "本案清单中的姓名在您的这次登录中暂时显示，查看目的已记入审计。",
	"approved":     "已批准，并已记入审计。",
	"refused":      "没有批准，理由已记入审计。",
	"askedrole":    "已提出，等待第二人批准；批准以后才生效。",
}
