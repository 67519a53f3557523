package sandbox_test

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/sandbox"
)

// isReset: the system says that the other side has reset the connection, not closed it.
func isReset(err error) bool { return errors.Is(err, syscall.ECONNRESET) }

func isCut(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// shapes is what a client sees of the first attempt under each fault of receiveCaseinfo, pauses being of one second.
var shapes = map[string]func(r reply, took time.Duration) bool{
	"reply-lost": func(r reply, _ time.Duration) bool { return isCut(r.err) && r.status == 0 },
	"reply-cut":  func(r reply, _ time.Duration) bool { return isCut(r.err) && r.status == 200 && r.body != "" },
	"truncated-json": func(r reply, _ time.Duration) bool {
		return r.ok() && r.body != "" &&
			!strings.Contains(r.body, "}")
	},
	"empty":        func(r reply, _ time.Duration) bool { return r.ok() && r.body == "" },
	"unknown-kept": func(r reply, _ time.Duration) bool { return r.says(503, "19009") && r.retry == 1 },
	"busy":         func(r reply, _ time.Duration) bool { return r.says(503, "19009") && r.retry == 1 },
	"throttled":    func(r reply, _ time.Duration) bool { return r.says(429, "19008") && r.retry == 1 },
	"internal":     func(r reply, _ time.Duration) bool { return r.says(500, "19000") },
	"token-ended":  func(r reply, _ time.Duration) bool { return r.says(200, "13000") },
	"proxy-502": func(r reply, _ time.Duration) bool {
		return r.says(502, "<html>") && r.kind == "text/html; charset=utf-8"
	},
	"proxy-200": func(r reply, _ time.Duration) bool {
		return r.says(200, "<html>") && r.kind == "text/html; charset=utf-8"
	},
	"redirect":     func(r reply, _ time.Duration) bool { return r.says(302, "302") },
	"reset-before": func(r reply, _ time.Duration) bool { return isReset(r.err) },
	"reset-after":  func(r reply, _ time.Duration) bool { return isReset(r.err) },
	"slow-answer":  func(r reply, took time.Duration) bool { return r.says(200, "acceptid") && took >= time.Second },
	"slow-read":    func(r reply, took time.Duration) bool { return r.says(200, "acceptid") && took >= time.Second },
	"wrong-type": func(r reply, _ time.Duration) bool {
		return r.says(200, "acceptid") && strings.HasPrefix(r.kind, "text/html")
	},
}

func (r reply) ok() bool { return r.err == nil && r.status == 200 }

func (r reply) says(status int, text string) bool {
	return r.err == nil && r.status == status && strings.Contains(r.body, text)
}

// Each fault does what its row says to the first attempt, for small bodies and for large ones; the second attempt is
// accepted, under the acceptid of the first where that took effect. The client does right, and is judged so.
func TestFaultsOfReceive(t *testing.T) {
	for _, f := range sandbox.Faults() {
		if f.Call != api.Receive {
			continue
		}
		t.Run(f.ID, func(t *testing.T) {
			t.Parallel()
			s := open(t, sandbox.Config{})
			c := newSender(t, s, f.Name)
			c.header = f.ID + ";seconds=1"
			c.login()
			for seed, n := range map[uint64]int{1: 3, 2: 20_000} {
				body, began := caseBody(seed, n), time.Now()
				r := c.send(body)
				if !shapes[f.ID](r, time.Since(began)) {
					t.Fatalf("%d entities: %s: %+v", n, f.Does, r)
				}
				was := c.stored(sandbox.Batch(seed, 1).CaseID)
				if f.Kept != (was != "") {
					t.Errorf("stored as %q", was)
				}
				if f.ID == "token-ended" {
					c.login()
				}
				time.Sleep(time.Duration(r.retry) * time.Second)
				if got := c.accept(body); was != "" && got != was {
					t.Errorf("accepted as %s, before as %s", got, was)
				}
			}
			c.call(api.Logout, "{}")
			if sc := judged(t, s, f.ID); sc.Judgement != sandbox.Passed || len(sc.Incidents) != 2 {
				t.Errorf("%+v", sc)
			}
		})
	}
}

// The account alone is enough: the first attempt of each case fails, the second does not.
func TestAccountsOfFaults(t *testing.T) {
	s := open(t, sandbox.Config{})
	c := newSender(t, s, "应答丢失")
	c.login()
	for seed := range uint64(3) {
		if r := c.send(caseBody(seed, 3)); r.err == nil {
			t.Errorf("first attempt: %+v", r)
		}
		c.accept(caseBody(seed, 3))
		c.accept(caseBody(seed, 3))
	}
}

func TestFaultsOfLogin(t *testing.T) {
	s := open(t, sandbox.Config{})
	for account, code := range map[string]string{"登录繁忙": "19009", "登录被拒": "12004"} {
		c := newSender(t, s, account)
		if r := c.tryLogin(); !strings.Contains(r.body, code) {
			t.Errorf("%s: %+v", account, r)
		} else {
			time.Sleep(time.Duration(r.retry) * time.Second)
		}
		c.login()
		c.call(api.Logout, "{}")
	}
	short := newSender(t, s, "五秒令牌")
	short.header = "token-5s;seconds=0.3"
	short.login()
	short.accept(caseBody(1, 3))
	time.Sleep(400 * time.Millisecond)
	if r := short.send(caseBody(2, 3)); !r.says(200, "13000") {
		t.Errorf("%+v", r)
	}
	short.login()
	short.accept(caseBody(2, 3))
	for _, id := range []string{"login-busy", "login-refused", "token-5s"} {
		if sc := judged(t, s, id); sc.Judgement != sandbox.Passed {
			t.Errorf("%+v", sc)
		}
	}
}

// Rotation goes through all faults of receiveCaseinfo, one for each case.
func TestRotation(t *testing.T) {
	s := open(t, sandbox.Config{})
	if _, err := s.AddRule(sandbox.Rule{Fault: sandbox.Rotation, Seconds: 0.01}); err != nil {
		t.Fatal(err)
	}
	c := newSender(t, s, sandbox.Account)
	var want, got []string
	for i, f := range sandbox.Faults() {
		if f.Call == api.Receive {
			want = append(want, f.ID)
			c.login()
			c.send(caseBody(uint64(i), 3))
		}
	}
	for _, sc := range s.Verdict().Scenarios {
		if len(sc.Incidents) > 0 && sc.ID != "one-number" && sc.ID != "logout" && sc.ID != "secret-in-url" {
			got = append(got, sc.ID)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Names and ids are unique, name each other, and every text is there.
func TestFaultsTable(t *testing.T) {
	seen := make(map[string]bool)
	for _, f := range sandbox.Faults() {
		if seen[f.ID] || seen[f.Name] || f.Does == "" || f.Right == "" || f.Clause == "" || f.Call == "" ||
			url.PathEscape(f.ID) != f.ID {
			t.Errorf("%+v", f)
		}
		seen[f.ID], seen[f.Name] = true, true
		if f.Call == api.Receive && shapes[f.ID] == nil {
			t.Errorf("%s is not tested", f.ID)
		}
	}
}
