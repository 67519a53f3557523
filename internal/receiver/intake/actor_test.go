package intake

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestActorsRoundTrip holds that an actor is read as it was made, and that the text is the one that databases have.
func TestActorsRoundTrip(t *testing.T) {
	name := rapid.StringMatching(`[A-Za-z0-9._\\@-]{1,12}`)
	part := rapid.OneOf(rapid.Just(""), name)
	rapid.Check(t, func(t *rapid.T) {
		n := name.Draw(t, "name")
		if got, ok := ConsoleActor(n).Operator(); !ok || got != n || ConsoleActor(n).OnCommandLine() ||
			ConsoleActor(n).loginID() != "" {
			t.Fatalf("%q: operator %q %v", ConsoleActor(n), got, ok)
		}
		s := Shell{n, part.Draw(t, "login"), part.Draw(t, "uid"), part.Draw(t, "sudo")}
		a := s.Actor()
		if _, ok := a.Operator(); ok || !a.OnCommandLine() || a.loginID() != s.Login || a.Person() != "cli:"+n {
			t.Fatalf("%+v: %q", s, a)
		}
	})
	for got, want := range map[Actor]Actor{
		ConsoleActor("sec1"):                           "console:sec1",
		Shell{Name: "root"}.Actor():                    "cli:root",
		Shell{"zhangsan", "1000", "0", "lisi"}.Actor(): "cli:zhangsan login:1000 uid:0 sudo:lisi",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, a := range []Actor{"", AtConsole, System, " console:x", "cli:x console:y"} {
		if name, ok := a.Operator(); ok || a == "" && a.loginID() != "" {
			t.Errorf("%q is operator %q", a, name)
		}
	}
}

// TestDeskErrors checks that an error keeps its kind, its text and the error that it wraps, when other errors wrap it.
func TestDeskErrors(t *testing.T) {
	errTest := errors.New("同一人不能既办理又复核")
	err := fmt.Errorf("受理号%q：%w", "无效的输入：x", invalid("%w：甲：乙", errTest))
	d, ok := errors.AsType[DeskError](err)
	if !ok || d.Kind != ErrInvalid || d.Text != errTest.Error()+"：甲：乙" || !errors.Is(err, ErrInvalid) ||
		!errors.Is(err, errTest) {
		t.Errorf("%v: %+v", err, d)
	}
	if want := `受理号"无效的输入：x"：无效的输入：` + d.Text; err.Error() != want {
		t.Errorf("%s, want %s", err, want)
	}
	if e := Exists("已有%d个", 2); e.Error() != "已有2个" || !errors.Is(e, ErrExists) || errors.Is(e, ErrInvalid) {
		t.Error(e)
	}
}
