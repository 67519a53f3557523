package intake_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/charset"
	"diaoxiao/internal/receiver/intake"
)

// Every login opens a session of its own, with a token of 128 random bits in 36 characters.
func TestLogin(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	form := regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	seen := make(map[string]bool)
	ones := 0
	const n = 100
	for range n {
		ticket, err := o.Login(t.Context(), b.request())
		if err != nil || !form.MatchString(ticket.Token) || seen[ticket.Token] {
			t.Fatalf("%q, %v", ticket.Token, err)
		}
		seen[ticket.Token] = true
		bits, err := hex.DecodeString(strings.ReplaceAll(ticket.Token, "-", ""))
		if err != nil || len(bits) != 16 {
			t.Fatal(err)
		}
		for _, x := range bits {
			for ; x > 0; x &= x - 1 {
				ones++
			}
		}
		who, err := o.Identify(t.Context(), ticket.Token)
		if err != nil || who.Token != intake.HashToken(ticket.Token) || who.AppKey != b.AppKey || who.Account != "张三" ||
			who.Dialect != ticket.Session.Dialect ||
			!who.Expires.Equal(o.now().Add(30*time.Minute)) {
			t.Fatalf("%+v, %v", who, err)
		}
	}
	if ones < 128*n/2-600 || ones > 128*n/2+600 { // more than ten standard deviations
		t.Errorf("%d of %d bits are set", ones, 128*n)
	}
}

