package intake

import (
	"errors"
	"strings"

	"diaoxiao/api"
)

// Cause is why somebody was not let in, for those who help senders: one or more of the causes below with commas between
// them. The sender does not learn it (S2, S4).
type Cause string

// The causes.
const (
	CauseNoApp           Cause = "no app"
	CauseAppDisabled     Cause = "app disabled"
	CauseSecret          Cause = "secret"
	CauseSecretExpired   Cause = "secret expired"
	CauseNoAccount       Cause = "no account"
	CauseAccountDisabled Cause = "account disabled"
	CauseNoToken         Cause = "no token"
	CauseSessionExpired  Cause = "session expired"
	CauseSessionEnded    Cause = "session ended"
)

// causeTitle is what a person reads of one cause.
func causeTitle(c Cause) string {
	switch c {
	case CauseNoApp:
		return "没有这个 appKey"
	case CauseAppDisabled:
		return "应用已停用"
	case CauseSecret:
		return "密钥（appSecret）不对"
	case CauseSecretExpired:
		return "密钥（appSecret）是已失效的旧密钥"
	case CauseNoAccount:
		return "该应用没有这个账户（account）"
	case CauseAccountDisabled:
		return "账户（account）已停用"
	case CauseNoToken:
		return "没有带令牌，令牌给了两处，或者不是本系统近期发出的令牌"
	case CauseSessionExpired:
		return "令牌已过30分钟有效期"
	case CauseSessionEnded:
		return "令牌已注销或被停用"
	}
	return string(c)
}

// Title is the causes in words, "" for none.
func (c Cause) Title() string {
	if c == "" {
		return ""
	}
	var titles []string
	for one := range strings.SplitSeq(string(c), ",") {
		titles = append(titles, causeTitle(Cause(one)))
	}
	return strings.Join(titles, "；")
}

// refusedFor is a refusal with its cause.
type refusedFor struct {
	*api.Refusal
	cause Cause
}

// Unwrap returns the refusal.
func (r refusedFor) Unwrap() error { return r.Refusal }

// CauseOf is why an error of the desk refused somebody; "" where it does not say.
func CauseOf(err error) Cause {
	r, _ := errors.AsType[refusedFor](err)
	return r.cause
}

// refuseFor refuses somebody without telling the cause.
func refuseFor(code api.Code, field string, causes ...Cause) error {
	texts := make([]string, 0, len(causes))
	for _, c := range causes {
		if c != "" {
			texts = append(texts, string(c))
		}
	}
	r := &api.Refusal{Problems: []api.Problem{{Code: code, Field: field}}}
	return refusedFor{r, Cause(strings.Join(texts, ","))}
}
