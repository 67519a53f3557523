package page

import "strings"

// Redirect is an answer that goes on to a path of the console.
type Redirect string

func (r Redirect) answer(q *Request) error {
	q.redirect(string(r))
	return nil
}

// Done goes on to a path, where the notice with a key is shown: one of the group or of commonNotices.
func Done(to, notice string) Redirect {
	sep := "?"
	if strings.Contains(to, "?") {
		sep = "&"
	}
	return Redirect(to + sep + "done=" + notice)
}

// commonNotices are those that several pages use.
var commonNotices = map[string]string{
	"expired": "密码已过有效期，请先修改密码，才能继续使用。",
	"saved":   "已保存。",
	"over":    "登录已失效，请重新登录。",
}
