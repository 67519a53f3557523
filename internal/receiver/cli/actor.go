package cli

import (
	"os"
	osuser "os/user"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/receiver/intake"
)

// actorOf names the user of the command line for the audit: first the user who signed in at the machine, as the kernel
// recorded it (neither su nor sudo changes it), then the user of the process. The name in SUDO_USER is added as a
// claim; nothing relies on it.
func actorOf(env *cli.Environment) intake.Actor {
	claim := ""
	for _, e := range env.Environ {
		if v, ok := strings.CutPrefix(e, "SUDO_USER="); ok {
			claim = v
		}
	}
	return shellUser{login: loginUID(), real: os.Getuid(), claim: claim, name: userName}.actor()
}

// shellUser holds all that the program knows of the user who runs a command.
type shellUser struct {
	login string // the login uid; "": there is none, as in containers and in processes that a service starts
	real  int    // the real uid, -1 where the system has none
	claim string // SUDO_USER
	name  func(uid string) string
}

func (u shellUser) actor() intake.Actor {
	real := strconv.Itoa(u.real)
	s := intake.Shell{Name: u.name(real)}
	if u.login != "" {
		s.Name, s.Login = u.name(u.login), u.login
		if real != u.login {
			s.UID = real
		}
	}
	if u.claim != "" && u.claim != u.name(u.login) && u.claim != u.name(real) {
		s.Sudo = harmless(u.claim)
	}
	return s.Actor()
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9._\\@-]{1,64}$`)

// harmless is a name that cannot be taken for another part of the actor.
func harmless(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return "?"
}

// loginUID is the login uid of this process, "" where there is none. A process needs the capability CAP_AUDIT_CONTROL
// to change its login uid; sudo works without it.
func loginUID() string {
	b, err := os.ReadFile("/proc/self/loginuid")
	uid := strings.TrimSpace(string(b))
	if n, bad := strconv.ParseUint(uid, 10, 32); err != nil || bad != nil || n == 1<<32-1 {
		return ""
	}
	return uid
}

// userName is the name that the system's own list of users gives a uid. It never comes from the environment.
func userName(uid string) string {
	if runtime.GOOS == "windows" {
		if u, err := osuser.Current(); err == nil {
			return harmless(strings.ReplaceAll(u.Username, " ", "_"))
		}
	}
	if u, err := osuser.LookupId(uid); err == nil && uid != "" {
		return harmless(u.Username)
	}
	return "uid" + uid
}
