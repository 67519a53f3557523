package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"diaoxiao/api"
)

// Judgement (评判) says how a client did.
type Judgement string

// The judgements.
const (
	Passed    Judgement = "通过"
	Failed    Judgement = "不符"
	Untouched Judgement = "未涉及"
)

// Incident is one thing that happened and what the client made of it.
type Incident struct {
	Judgement Judgement `json:"judgement"`
	Exchanges []int     `json:"exchanges"` // the evidence
	Text      string    `json:"text"`
}

// judge judges by the exchanges on the wire. The beliefs of a client cannot be seen, so one that never asks again about
// an unknown outcome has failed: it must have taken it for something.
type judge struct{ all []Exchange }

// after calls f for the later exchanges of the same account, until it returns false.
func (c *judge) after(x Exchange, f func(Exchange) bool) {
	for _, y := range c.all {
		if y.No > x.No && y.AppKey == x.AppKey && y.Account == x.Account && y.AppKey != "" && !f(y) {
			return
		}
	}
}

func passed(text string, xs ...Exchange) *Incident { return &Incident{Passed, numbers(xs), text} }

func failed(text string, xs ...Exchange) *Incident { return &Incident{Failed, numbers(xs), text} }

func numbers(xs []Exchange) (nos []int) {
	for _, x := range xs {
		nos = append(nos, x.No)
	}
	return nos
}

// next is what the client did next about the same thing; nil: nothing. Once something was wrong in it, all that is
// wrong until the matter is settled is named. Anything that skip wants is passed over; nil: nothing.
func (c *judge) next(x Exchange, skip func(Exchange) bool) *Incident {
	var good *Incident
	var wrong []string
	evidence := []Exchange{x}
	c.after(x, func(y Exchange) bool {
		if skip != nil && skip(y) {
			return true
		}
		right, faults := follows(x, y)
		for _, f := range faults {
			if !slices.Contains(wrong, f) {
				wrong = append(wrong, f)
			}
		}
		if len(faults) > 0 {
			evidence = append(evidence, y)
		}
		if right == nil && len(faults) == 0 {
			return true
		}
		good = right
		return len(wrong) > 0 && !definite(y)
	})
	if len(wrong) > 0 {
		return failed(strings.Join(wrong, "；"), evidence...)
	}
	return good
}

// definite reports whether an answer settles what a client asked for.
func definite(y Exchange) bool {
	return y.Sent == Whole && (y.Status == 200 && y.AcceptID != "" && len(y.Codes) == 0 || final(y.Codes))
}

// follows judges y as the answer of a client to what happened in x: right, or all that is wrong with it; neither: it is
// about something else.
func follows(x, y Exchange) (right *Incident, wrong []string) {
	about := y.CaseID == x.CaseID && y.CaseID != "" || y.AcceptID == x.AcceptID && y.AcceptID != ""
	switch {
	case y.Call == api.Query && x.Call == api.Receive && about && y.Sent == Whole && y.AcceptID != "" &&
		len(y.Codes) == 0:
		return passed("查询到受理号 "+y.AcceptID, x, y), nil
	case x.Call == api.Receive && slices.Contains(y.listed, x.CaseID):
		return passed("在对账清单中找到", x, y), nil
	case y.Call != x.Call || x.Call == api.Receive && !about:
		d := doubled(x, y)
		if d == nil {
			return nil, nil
		}
		wrong = []string{d.Text}
	default:
		if right = again(x, y); right.Judgement == Failed {
			right, wrong = nil, []string{right.Text}
		}
	}
	if early(x, y) {
		text := fmt.Sprintf("没有等满 Retry-After 的 %d 秒，%.1f 秒后又来", x.RetryAfter, y.Began.Sub(x.Ended).Seconds())
		return nil, append([]string{text}, wrong...)
	}
	return right, wrong
}

// doubled: the same case under another number.
func doubled(x, y Exchange) *Incident {
	if x.Call != api.Receive || y.Call != api.Receive || y.Content == "" || y.Content != x.Content {
		return nil
	}
	return failed(fmt.Sprintf("换了案件编号重新报送：%s → %s，同一批市场主体可能被受理两次", x.CaseID, y.CaseID), x, y)
}

// early: clocks and networks are given a tenth.
func early(x, y Exchange) bool {
	return x.RetryAfter > 0 && y.Began.Sub(x.Ended) < time.Duration(x.RetryAfter)*time.Second*9/10
}

