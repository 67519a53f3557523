package outbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/sandbox"
)

// receiver is a real one with a client of it.
func receiver(t testing.TB) (*sandbox.Server, *client.Client) {
	t.Helper()
	s, err := sandbox.Start(context.Background(), sandbox.Config{})
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s, clientOf(t, s.URL, s.AppKey, s.AppSecret)
}

func clientOf(t testing.TB, url, key, secret string) *client.Client {
	t.Helper()
	c, err := client.New(client.Config{
		URL:      url,
		AppKey:   key,
		Account:  sandbox.Account,
		Attempts: 2,
		Backoff:  time.Millisecond,
		Secret:   func(context.Context) (string, error) { return secret, nil },
	})
	must(t, err)
	return c
}

// recordCase records a whole case.
func recordCase(t testing.TB, b *outbox.Outbox, c api.Case) outbox.Entry {
	t.Helper()
	var text bytes.Buffer
	must(t, api.WriteCase(&text, c, nil))
	got, err := api.ReadCase(bytes.NewReader(text.Bytes()), 0, nil)
	must(t, err)
	body := b.NewBody()
	_, err = body.Write(text.Bytes())
	must(t, err)
	out, err := b.Record(
		target,
		[]outbox.Draft{{CaseID: c.CaseID, CaseName: c.CaseName, Digest: got.Digest, Items: got.Items, Body: body}},
	)
	must(t, err)
	return out[0].Entry
}

// send sends what is still to be sent and returns the outcomes by caseid.
func send(t testing.TB, b *outbox.Outbox, c *client.Client) (map[string]outbox.Attempt, error) {
	t.Helper()
	var q outbox.Queue
	must(t, b.Entries(context.Background(), outbox.Filter{}, func(e outbox.Entry) error { q.Add(e); return nil }))
	told := make(map[string]outbox.Attempt)
	s := outbox.Sender{Box: b, Client: c, Told: func(e outbox.Entry, a outbox.Attempt) {
		now, err := b.Entry(e.No)
		must(t, err)
		if now.State == outbox.Sending || now.AcceptID != a.AcceptID {
			t.Errorf("%s was told as %v before it was settled", e.CaseID, a.Outcome)
		}
		told[e.CaseID] = a
	}}
	err := s.Send(context.Background(), q)
	return told, err
}

// Small cases and large ones arrive, each once, and a second sending has nothing to do.
func TestSend(t *testing.T) {
	s, c := receiver(t)
	b := fresh(t)
	want := make(map[string]outbox.Entry)
	for i := range 700 {
		n := 1
		if i%200 == 7 {
			n = 2000
		}
		e := recordCase(t, b, sandbox.Batch(uint64(i), n))
		want[e.CaseID] = e
	}
	told, err := send(t, b, c)
	must(t, err)
	if len(told) != len(want) {
		t.Fatalf("%d outcomes, want %d", len(told), len(want))
	}
	onServer := 0
	for e, err := range c.Cases(context.Background(), api.ListRequest{}) {
		must(t, err)
		onServer++
		mine := want[e.CaseID]
		if told[e.CaseID].AcceptID != e.AcceptID || fmt.Sprintf("%x", mine.Digest) != e.Digest ||
			fmt.Sprintf("%x", mine.SHA256) != e.SHA256 {
			t.Errorf("%s is other than at the receiver: %+v", e.CaseID, e)
		}
	}
	if onServer != len(want) {
		t.Errorf("%d cases at the receiver, want %d", onServer, len(want))
	}
	if again, err := send(t, b, c); err != nil || len(again) != 0 {
		t.Errorf("a second sending: %v, %v", again, err)
	}
	_ = s
}

