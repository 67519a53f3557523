package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/display"
)

// probe is one look at what answers where the interface should be: an empty login, which carries no secret and is
// refused by every receiver.
type probe struct {
	status   int
	header   http.Header
	body     []byte
	answer   api.Answer
	err      error // not an answer of the interface, or none at all
	answered bool
	skew     time.Duration // how far ahead of ours the other side's clock is
	dated    bool
}

// maxProbe is how much of an answer is looked at.
const maxProbe = 64 << 10

// look makes the probe. The answer is only taken for that of the receiver if its certificate was verified before.
func (x *examination) look(ctx context.Context) *probe {
	p := new(probe)
	ctx, cancel := context.WithTimeout(ctx, x.timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, x.endpoint(api.Login), strings.NewReader("{}"))
	if err != nil {
		p.err = err
		return p
	}
	r.Header.Set("Content-Type", "application/json")
	began := time.Now()
	resp, err := x.prober().Do(r)
	if err != nil {
		p.err = err
		return p
	}
	defer resp.Body.Close()
	p.date(resp.Header.Get("Date"), began, time.Now())
	p.answered, p.status, p.header = true, resp.StatusCode, resp.Header
	if p.body, p.err = io.ReadAll(io.LimitReader(resp.Body, maxProbe)); p.err == nil {
		p.answer, p.err = api.ReadAnswer(p.body, api.Login)
	}
	return p
}

// prober is the client for probes. Without a verified certificate it goes on all the same: nothing secret is in them,
// and what answers may tell what is wrong.
func (x *examination) prober() *http.Client {
	c := *x.HTTP
	if t, ok := c.Transport.(*http.Transport); ok && !x.trusted {
		t = t.Clone()
		if t.TLSClientConfig == nil {
			t.TLSClientConfig = modernTLS()
		}
		t.TLSClientConfig.InsecureSkipVerify = true
		t.DisableKeepAlives = true
		c.Transport = t
	}
	return &c
}

// date reads the other side's clock. It is cut to seconds, so half a second is added.
func (p *probe) date(text string, began, ended time.Time) {
	at, err := http.ParseTime(text)
	if err != nil {
		return
	}
	p.dated = true
	p.skew = at.Add(500 * time.Millisecond).Sub(began.Add(ended.Sub(began) / 2))
}

// refused reports whether the answer is the refusal that an empty login gets.
func (p *probe) refused() bool {
	return p.err == nil &&
		slices.ContainsFunc(p.answer.Problems, func(q api.Problem) bool { return q.Code == api.InvalidAppKey })
}

// Clocks that differ by more are told of. Tokens live for 30 minutes by the receiver's clock, certificates by ours.
const (
	oddClock   = time.Minute
	wrongClock = 5 * time.Minute
)

func (x *examination) checkClock(ctx context.Context, found *Diagnosis) {
	if name, ok := x.broke("DNS", "TCP", "TLS"); ok && !x.shown {
		found.note(Unchecked, name+" 不通")
		return
	}
	x.seen = x.look(ctx)
	if !x.seen.answered {
		found.note(Unchecked, "没有得到应答")
		return
	}
	if !x.seen.dated {
		found.note(Unchecked, "对方的应答没有给出时间（Date）")
		return
	}
	skew, now := x.seen.skew.Round(time.Second), time.Now()
	if skew.Abs() > 2*wrongClock {
		skew = skew.Round(time.Minute) // the answer was on its way for some of it
	}
	theirs, ours := "快", "慢"
	if skew < 0 {
		theirs, ours = ours, theirs
	}
	text := fmt.Sprintf(
		"对方的时钟比本机%s %s，即本机%s（本机 %s，对方 %s）",
		theirs,
		display.Span(skew),
		ours,
		now.Format(time.DateTime),
		now.Add(skew).Format(time.DateTime),
	)
	switch {
	case skew.Abs() > wrongClock:
		found.note(Broken, text, clockSteps...)
	case skew.Abs() > oddClock:
		found.note(Doubtful, text, clockSteps...)
	default:
		found.note(Fine, fmt.Sprintf("与对方相差 %d 秒以内", max(skew.Abs(), time.Second)/time.Second))
	}
}

var clockSteps = []string{"用第三个时钟（如手机）核对哪一方的时间不对；是对方的请接收方校正。校正本机：Linux 执行 timedatectl set-ntp true（或 chronyc " +
	"makestep），Windows 执行 w32tm /resync；内网请用本单位的时间服务器"}

// checkInterface finds out whether what answers is the interface, and if not, what it is.
func (x *examination) checkInterface(_ context.Context, found *Diagnosis) {
	p := x.seen
	switch {
	case p == nil:
		name, _ := x.broke("DNS", "TCP", "TLS")
		found.note(Unchecked, name+" 不通")
	case !p.answered:
		x.noAnswer(found, p.err)
	case p.refused():
		found.note(Fine, "是批量吊销接口（空的登录得到 12002）")
		if !x.trusted {
			found.Details = append(found.Details, "这是没有验证对方身份时看到的；TLS 的问题解决之前不发送凭据")
		}
	case p.err == nil:
		x.oddAnswer(found, p)
	default:
		x.foreign(found, p)
	}
}

