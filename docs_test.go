package diaoxiao_test

import (
	"bytes"
	"fmt"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// documents are the texts that people read, with the name of each.
func documents(t *testing.T) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for _, pattern := range []string{"*.md", "docs/*.md", "samples/*.md"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %q, %v", pattern, names, err)
		}
		for _, name := range names {
			all[filepath.ToSlash(name)] = read(t, name)
		}
	}
	return all
}

// Links within the repository lead somewhere.
func TestLinksOfDocuments(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#]+)(?:#[^)]*)?\)`)
	for name, text := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), m[1])); err != nil {
				t.Errorf("%s: dead link %s", name, m[1])
			}
		}
	}
}

// Each number from C1 to C7 and from S1 to S26 is one row of docs/divergences.md, in order, and comments cite no other.
func TestNumbersOfDivergences(t *testing.T) {
	var want []string
	for prefix, n := range map[string]int{"C": 7, "S": 26} {
		for i := range n {
			want = append(want, fmt.Sprintf("%s%d", prefix, i+1))
		}
	}
	var got []string
	for _, m := range regexp.MustCompile(`(?m)^\| ([A-Z]+\d+) \|`).
		FindAllStringSubmatch(read(t, "docs/divergences.md"), -1) {
		got = append(got, m[1])
	}
	if slices.Sort(want); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("docs/divergences.md has rows %q, want each of %q once", got, want)
	}
	cited := regexp.MustCompile(`\b[CS]\d+\b`)
	citation := regexp.MustCompile(`\([^()]*\b[CS]\d+[^()]*\)`)
	for _, s := range sources(t, token.NewFileSet()) {
		for _, group := range s.file.Comments {
			for _, c := range citation.FindAllString(group.Text(), -1) {
				for _, no := range cited.FindAllString(c, -1) {
					if !slices.Contains(want, no) {
						t.Errorf("%s cites %s, which docs/divergences.md does not have", s.path, no)
					}
				}
			}
		}
	}
}

// Codes that documents name are in the published table.
func TestCodesInDocuments(t *testing.T) {
	codes := regexp.MustCompile(`(?m)^\| (\d{5}) \|`).FindAllStringSubmatch(read(t, "docs/codes.md"), -1)
	var known []string
	for _, m := range codes {
		known = append(known, m[1])
	}
	for name, text := range documents(t) {
		for _, code := range regexp.MustCompile(`\b1[2349]0\d\d\b`).FindAllString(text, -1) {
			if !slices.Contains(known, code) {
				t.Errorf("%s names the code %s, which is not in docs/codes.md", name, code)
			}
		}
	}
}

// Every target of make that is named in code exists.
func TestMakeTargetsInDocuments(t *testing.T) {
	targets := make(map[string]bool)
	for _, m := range regexp.MustCompile(`(?m)^([a-z-]+):`).FindAllStringSubmatch(read(t, "Makefile"), -1) {
		targets[m[1]] = true
	}
	texts := documents(t)
	texts[".ci/run"] = "`" + read(t, ".ci/run") + "`"
	for name, text := range texts {
		for _, code := range codeOf(text) {
			for _, m := range regexp.MustCompile(`(?:^|[\s=])make ([a-z-]+)`).FindAllStringSubmatch(code, -1) {
				if !targets[m[1]] {
					t.Errorf("%s: the Makefile has no target %s", name, m[1])
				}
			}
		}
	}
}

// codeOf returns the lines of a Markdown text that stand in code: fenced, indented, or between backquotes.
func codeOf(text string) (code []string) {
	fenced := false
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "```"):
			fenced = !fenced
		case fenced || strings.HasPrefix(line, "    "):
			code = append(code, line)
		default:
			for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(line, -1) {
				code = append(code, m[1])
			}
		}
	}
	return code
}

// The metrics of the program and those that the operators' manual explains are the same.
func TestMetricsInOperations(t *testing.T) {
	name := regexp.MustCompile(`\bdiaoxiao_(?:[a-np-z]|o[a-vx-z])[a-z_]+`) // but the role diaoxiao_owner
	var sources string
	files, err := filepath.Glob("internal/receiver/server/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		sources += read(t, file)
	}
	inCode := set(regexp.MustCompile(`"(diaoxiao_[a-z_]+)"`).FindAllString(sources, -1), `"`)
	inManual := set(name.FindAllString(read(t, "docs/operations.md"), -1), "")
	if !maps.Equal(inCode, inManual) {
		t.Errorf(
			"docs/operations.md explains %q, the program has %q",
			slices.Sorted(maps.Keys(inManual)),
			slices.Sorted(maps.Keys(inCode)),
		)
	}
	texts := documents(t)
	texts["deploy/prometheus-alerts.yml"] = read(t, "deploy/prometheus-alerts.yml")
	for doc, text := range texts {
		for _, m := range name.FindAllString(strings.ReplaceAll(text, "diaoxiao_client.py", ""), -1) {
			if !inCode[m] {
				t.Errorf("%s names the metric %s, which does not exist", doc, m)
			}
		}
	}
}

