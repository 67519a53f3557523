package conformance

import (
	"encoding/json"
	"slices"

	"diaoxiao/api"
)

// noAppChecks are those of S25: answers where it is not known which app asks, and so not which spelling it can read.
func noAppChecks() []Check {
	return []Check{
		should("S25-01", "令牌不认识、appKey 不存在、地址不存在时，应答用规范 2.3 的写法，严格的程序也能读取", func(t *trial) {
			plainForm(t.sendAs(unknownToken, t.newCase()).refused(api.InvalidToken))
			plainForm(t.loginWith(t.fullLogin().with("appKey", "不存在的应用")).refused(api.InvalidAppKey))
			if a := t.do(request{path: "/security/noSuchCall", body: []byte("{}")}); isEnvelope(a) {
				plainForm(a)
			}
		}),
	}
}

// plainForm demands the spelling of clause 2.3 and no other beside it. Members of the receiver's own are its affair.
func plainForm(a *answer) {
	var raw []json.RawMessage
	json.Unmarshal(a.members["errors"], &raw)
	plain := !slices.Contains(a.names, "ack_code")
	for _, e := range raw {
		plain = plain && !slices.Contains(namesOf(e), "field")
	}
	a.also("只有规范 2.3 的写法：没有 ack_code，错误中没有 field", plain)
}
