package cli

import (
	"testing"

	"diaoxiao/internal/cli"
)

// The audit names who the system says it is; what SUDO_USER claims is added and never taken for it.
func TestShellUser(t *testing.T) {
	names := map[string]string{"0": "root", "1000": "zhangsan"}
	name := func(uid string) string {
		if n := names[uid]; n != "" {
			return n
		}
		return "uid" + uid
	}
	for _, c := range []struct {
		login string
		real  int
		claim string
		want  string
	}{
		{"", 0, "", "cli:root"},
		{"", 0, "zhangsan", "cli:root sudo:zhangsan"},
		{"1000", 0, "zhangsan", "cli:zhangsan login:1000 uid:0"},
		{"1000", 0, "lisi", "cli:zhangsan login:1000 uid:0 sudo:lisi"},
		{"1000", 1000, "", "cli:zhangsan login:1000"},
		{"1001", 1001, "", "cli:uid1001 login:1001"},
		{"", 1001, "x login:1000", "cli:uid1001 sudo:?"},
		{"", 0, "a\nb", "cli:root sudo:?"},
	} {
		if got := (shellUser{c.login, c.real, c.claim, name}).actor(); string(got) != c.want {
			t.Errorf("%+v: %s, want %s", c, got, c.want)
		}
	}
}

// No variable of the environment makes a name.
func TestActorIsNotOfTheEnvironment(t *testing.T) {
	plain := actorOf(&cli.Environment{})
	forged := actorOf(&cli.Environment{Environ: []string{"USER=zhangsan", "USERNAME=zhangsan", "LOGNAME=zhangsan",
		"SUDO_USER=zhangsan"}})
	if want := plain + " sudo:zhangsan"; forged != want {
		t.Errorf("%s, want %s", forged, want)
	}
}