func set(values []string, trim string) map[string]bool {
	s := make(map[string]bool)
	for _, v := range values {
		s[strings.Trim(v, trim)] = true
	}
	return s
}

// The fields of a request's log line are all explained.
func TestLogFieldsInOperations(t *testing.T) {
	text := read(t, "internal/receiver/server/log.go")
	keys := regexp.MustCompile(`slog\.[A-Z]\w*\("(\w+)"|\{"(\w+)", r\.`).FindAllStringSubmatch(text, -1)
	if len(keys) < 10 {
		t.Fatalf("only %d fields found in log.go", len(keys))
	}
	manual := read(t, "docs/operations.md")
	for _, k := range keys {
		if !regexp.MustCompile("(?m)^\\|[^|]*`" + k[1] + k[2] + "`[^|]*\\|").MatchString(manual) {
			t.Errorf("docs/operations.md does not explain the log field %s", k[1]+k[2])
		}
	}
}

// binary builds the program for the tests that ask it. The sources are read above, so go test notices when they change.
func binary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "diaoxiao")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", path, "./cmd/diaoxiao").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// command is what the help of one command tells.
type command struct {
	subcommands, flags map[string]bool
	arguments          bool // such as FILE, besides subcommands
}

// commands asks the program for all its commands, by their words: "", "db", "db check".
func commands(t *testing.T, program string) map[string]command {
	t.Helper()
	all := make(map[string]command)
	sub := regexp.MustCompile(`(?m)^  ([a-z-]+) +\S`)
	usage := regexp.MustCompile(`\n用法：\n.*[A-Z]{2}`)
	lists := regexp.MustCompile(`(?m)^\S*命令：\n(?:  .*\n)+`)
	flag := regexp.MustCompile(`(?m)^ +(?:-\w, )?--([a-z-]+)`)
	var ask func(words []string)
	ask = func(words []string) {
		out, err := exec.Command(program, append(words, "--help")...).Output()
		if err != nil {
			t.Fatalf("%s --help: %v", strings.Join(words, " "), err)
		}
		c := command{make(map[string]bool), make(map[string]bool), usage.Match(out)}
		for _, list := range lists.FindAllString(string(out), -1) {
			for _, m := range sub.FindAllStringSubmatch(list, -1) {
				c.subcommands[m[1]] = true
			}
		}
		for _, m := range flag.FindAllStringSubmatch(string(out), -1) {
			c.flags[m[1]] = true
		}
		all[strings.Join(words, " ")] = c
		for name := range c.subcommands {
			ask(append(slices.Clone(words), name))
		}
	}
	ask(nil)
	if len(all) < 20 {
		t.Fatalf("only %d commands found", len(all))
	}
	return all
}

// Every command and flag that a document shows in code exists.
func TestCommandsInDocuments(t *testing.T) {
	all := commands(t, binary(t))
	shown := 0
	for name, text := range documents(t) {
		for _, line := range codeOf(text) {
			for _, part := range regexp.MustCompile(`[|;&]+`).Split(line, -1) {
				words, ok := ours(part)
				if !ok {
					continue
				}
				shown++
				if fault := holds(all, words); fault != "" {
					t.Errorf("%s: %q: %s", name, strings.TrimSpace(part), fault)
				}
			}
		}
	}
	if shown < 30 {
		t.Errorf("only %d commands found in the documents", shown)
	}
}

// Every command of the program is told of to those who run it: in the Chinese README, the operators' manual or the
// guide.
func TestCommandsAreToldOf(t *testing.T) {
	all := commands(t, binary(t))
	text := read(t, "README.zh-CN.md") + read(t, "docs/operations.md") + read(t, "docs/guide.zh-CN.md")
	for name := range all[""].subcommands {
		if !regexp.MustCompile(`diaoxiao ` + name + `\b`).MatchString(text) {
			t.Errorf("no document tells of diaoxiao %s", name)
		}
	}
}

// ours returns the arguments of a command line that runs the program, perhaps as its user.
func ours(line string) (words []string, ok bool) {
	line, _, _ = strings.Cut(line, " #")
	words = strings.Fields(regexp.MustCompile(`[>…（].*`).ReplaceAllString(line, ""))
	if len(words) > 3 && words[0] == "sudo" && words[1] == "-u" {
		words = words[3:]
	}
	if len(words) == 0 || words[0] != "diaoxiao" && !strings.HasSuffix(words[0], "bin/diaoxiao") {
		return nil, false
	}
	return words[1:], true
}