// A session ends 30 minutes after login, used or not, and a clock set back does not revive one that was seen to have
// ended.
func TestSessionLife(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	alive := func(want bool) {
		t.Helper()
		for what, ask := range map[string]func(context.Context, string) (intake.Caller, error){
			"Identify":  o.Identify,
			"Recognise": o.Recognise,
		} {
			if _, err := ask(t.Context(), b.token); (err == nil) != want {
				t.Errorf("%s after %v: %v", what, o.now().Sub(opening), err)
			} else if err != nil {
				refusedWith(t, err, api.InvalidToken)
			}
		}
	}
	alive(true)
	o.wait(29*time.Minute + 59*time.Second + 999*time.Millisecond)
	alive(true)
	o.wait(time.Millisecond)
	alive(false)
	o.wait(-time.Minute) // and nobody has swept
	alive(true)
	o.wait(time.Minute)
	if err := o.SweepSessions(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.wait(-20 * time.Minute)
	if _, err := o.Identify(t.Context(), b.token); err == nil {
		t.Error("swept, and revived by a clock set back")
	}
	// Known from memory, but what it asks for is refused.
	_, err := o.Submit(t.Context(), b.who, o.submission(t, encode(t, caseOf("a", entity(1))), charset.UTF8))
	refusedWith(t, err, api.InvalidToken)
	o.wait(20*time.Minute + 24*time.Hour)
	if who, err := o.Identify(t.Context(), b.token); err == nil || who.AppID == 0 {
		t.Errorf("forgotten after less than a day: %+v, %v", who, err)
	}
	o.wait(time.Millisecond)
	if err := o.SweepSessions(t.Context()); err != nil {
		t.Fatal(err)
	}
	if who, err := o.Identify(t.Context(), b.token); err == nil || who.AppID != 0 {
		t.Errorf("%+v, %v", who, err)
	}
}

func TestStrangeTokens(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	for _, token := range []string{
		"",
		"x",
		b.token[:35],
		b.token + "0",
		strings.ToUpper(b.token),
		strings.ReplaceAll(b.token, "-", "_"),
		" " + b.token[1:],
		"00000000-0000-0000-0000-000000000000",
		strings.Repeat("0", 36),
		"' OR ''='                             ",
	} {
		if token == b.token {
			continue // had no letter
		}
		for _, ask := range []func(context.Context, string) (intake.Caller, error){o.Identify, o.Recognise} {
			who, err := ask(t.Context(), token)
			refusedWith(t, err, api.InvalidToken)
			if who.AppID != 0 {
				t.Errorf("%q is %+v", token, who)
			}
		}
	}
}

// Logout ends that one session, once.
func TestLogout(t *testing.T) {
	o := openOffice(t)
	b, other := o.admit(t, "甲"), new(bureau)
	*other = *b
	other.logIn(t, o)
	if err := o.Logout(t.Context(), b.who); err != nil {
		t.Fatal(err)
	}
	refusedWith(t, o.Logout(t.Context(), b.who), api.InvalidToken)
	if _, err := o.Identify(t.Context(), b.token); err == nil {
		t.Error("still there")
	}
	if _, err := o.Identify(t.Context(), other.token); err != nil {
		t.Errorf("another session of the account: %v", err)
	}
	o.wait(time.Hour)
	refusedWith(t, o.Logout(t.Context(), other.who), api.InvalidToken)
}

// Memory may recognise a caller whose session has ended meanwhile, here or on another node, but decides nothing:
// whatever is sent is refused with 13000 and leaves an attempt that says so, whether it was acceptable or not.
func TestRecogniseDecidesNothing(t *testing.T) {
	for what, end := range map[string]func(*office, *intake.Desk, *bureau) error{
		"logged out elsewhere": func(o *office, node *intake.Desk, b *bureau) error {
			return node.Logout(
				context.Background(),
				b.who,
			)
		},
		"logged out here": func(o *office, node *intake.Desk, b *bureau) error {
			return o.Logout(
				context.Background(),
				b.who,
			)
		},
		"account disabled": func(o *office, node *intake.Desk, b *bureau) error {
			return node.SetAccountDisabled(context.Background(), intake.Actor("cli:root"), "甲", "张三", true)
		},
		"app disabled": func(o *office, node *intake.Desk, b *bureau) error {
			return node.SetAppDisabled(context.Background(), intake.Actor("cli:root"), "甲", true)
		},
		"app disabled and enabled": func(o *office, node *intake.Desk, b *bureau) error {
			return errors.Join(
				node.SetAppDisabled(context.Background(), intake.Actor("cli:root"), "甲", true),
				node.SetAppDisabled(context.Background(), intake.Actor("cli:root"), "甲", false),
			)
		},
		"swept, and the clock set back": func(o *office, node *intake.Desk, b *bureau) error {
			o.wait(30 * time.Minute)
			defer o.wait(-30 * time.Minute)
			return node.SweepSessions(context.Background())
		},
	} {
		t.Run(what, func(t *testing.T) {
			o := openOffice(t)
			b := o.admit(t, "甲")
			node := intake.NewDesk(intake.Config{Store: o.store, Clock: o.now})
			before := o.send(t, b, caseOf("before", entity(1)))
			if err := end(o, node, b); err != nil {
				t.Fatal(err)
			}
			bad := caseOf("bad", entity(1))
			bad.CaseName = ""
			for i, c := range []api.Case{caseOf("after", entity(2)), bad, caseOf("before", entity(1))} {
				who, err := o.Recognise(t.Context(), b.token)
				if err != nil {
					refusedWith(t, err, api.InvalidToken)
					who = b.who // as if it had been recognised a moment before
				}
				r, err := o.Submit(t.Context(), who, o.submission(t, encode(t, c), charset.UTF8))
				refusedWith(t, err, api.InvalidToken)
				if r.AcceptID != "" {
					t.Errorf("answered %+v", r)
				}
				if _, err := o.Recognise(t.Context(), b.token); err == nil {
					t.Error("still recognised after it was refused")
				}
				as := o.attempts(t)
				if a := as[len(as)-1]; len(as) != i+2 || a.Outcome != intake.Refused || a.Codes != "13000" ||
					a.CaseNo != 0 || a.CaseID != c.CaseID {
					t.Errorf("%d attempts, the last %+v", len(as), a)
				}
			}
			cs, err := o.cases(intake.CaseFilter{})
			if err != nil || len(cs) != 1 || cs[0].AcceptID != before.AcceptID {
				t.Errorf("%+v, %v", cs, err)
			}
		})
	}
}

// More callers than are remembered are recognised all the same.
func TestManyCallers(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	err := o.store.Update(t.Context(), func(tx intake.Tx) error {
		for i := range 5000 {
			s := b.who.Session
			s.Token = intake.HashToken(fmt.Sprintf("00000000-0000-0000-0000-%012d", i))
			if err := tx.InsertSession(s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5000 {
		token := fmt.Sprintf("00000000-0000-0000-0000-%012d", i)
		if who, err := o.Recognise(t.Context(), token); err != nil || who.Token != intake.HashToken(token) {
			t.Fatalf("%d: %+v, %v", i, who, err)
		}
	}
}
