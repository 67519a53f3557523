package sandbox

import (
	"slices"
	"time"

	"diaoxiao/api"
)

// Fault is one way in which an exchange goes wrong.
type Fault struct {
	Name    string   `json:"name"`   // Chinese; also the account whose first attempts it strikes
	ID      string   `json:"id"`     // the same in ASCII, for headers and scripts
	Call    api.Call `json:"call"`   // which it strikes where nothing else is said
	Kept    bool     `json:"kept"`   // the request takes effect nonetheless
	Does    string   `json:"does"`   // what happens
	Right   string   `json:"right"`  // what a right client does
	Clause  string   `json:"clause"` // of the document, or the row of docs/divergences.md
	Seconds float64  `json:"seconds,omitempty"`

	every bool // strikes every request rather than the first attempt
	do    func(*request)
	judge func(*judge, Exchange) Incident
}

// Faults lists all faults, in the order in which the account Rotation goes through those of receiveCaseinfo.
func Faults() []Fault { return slices.Clone(faults) }

// faultNamed finds a fault by its name or id.
func faultNamed(name string) (Fault, bool) {
	i := slices.IndexFunc(faults, func(f Fault) bool { return f.Name == name || f.ID == name })
	if i < 0 {
		return Fault{}, false
	}
	return faults[i], true
}

// Reactions of a client that are right after most faults.
const (
	resend     = "结果未知：以完全相同的内容重发（或用 queryCaseinfo 查询），不改内容，不换案件编号，不当作失败"
	waitResend = "等满 Retry-After 的秒数，再以完全相同的内容重发"
)

var faults = []Fault{
	{Name: "应答丢失", ID: "reply-lost", Call: api.Receive, Kept: true, Clause: "S17、S21", Right: resend,
		Does: "案件已受理并持久保存，应答一个字节也没有发出，连接关闭", do: (*request).replyLost, judge: (*judge).resent},
	{Name: "应答中断", ID: "reply-cut", Call: api.Receive, Kept: true, Clause: "S17、S21", Right: resend,
		Does: "案件已受理；应答的 Content-Length 完整，正文只发一半，连接关闭", do: (*request).replyCut, judge: (*judge).resent},
	{Name: "半截应答", ID: "truncated-json", Call: api.Receive, Kept: true, Clause: "2.3、S21", Right: resend,
		Does: "案件已受理；HTTP 200，正文是半截 JSON，Content-Length 与之相符", do: (*request).truncatedJSON, judge: (*judge).resent},
	{
		Name:   "空应答",
		ID:     "empty",
		Call:   api.Receive,
		Kept:   true,
		Clause: "2.3、S21",
		Right:  resend + "；HTTP 200 不等于 SUCCESS",
		Does:   "案件已受理；HTTP 200，正文为空",
		do:     (*request).empty,
		judge:  (*judge).resent,
	},
	{
		Name:    "结果未知",
		ID:      "unknown-kept",
		Call:    api.Receive,
		Kept:    true,
		Seconds: 2,
		Clause:  "S21",
		Right:   waitResend + "，得到原受理号",
		Does:    "案件其实已受理，却应答 503、19009 和 Retry-After",
		do:      (*request).unknownKept,
		judge:   (*judge).resent,
	},
	{Name: "系统繁忙", ID: "busy", Call: api.Receive, Seconds: 2, Clause: "S21", Right: waitResend,
		Does: "案件没有受理，应答 503、19009 和 Retry-After", do: (*request).busy, judge: (*judge).resent},
	{Name: "请求过频", ID: "throttled", Call: api.Receive, Seconds: 2, Clause: "S1、S23（19008）", Right: waitResend,
		Does: "案件没有受理，应答 429、19008 和 Retry-After", do: (*request).throttled, judge: (*judge).resent},
	{Name: "内部错误", ID: "internal", Call: api.Receive, Clause: "S1、S23（19000）", Right: "记下 X-Request-Id，稍后以完全相同的内容重发",
		Does: "案件没有受理，应答 500、19000", do: (*request).internal, judge: (*judge).resent},
	{Name: "令牌失效", ID: "token-ended", Call: api.Receive, Clause: "3.1.1、5.2（13000）、S7", Right: "重新登录，以完全相同的内容重发",
		Does: "报送之前会话被真正结束，应答 13000", do: (*request).tokenEnded, judge: (*judge).renewed},
	{Name: "代理错误页", ID: "proxy-502", Call: api.Receive, Clause: "S1", Right: resend,
		Does: "案件没有受理，反向代理应答 502 和一页 HTML", do: (*request).proxy502, judge: (*judge).resent},
	{Name: "代理登录页", ID: "proxy-200", Call: api.Receive, Clause: "2.3", Right: resend + "；没有 SUCCESS 就不是受理",
		Does: "案件没有受理，上网认证网关应答 HTTP 200 和一页 HTML", do: (*request).proxy200, judge: (*judge).resent},
	{Name: "跳转", ID: "redirect", Call: api.Receive, Clause: "S8", Right: "不跟随跳转（令牌在地址中）；结果未知，以完全相同的内容向原地址重发",
		Does: "案件没有受理，网关应答 302", do: (*request).redirect, judge: (*judge).notFollowed},
	{Name: "读前重置", ID: "reset-before", Call: api.Receive, Clause: "S21", Right: resend,
		Does: "刚开始读请求正文，连接即被重置（RST）；案件没有受理", do: (*request).resetBefore, judge: (*judge).resent},
	{Name: "读后重置", ID: "reset-after", Call: api.Receive, Clause: "S21", Right: resend,
		Does: "读完请求正文后连接被重置（RST）；案件没有受理", do: (*request).resetAfter, judge: (*judge).resent},
	{Name: "慢应答", ID: "slow-answer", Call: api.Receive, Kept: true, Seconds: 5, Clause: "S17、S21",
		Right: "等候，或断开后以完全相同的内容重发", Does: "案件已受理，过若干秒才应答", do: (*request).slowAnswer, judge: (*judge).patient},
	{Name: "慢读", ID: "slow-read", Call: api.Receive, Kept: true, Seconds: 5, Clause: "S16、S21",
		Right: "等候，或断开后以完全相同的内容重发", Does: "接收端用若干秒才读完请求正文，随后受理", do: (*request).slowRead, judge: (*judge).patient},
	{
		Name:   "错误类型",
		ID:     "wrong-type",
		Call:   api.Receive,
		Kept:   true,
		Clause: "2.3",
		Right:  "按内容判断应答，或视为结果未知、以完全相同的内容重发",
		Does:   "案件已受理，应答正确而 Content-Type 为 text/html",
		do:     (*request).wrongType,
		judge:  (*judge).patient,
	},

	{
		Name:    "五秒令牌",
		ID:      "token-5s",
		Call:    api.Login,
		Kept:    true,
		Seconds: 5,
		Clause:  "3.1.1、S7",
		Right:   "得到 13000 后重新登录，以完全相同的内容重发",
		Does:    "登录得到的令牌五秒后真正失效",
		every:   true,
		do:      (*request).shortToken,
		judge:   (*judge).outlived,
	},
	{Name: "登录繁忙", ID: "login-busy", Call: api.Login, Seconds: 2, Clause: "S21", Right: "等满 Retry-After 的秒数，再登录",
		Does: "第一次登录应答 503、19009 和 Retry-After", do: (*request).busy, judge: (*judge).loggedInLater},
	{Name: "登录被拒", ID: "login-refused", Call: api.Login, Clause: "5.1（12004）、S4", Right: "停下来请人检查配置，不反复登录",
		Does: "第一次登录应答 12004", do: (*request).loginRefused, judge: (*judge).stoppedLogin},
}

