package httpapi_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/httpapi"
)

// fill accepts n cases whose entries in a list are as long as they can be, and returns their acceptids in order.
func (s *sender) fill(t tester, n int) (ids []string) {
	var wg sync.WaitGroup
	for part := range 16 {
		wg.Go(func() {
			for i := part; i < n; i += 16 {
				s.accept(t, bodyOf(strings.Repeat("😀", 195)+fmt.Sprint(i)))
			}
		})
	}
	wg.Wait()
	for _, c := range s.d.cases(t) {
		ids = append(ids, c.AcceptID)
	}
	slices.Sort(ids)
	return ids
}

// S24: a page is bounded in bytes, and no case is lost between the pages, whatever limit is asked for.
func TestS24PageBytes(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	want := s.fill(t, 500)
	for _, limit := range []string{"1000", "500", "499", "183", "1"} {
		if limit == "1" {
			want = want[:3]
		}
		var got []string
		for body := `{"limit":"` + limit + `"}`; len(got) < len(want); {
			raw := d.post(t, s.call(api.List), body)
			page, err := api.ReadAnswer(raw.Body, api.List)
			if err != nil || len(raw.Body) > 513<<10 || len(page.Cases) == 0 {
				t.Fatalf("limit %s: %d bytes, %d cases, %v", limit, len(raw.Body), len(page.Cases), err)
			}
			got = append(got, acceptIDs(page)...)
			if page.Next == "" {
				break
			}
			body = `{"limit":"` + limit + `","after":"` + page.Next + `"}`
		}
		if !slices.Equal(got, want) {
			t.Errorf("limit %s: %d cases, want %d", limit, len(got), len(want))
		}
	}
}

// An ordinary page of the largest size is not cut: its entries are a few hundred bytes.
func TestS24OrdinaryPage(t *testing.T) {
	a := api.Answer{Call: api.List, Next: "9"}
	for range api.MaxPage {
		a.Cases = append(a.Cases, api.CaseEntry{
			AcceptID: "202603150000000018",
			Account:  "呼和浩特市执法办案系统",
			Digest:   strings.Repeat("0", 64),
			SHA256:   strings.Repeat("0", 64),
			CaseStatus: api.CaseStatus{
				CaseID:     "呼市监处罚〔2026〕1234号",
				State:      "已受理",
				ReceivedAt: "2026-03-15T09:30:00+08:00",
				Items:      100000,
				Findings:   100000,
			},
		})
	}
	if cut := a.Cut(512 << 10); len(cut.Cases) != api.MaxPage || cut.Next != "9" {
		t.Errorf("%d cases, next %s", len(cut.Cases), cut.Next)
	}
}

// unread asks for pages upon pages on one connection and reads none, until the server cannot send more.
func (s *sender) unread(t tester) net.Conn {
	text := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\n", s.call(api.List)) +
		`{"limit":"1000"}`
	return s.begin(t, strings.Repeat(text, 40))
}

// listed reports whether a list is answered soon.
func (s *sender) listed(t tester) bool {
	ctx, end := context.WithTimeout(bg, 2*time.Second)
	defer end()
	res, err := client.Do(s.d.request(t, "POST", s.call(api.List), `{"limit":"1"}`).WithContext(ctx))
	if err != nil {
		return false
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	return strings.Contains(string(body), "SUCCESS")
}

// A client that reads no lists holds the slots of its own app alone, and its cases are accepted all the same.
func TestUnreadLists(t *testing.T) {
	t.Parallel()
	d := openDoor(t, func(c *httpapi.Config) { c.MaxLookups, c.Stuck = 16, time.Hour })
	s, other := d.sender(t, api.All), d.sender(t, api.All)
	s.fill(t, 200)
	var held []net.Conn
	for range 4 { // two slots are the app's
		held = append(held, s.unread(t))
	}
	until(t, "its slots to be taken", func() bool { return !s.listed(t) })
	s.accept(t, bodyOf("一案"))
	if !other.listed(t) {
		t.Error("another app is kept out")
	}
	for _, c := range held {
		c.Close()
	}
	until(t, "its slots to come back", func() bool { return s.listed(t) })
}

// A client that stops reading is cut, and one that reads on is not, however slowly.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	d := openDoor(t, func(c *httpapi.Config) { c.MaxLookups, c.Stuck = 8, time.Second })
	s := d.sender(t, api.All)
	s.fill(t, 200)
	stopped := s.unread(t)
	defer stopped.Close()
	until(t, "a page to be sent", func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return slices.ContainsFunc(d.records, func(r httpapi.Record) bool { return r.Call == api.List })
	})
	for range 20 { // each waits for the one slot, which comes back only if the other is cut
		s.list(t, `{"limit":"1"}`)
	}
	c := s.unread(t)
	defer c.Close()
	in := bufio.NewReaderSize(slowReader{c}, 256<<10)
	for range 10 { // more than the kernel holds for the reader
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if page, bad := api.ReadAnswer(body, api.List); err != nil || bad != nil || len(page.Cases) < 170 {
			t.Fatalf("%d bytes, %v, %v", len(body), err, bad)
		}
	}
}

// slowReader reads in pieces, with a rest before each.
type slowReader struct{ c net.Conn }

func (s slowReader) Read(p []byte) (int, error) {
	time.Sleep(100 * time.Millisecond)
	return io.ReadFull(s.c, p)
}
