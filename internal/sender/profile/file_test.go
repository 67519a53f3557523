package profile_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"diaoxiao/internal/sender/profile"
)

// written is a file of profiles, readable to its owner alone.
func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "profiles.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Save changes the named profile and the default alone: the rest of the file stays as its owner wrote it.
func TestSaveKeepsTheRest(t *testing.T) {
	const owned = "# 本单位\n[测试]\nurl = \"https://10.1.2.4:8443\" # 测试机\napp_key = \"dxb\"\n"
	path := written(t, owned)
	p := profile.Profile{URL: "https://10.1.2.3:8443", AppKey: "dxa", Account: "张三", SecretFile: "s"}
	if err := profile.Save(path, "生产", p, true); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), owned) {
		t.Errorf("%v\n%s", err, text)
	}
	f, err := profile.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if f.Default != "生产" || !slices.Equal(f.Names, []string{"测试", "生产"}) || f.Profiles["生产"] != p ||
		f.Profiles["测试"].AppKey != "dxb" {
		t.Errorf("%+v", f)
	}
	if got := f.Absolute(f.Profiles["生产"]).SecretFile; got != filepath.Join(filepath.Dir(path), "s") {
		t.Error(got)
	}
	if name, err := f.Choose(""); name != "生产" || err != nil {
		t.Error(name, err)
	}
}

// A file with something wrong is refused with the line of it, and with the key that was meant.
func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"[生产]\nurll = \"https://h\"\n":     "第 2 行：没有名为 urll 的设置；是否要写 url",
		"[生产]\n\nsecret = \"geheim\"\n":    "第 3 行：secret：密钥不写在接入配置中",
		"url = \"https://h\"\n":            "第 1 行：url 须写在某个接入配置之内",
		"default = \"生产\"\n[测试]\n":         "第 1 行：default 所指的接入配置",
		"[生产]\nplain_http = \"true\"\n":    "第 2 行：plain_http 应为",
		"[\"a/b\"]\nurl = \"https://h\"\n": "第 1 行：接入配置的名称",
		"[生产\n":                            "第 1 行：不是有效的 TOML",
	} {
		if _, err := profile.Read(written(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// A profile that is asked for and not there is named with those that are.
func TestChoose(t *testing.T) {
	f, err := profile.Read(written(t, "[生产]\nurl = \"https://h\"\n[测试]\nurl = \"https://i\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Choose("生厂"); err == nil || !strings.Contains(err.Error(), "已有：生产、测试") {
		t.Error(err)
	}
	if _, err := f.Choose(""); err == nil || !strings.Contains(err.Error(), "有 2 个接入配置") {
		t.Error(err)
	}
	if name, err := f.Choose("测试"); name != "测试" || err != nil {
		t.Error(name, err)
	}
}
