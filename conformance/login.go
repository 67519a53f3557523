package conformance

import (
	"bytes"
	"slices"
	"strconv"

	"diaoxiao/api"
)

// loginChecks are those of C4, C6 and S2 to S5: whom login lets in, and what it says to the others. Few of them offer a
// wrong secret: a target may count such logins.
func loginChecks() []Check {
	return []Check{
		must("S2-01", "缺少 appKey，或为 null、空：12002", func(t *trial) { missing(t, "appKey", api.InvalidAppKey) }),
		must("S2-02", "不存在的 appKey：12002", func(t *trial) {
			t.loginWith(t.fullLogin().with("appKey", "no-such-app-"+t.RunID)).refused(api.InvalidAppKey)
		}),
		must("S3-01", "缺少 appSecret，或为 null、空：12003", func(t *trial) { missing(t, "appSecret", api.MissingAppSecret) }),
		must("S4-01", "appSecret 错误：12004，不给令牌", func(t *trial) { wrongSecret(t).refused(api.InvalidLogin) }),
		must("S4-02", "account 不存在：12004，不给令牌", func(t *trial) { wrongAccount(t).refused(api.InvalidLogin) }),
		must("S4-03", "缺少 account，或为 null、空：12004", func(t *trial) { missing(t, "account", api.InvalidLogin) }),
		should("S4-04", "密钥错误与账户错误的应答逐字节相同，不能据以试探账户", func(t *trial) {
			one, other := wrongSecret(t), wrongAccount(t)
			other.expect("与密钥错误的应答相同", one.status == other.status && bytes.Equal(one.body, other.body))
		}),
		must("S4-05", "另一应用的 appSecret 不能登录", func(t *trial) {
			if t.Stranger.AppSecret == "" {
				t.untested("须有另一应用，用 --other-app-key 等给出")
			}
			t.loginWith(t.fullLogin().with("appSecret", t.Stranger.AppSecret)).refused(api.InvalidLogin)
		}),
		should("S5-01", "缺少几个参数，一次全部指出，按规范中的次序", func(t *trial) {
			t.loginWith("{}").refused(api.InvalidAppKey, api.MissingAppSecret, api.InvalidLogin)
			t.loginWith(`{"account":null,"appSecret":"","appKey":" "}`).refused(api.InvalidAppKey, api.MissingAppSecret, api.InvalidLogin)
			t.loginWith(object{}.with("appKey", t.AppKey)).refused(api.MissingAppSecret, api.InvalidLogin)
		}),
	}
}

// missing demands a code for a login without a parameter.
func missing(t *trial, name string, code api.Code) {
	t.loginWith(t.fullLogin().without(name)).refused(code)
	t.loginWith(t.fullLogin().with(name, nil)).refused(code)
	t.loginWith(t.fullLogin().with(name, "")).refused(code)
}

// wrongSecret and wrongAccount differ from a right login in one parameter.
func wrongSecret(t *trial) *answer {
	return t.loginWith(t.fullLogin().with("appSecret", "wrong-secret-"+t.RunID))
}

func wrongAccount(t *trial) *answer {
	return t.loginWith(t.fullLogin().with("account", "没有的账户"+t.RunID))
}

// tokenChecks are those of S6.
func tokenChecks() []Check {
	return []Check{
		should("S6-01", "令牌为 8-4-4-4-12 的十六进制，共 36 个字符", func(t *trial) {
			token := t.login()
			t.last().expect("令牌 36 个字符，形如 xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", isUUID(token))
		}),
		should("S6-02", "令牌不超过 36 个字符：报送方的数据库列宽多半如此", func(t *trial) {
			token := t.login()
			t.last().expect("令牌不超过 36 个字符，实有 "+strconv.Itoa(len(token))+" 个", len(token) <= 36)
		}),
		must("S6-03", "每次登录的令牌不同，且没有固定的部分可供推测", func(t *trial) {
			var tokens []string
			for range 8 {
				t.login()
				a := t.last()
				a.also("与此前的令牌不同，也不相近", !slices.ContainsFunc(tokens, func(b string) bool { return near(a.token(), b) }))
				tokens = append(tokens, a.token())
			}
		}),
		must("S6-04", "调用方自带的令牌不会被采用", func(t *trial) {
			t.loginWith(t.fullLogin(), "Cookie", "access_token="+ownToken)
			a := t.do(request{call: api.Login, query: "access_token=" + ownToken, body: t.fullLogin().bytes()})
			a.expect("令牌不是自带的那个", a.token() != ownToken)
			t.took(a.token())
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