// holds tells what is wrong with a command line, "" if nothing.
func holds(all map[string]command, words []string) string {
	at, valued := "", false // valued: the word before may be a flag that takes a value
	for _, w := range words {
		may := valued
		valued = strings.HasPrefix(w, "--") && !strings.Contains(w, "=")
		if c := all[at]; c.subcommands[w] {
			at = strings.TrimSpace(at + " " + w)
			continue
		}
		flag, isFlag := strings.CutPrefix(w, "--")
		flag, _, _ = strings.Cut(flag, "=")
		switch {
		case isFlag && !all[at].flags[flag]:
			return fmt.Sprintf("diaoxiao %s has no --%s", at, flag)
		case !isFlag && !may && len(all[at].subcommands) > 0 && !all[at].arguments:
			return fmt.Sprintf("diaoxiao %s has no command %s", at, w)
		}
	}
	return ""
}

// The configuration file in deploy is valid as it is and with every line taken in, and shows every setting once.
func TestDeployedConfiguration(t *testing.T) {
	program := binary(t)
	text := read(t, "deploy/diaoxiao.toml")
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(program, args...)
		cmd.Env = slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "DIAOXIAO_") })
		var out, problems bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &problems
		if err := cmd.Run(); err != nil {
			t.Fatalf("diaoxiao %s: %v\n%s", strings.Join(args, " "), err, problems.String())
		}
		return out.String()
	}
	run("config", "check", "--config", "deploy/diaoxiao.toml")
	whole := filepath.Join(t.TempDir(), "whole.toml")
	if err := os.WriteFile(
		whole,
		[]byte(regexp.MustCompile(`(?m)^#([a-z_]+ = )`).ReplaceAllString(text, "$1")),
		0o666,
	); err != nil {
		t.Fatal(err)
	}
	names := func(text string) (found []string) {
		for _, m := range regexp.MustCompile(`(?m)^#?([a-z_]+) = `).FindAllStringSubmatch(text, -1) {
			found = append(found, m[1])
		}
		slices.Sort(found)
		return found
	}
	if got, want := names(text), names(run("config", "print", "--config", whole)); !slices.Equal(got, want) {
		t.Errorf("deploy/diaoxiao.toml shows %q, the program has %q", got, want)
	}
}

