// Package profile knows the receivers of a sender: the file of profiles, where the secret and the outbox of each are,
// and how to speak to one. It never writes a secret into the file, and takes none from the environment.
package profile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/tomlfile"
)

// Profile is one receiver as a sender knows it: its address and the account there. It holds no secret, only the place
// where that is.
type Profile struct {
	URL        string `toml:"url"`
	AppKey     string `toml:"app_key"`
	Account    string `toml:"account"`
	SecretFile string `toml:"secret_file"`
	CAFile     string `toml:"ca_file"`
	Outbox     string `toml:"outbox"`
	Receipts   string `toml:"receipts"`
	PlainHTTP  bool   `toml:"plain_http"`
}

// File is the content of a file of profiles.
type File struct {
	Path     string
	Default  string
	Names    []string // in the order of the file
	Profiles map[string]Profile
}

// ErrNone is the error of a profile that was asked for and that the file does not have.
var ErrNone = errors.New("没有这个接入配置")

// Read reads a file of profiles. One that does not exist is an error that is fs.ErrNotExist.
func Read(path string) (File, error) {
	f := File{Path: path, Profiles: make(map[string]Profile)}
	text, err := os.ReadFile(path)
	if err != nil {
		return f, fmt.Errorf("接入配置：%w", err)
	}
	if err := refuseWritable(path); err != nil {
		return f, err
	}
	if line, err := f.parse(string(text)); err != nil {
		return f, fmt.Errorf("接入配置 %s 第 %d 行：%w", path, line, err)
	}
	return f, nil
}

// refuseWritable refuses a file that others may write: they could have the secret sent to a server of their own.
func refuseWritable(path string) error {
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o022 == 0 {
		return err
	}
	return explain.WithStep(fmt.Errorf("接入配置 %s 可被其他用户改写，密钥可能因此被发往别处", path), "执行 chmod go-w "+display.ShellQuote(path))
}

// hanTable is the head of a table whose name TOML would want in quotes.
var hanTable = regexp.MustCompile(
	`(?m)^([ \t]*\[)[ \t]*([^"'\[\]#\r\n]*[^\x00-\x7f"'\[\]\r\n][^"'\[\]#\r\n]*?)[ \t]*(\][ \t]*(?:#.*)?\r?)$`,
)

// parse returns the line of the first thing that is wrong with text.
func (f *File) parse(text string) (line int, err error) {
	keys, err := tomlfile.Parse(hanTable.ReplaceAllString(strings.TrimPrefix(text, "\uFEFF"), `$1"$2"$3`))
	if e, ok := errors.AsType[*tomlfile.SyntaxError](err); ok {
		return e.Line, errors.New("不是有效的 TOML：" + e.Text)
	}
	for _, k := range keys {
		if err := f.take(k); err != nil {
			return k.Line, err
		}
		if k.String() == "default" {
			line = k.Line
		}
	}
	if _, ok := f.Profiles[f.Default]; f.Default != "" && !ok {
		return line, fmt.Errorf("default 所指的接入配置 %q 不存在；已有：%s", f.Default, strings.Join(f.Names, "、"))
	}
	return 0, nil
}

// take takes over one key of the file.
func (f *File) take(k tomlfile.Key) error {
	name := k.Path[0]
	_, isTable := k.Value.(map[string]any)
	switch {
	case len(k.Path) == 1 && isTable:
		f.Names = append(f.Names, name)
		f.Profiles[name] = Profile{}
		return CheckName(name)
	case len(k.Path) == 1 && name == "default":
		value, ok := k.Value.(string)
		f.Default = value
		return unless(ok, "default 应为"+cli.WantedTOML("string"))
	case len(k.Path) == 1:
		return fmt.Errorf("%s 须写在某个接入配置之内，如 [生产] 之下；表以外只有 default", k)
	case len(k.Path) > 2:
		return fmt.Errorf("没有名为 %s 的设置", k)
	}
	p := f.Profiles[name]
	err := p.set(k.Path[1], k.Value)
	f.Profiles[name] = p
	return err
}

// CheckName refuses the name of a profile that cannot be one: a name is also that of a folder, and is typed on command
// lines.
func CheckName(name string) error {
	if name == "" || name == "default" || strings.ContainsAny(name, "\"'[]#=\\/:*?<>|") ||
		strings.TrimSpace(name) != name ||
		strings.HasPrefix(name, ".") || strings.HasPrefix(name, "-") || display.Plain(name) != name {
		return fmt.Errorf("接入配置的名称 %q：不得含引号、方括号和 # = / \\ : * ? < > |，不得以 . 或 - 开头，首尾不得有空白，也不能是 default", name)
	}
	return nil
}

func unless(ok bool, text string) error {
	if ok {
		return nil
	}
	return errors.New(text)
}

// set takes over one member of a table.
func (p *Profile) set(name string, value any) error {
	if slices.Contains([]string{"secret", "appsecret", "password", "token"}, folded(name)) {
		return fmt.Errorf("%s：密钥不写在接入配置中。请存入只有本人可读的文件，在此写 secret_file = \"该文件\"", name)
	}
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("toml") != name {
			continue
		}
		if kind := v.Field(i).Kind().String(); !cli.Fits(kind, value) {
			return fmt.Errorf("%s 应为%s", name, cli.WantedTOML(kind))
		}
		v.Field(i).Set(reflect.ValueOf(value))
		return nil
	}
	known := keys()
	if near := nearest(name, known); near != "" {
		return fmt.Errorf("没有名为 %s 的设置；是否要写 %s", name, near)
	}
	return fmt.Errorf("没有名为 %s 的设置；可用：%s", name, strings.Join(known, "、"))
}

// keys are the members of a profile, in the order they are written in.
func keys() (keys []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Profile]()) {
		keys = append(keys, f.Tag.Get("toml"))
	}
	return keys
}

// tableName is the name in the head of a table; "" for other lines.
func tableName(line string) string {
	line = strings.TrimSpace(line)
	end := strings.LastIndex(line, "]")
	if !strings.HasPrefix(line, "[") || end < 0 {
		return ""
	}
	return strings.Trim(strings.TrimSpace(line[1:end]), `"'`)
}

// Choose names the profile to use: the one asked for, else the default, else the only one. "" with no error: there is
// none.
func (f File) Choose(asked string) (string, error) {
	switch {
	case asked != "":
		if _, ok := f.Profiles[asked]; ok {
			return asked, nil
		}
		step := "用 diaoxiao profile init " + display.ShellQuote(asked) + " 建立"
		if near := nearest(asked, f.Names); near != "" {
			step = "是否要用 " + near
		}
		return "", explain.WithStep(fmt.Errorf("%w：%q（%s；已有：%s）", ErrNone, asked, f.Path, orNone(f.Names)), step)
	case f.Default != "":
		return f.Default, nil
	case len(f.Names) == 1:
		return f.Names[0], nil
	case len(f.Names) > 1:
		return "", explain.Usagef(
			"有 %d 个接入配置（%s），用 --profile 指明一个，或在 %s 开头写 default = \"…\"", len(f.Names), strings.Join(f.Names, "、"),
			f.Path,
		)
	}
	return "", nil
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "无"
	}
	return strings.Join(names, "、")
}

// Absolute is the profile with its paths as seen from the file.
func (f File) Absolute(p Profile) Profile {
	for _, path := range []*string{&p.SecretFile, &p.CAFile, &p.Outbox, &p.Receipts} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(filepath.Dir(f.Path), *path)
		}
	}
	return p
}
