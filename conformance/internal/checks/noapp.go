package checks

import (
	"encoding/json"
	"slices"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/trial"
	"diaoxiao/conformance/internal/wire"
)

// noAppChecks are those of S25: answers where it is not known which app asks, and so not which spelling it can read.
func noAppChecks() []trial.Check {
	return []trial.Check{
		should("S25-01", "令牌不认识、appKey 不存在、地址不存在时，应答用规范 2.3 的写法，严格的程序也能读取", func(t *trial.Trial) {
			plainForm(t.SendAs(trial.UnknownToken, t.NewCase()).Refused(api.InvalidToken))
			plainForm(t.LoginWith(t.FullLogin().With("appKey", "不存在的应用")).Refused(api.InvalidAppKey))
			if a := t.Do(wire.Request{Path: "/security/noSuchCall", Body: []byte("{}")}); isEnvelope(a) {
				plainForm(a)
			}
		}),
	}
}

// plainForm demands the spelling of clause 2.3 and no other beside it. Members of the receiver's own are its affair.
func plainForm(a *trial.Answer) {
	var raw []json.RawMessage
	json.Unmarshal(a.Members["errors"], &raw)
	plain := !slices.Contains(a.Names, "ack_code")
	for _, e := range raw {
		plain = plain && !slices.Contains(trial.NamesOf(e), "field")
	}
	a.Also("只有规范 2.3 的写法：没有 ack_code，错误中没有 field", plain)
}