// The settings of a node of a cluster are valid and none is left out of deploy/diaoxiao.toml.
func TestDeployedClusterConfiguration(t *testing.T) {
	text := regexp.MustCompile(`(?m)^tls_cert = .*\n^tls_key = .*$`).
		ReplaceAllString(read(t, "deploy/diaoxiao-cluster.toml"), "behind_proxy = true")
	file := filepath.Join(t.TempDir(), "cluster.toml") // the certificate is not there
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	password := filepath.Join(t.TempDir(), "password") // nor is that of the sample
	if err := os.WriteFile(password, []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(binary(t), "config", "check", "--config", file, "--database-password-file", password).
		CombinedOutput()
	if err != nil {
		t.Errorf("deploy/diaoxiao-cluster.toml: %v\n%s", err, out)
	}
	all := read(t, "deploy/diaoxiao.toml")
	for _, m := range regexp.MustCompile(`(?m)^#?([a-z_]+ = )`).FindAllStringSubmatch(text, -1) {
		if !strings.Contains(all, m[1]) {
			t.Errorf("deploy/diaoxiao.toml does not show %s", m[1])
		}
	}
}

// Every alert has a section of the operators' manual that says what to do.
func TestAlertsInOperations(t *testing.T) {
	alerts := read(t, "deploy/prometheus-alerts.yml")
	runbooks := regexp.MustCompile(`runbook: "?([^"}\n]+)"?\}`).FindAllStringSubmatch(alerts, -1)
	if n := strings.Count(alerts, "- alert: "); n < 15 || len(runbooks) != n {
		t.Errorf("%d alerts, %d with a runbook", n, len(runbooks))
	}
	manual := read(t, "docs/operations.md")
	for _, m := range runbooks {
		if !regexp.MustCompile(`(?m)^##+ ` + regexp.QuoteMeta(m[1]) + `$`).MatchString(manual) {
			t.Errorf("docs/operations.md has no section %q", m[1])
		}
	}
}

// The tables that nodes may not change exist, and the store never changes them; a table that the store never changes is
// among them.
func TestGrantsOfTables(t *testing.T) {
	created := readAll(t, "internal/receiver/store/postgres/migrations/*.sql")
	statements := readAll(t, "internal/receiver/store/*.go") + readAll(t, "internal/receiver/store/postgres/*.go")
	grants := read(t, "deploy/grants.sql")
	does := func(what, table string) bool {
		return regexp.MustCompile(`(?s)(` + what + `) (TABLE )?` + table + `\b`).MatchString(statements)
	}
	revoked := func(what string) (names []string) {
		m := regexp.MustCompile(`(?m)^REVOKE ` + what + ` ON ([a-z_,\s]+) FROM diaoxiao;`).FindStringSubmatch(grants)
		if m == nil {
			t.Fatalf("deploy/grants.sql: no REVOKE %s", what)
		}
		return regexp.MustCompile(`,\s+`).Split(m[1], -1)
	}
	kept, unchanged, only := revoked("UPDATE, DELETE"), revoked("UPDATE"), revoked("INSERT, UPDATE, DELETE")
	for _, name := range slices.Concat(kept, unchanged) {
		if !strings.Contains(created, "CREATE TABLE "+name+" (") {
			t.Errorf("deploy/grants.sql: no table %s", name)
		}
		if does("UPDATE", name) || slices.Contains(kept, name) && does("DELETE FROM", name) {
			t.Errorf("deploy/grants.sql: the store changes %s", name)
		}
	}
	for _, m := range regexp.MustCompile(`INSERT INTO (\w+)`).FindAllStringSubmatch(statements, -1) {
		bound := slices.Contains(slices.Concat(kept, unchanged, only), m[1])
		upsert := regexp.MustCompile(`INSERT INTO ` + m[1] + `\b[^;` + "`" + `]{0,400}DO\s+UPDATE`).
			MatchString(statements)
		if !bound && !does("UPDATE|DELETE FROM|TRUNCATE", m[1]) && !upsert {
			t.Errorf("deploy/grants.sql: nodes may change %s, and the store never does", m[1])
		}
	}
}

// readAll are the files of a pattern but tests, one after the other.
func readAll(t *testing.T, pattern string) (all string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || files == nil {
		t.Fatal(pattern, err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f, "_test.go") {
			all += read(t, f)
		}
	}
	return all
}

// The unit gives the server more time to stop than the server takes by default.
func TestDeployedUnit(t *testing.T) {
	unit := read(t, "deploy/diaoxiao.service")
	for _, line := range []string{
		"ProtectSystem=strict", "StateDirectory=diaoxiao", "CapabilityBoundingSet=", "MemoryDenyWriteExecute=yes",
		"SystemCallFilter=@system-service", "Restart=on-failure", "TimeoutStopSec=90s",
	} {
		if !slices.Contains(strings.Split(unit, "\n"), line) {
			t.Errorf("deploy/diaoxiao.service: no line %s", line)
		}
	}
}

// The project's texts speak of the project alone: they name no folder of somebody's machine.
func TestTextsNameNoMachine(t *testing.T) {
	private := regexp.MustCompile(`/(?:home|root|work)/[a-z]|[a-z]:\\Users`)
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() != "." && d.Name() != ".ci" && strings.HasPrefix(d.Name(), ".") ||
				d != nil && slices.Contains([]string{"bin", "dist", "data"}, p) {
				return filepath.SkipDir
			}
			return err
		}
		if p == "docs_test.go" || !slices.Contains(
			[]string{".go", ".md", ".sh", ".toml", ".service", ".sql", ".yml", ".env", ".cfg", ""},
			filepath.Ext(p),
		) {
			return nil
		}
		if m := private.FindString(read(t, p)); m != "" {
			t.Errorf("%s names %s…", p, m)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFiguresOfREADME holds the figures that the README shows to those of docs/performance.md, where the command is.
func TestFiguresOfREADME(t *testing.T) {
	measured := read(t, "docs/performance.md")
	rows := regexp.MustCompile(`(?m)^\| ([^|]+) \| ([\d,*]+) \| ([\d*]+) \|$`).
		FindAllStringSubmatch(read(t, "README.md"), -1)
	if len(rows) < 4 {
		t.Fatalf("README.md shows %d rows of figures", len(rows))
	}
	for _, r := range rows {
		server := regexp.QuoteMeta(strings.Trim(r[1], "* "))
		row := regexp.MustCompile(`(?m)^\| \**` + server + `\** \| \**([\d,]+)\** \|.*\| \**([\d.]+)\** \|$`).
			FindStringSubmatch(measured)
		if row == nil {
			t.Errorf("README.md: docs/performance.md has no row for %s", r[1])
			continue
		}
		p99, err := strconv.ParseFloat(row[2], 64)
		if err != nil || row[1] != strings.Trim(r[2], "*") ||
			strconv.FormatFloat(p99, 'f', 0, 64) != strings.Trim(r[3], "*") {
			t.Errorf("README.md: %s %s/s, p99 %s; docs/performance.md has %s and %s", r[1], r[2], r[3], row[1], row[2])
		}
	}
}
