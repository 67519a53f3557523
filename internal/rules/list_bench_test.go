package rules_test

import (
	"fmt"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// BenchmarkListCheck looks through a list of 100,000 entities of which none repeats.
func BenchmarkListCheck(b *testing.B) {
	list := make([]api.Entity, 100_000)
	for i := range list {
		list[i] = api.Entity{
			PripID:  fmt.Sprintf("15010000000001%010d", i),
			UniscID: fmt.Sprintf("91150102MA%08d", i),
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		var l rules.ListCheck
		for i, e := range list {
			l.Add(i+1, e, func(string, int, rules.Detail) { b.Fatal("a finding") })
		}
	}
}
