package register_test

import (
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// BenchmarkMatch looks at rows without a doubt, as most are. It takes about a microsecond.
func BenchmarkMatch(b *testing.B) {
	for name, e := range map[string]api.Entity{
		"code":  {PripID: id1, UniscID: code1, Legal: "乌云其木格", EntType: "1130"},
		"name":  {PripID: id2, UniscID: code2, Legal: "张三", EntType: "1151"},
		"dots":  {PripID: id1, UniscID: code1, Legal: "乌云·其木格", EntType: "1130"},
		"title": {PripID: id2, UniscID: code2, Legal: "张三（负责人）", EntType: "1151"},
	} {
		found := lookUp(firms, register.KeysOf(e))
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				register.KeysOf(e)
				r := register.Match(e, "2026-03-16", found, func(string, int, rules.Detail) {})
				if r.Verdict != register.Consistent {
					b.Fatal("not consistent")
				}
			}
		})
	}
}
