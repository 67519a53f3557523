package interop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"diaoxiao/sandbox"

	"github.com/google/go-cmp/cmp"
)

// block is one fenced block of the guide.
type block struct{ language, text string }

// guide reads the integrators' guide.
func guide(t *testing.T) (blocks []block) {
	t.Helper()
	text, err := os.ReadFile("../docs/guide.zh-CN.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, block{m[1], m[2]})
	}
	if len(blocks) < 15 {
		t.Fatalf("only %d blocks in the guide", len(blocks))
	}
	return blocks
}

// practice is two sandboxes as the guide has them, and a folder to work in.
type practice struct {
	dir          string
	plain, https *sandbox.Server
}

func newPractice(t *testing.T) practice {
	t.Helper()
	p := practice{dir: t.TempDir()}
	for _, to := range []struct {
		server **sandbox.Server
		conf   sandbox.Config
	}{{&p.plain, sandbox.Config{}}, {&p.https, sandbox.Config{OwnCA: true, Seed: 1}}} {
		s, err := sandbox.Start(t.Context(), to.conf)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		*to.server = s
	}
	samples, err := filepath.Abs("../samples")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(samples, filepath.Join(p.dir, "samples")); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "build", "-o", filepath.Join(p.dir, "bin", "diaoxiao"), "diaoxiao/cmd/diaoxiao").
		CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return p
}

// mark begins the output of a block.
const mark = "@@@@ "

// run runs the blocks of shell one after another in one shell, as a reader does who pastes them, and returns what each
// prints.
func (p practice) run(t *testing.T, blocks []block) []string {
	t.Helper()
	var script strings.Builder
	for _, b := range blocks {
		if b.language == "sh" {
			fmt.Fprintf(&script, "echo '%s'\n%s", mark, b.text)
		}
	}
	text := strings.ReplaceAll(script.String(), "http://127.0.0.1:8090", p.plain.URL)
	text = strings.ReplaceAll(text, "https://127.0.0.1:8443", p.https.URL)
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-eo", "pipefail", "-c", text)
	cmd.Dir, cmd.Env = p.dir, []string{
		"PATH=" + filepath.Join(p.dir, "bin") + ":" + os.Getenv("PATH"),
		"HOME=" + p.dir,
		"LC_ALL=C.UTF-8",
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	here := strings.NewReplacer(p.dir, "~", p.plain.URL, "http://127.0.0.1:8090").Replace(string(out))
	return strings.Split(here, mark+"\n")[1:]
}

// alike takes out of an output what differs from run to run.
func alike(text string) string {
	for _, m := range []struct{ pattern, by string }{
		{`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`, "TOKEN"},
		{`\b\d{18}\b`, "ACCEPTID"},
		{`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00`, "TIME"},
		{`\b[0-9a-f]{64}\b`, "DIGEST"},
		{`至 \d{4}-\d\d-\d\d`, "至 DAY"},
		{`\d+\.\d 秒`, "N 秒"},
		{`"state":"\\u5df2\\u(53d7\\u7406|6838\\u9a8c)"`, "STATE"}, // verified or about to be
		{`"firmCounts":\{[^}]*\}`, "COUNTS"},                       // likewise
	} {
		text = regexp.MustCompile(m.pattern).ReplaceAllString(text, m.by)
	}
	return text
}

// Everything in the guide that can be pasted into a shell runs, prints what the guide says, and does right in the eyes
// of the sandbox; the answers that it shows are the receiver's.
func TestGuide(t *testing.T) {
	t.Parallel()
	blocks, p := guide(t), newPractice(t)
	outputs := p.run(t, blocks)
	holdHash(t, p, strings.Join(outputs, ""))
	holdAnswers(t, p, blocks)
	shown := 0
	for i, b := range blocks {
		if b.language != "sh" {
			continue
		}
		got := outputs[0]
		outputs = outputs[1:]
		if i+1 == len(blocks) || blocks[i+1].language != "" {
			if got != "" && !strings.Contains(b.text, "keytool") { // which speaks the language of the system
				t.Errorf("the guide does not show the output of\n%s%s", b.text, got)
			}
			continue
		}
		shown++
		if diff := cmp.Diff(alike(blocks[i+1].text), alike(got)); diff != "" {
			t.Errorf("what the guide shows (-) differs from what is printed (+) by\n%s%s", b.text, diff)
		}
	}
	if shown < 8 {
		t.Errorf("only %d outputs compared", shown)
	}
}

// holdHash holds that the hash of the file, which the guide tells to compute, is the one that the receiver lists.
func holdHash(t *testing.T, p practice, outputs string) {
	t.Helper()
	hash := regexp.MustCompile(`"sha256":"([0-9a-f]{64})"`).FindStringSubmatch(outputs)
	if hash == nil || strings.Count(outputs, hash[1]) != 2 {
		t.Errorf("the hash of the list %q is not that of the file", hash)
	}
}

// holdAnswers holds the one answer that the guide shows by itself to the receiver's, to the guide's case with the
// second name gone.
func holdAnswers(t *testing.T, p practice, blocks []block) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(p.dir, "case.json"))
	if err != nil {
		t.Fatal(err)
	}
	answer := p.post(t, "receiveCaseinfo?access_token="+p.token(t), strings.Replace(string(body), "阿拉坦·乌云其木格", "", 1))
	for _, b := range blocks {
		if b.language != "json" {
			continue
		}
		var shown, got any
		if err := errors.Join(
			json.Unmarshal([]byte(b.text), &shown),
			json.Unmarshal([]byte(answer), &got),
		); err != nil {
			t.Errorf("%v:\n%s", err, b.text)
		}
		if diff := cmp.Diff(shown, got); diff != "" {
			t.Errorf("the refusal that the guide shows (-) differs from the receiver's (+):\n%s", diff)
		}
	}
}

// token logs in.
func (p practice) token(t *testing.T) string {
	t.Helper()
	body, err := json.Marshal(map[string]string{
		"appKey":    p.plain.AppKey,
		"appSecret": p.plain.AppSecret,
		"account":   sandbox.Account,
	})
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(p.post(t, "login", string(body))), &answer); err != nil || answer.Token == "" {
		t.Fatalf("%+v, %v", answer, err)
	}
	return answer.Token
}

func (p practice) post(t *testing.T, call, body string) string {
	t.Helper()
	resp, err := http.Post(p.plain.URL+"/security/"+call, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
