package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/beijingtime"
)

// roundTrips is how often the way there and back is measured; slowTrip is told of.
const (
	roundTrips = 5
	slowTrip   = time.Second
)

// doctorCase is a caseid that no case has.
const doctorCase = "diaoxiao doctor"

// checkCredentials logs in. The secret goes to nobody whose certificate was not verified, nor to what is not the
// interface.
func (x *examination) checkCredentials(ctx context.Context, found *Diagnosis) {
	if why, steps := x.cannotLogIn(ctx); why != "" {
		found.note(Unchecked, why, steps...)
		return
	}
	var err error
	x.client, err = client.New(client.Config{
		URL:       x.URL,
		AppKey:    x.AppKey,
		Account:   x.Account,
		Secret:    x.Secret,
		HTTP:      x.HTTP,
		PlainHTTP: x.PlainHTTP,
		Attempts:  1,
		Silence:   x.timeout,
		Observe:   func(e client.Exchange) { x.exchanges = append(x.exchanges, e) },
	})
	if err == nil {
		err = x.client.Login(ctx)
	}
	if err == nil {
		found.note(Fine, fmt.Sprintf("账户 %s 登录成功，用时 %.1f ms", x.Account, millis(x.exchanges[0].Took)))
		return
	}
	x.client = nil
	x.loginFailed(found, err)
}

func (x *examination) cannotLogIn(ctx context.Context) (why string, steps []string) {
	if state := x.of("接口"); state != Fine && state != Doubtful {
		return "接口不通", nil
	}
	if !x.trusted {
		return "接收方的身份未经验证（第 5 项），不发送凭据", nil
	}
	if x.AppKey == "" || x.Account == "" {
		return "没有凭据", []string{"给出 --app-key、--account 与 --secret-file，或建立接入配置（diaoxiao profile init）"}
	}
	_, err := x.Secret(ctx)
	if errors.Is(err, x.NoSecret) {
		return "没有 appSecret", []string{x.next(err)}
	}
	if err != nil && x.of("配置") == Broken {
		return "appSecret 读不出来（第 1 项）", nil
	}
	return "", nil
}

// loginFailed says what to check: the codes do not tell a stranger which of secret and account was wrong, and so
// neither can we.
func (x *examination) loginFailed(found *Diagnosis, err error) {
	switch {
	case errors.Is(err, api.InvalidAppKey):
		found.note(Broken, "12002 appKey 无效："+x.AppKey+" 在接收方不存在或已停用",
			"核对 app_key 是否完整、是否属于这个接收方（测试与生产的不同）；请接收方确认该应用已启用（diaoxiao app list）")
	case errors.Is(err, api.MissingAppSecret):
		found.note(Broken, "12003 接收方没有收到 appSecret", "若途中有改写请求的网关，请网管检查；核对密钥文件")
	case errors.Is(err, api.InvalidLogin):
		found.note(Broken, "12004 登录信息无效：appSecret 不对，或账户 "+x.Account+" 不存在或已停用（接收方不区分，以防试探）",
			"逐项核对：一、密钥文件是否为该 appKey 最近一次换发的 appSecret；二、账户名与接收方登记的是否逐字相同；三、请接收方确认账户已启用（diaoxiao app show）")
	case errors.Is(err, api.TooManyRequests):
		found.note(Doubtful, "19008 本机地址登录失败次数过多，暂被限制", "几分钟后再试；先找出用错误凭据反复登录的程序")
	case errors.Is(err, api.Unavailable), errors.Is(err, api.Internal):
		found.note(Broken, "接收方的服务自身有故障："+x.words(err), "稍后再试；持续出现时联系接收方")
	default:
		found.note(Broken, "登录失败："+x.words(err), "再次运行；持续出现时联系接收方")
	}
	if e, ok := errors.AsType[*client.Error](err); ok && e.RequestID != "" {
		found.Details = append(found.Details, "请求编号 "+e.RequestID+"，接收方可据此在日志中查到")
	}
}

// checkRoundTrip measures questions for a case that is not there, over the connection that the login has opened.
func (x *examination) checkRoundTrip(ctx context.Context, found *Diagnosis) {
	if x.client == nil {
		found.note(Unchecked, "没有登录")
		return
	}
	login := x.exchanges[0].Took
	x.exchanges = nil
	for range roundTrips {
		_, err := x.client.Query(ctx, api.QueryRequest{CaseID: doctorCase})
		x.queried = err
		if err != nil && !errors.Is(err, api.NoSuchCase) && !errors.Is(err, client.ErrNotOffered) {
			found.note(Broken, "查询失败："+x.words(err), "再次运行；持续出现时把请求编号告诉接收方")
			return
		}
	}
	var took []time.Duration
	for _, e := range x.exchanges {
		took = append(took, e.Took)
	}
	slices.Sort(took)
	median := took[len(took)/2]
	text := fmt.Sprintf(
		"%d 次：最短 %.1f、中位 %.1f、最长 %.1f ms；登录 %.1f ms", len(took), millis(took[0]), millis(median),
		millis(took[len(took)-1]), millis(login),
	)
	if median > slowTrip {
		found.note(Doubtful, text, "往返很慢，批量报送宜加大并发；请网管检查专线和途中的设备")
		return
	}
	found.note(Fine, text)
}

// checkExtensions finds out what the receiver offers beyond the document.
func (x *examination) checkExtensions(ctx context.Context, found *Diagnosis) {
	if x.client == nil || x.of("往返") == Broken {
		found.note(Unchecked, "没有登录")
		return
	}
	today := time.Now().In(beijingtime.Zone).Format(time.DateOnly)
	var listed error
	for _, err := range x.client.Cases(ctx, api.ListRequest{From: today, To: today, Limit: 1}) {
		listed = err
		break
	}
	if listed != nil && !errors.Is(listed, client.ErrNotOffered) {
		found.note(Broken, "listCaseinfo 失败："+x.words(listed), "再次运行；持续出现时联系接收方")
		return
	}
	var lacks []string
	if errors.Is(x.queried, client.ErrNotOffered) {
		lacks = append(lacks, "queryCaseinfo（diaoxiao status 不可用）")
	}
	if errors.Is(listed, client.ErrNotOffered) {
		lacks = append(lacks, "listCaseinfo（diaoxiao reconcile 不可用）")
	}
	if len(lacks) > 0 {
		found.note(Doubtful, "接收方没有提供扩展接口 "+strings.Join(lacks, "、"), "不影响报送；请接收方升级后可用")
		return
	}
	found.note(Fine, "提供 queryCaseinfo（查询）与 listCaseinfo（对账）")
}

func (x *examination) checkLogout(ctx context.Context, found *Diagnosis) {
	if x.client == nil {
		found.note(Unchecked, "没有登录")
		return
	}
	if err := x.client.Logout(ctx); err != nil {
		found.note(Doubtful, "注销失败："+x.words(err), "会话到 30 分钟自行失效，不影响报送")
		return
	}
	found.note(Fine, "会话已结束")
}
