package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/profile"
)

// senderOf is the sender that a command line gives.
func senderOf(t *testing.T, environ []string, in string, args ...string) (*profile.Sender, string, error) {
	t.Helper()
	env := &cli.Environment{Environ: environ, Known: Variables()}
	var s *profile.Sender
	var flags senderFlags
	cmd := &cobra.Command{
		Use:           "x",
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			s, err = openSender(env, cmd)
			return err
		},
	}
	flags.flags(cmd.Flags())
	var errw strings.Builder
	cmd.SetArgs(append([]string{}, args...)) // nil would be those of the test
	cmd.SetIn(strings.NewReader(in))
	cmd.SetErr(&errw)
	err := cmd.ExecuteContext(t.Context())
	return s, errw.String(), err
}

const twoProfiles = `
[生产]
url = "https://10.1.2.3:8443"
app_key = "dxa"
account = "张三"
secret_file = "s"
[测试]
url = "https://10.1.2.4:8443"
app_key = "dxb"
account = "李四"
`

// The flags override the profile; which profile, the flag says before the environment, and an address alone takes none:
// the secret of one receiver must not go to another.
func TestSenderSettings(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "profiles.toml")
	put(t, file, twoProfiles)
	put(t, filepath.Join(dir, "s"), "\uFEFFgeheim\r\n")
	environ := []string{cli.EnvPrefix + profilesFile + "=" + file, cli.EnvPrefix + profileName + "=测试"}
	for _, c := range []struct {
		environ []string
		args    []string
		want    string // URL appKey account profile
	}{
		{environ, nil, "https://10.1.2.4:8443 dxb 李四 测试"},
		{environ, []string{"--profile", "生产"}, "https://10.1.2.3:8443 dxa 张三 生产"},
		{environ, []string{"--profile", "生产", "--account", "王五", "--url", "https://h/"}, "https://h dxa 王五 生产"},
		{environ[:1], []string{"--url", "https://h/gate/", "--app-key", "k", "--account", "a"}, "https://h/gate k a "},
		{environ[:1], []string{"--url", "https://h"}, "缺少 --app-key"},
		{environ[:1], nil, "有 2 个接入配置（生产、测试），用 --profile 指明一个"},
		{environ[:1], []string{"--profile", "x"}, "没有这个接入配置"},
		{[]string{cli.EnvPrefix + profilesFile + "=" + file + "x"}, nil, "不存在"},
	} {
		s, _, err := senderOf(t, c.environ, "", c.args...)
		if err != nil {
			if !strings.Contains(senderSpeaker().Explain(err), c.want) || !errors.Is(err, explain.ErrUsage) {
				t.Errorf("%q: %s", c.args, senderSpeaker().Explain(err))
			}
			continue
		}
		if got := strings.Join([]string{s.URL, s.AppKey, s.Account, s.Profile}, " "); got != c.want {
			t.Errorf("%q: %s, want %s", c.args, got, c.want)
		}
	}
}

// The secret is one line of a file or of standard input. Where others may read the file, that is told once.
func TestSecretIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	args := []string{"--url", "https://h", "--app-key", "k", "--account", "a", "--secret-file"}
	for _, c := range []struct{ text, want string }{
		{"geheim", "geheim"},
		{"geheim\n", "geheim"},
		{"\uFEFFgeheim\r\n", "geheim"},
		{"", "是空的"},
		{"\n", "是空的"},
		{"a\nb", "应只有一行"},
		{" a", "前后有空白"},
		{strings.Repeat("x", 5000), "不像是只有一行"},
	} {
		put(t, path, c.text)
		s, warned, err := senderOf(t, nil, "", append(args, path)...)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Secret(t.Context())
		if err != nil {
			got = err.Error()
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) || warned != "" {
			t.Errorf("%q: %q, want %q; %s", c.text, got, c.want, warned)
		}
	}
	s, _, _ := senderOf(t, nil, "von stdin\nmehr", append(args, "-")...)
	for range 2 { // each login asks
		if got, err := s.Secret(t.Context()); err != nil || got != "von stdin" {
			t.Error(got, err)
		}
	}
	s, _, _ = senderOf(t, nil, "", args[:6]...)
	if _, err := s.Secret(t.Context()); !errors.Is(err, explain.ErrUsage) ||
		!strings.Contains(senderSpeaker().Explain(err), "--secret-file") {
		t.Error(err)
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
