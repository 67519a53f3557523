package page

import (
	"slices"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/intake"
)

// atCommandLine is where somebody was who was not at the console.
const atCommandLine = "命令行"

// Person is an actor as people read it: 苏日娜（surina） for an operator, zhangsan（命令行） for a user of the command
// line. The names are looked up once a request. In a template, $.Person does the same.
func (q *Request) Person(a intake.Actor) string {
	shell, atShell := a.Shell()
	name, atConsole := a.Operator()
	switch {
	case atShell:
		return display.Plain(shell.Name) + "（" + atCommandLine + "）"
	case atConsole && q.names()[name] != "":
		return display.Plain(q.names()[name]) + "（" + name + "）"
	case atConsole:
		return display.Plain(name)
	case a == intake.AtConsole:
		return "未登录"
	case a == intake.System:
		return "系统"
	}
	return display.Plain(string(a))
}

// Channel is the way by which an actor came: 管理台, or the command line with what is known of the login.
func Channel(a intake.Actor) string {
	shell, atShell := a.Shell()
	_, atConsole := a.Operator()
	switch {
	case atShell:
		return atCommandLine + shellWords(shell)
	case atConsole, a == intake.AtConsole:
		return "管理台"
	case a == intake.System:
		return "系统"
	}
	return ""
}

func shellWords(s intake.Shell) (words string) {
	for _, w := range [][2]string{{"登录号", s.Login}, {"以用户号", s.UID}, {"经sudo由", s.Sudo}} {
		if w[1] != "" {
			words += "，" + w[0] + display.Plain(w[1])
		}
	}
	return words
}

// Actors are the actors that a text means: those at the console, and the name of a user of the command line, "" for
// none. The text is a user name, part of the name of a person, both as Person writes them, or an actor as the audit
// stores it. An empty text means nobody, any other at least one.
func (q *Request) Actors(text string) (as []intake.Actor, shell string) {
	if name, within, ok := strings.Cut(strings.TrimSuffix(text, "）"), "（"); ok {
		if within == atCommandLine {
			return nil, name
		}
		text = within
	}
	a := intake.Actor(text)
	switch s, isShell := a.Shell(); {
	case text == "":
		return nil, ""
	case isShell && a == s.Actor() && s == (intake.Shell{Name: s.Name}):
		return nil, s.Name
	case a == intake.AtConsole, a == intake.System, strings.Contains(text, ":"):
		return []intake.Actor{a}, ""
	}
	for name, person := range q.names() {
		if strings.Contains(person, text) && name != text {
			as = append(as, intake.ConsoleActor(name))
		}
	}
	slices.Sort(as)
	return append(as, intake.ConsoleActor(strings.ToLower(text))), text
}

// names are the persons by user name. Where they cannot be read, the accounts have to do.
func (q *Request) names() map[string]string {
	if q.persons == nil {
		var err error
		if q.persons, err = q.Staff.Names(q.Context(), q.Who); err != nil {
			q.Log.Warn("names of operators not read", "err", err)
			q.persons = map[string]string{}
		}
	}
	return q.persons
}
