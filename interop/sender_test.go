package interop

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// Exit codes of every sample.
const (
	accepted = 0
	notSent  = 1
	wrong    = 2
	refused  = 3
	unknown  = 4
)

// sender is one sample, as its users run it.
type sender struct {
	name    string
	lists   bool // takes a list.csv
	command func(t *testing.T) []string
}

// senders are all of them. CI installs what they need (scripts/needs.sh); a missing tool is a failure.
func senders() []sender {
	script := func(words ...string) func(*testing.T) []string {
		return func(t *testing.T) []string {
			path, err := filepath.Abs("../samples/" + words[len(words)-1])
			if err != nil {
				t.Fatal(err)
			}
			return append(slices.Clone(words[:len(words)-1]), path)
		}
	}
	return []sender{
		{"curl", false, script("curl/submit.sh")},
		{"python", true, script("python3", "python/diaoxiao_client.py")},
		{"java", true, java},
		{"node", true, script("node", "node/diaoxiao-client.mjs")},
		{"csharp", false, csharp},
	}
}

// java runs the client as an old server does: in a charset that has no Chinese, and in little memory.
func java(t *testing.T) []string {
	t.Helper()
	dir, err := classes()
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		"java", "-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=ISO-8859-1", "-cp", dir,
		"DiaoxiaoClient",
	}
}

// csharp runs the client on Mono, which stands in for .NET.
func csharp(t *testing.T) []string {
	t.Helper()
	program, err := assembly()
	if err != nil {
		t.Fatal(err)
	}
	return []string{"mono", program}
}

// assembly compiles the client for .NET, once.
var assembly = sync.OnceValues(func() (string, error) {
	program := filepath.Join(built, "DiaoxiaoClient.exe")
	out, err := exec.Command(
		"mcs", "-warnaserror", "-out:"+program, "-r:System.Net.Http", "-r:System.Runtime.Serialization",
		"../samples/csharp/DiaoxiaoClient.cs",
	).CombinedOutput()
	if err != nil || len(out) > 0 {
		return "", fmt.Errorf("mcs: %v\n%s", err, out)
	}
	return program, nil
})

// imported is an environment in which .NET trusts ca: it asks the system's store and no variable.
func imported(t *testing.T, ca string) []string {
	t.Helper()
	home := t.TempDir()
	cmd := exec.Command("cert-sync", "--user", ca)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("cert-sync: %v\n%s", err, out)
	}
	return []string{"HOME=" + home}
}

// classes compiles the client for Java 8, once.
var classes = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(built, "java")
	out, err := exec.Command(
		"javac", "-encoding", "UTF-8", "--release", "8", "-d", dir, "../samples/java/DiaoxiaoClient.java",
	).CombinedOutput()
	if err != nil || len(out) > 0 {
		return "", fmt.Errorf("javac: %v\n%s", err, out)
	}
	return dir, nil
})

// built is where compiled samples are.
var built string

func TestMain(m *testing.M) {
	flag.Parse()
	flag.Set("test.parallel", "6") // most of the time is the senders' pauses
	var err error
	if built, err = os.MkdirTemp("", "diaoxiao-interop-"); err != nil {
		log.Fatal(err)
	}
	code := m.Run()
	os.RemoveAll(built)
	os.Exit(code)
}

// outcome is how one run ended.
type outcome struct {
	code     int
	out, err string
	runs     int // of the program: more than one where Mono crashed
}

// run runs the sample once against r, and holds it to keeping secrets.
func (s sender) run(t *testing.T, r *receiver, c intake.Credentials, files []string, environment ...string) outcome {
	t.Helper()
	o := s.send(t, target{r.URL, r.CA, c.AppKey, c.AppSecret, account}, files, environment...)
	for _, token := range append(r.tokens(), c.AppSecret) {
		if strings.Contains(o.out+o.err, token) {
			t.Errorf("%s prints a token or the secret:\n%s%s", s.name, o.out, o.err)
		}
	}
	return o
}

// target is where to send to, and as whom.
type target struct{ url, ca, appKey, appSecret, account string }

