package client_test

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	"diaoxiao/api"
	"diaoxiao/client"
)

// A list of any length is sent in memory that does not grow with it: half a million entities, of which the heap must
// not hold more than a few megabytes at any time.
func TestListInFlatMemory(t *testing.T) {
	const entities, most = 500_000, 8 << 20
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call, a := api.Login, api.Answer{Call: api.Login, Token: "01234567-89ab-cdef-0123-456789abcdef"}
		if r.URL.Path == api.Receive.Path() {
			call, a = api.Receive, api.Answer{Call: api.Receive, AcceptID: "202603150000000017"}
			d, err := api.ReadCase(r.Body, 0, nil)
			if err != nil || d.Items != entities || len(d.Problems) > 0 {
				t.Errorf("%d items, %v %v", d.Items, d.Problems, err)
			}
		}
		w.Write(api.Table.Append(nil, api.Answer{Call: call, Token: a.Token, AcceptID: a.AcceptID}))
	}))
	defer server.Close()
	c, err := client.New(client.Config{
		URL:     server.URL,
		AppKey:  "k",
		Account: "a",
		Secret:  func(context.Context) (string, error) { return "s", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	peak := uint64(0)
	_, err = c.Receive(
		t.Context(),
		client.List(api.Case{CaseID: "1", CaseName: "n", CaseIntroduction: "i", Illegality: "i", Penalty: "p",
			PenaltyDate: "2026-03-15", PenaltyOrg: "o"}, func() iter.Seq2[api.Entity, error] {
			return func(yield func(api.Entity, error) bool) {
				for i := range entities {
					if i%100_000 == 0 {
						runtime.GC()
						runtime.ReadMemStats(&now)
						peak = max(peak, now.HeapAlloc)
					}
					if !yield(api.Entity{
						PripID:  fmt.Sprintf("%024d", i),
						UniscID: "91150203MA0N00024Y",
						Legal:   "乌云其木格",
						EntType: "1130",
					}, nil) {
						return
					}
				}
			}
		}),
	)
	if err != nil {
		t.Fatal(err)
	}
	if grown := int64(peak) - int64(before.HeapAlloc); grown > most {
		t.Errorf("the heap grew by %d bytes", grown)
	}
}