// noAnswer: connected, and then nothing.
func (x *examination) noAnswer(found *Diagnosis, err error) {
	timeout, _ := errors.AsType[net.Error](err)
	switch {
	case timeout != nil && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded):
		found.note(Broken, fmt.Sprintf("已连上，但请求在 %s内没有应答", display.Span(x.timeout)), "请接收方检查服务是否正常；加大 --timeout 再试")
	default:
		found.note(Broken, "没有得到应答："+withoutURL(err), "核对端口和协议；若对方是 HTTPS，地址应以 https:// 开头")
	}
}

// oddAnswer is of the interface, but not what an empty login gets.
func (x *examination) oddAnswer(found *Diagnosis, p *probe) {
	if len(p.answer.Problems) == 0 {
		found.note(Broken, "空的登录得到了 SUCCESS：这不是真正的接收方", "核对地址")
		return
	}
	problem := p.answer.Problems[0]
	text := fmt.Sprintf("接口应答 %s %s", problem.Code, problem.Message())
	switch problem.Code {
	case api.NoSuchCall:
		found.note(
			Broken,
			"主机是对的，但路径不对：{API_ROOT} 的前缀不是 "+cmp.Or(x.root.Path, "空"),
			"请接收方给出完整的 {API_ROOT}，包括主机名之后的前缀；区分大小写，不含 /security",
		)
	case api.TooManyRequests:
		found.note(Doubtful, text, fmt.Sprintf("等 %s 秒再试；频繁失败的登录会使本机地址暂时受限", cmp.Or(p.header.Get("Retry-After"), "若干")))
	case api.Unavailable, api.Internal:
		found.note(Broken, text, "接收方的服务自身有故障，请联系接收方；稍后再试")
	default:
		found.note(Doubtful, text, "与预期的 12002 不同，请向接收方确认地址")
	}
}

var titleIn = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// foreign is an answer of something else: a proxy, a gateway, another program.
func (x *examination) foreign(found *Diagnosis, p *probe) {
	found.Details = append(found.Details, fmt.Sprintf(
		"HTTP %d，Server %s，Content-Type %s",
		p.status,
		cmp.Or(p.header.Get("Server"), "—"),
		cmp.Or(p.header.Get("Content-Type"), "—"),
	))
	if excerpt := excerptOf(p.body); excerpt != "" {
		found.Details = append(found.Details, "应答开头："+excerpt)
	}
	switch {
	case p.status >= 300 && p.status < 400:
		x.redirected(found, p.header.Get("Location"))
	case p.status == http.StatusProxyAuthRequired:
		found.note(Broken, "代理要求登录", x.tunnelStep(p.status))
	case p.status == http.StatusBadRequest && x.root.Scheme == "http" &&
		strings.Contains(strings.ToLower(string(p.body)), "https"):
		found.note(Broken, "该端口要求 HTTPS，地址却是 http://", "地址改用 https://")
	case p.status == http.StatusNotFound:
		found.note(
			Broken,
			"该地址没有这个接口（404，由别的程序应答）",
			"核对 {API_ROOT} 的主机、端口和前缀；请接收方确认网关已转发 "+x.root.Path+api.Login.Path(),
		)
	case p.status == http.StatusBadGateway || p.status == http.StatusServiceUnavailable ||
		p.status == http.StatusGatewayTimeout:
		found.note(Broken, fmt.Sprintf("途中的网关或代理连不上后面的服务（%d）", p.status), "请接收方检查服务是否在运行、网关的转发设置；经代理时见第 2 项")
	case p.status == http.StatusForbidden || p.status == http.StatusUnauthorized:
		found.note(Broken, fmt.Sprintf("被途中的代理、网关或防火墙拒绝（%d）", p.status), "请网管或接收方放行本机的地址")
	default:
		found.note(Broken, "应答的不是批量吊销接口", "核对地址；经代理时，看应答开头是否为代理的登录页或拦截页（第 2 项）")
	}
}

func (x *examination) redirected(found *Diagnosis, location string) {
	root, ours := strings.CutSuffix(location, api.Login.Path())
	step := "本程序从不跟随重定向：令牌在地址中，会随之泄露。请核对地址；若转到登录页，是途中的代理或门户拦截，请网管放行"
	if ours && root != "" {
		step = "本程序从不跟随重定向：令牌在地址中，会随之泄露。向接收方核实后，地址改用 " + root
	}
	found.note(Broken, "被重定向到 "+cmp.Or(maskToken(location), "（未给出）"), step)
}

// maskToken is a text without the tokens in it.
func maskToken(s string) string { return api.MaskSecrets(s, func(string) string { return "***" }) }

// withoutURL is an error of net/http without the address, which may hold a token.
func withoutURL(err error) string {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	return maskToken(display.System(err))
}

// excerptOf is the title of a page, or how a text begins.
func excerptOf(body []byte) string {
	text := string(body)
	if m := titleIn.FindStringSubmatch(text); m != nil {
		text = "〔网页〕" + html.UnescapeString(m[1])
	}
	text = strings.Join(strings.Fields(maskToken(display.Plain(text))), " ")
	return display.Shorten(text, 120)
}