// send runs the sample once. The environment is an old server's: no locale, nothing inherited but where programs are.
func (s sender) send(t *testing.T, to target, files []string, environment ...string) outcome {
	t.Helper()
	dir := t.TempDir()
	secret := write(t, filepath.Join(dir, "secret"), to.appSecret+"\n")
	if s.name == "java" { // it cannot read Chinese arguments without a locale
		to.account = "@" + write(t, filepath.Join(dir, "account"), to.account+"\n")
	}
	if s.name == "csharp" { // Mono knows no addresses in certificates
		to.url = strings.Replace(to.url, "127.0.0.1", "localhost", 1)
		environment = append(environment, imported(t, to.ca)...)
	}
	words := append(append(s.command(t), to.url, to.appKey, to.account, secret), files...)
	environment = append(
		[]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LC_ALL=C", "DIAOXIAO_CA=" + to.ca},
		environment...,
	)
	o := start(t, dir, words, environment)
	for tries := 1; s.name == "csharp" && o.code < 0 && tries < 3; tries++ {
		// Mono 6.8 itself crashes or hangs about once in a hundred runs; its user would start it again.
		t.Logf("mono ended by a signal or hung:\n%.300s", o.err)
		o = start(t, dir, words, environment)
		o.runs = tries + 1
	}
	if o.code < 0 {
		t.Fatalf("%s did not come to an end\n%s%s", s.name, o.out, o.err)
	}
	return o
}

// start runs a program to its end. A code of -1: it was ended by a signal, or by us after 25 seconds.
func start(t *testing.T, dir string, words, environment []string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Dir, cmd.Env = dir, environment
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), out.String(), problems.String(), 1}
}

// ends holds a run to an exit code and to what it tells people.
func (o outcome) ends(t *testing.T, code int, says ...string) {
	t.Helper()
	if o.code != code {
		t.Errorf("exit code %d, want %d\n%s%s", o.code, code, o.out, o.err)
	}
	for _, text := range says {
		if !strings.Contains(o.err, text) {
			t.Errorf("does not say %q:\n%s", text, o.err)
		}
	}
	if (o.out == "") == (o.code == accepted) {
		t.Errorf("exit code %d and on standard output %q", o.code, o.out)
	}
}

// acceptID is the one line of standard output.
func (o outcome) acceptID(t *testing.T) string {
	t.Helper()
	o.ends(t, accepted)
	id, rest, _ := strings.Cut(o.out, "\n")
	if len(id) != 18 || strings.TrimSpace(rest) != "" {
		t.Fatalf("standard output is %q\n%s", o.out, o.err)
	}
	return id
}

// each runs a scenario for every sender, side by side.
func each(t *testing.T, f func(t *testing.T, s sender)) {
	t.Parallel()
	for _, s := range senders() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			f(t, s)
		})
	}
}

// rare is a case whose texts are hard on a sender that takes some platform's charset for the world's.
func rare() api.Case {
	return api.Case{CaseID: "呼市监处罚〔2026〕2号", CaseName: "“长期停业”市场主体吊销案", CaseIntroduction: "停业六个月以上\n第二段\t\"引号\" \\ 反斜杠",
		Illegality: "连续两个年度未报送年度报告", Penalty: "吊销营业执照", PenaltyDate: "2026-03-16", PenaltyOrg: "呼和浩特市市场监督管理局",
		PenaltyList: []api.Entity{
			{PripID: "150104000022017071732290", UniscID: "91150104MA0N967166", Legal: "𠮷田𡘙", EntType: "1151"},
			{PripID: "150103000022004041376942", UniscID: "91150103MA0R9M0D7K", Legal: "阿拉坦·乌云其木格", EntType: "有限责任公司"},
			{PripID: "150103000022004041376943", UniscID: "91150103MA0R9M0D7X", Legal: "李, \"四\"é", EntType: "1130"},
		}}
}

// head is a case without its list.
func head(c api.Case) string {
	m := map[string]string{
		"caseid":           c.CaseID,
		"casename":         c.CaseName,
		"caseintroduction": c.CaseIntroduction,
		"illegality":       c.Illegality,
		"penalty":          c.Penalty,
		"penaltydate":      c.PenaltyDate,
		"penaltyorg":       c.PenaltyOrg,
	}
	b, _ := json.Marshal(m)
	return string(b)
}

// encoded is a case as a body, with white space of its own so that a sender that writes it anew is found out.
func encoded(c api.Case) string {
	type row struct {
		PripID  string `json:"pripid"`
		UniscID string `json:"uniscid"`
		Legal   string `json:"legal"`
		EntType string `json:"enttype"`
	}
	list := make([]row, len(c.PenaltyList))
	for i, e := range c.PenaltyList {
		list[i] = row(e)
	}
	b, _ := json.Marshal(list)
	return strings.TrimSuffix(head(c), "}") + ",\n  \"penaltylist\" : " + string(b) + "\n}\n"
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// caseFile writes a case into a folder of its own.
func caseFile(t *testing.T, c api.Case) []string {
	t.Helper()
	return []string{write(t, filepath.Join(t.TempDir(), "case.json"), encoded(c))}
}