// again judges a request about the same thing.
func again(x, y Exchange) *Incident {
	switch {
	case x.Call != api.Receive:
		return passed("再次请求", x, y)
	case x.SHA256 == "" || y.SHA256 == "":
		return passed("重发（正文没有读完，未比对内容）", x, y)
	case x.SHA256 == y.SHA256:
		return passed("以完全相同的内容重发", x, y)
	case x.Values != "" && x.Values == y.Values:
		return passed("重发，字节有变而各项内容相同", x, y)
	}
	return failed("重发时改了内容", x, y)
}

const nothingFollowed = "至今没有重发，也没有查询：当作成功会丢案件，当作失败会重复报送"

// resent: the outcome is unknown, and the client has to ask again.
func (c *judge) resent(x Exchange) Incident { return c.resentBut(x, nil) }

// resentBut is resent without looking at what skip wants.
func (c *judge) resentBut(x Exchange, skip func(Exchange) bool) Incident {
	if i := c.next(x, skip); i != nil {
		return *i
	}
	if x.Call != api.Receive {
		return *passed("没有再次请求；这一接口不影响案件", x)
	}
	return *failed(nothingFollowed, x)
}

// patient: there was an answer in the end, so nothing need follow.
func (c *judge) patient(x Exchange) Incident {
	if i := c.next(x, nil); i != nil && (i.Judgement == Failed || x.Gone) {
		return *i
	}
	if x.Gone {
		return c.resent(x)
	}
	return *passed("得到了应答", x)
}

// notFollowed: the redirect was left alone.
func (c *judge) notFollowed(x Exchange) Incident {
	after := c.resent(x)
	for _, y := range c.all {
		if y.No > x.No && y.Target == trapPath+"?no="+itoa(x.No) {
			return *failed("跟随了跳转", x, y).and(after)
		}
	}
	return after
}

// and adds what another incident of the same exchange holds against a client.
func (i *Incident) and(other Incident) *Incident {
	if other.Judgement == Failed {
		i.Judgement, i.Text = Failed, i.Text+"；"+other.Text
		for _, no := range other.Exchanges {
			if !slices.Contains(i.Exchanges, no) {
				i.Exchanges = append(i.Exchanges, no)
			}
		}
	}
	return i
}

// renewed: the token was dead, and the client logged in again and went on.
func (c *judge) renewed(x Exchange) Incident {
	var stale, login *Incident
	dead := func(y Exchange) bool {
		return y.Call == x.Call && y.Session == x.Session && y.Began.After(x.Ended) && y.CaseID == x.CaseID
	}
	c.after(x, func(y Exchange) bool {
		switch {
		case y.Call == api.Login && len(y.Codes) == 0:
			login = passed("重新登录", x, y)
		case y.Call == x.Call && y.Session != x.Session &&
			y.CaseID == x.CaseID: // one who sends several at once may have logged in before
			login = passed("重新登录", x, y)
		case dead(y) && stale == nil:
			stale = failed("没有重新登录，仍用失效的令牌", x, y)
		}
		return login == nil
	})
	switch {
	case stale != nil && login == nil:
		return *stale
	case login == nil:
		return *failed("得到 13000 后至今没有重新登录", x)
	}
	i := c.resentBut(x, dead)
	switch {
	case stale != nil:
		return *stale.and(i)
	case i.Judgement == Passed:
		i.Text = "重新登录，" + i.Text
	}
	return i
}

// outlived judges what became of a session that ended early; x is its login.
func (c *judge) outlived(x Exchange) Incident {
	i := Incident{Judgement: Untouched, Exchanges: []int{x.No}, Text: "令牌失效后没有再用"}
	c.after(x, func(y Exchange) bool {
		if y.Session == x.No && slices.Contains(y.Codes, string(api.InvalidToken)) && y.Call != api.Logout {
			i = c.renewed(y)
			return false
		}
		return true
	})
	return i
}

// loggedInLater: told to come back, the client did, and not before.
func (c *judge) loggedInLater(x Exchange) Incident {
	if i := c.next(x, nil); i != nil {
		return *i
	}
	return *failed("至今没有再登录", x)
}

// hammerTime is within which a client that was refused may try again once, as a person would.
const hammerTime = 10 * time.Second

// stoppedLogin: a login that was refused is not tried over and over.
func (c *judge) stoppedLogin(x Exchange) Incident {
	evidence := []Exchange{x}
	c.after(x, func(y Exchange) bool {
		if y.Call == api.Login && y.Began.Sub(x.Ended) < hammerTime {
			evidence = append(evidence, y)
		}
		return true
	})
	if len(evidence) > 2 {
		return *failed(fmt.Sprintf("登录被拒后 %s 之内又登录了 %d 次", hammerTime, len(evidence)-1), evidence...)
	}
	return *passed("没有反复登录", evidence...)
}
