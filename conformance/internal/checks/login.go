package checks

import (
	"bytes"
	"slices"
	"strconv"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/trial"
	"diaoxiao/conformance/internal/wire"
)

// loginChecks are those of C4, C6 and S2 to S5: whom login lets in, and what it says to the others. Few of them offer a
// wrong secret: a target may count such logins.
func loginChecks() []trial.Check {
	return []trial.Check{
		must("S2-01", "缺少 appKey，或为 null、空：12002", func(t *trial.Trial) { missing(t, "appKey", api.InvalidAppKey) }),
		must("S2-02", "不存在的 appKey：12002", func(t *trial.Trial) {
			t.LoginWith(t.FullLogin().With("appKey", "no-such-app-"+t.RunID)).Refused(api.InvalidAppKey)
		}),
		must("S3-01", "缺少 appSecret，或为 null、空：12003", func(t *trial.Trial) {
			missing(t, "appSecret", api.MissingAppSecret)
		}),
		must("S4-01", "appSecret 错误：12004，不给令牌", func(t *trial.Trial) { wrongSecret(t).Refused(api.InvalidLogin) }),
		must("S4-02", "account 不存在：12004，不给令牌", func(t *trial.Trial) { wrongAccount(t).Refused(api.InvalidLogin) }),
		must("S4-03", "缺少 account，或为 null、空：12004", func(t *trial.Trial) { missing(t, "account", api.InvalidLogin) }),
		should("S4-04", "密钥错误与账户错误的应答逐字节相同，不能据以试探账户", func(t *trial.Trial) {
			one, other := wrongSecret(t), wrongAccount(t)
			other.Expect("与密钥错误的应答相同", one.Status == other.Status && bytes.Equal(one.Body, other.Body))
		}),
		must("S4-05", "另一应用的 appSecret 不能登录", func(t *trial.Trial) {
			if t.Stranger.AppSecret == "" {
				t.Untested("须有另一应用，用 --other-app-key 等给出")
			}
			t.LoginWith(t.FullLogin().With("appSecret", t.Stranger.AppSecret)).Refused(api.InvalidLogin)
		}),
		should("S5-01", "缺少几个参数，一次全部指出，按规范中的次序", func(t *trial.Trial) {
			t.LoginWith("{}").Refused(api.InvalidAppKey, api.MissingAppSecret, api.InvalidLogin)
			t.LoginWith(`{"account":null,"appSecret":"","appKey":" "}`).
				Refused(api.InvalidAppKey, api.MissingAppSecret, api.InvalidLogin)
			t.LoginWith(sample.Object{}.With("appKey", t.AppKey)).Refused(api.MissingAppSecret, api.InvalidLogin)
		}),
	}
}

// missing demands a code for a login without a parameter.
func missing(t *trial.Trial, name string, code api.Code) {
	t.LoginWith(t.FullLogin().Without(name)).Refused(code)
	t.LoginWith(t.FullLogin().With(name, nil)).Refused(code)
	t.LoginWith(t.FullLogin().With(name, "")).Refused(code)
}

// wrongSecret and wrongAccount differ from a right login in one parameter.
func wrongSecret(t *trial.Trial) *trial.Answer {
	return t.LoginWith(t.FullLogin().With("appSecret", "wrong-secret-"+t.RunID))
}

func wrongAccount(t *trial.Trial) *trial.Answer {
	return t.LoginWith(t.FullLogin().With("account", "没有的账户"+t.RunID))
}

// tokenChecks are those of S6.
func tokenChecks() []trial.Check {
	return []trial.Check{
		should("S6-01", "令牌为 8-4-4-4-12 的十六进制，共 36 个字符", func(t *trial.Trial) {
			token := t.Login()
			t.Last().Expect("令牌 36 个字符，形如 xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", isUUID(token))
		}),
		should("S6-02", "令牌不超过 36 个字符：报送方的数据库列宽多半如此", func(t *trial.Trial) {
			token := t.Login()
			t.Last().Expect("令牌不超过 36 个字符，实有 "+strconv.Itoa(len(token))+" 个", len(token) <= 36)
		}),
		must("S6-03", "每次登录的令牌不同，且没有固定的部分可供推测", func(t *trial.Trial) {
			var tokens []string
			for range 8 {
				t.Login()
				a := t.Last()
				a.Also("与此前的令牌不同，也不相近", !slices.ContainsFunc(tokens, func(b string) bool { return near(a.Token(), b) }))
				tokens = append(tokens, a.Token())
			}
		}),
		must("S6-04", "调用方自带的令牌不会被采用", func(t *trial.Trial) {
			t.LoginWith(t.FullLogin(), "Cookie", "access_token="+ownToken)
			a := t.Do(wire.Request{Call: api.Login, Query: "access_token=" + ownToken, Body: t.FullLogin().Bytes()})
			a.Expect("令牌不是自带的那个", a.Token() != ownToken)
			t.Took(a.Token())
			dead(t, ownToken)
		}),
	}
}

const ownToken = "11111111-1111-4111-8111-111111111111"

// near reports whether two tokens differ in so little that one could be guessed from the other. A long token may have
// parts that are always the same.
func near(a, b string) bool {
	differ := max(len(a), len(b)) - min(len(a), len(b))
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			differ++
		}
	}
	return a == b || differ < min(12, max(len(a), len(b))/4+1)
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (s[i] == '-') || !dash && !isHex(s[i]) {
			return false
		}
	}
	return true
}

func isHex(b byte) bool { return '0' <= b && b <= '9' || 'a' <= b && b <= 'f' || 'A' <= b && b <= 'F' }