// faultsOf are the faults that strike a call where nothing else is said.
func faultsOf(c api.Call) (of []Fault) {
	for _, f := range faults {
		if f.Call == c {
			of = append(of, f)
		}
	}
	return of
}

func (v *request) replyLost() { v.real(); v.cut() }

func (v *request) replyCut() { v.sendHalf(v.real()) }

func (v *request) truncatedJSON() {
	a := v.real()
	a.body = a.body[:len(a.body)/2]
	v.send(a)
}

func (v *request) empty() {
	a := v.real()
	a.status, a.body = 200, nil
	v.send(a)
}

func (v *request) unknownKept() { v.real(); v.send(v.refusal(api.Unavailable)) }

func (v *request) busy() { v.drain(); v.send(v.refusal(api.Unavailable)) }

func (v *request) throttled() { v.drain(); v.send(v.refusal(api.TooManyRequests)) }

func (v *request) internal() { v.drain(); v.send(v.refusal(api.Internal)) }

func (v *request) loginRefused() { v.drain(); v.send(v.refusal(api.InvalidLogin)) }

func (v *request) tokenEnded() { v.endSession(); v.send(v.real()) }

func (v *request) proxy502() { v.drain(); v.send(page(502, "502 Bad Gateway")) }

func (v *request) proxy200() { v.drain(); v.send(page(200, "上网认证：请先登录")) }

func (v *request) resetBefore() { v.reset() }

func (v *request) resetAfter() { v.drain(); v.reset() }

func (v *request) slowAnswer() {
	a := v.real()
	v.wait(v.pause)
	v.send(a)
}

func (v *request) slowRead() {
	v.body = &slowReader{v: v, r: v.body}
	v.send(v.real())
}

func (v *request) wrongType() {
	a := v.real()
	a.header.Set("Content-Type", "text/html; charset=GBK")
	v.send(a)
}

func (v *request) redirect() {
	v.drain()
	a := page(302, "302 Found")
	a.header.Set("Location", trapPath+"?no="+itoa(v.x.No))
	v.send(a)
}

func (v *request) shortToken() {
	a := v.real()
	v.limitSession(time.Now().Add(v.pause))
	v.send(a)
}
