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

// actorOf names the user of the command line for the audit: the user who signed in at the machine, as the kernel knows
// it (neither su nor sudo changes it), then the user of the process. The name that sudo claims is added, and trusted for
// nothing.
func actorOf(env *cli.Environment) intake.Actor {
	claim := ""
	for _, e := range env.Environ {
		if v, ok := strings.CutPrefix(e, "SUDO_USER="); ok {
			claim = v
		}
	}
	return shellUser{login: loginUID(), real: os.Getuid(), claim: claim, name: userName}.actor()
}

// shellUser is what is known of who runs a command.
type shellUser struct {
	login string // the login uid; "": there is none, as in containers and in what a service starts
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

// loginUID is that of this process, "" where there is none. Setting it anew takes a privilege (CAP_AUDIT_CONTROL) that
// sudo does not need.
func loginUID() string {
	b, err := os.ReadFile("/proc/self/loginuid")
	uid := strings.TrimSpace(string(b))
	if n, bad := strconv.ParseUint(uid, 10, 32); err != nil || bad != nil || n == 1<<32-1 {
		return ""
	}
	return uid
}

// userName is the name of a user by the system's own list, never by the environment.
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
