package sandbox

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"diaoxiao/api"
)

// Scenario is one thing that can be judged of a client, with all that was seen of it.
type Scenario struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Clause    string     `json:"clause"`
	Right     string     `json:"right"`
	Judgement Judgement  `json:"judgement"`
	Incidents []Incident `json:"incidents"`
}

// Verdict (评判) is how the clients of a sandbox did so far.
type Verdict struct {
	Time      time.Time  `json:"time"`
	Seed      uint64     `json:"seed"`
	Exchanges int        `json:"exchanges"`
	Forgotten int        `json:"forgotten"` // earlier ones that were not kept and are not judged
	Passed    int        `json:"passed"`
	Failed    int        `json:"failed"`
	Untouched int        `json:"untouched"`
	Scenarios []Scenario `json:"scenarios"`
}

// Verdict judges what was seen so far. A client must have come to its end before: one that is still about to send again
// is judged as if it never did.
func (s *Server) Verdict() Verdict {
	c := &judge{s.transcript.list()}
	v := Verdict{
		Time:      time.Now().Truncate(time.Second),
		Seed:      s.Seed,
		Exchanges: len(c.all),
		Forgotten: s.transcript.forgotten(),
	}
	v.Scenarios = append(c.faulted(), c.always()...)
	for i := range v.Scenarios {
		sc := &v.Scenarios[i]
		sc.Judgement = sum(sc.Incidents)
		switch sc.Judgement {
		case Passed:
			v.Passed++
		case Failed:
			v.Failed++
		default:
			v.Untouched++
		}
	}
	return v
}

func sum(is []Incident) Judgement {
	j := Untouched
	for _, i := range is {
		if i.Judgement == Failed {
			return Failed
		}
		j = cmp.Or(map[Judgement]Judgement{Passed: Passed}[i.Judgement], j)
	}
	return j
}

// faulted judges fault by fault.
func (c *judge) faulted() (all []Scenario) {
	for _, f := range faults {
		sc := Scenario{ID: f.ID, Name: f.Name, Clause: f.Clause, Right: f.Right, Incidents: []Incident{}}
		for _, x := range c.all {
			if x.Fault == f.ID {
				sc.Incidents = append(sc.Incidents, f.judge(c, x))
			}
		}
		all = append(all, sc)
	}
	return all
}

// always judges what holds without any fault.
func (c *judge) always() []Scenario {
	return []Scenario{
		{ID: "one-number", Name: "一案一号", Clause: "S17", Right: "同一案件只用一个案件编号报送", Incidents: c.oneNumber()},
		{ID: "refused", Name: "业务拒绝", Clause: "2.3、5、S10", Right: "被拒绝的案件先改正再报送，不原样反复发送", Incidents: c.refused()},
		{ID: "logout", Name: "注销会话", Clause: "3.1.2、S7", Right: "用完即注销", Incidents: c.loggedOut()},
		{
			ID:        "secret-in-url",
			Name:      "密钥不进地址",
			Clause:    "3.1.1、S8",
			Right:     "appSecret 只放在登录的请求正文中",
			Incidents: c.exposed(),
		},
	}
}

// oneNumber looks for cases that differ in their numbers only.
func (c *judge) oneNumber() []Incident {
	first := make(map[string]Exchange)
	found := []Incident{}
	for _, x := range c.all {
		if x.Call != api.Receive || x.Content == "" {
			continue
		}
		key := x.AppKey + x.Content
		if y, ok := first[key]; ok && y.CaseID != x.CaseID {
			i := doubled(y, x)
			i.Text += "；试验时有意用同一份清单试几个案件编号的，不是毛病：换一份清单再试，或从头开始（POST /sandbox/reset）"
			found = append(found, *i)
		} else if !ok {
			first[key] = x
		}
	}
	if len(found) == 0 && len(first) > 0 {
		found = append(found, *passed(fmt.Sprintf("%d 件案件各用一个案件编号", len(first))))
	}
	return found
}

// final are codes that say what is wrong with a body: sent again as it is, it is refused again.
func final(codes []string) bool {
	return slices.ContainsFunc(codes, func(c string) bool {
		return strings.HasPrefix(c, "14") ||
			slices.Contains([]api.Code{api.InvalidJSON, api.WrongType, api.InvalidDate, api.TooLong, api.Conflict,
				api.BodyTooLarge, api.UnsupportedMediaType, api.TooManyItems}, api.Code(c))
	})
}

// refused looks for refused cases that were sent again unchanged.
func (c *judge) refused() []Incident {
	found := []Incident{}
	for _, x := range c.all {
		if x.Call != api.Receive || x.Sent != Whole || !final(x.Codes) {
			continue
		}
		i := passed("被拒绝（"+strings.Join(x.Codes, "、")+"），没有原样重发", x)
		c.after(x, func(y Exchange) bool {
			if y.Call == api.Receive && y.SHA256 == x.SHA256 {
				i = failed("被拒绝（"+strings.Join(x.Codes, "、")+"）后原样重发", x, y)
			}
			return i.Judgement == Passed
		})
		found = append(found, *i)
	}
	return found
}

// loggedOut looks for sessions that were left open.
func (c *judge) loggedOut() []Incident {
	found := []Incident{}
	for _, x := range c.all {
		if x.Call != api.Login || x.Session == 0 || x.Sent != Whole {
			continue
		}
		i := failed("会话没有注销", x)
		c.after(x, func(y Exchange) bool {
			switch over := slices.Contains(y.Codes, string(api.InvalidToken)); {
			case y.Session == x.No && y.Call == api.Logout:
				i = passed("已注销", x, y)
			case y.Session == x.No && over:
				i = &Incident{Untouched, []int{x.No, y.No}, "令牌已失效，无须注销"}
			}
			return i.Judgement == Failed
		})
		if x.Fault == "token-5s" && i.Judgement == Failed {
			i = &Incident{Untouched, []int{x.No}, "五秒令牌，无须注销"}
		}
		found = append(found, *i)
	}
	return found
}

func (c *judge) exposed() []Incident {
	found := []Incident{}
	for _, x := range c.all {
		if x.Exposed {
			found = append(found, *failed("appSecret 出现在请求地址中，会留在沿途的日志里", x))
		}
	}
	if len(found) == 0 && slices.ContainsFunc(c.all, func(x Exchange) bool { return x.Call == api.Login }) {
		found = append(found, *passed("地址中没有出现过 appSecret"))
	}
	return found
}
