package api_test

import (
	"fmt"
	"strings"
	"testing"

	"diaoxiao/api"
)

func BenchmarkReadCase(b *testing.B) {
	for _, n := range []int{3, 100_000} {
		body := bodyOf(b, n)
		b.Run(fmt.Sprintf("entities=%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if d := read(b, body, 0); len(d.Problems) > 0 {
					b.Fatal(d.Problems)
				}
			}
		})
	}
}

func BenchmarkReadCaseEach(b *testing.B) {
	body := bodyOf(b, 100_000)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		if _, err := api.ReadCase(strings.NewReader(body), 0, func(int, api.Entity) { n++ }); err != nil ||
			n != 100_000 {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	a := api.Answer{Call: api.Receive, AcceptID: "202405200000000017"}
	buf := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		buf = api.All.Append(buf[:0], a)
	}
}
