package sandbox_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/sandbox"
)

// newClient is the SDK as a sender would set it up.
func newClient(t *testing.T, s *sandbox.Server, account string) *client.Client {
	t.Helper()
	c, err := client.New(client.Config{
		URL:     s.URL,
		AppKey:  s.AppKey,
		Account: account,
		HTTP:    client.NewHTTP(rootsOf(s)),
		Backoff: 10 * time.Millisecond,
		Secret:  func(context.Context) (string, error) { return s.AppSecret, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The SDK copes with every fault, over HTTP and HTTPS: each case is accepted exactly once, under the acceptid that it
// was told, and the verdict has nothing against it.
func TestClientCopes(t *testing.T) {
	for name, c := range map[string]sandbox.Config{"http": {}, "https": {OwnCA: true, Dialect: api.Example, Seed: 3}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, c)
			for _, rule := range []sandbox.Rule{
				{Fault: sandbox.Rotation, Account: sandbox.Account, Seconds: 0.5},
				{Fault: "五秒令牌", Account: "五秒令牌", Seconds: 0.2, Probability: 1},
			} {
				if _, err := s.AddRule(rule); err != nil {
					t.Fatal(err)
				}
			}
			sdk := newClient(t, s, sandbox.Account)
			receipts := make(map[string]string)
			for i := range sandbox.Faults() {
				receive(t, sdk, sandbox.Batch(uint64(i), 50), receipts)
			}
			for i, account := range []string{"登录繁忙", "五秒令牌"} {
				other := newClient(t, s, account)
				for n := range 2 {
					receive(t, other, sandbox.Batch(uint64(100+10*i+n), 2), receipts)
					time.Sleep(300 * time.Millisecond)
				}
				other.Logout(t.Context()) // of the second the token is dead
			}
			exactlyOnce(t, sdk, receipts)
			if err := sdk.Logout(t.Context()); err != nil {
				t.Error(err)
			}
			holdVerdict(t, s, "login-refused", "refused")
		})
	}
}

func receive(t *testing.T, c *client.Client, kase api.Case, receipts map[string]string) {
	t.Helper()
	r, err := c.Receive(t.Context(), client.Case(kase))
	if err != nil {
		t.Fatalf("%s: %v", kase.CaseID, err)
	}
	receipts[kase.CaseID] = r.AcceptID
}

// exactlyOnce: what the receiver has is what the sender was told, no more and no less.
func exactlyOnce(t *testing.T, c *client.Client, receipts map[string]string) {
	t.Helper()
	n := 0
	for e, err := range c.Cases(t.Context(), api.ListRequest{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; receipts[e.CaseID] != e.AcceptID {
			t.Errorf("%s is stored as %s, the sender was told %s", e.CaseID, e.AcceptID, receipts[e.CaseID])
		}
	}
	if n != len(receipts) {
		t.Errorf("%d cases stored, %d receipts", n, len(receipts))
	}
}

// holdVerdict: every scenario but those named was met and passed.
func holdVerdict(t *testing.T, s *sandbox.Server, untouched ...string) {
	t.Helper()
	for _, sc := range s.Verdict().Scenarios {
		want := sandbox.Passed
		if slices.Contains(untouched, sc.ID) {
			want = sandbox.Untouched
		}
		if sc.Judgement != want {
			t.Errorf("%s: %+v", sc.ID, sc)
		}
	}
}
