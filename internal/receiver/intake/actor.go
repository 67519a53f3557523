package intake

import (
	"strings"
)

// Actor is the person or program that asked for a change, as the audit records it: "console:sec1", "cli:root",
// "cli:zhangsan login:1000 uid:0 sudo:lisi".
type Actor string

const (
	// AtConsole is somebody at the console who has not signed in.
	AtConsole Actor = "console"
	// System is the program itself.
	System Actor = "system"

	consolePrefix = "console:"
	shellPrefix   = "cli:"
)

// ConsoleActor is the operator with that name at the console.
func ConsoleActor(name string) Actor { return Actor(consolePrefix + name) }

// Shell is the user who runs the command line. No field has a blank in it.
type Shell struct {
	Name  string // of the user who signed in at the machine, or else of the user of the process
	Login string // the number that the kernel gives a login, which su and sudo do not change; "": none
	UID   string // of the process, where it differs from Login; "": the same, or there is no Login
	Sudo  string // the user that sudo names; "": none, or the same user
}

// Actor is that user as the audit records it.
func (s Shell) Actor() Actor {
	text := shellPrefix + s.Name
	for _, part := range [][2]string{{loginPart, s.Login}, {uidPart, s.UID}, {sudoPart, s.Sudo}} {
		if part[1] != "" {
			text += " " + part[0] + part[1]
		}
	}
	return Actor(text)
}

// The parts behind the name of a Shell.
const (
	loginPart = "login:"
	uidPart   = "uid:"
	sudoPart  = "sudo:"
)

// Operator is the name of the operator at the console. Not ok: the actor is not an operator who has signed in there.
func (a Actor) Operator() (name string, ok bool) { return strings.CutPrefix(a.Person(), consolePrefix) }

// Person is the actor without the parts behind the first blank, which describe the circumstances.
func (a Actor) Person() string {
	name, _, _ := strings.Cut(string(a), " ")
	return name
}

// loginID is the number that the kernel gives a login at the machine, which su and sudo do not change; "": none.
func (a Actor) loginID() string {
	_, parts, _ := strings.Cut(string(a), " ")
	for _, part := range strings.Fields(parts) {
		if id, ok := strings.CutPrefix(part, loginPart); ok {
			return id
		}
	}
	return ""
}

// Shell is the user of the command line, as Shell.Actor wrote it. Not ok: the actor is not at the command line.
func (a Actor) Shell() (s Shell, ok bool) {
	name, parts, _ := strings.Cut(string(a), " ")
	if s.Name, ok = strings.CutPrefix(name, shellPrefix); !ok {
		return Shell{}, false
	}
	for part := range strings.FieldsSeq(parts) {
		for prefix, to := range map[string]*string{loginPart: &s.Login, uidPart: &s.UID, sudoPart: &s.Sudo} {
			if v, is := strings.CutPrefix(part, prefix); is {
				*to = v
			}
		}
	}
	return s, true
}

// OnCommandLine reports whether the actor is at the command line.
func (a Actor) OnCommandLine() bool { return strings.HasPrefix(string(a), shellPrefix) }

// AnotherLogin is nil where two actors of the command line are proved to be two users who signed in at the machine, and
// ErrSamePerson otherwise.
func AnotherLogin(first, second Actor) error {
	if !first.OnCommandLine() || !second.OnCommandLine() || first.loginID() == "" || second.loginID() == "" ||
		first.loginID() == second.loginID() {
		return ErrSamePerson
	}
	return nil
}