// Anything that the receiver refuses is Refused with its words, the rest goes on.
func TestSendRefused(t *testing.T) {
	_, c := receiver(t)
	b := fresh(t)
	good, bad, other := sandbox.Batch(1, 1), sandbox.Batch(2, 1), sandbox.Batch(3, 1)
	bad.CaseName = ""
	recordCase(t, b, good)
	recordCase(t, b, bad)
	if _, err := c.Receive(context.Background(), client.Case(other)); err != nil {
		t.Fatal(err)
	}
	other.CaseName += "（改）"
	recordCase(t, b, other)
	told, err := send(t, b, c)
	must(t, err)
	if told[good.CaseID].Outcome != outbox.Accepted || told[bad.CaseID].Outcome != outbox.Refused ||
		told[bad.CaseID].Codes != "14001" ||
		told[other.CaseID].Outcome != outbox.Refused || told[other.CaseID].Codes != "19005" {
		t.Errorf("%+v", told)
	}
}

// A receiver that is not there, or lets nobody in, ends the sending: nothing was sent, everything is as it was.
func TestSendInVain(t *testing.T) {
	s, _ := receiver(t)
	for name, c := range map[string]*client.Client{
		"nobody there": clientOf(t, "http://127.0.0.1:1", s.AppKey, s.AppSecret),
		"wrong secret": clientOf(t, s.URL, s.AppKey, "wrong"),
	} {
		b := fresh(t)
		for i := range 100 {
			recordCase(t, b, sandbox.Batch(uint64(i), 1))
		}
		_, err := send(t, b, c)
		if name == "nobody there" && !errors.Is(err, client.ErrUnreachable) ||
			name == "wrong secret" && !errors.Is(err, api.InvalidLogin) {
			t.Errorf("%s: %v", name, err)
		}
		counts, err := b.Counts()
		must(t, err)
		if counts[outbox.Pending] != 100 {
			t.Errorf("%s: %v", name, counts)
		}
	}
}

// tripper does what a faulty network does.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// An answer that does not arrive leaves the case Unknown, and sending again finds the acceptid of the first.
func TestSendUnknown(t *testing.T) {
	s, _ := receiver(t)
	deaf := true
	plain := client.NewHTTP(nil)
	c, err := client.New(client.Config{URL: s.URL, AppKey: s.AppKey, Account: sandbox.Account, Attempts: 1,
		Secret: func(context.Context) (string, error) { return s.AppSecret, nil },
		HTTP: &http.Client{Transport: tripper(func(r *http.Request) (*http.Response, error) {
			resp, err := plain.Transport.RoundTrip(r)
			if err == nil && deaf && r.URL.Path == api.Receive.Path() {
				resp.Body.Close()
				return nil, errors.New("connection lost")
			}
			return resp, err
		})}})
	must(t, err)
	b := fresh(t)
	v := sandbox.Batch(1, 3)
	recordCase(t, b, v)
	told, err := send(t, b, c)
	must(t, err)
	if told[v.CaseID].Outcome != outbox.Unknown {
		t.Fatalf("%+v", told)
	}
	truth, err := c.Query(context.Background(), api.QueryRequest{CaseID: v.CaseID})
	must(t, err)
	deaf = false
	told, err = send(t, b, c)
	must(t, err)
	if told[v.CaseID].Outcome != outbox.Accepted || told[v.CaseID].AcceptID != truth.AcceptID {
		t.Errorf("%+v, want %s", told, truth.AcceptID)
	}
}

// A sending that is ended in between settles what is on its way and gives back what is not.
func TestSendEnded(t *testing.T) {
	_, c := receiver(t)
	b := fresh(t)
	var q outbox.Queue
	for i := range 600 {
		q.Add(recordCase(t, b, sandbox.Batch(uint64(i), 1)))
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := outbox.Sender{Box: b, Client: c, Workers: 2, Told: func(outbox.Entry, outbox.Attempt) { cancel() }}
	if err := s.Send(ctx, q); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	counts, err := b.Counts()
	must(t, err)
	if counts[outbox.Sending]+counts[outbox.Unknown] > 0 || counts[outbox.Accepted] == 0 ||
		counts[outbox.Pending] == 0 {
		t.Errorf("%v", counts)
	}
}
