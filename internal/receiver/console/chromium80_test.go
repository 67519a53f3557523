package console_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// step is one step of testdata/chromium80.mjs.
type step struct {
	Cookie string            `json:"cookie,omitempty"`
	Open   string            `json:"open,omitempty"`
	Fill   map[string]string `json:"fill,omitempty"`
	Press  string            `json:"press,omitempty"`
	Reads  []string          `json:"reads,omitempty"`
}

// The main pages work in Chromium 80, which is what many an office has: npm ships one, and puppeteer of its time drives
// it, for today's chromedp cannot click in it.
func TestChromium80(t *testing.T) {
	long(t)
	h, accepted := fullHouse(t)
	clerk, admin := h.enter(intake.Clerk, "clerk"), h.enter(intake.SystemAdmin, "admin")
	h.wait(time.Minute)
	steps := []step{
		{Open: "/login", Fill: map[string]string{"#name": "clerk", "#password": password, "#code": h.code()},
			Press: "登录", Reads: []string{"业务员clerk"}},
		{Open: "/account", Reads: []string{"我的在线会话"}},
	}
	steps = append(steps, mainPages(t, clerk)...)
	steps = append(steps, step{Open: "/cases/" + accepted[0], Reads: []string{"市场主体清单", hostile[0]}})
	steps = append(steps, step{Cookie: admin.token, Open: "/account", Reads: []string{"系统管理员"}})
	steps = append(steps, mainPages(t, admin)...)
	out, err := chromium80(t, h.console.URL+"/console", steps)
	if err != nil || !strings.Contains(out, "Chrome/80.") {
		t.Errorf("%v\n%s", err, out)
	}
}

// mainPages opens each section of the navigation of a visitor.
func mainPages(t *testing.T, v *visitor) (steps []step) {
	_, nav, _ := strings.Cut(v.follow("/").Body, "<nav")
	nav, _, _ = strings.Cut(nav, "</nav>")
	for _, m := range navigation.FindAllStringSubmatch(nav, -1) {
		steps = append(steps, step{Open: m[1], Reads: []string{m[2]}})
	}
	if len(steps) == 0 {
		t.Error("there is no navigation")
	}
	return steps
}

// chromium80 lets the script take the steps.
func chromium80(t *testing.T, url string, steps []step) (output string, err error) {
	t.Helper()
	tools, err := filepath.Abs("../../../.cache/npm/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(tools, "chrome-aws-lambda")); err != nil {
		t.Fatalf("%v; scripts/npm.sh installs what is missing", err)
	}
	dir := t.TempDir()
	script, err := os.ReadFile("testdata/chromium80.mjs")
	if err != nil {
		t.Fatal(err)
	}
	// beside the modules, where node looks for them
	if err := os.WriteFile(filepath.Join(dir, "walk.mjs"), script, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(tools, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	told, err := json.Marshal(steps)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "node", "walk.mjs", url, dir)
	c.Dir = dir
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}
	c.Stdin = bytes.NewReader(told)
	text, err := c.CombinedOutput()
	return string(text), err
}
