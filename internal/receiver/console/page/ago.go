package page

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// Ago says how long before now a time was: in words up to a day, and then as a time.
func Ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case d < time.Minute:
		return "刚刚"
	case d < time.Hour:
		return fmt.Sprintf("%d分钟前", int(d/time.Minute))
	case d < 24*time.Hour:
		return fmt.Sprintf("%d小时前", int(d/time.Hour))
	}
	return "于 " + ShortClock(t, now) + " "
}

// PersonName is Person without the user name: 苏日娜.
func (q *Request) PersonName(a intake.Actor) string {
	name, _, _ := strings.Cut(q.Person(a), "（")
	return name
}

// personNamed is the operator that a text means: a user name, the whole name of a person, or both as Person writes
// them. A text that means nobody is taken for a user name. ErrInvalid: several persons have the name.
func (q *Request) personNamed(text string) (intake.Actor, error) {
	if _, within, ok := strings.Cut(strings.TrimSuffix(text, "）"), "（"); ok {
		text = within
	}
	if len(text) > 64 {
		return "", intake.Invalid("没有姓名或用户名是“%s”的操作员", intake.Clip(text, 64))
	}
	account := strings.ToLower(text)
	if q.names()[account] != "" {
		return intake.ConsoleActor(account), nil
	}
	var found []string
	for name, person := range q.names() {
		if person == text {
			found = append(found, name)
		}
	}
	switch len(found) {
	case 0:
		return intake.ConsoleActor(account), nil
	case 1:
		return intake.ConsoleActor(found[0]), nil
	}
	return "", intake.Invalid("有%d名操作员的姓名是“%s”，请填写用户名", len(found), text)
}

// Colleagues are the operators by name and user name, as Person writes them, in order.
func (q *Request) Colleagues() (all []string) {
	for name, person := range q.names() {
		all = append(all, person+"（"+name+"）")
	}
	slices.Sort(all)
	return all
}
