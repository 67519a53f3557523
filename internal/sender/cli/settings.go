package cli

import (
	"cmp"
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/profile"
)

// senderSettings reads flags, environment and the file of profiles. Where the user names an address and no profile, it
// uses no profile: the secret of one receiver must not go to another, nor the cases of its outbox.
func senderSettings(env *cli.Environment, cmd *cobra.Command) (name string, p profile.Profile, err error) {
	if err := forSender(env, cmd.Flags()); err != nil {
		return "", p, err
	}
	given := cmd.Flags()
	asked, _ := given.GetString("profile")
	if !given.Changed("profile") {
		asked = env.Variables()[cli.EnvPrefix+profileName]
	}
	if asked != "" || !given.Changed("url") {
		if name, p, err = profileNamed(env, given, asked); err != nil {
			return "", p, err
		}
	}
	override(&p, given)
	if p.Outbox == "" {
		p.Outbox = profile.DefaultOutbox(name)
	}
	if path, err := filepath.Abs(p.Outbox); err == nil { // the reader of a message may be in another folder
		p.Outbox = path
	}
	return name, p, nil
}

// override applies the settings of the command line.
func override(p *profile.Profile, given *pflag.FlagSet) {
	mine := pflag.NewFlagSet("", pflag.ContinueOnError)
	plainFlag(p, mine)
	kept := *p
	profileFlags(p, mine) // sets every field to its default
	*p = kept
	given.Visit(func(f *pflag.Flag) {
		if target := mine.Lookup(f.Name); target != nil {
			target.Value.Set(f.Value.String())
		}
	})
}

// profileNamed reads the file and chooses the profile. Without a file there is no profile, unless the user named one.
func profileNamed(
	env *cli.Environment,
	given *pflag.FlagSet,
	asked string,
) (name string, p profile.Profile, err error) {
	path, explicit, err := profilesPath(env, given)
	if err != nil {
		return "", p, err
	}
	f, err := profile.Read(path)
	if errors.Is(err, fs.ErrNotExist) && asked == "" && !explicit {
		return "", p, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "", p, explain.BadUsage(explain.WithStep(
			err,
			"用 diaoxiao profile init "+display.ShellQuote(cmp.Or(asked, "生产"))+" … 建立，或用 --profiles 指明另一个文件",
		))
	}
	if err == nil {
		name, err = f.Choose(asked)
	}
	if err != nil {
		return "", p, explain.BadUsage(err)
	}
	return name, f.Absolute(f.Profiles[name]), nil
}

// profilesPath is the path of the file of profiles; explicit says whether the user named it.
func profilesPath(env *cli.Environment, given *pflag.FlagSet) (path string, explicit bool, err error) {
	if path, _ = given.GetString("profiles"); path != "" {
		return path, true, nil
	}
	if path = env.Variables()[cli.EnvPrefix+profilesFile]; path != "" {
		return path, true, nil
	}
	if path, err = profile.DefaultFile(); err != nil {
		return "", false, explain.WithStep(err, "用 --profiles 指明接入配置文件")
	}
	return path, false, nil
}

// forSender refuses settings that the senders' commands do not take: the settings of a server, and variables that no
// command reads.
func forSender(env *cli.Environment, given *pflag.FlagSet) error {
	for _, name := range []string{"data", "database", "database-password-file", "config"} {
		if given.Changed(name) {
			return explain.Usagef("这是报送方的命令，经接口与接收方往来，不接受 --%s", name)
		}
	}
	if err := env.CheckNames(); err != nil {
		return explain.BadUsage(err)
	}
	return nil
}
