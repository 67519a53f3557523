package main

import (
	"bytes"
	"context"
	"database/sql"
	"diaoxiao/internal/receiver/receivertest"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"

	"diaoxiao/api"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/sandbox"
)

// cmdExits runs diaoxiao and wants exactly this exit code: exits 2 app lis
func cmdExits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	cmd := program(ts, args[1:])
	cmd.Stdout, cmd.Stderr = ts.Stdout(), ts.Stderr()
	cmd.Run()
	if got := cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// program is a run of diaoxiao in the script's folder and environment.
func program(ts *testscript.TestScript, args []string) *exec.Cmd {
	cmd := exec.Command("diaoxiao", args...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = cmd.Environ()
	names := []string{"USER", "HOME", "HTTPS_PROXY", "NO_PROXY", cli.EnvPrefix + "SECRET"}
	for _, f := range knownVariables() {
		names = append(names, cli.EnvPrefix+f)
	}
	for _, name := range names {
		if v := ts.Getenv(name); v != "" {
			cmd.Env = append(cmd.Env, name+"="+v)
		}
	}
	return cmd
}

// cmdField puts a member of the JSON in a file into a variable: field stdout appKey KEY
func cmdField(ts *testscript.TestScript, neg bool, args []string) {
	var all map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &all))
	v, ok := all[args[1]]
	if !ok {
		ts.Fatalf("no %s in %s", args[1], args[0])
	}
	ts.Setenv(args[2], fmt.Sprint(v))
}

// volatile is what differs from run to run.
var volatile = []struct {
	pattern *regexp.Regexp
	name    string
}{
	{regexp.MustCompile(`"cli:[^"]+"`), `"cli:USER"`},
	{regexp.MustCompile(`\bdx[a-z2-7]{24}\b`), "APPKEY"},
	{regexp.MustCompile(`\b[0-9a-f]{64}\b`), "HEX64"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+08:00`), "TIME"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`), "TIME               "},
	{regexp.MustCompile(`\b20\d{6}(\d{9})\d\b`), "YYYYMMDD${1}X"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "ADDR"},
	{regexp.MustCompile(`\b[0-9a-f]{16}\b`), "REQUEST"},
	{regexp.MustCompile(`(用时 |"seconds":)[0-9.e-]+`), "${1}SECONDS"},
	{regexp.MustCompile(`/[^ ,"]*/script-[a-z]+/`), "WORK/"},
}

// cmdMask copies a file with names in place of what differs from run to run: mask stdout out.json
func cmdMask(ts *testscript.TestScript, neg bool, args []string) {
	text := ts.ReadFile(args[0])
	for _, v := range volatile {
		text = v.pattern.ReplaceAllString(text, v.name)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}

// cmdPut writes words into a file that only its owner may read: put secret $SECRET
func cmdPut(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Join(args[1:], " ")+"\n"), 0o600))
}

// cmdMode wants a file's permissions: mode 0600 data/diaoxiao.db
func cmdMode(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[0] {
		ts.Fatalf("%s has mode %s, want %s", args[1], got, args[0])
	}
}

// scriptServer is a diaoxiao serve in the background.
type scriptServer struct {
	cmd *exec.Cmd
	log string
}

// serversKey finds a script's servers.
type serversKey struct{}

// cmdStart starts a server, its log in NAME.log and what else it says in NAME.out, and sets $NAME to its address and
// $NAME_OPS to that for operators: start srv --data d --ops-listen 127.0.0.1:0
func cmdStart(ts *testscript.TestScript, neg bool, args []string) {
	s := &scriptServer{cmd: program(ts, append([]string{"serve", "--listen", "127.0.0.1:0"}, args[1:]...)),
		log: ts.MkAbs(args[0] + ".log")}
	log, err := os.Create(s.log)
	ts.Check(err)
	defer log.Close()
	out, err := os.Create(ts.MkAbs(args[0] + ".out"))
	ts.Check(err)
	defer out.Close()
	s.cmd.Stdout, s.cmd.Stderr = out, log
	ts.Check(s.cmd.Start())
	ts.Defer(func() { s.cmd.Process.Kill(); s.cmd.Wait() })
	ts.Value(serversKey{}).(map[string]*scriptServer)[args[0]] = s
	l := s.listening(ts)
	ts.Setenv(args[0], "http://"+l.Addr)
	ts.Setenv(args[0]+"_OPS", "http://"+l.Ops)
}

type listening struct{ Msg, Addr, Ops string }

// listening waits for the log line that names the addresses.
func (s *scriptServer) listening(ts *testscript.TestScript) (l listening) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		text, err := os.ReadFile(s.log)
		ts.Check(err)
		for line := range bytes.Lines(text) {
			if json.Unmarshal(line, &l) == nil && l.Msg == "listening" {
				return l
			}
		}
	}
	ts.Fatalf("server does not listen")
	return l
}

// cmdQuit sends a server SIGTERM and wants it to exit with 0: quit srv
func cmdQuit(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serversKey{}).(map[string]*scriptServer)[args[0]]
	ts.Check(s.cmd.Process.Signal(syscall.SIGTERM))
	ts.Check(s.cmd.Wait())
}

// cmdLogin logs in and sets $TOKEN: login $srv $KEY $SECRET 张三
func cmdLogin(ts *testscript.TestScript, neg bool, args []string) {
	body, err := json.Marshal(map[string]string{"appKey": args[1], "appSecret": args[2], "account": args[3]})
	ts.Check(err)
	answer := request(ts, "POST", args[0]+"/security/login", body)
	a, err := api.ReadAnswer(answer, api.Login)
	ts.Check(err)
	if (a.Token == "") != neg {
		ts.Fatalf("%s", answer)
	}
	ts.Setenv("TOKEN", a.Token)
}

// cmdPost posts a file: post $srv/security/receiveCaseinfo?access_token=$TOKEN case.json
func cmdPost(ts *testscript.TestScript, neg bool, args []string) {
	request(ts, "POST", args[0], []byte(ts.ReadFile(args[1])))
}

func cmdGet(ts *testscript.TestScript, neg bool, args []string) { request(ts, "GET", args[0], nil) }

// cmdSend sends made-up cases, by seed and number of entities, and wants them accepted: send $srv $TOKEN 1:3 2:120
func cmdSend(ts *testscript.TestScript, neg bool, args []string) {
	for _, arg := range args[2:] {
		var seed, n int
		_, err := fmt.Sscanf(arg, "%d:%d", &seed, &n)
		ts.Check(err)
		answer := request(ts, "POST", args[0]+"/security/receiveCaseinfo?access_token="+args[1],
			receivertest.CaseBody(sandbox.Batch(uint64(seed), n)))
		a, err := api.ReadAnswer(answer, api.Receive)
		ts.Check(err)
		if len(a.Problems) > 0 {
			ts.Fatalf("%s", answer)
		}
		ts.Setenv("ACCEPTID", a.AcceptID)
	}
}

// request prints status and body of the answer.
func request(ts *testscript.TestScript, method, url string, body []byte) []byte {
	r, err := http.NewRequest(method, url, bytes.NewReader(body))
	ts.Check(err)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	ts.Check(err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	ts.Check(err)
	fmt.Fprintf(ts.Stdout(), "HTTP %d\n%s\n", resp.StatusCode, answer)
	return answer
}

// cmdSettle waits until every case in a data folder or database is verified: settle data
func cmdSettle(ts *testscript.TestScript, neg bool, args []string) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		where := "--data"
		if store.IsURL(args[0]) {
			where = "--database"
		}
		cmd := program(ts, []string{"case", "list", "--json", where, args[0]})
		out, err := cmd.Output()
		ts.Check(err)
		if !strings.Contains(string(out), `"state":"已受理"`) {
			return
		}
	}
	ts.Fatalf("not verified")
}

// cmdSQL changes a data folder behind the program's back and wants a row changed: sql data 'DELETE FROM attempt'
func cmdSQL(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(changeRows(ts.MkAbs(args[0]), args[1]))
}

// cmdPGSQL runs statements on a PostgreSQL database and prints what they return: pgsql $PG 'DELETE FROM attempt'
func cmdPGSQL(ts *testscript.TestScript, neg bool, args []string) {
	c, err := pgconn.Connect(context.Background(), args[0])
	ts.Check(err)
	defer c.Close(context.Background())
	results, err := c.Exec(context.Background(), args[1]).ReadAll()
	ts.Check(err)
	for _, r := range results {
		for _, row := range r.Rows {
			fmt.Fprintf(ts.Stdout(), "%s\n", bytes.Join(row, []byte("|")))
		}
	}
}

// changeRows runs a statement on the database of a data folder. One that changes rows must change some.
func changeRows(dir, statement string) error {
	db, err := sql.Open("sqlite", filepath.Join(dir, "diaoxiao.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	r, err := db.Exec(statement)
	if err != nil {
		return err
	}
	schema := strings.HasPrefix(statement, "CREATE ") || strings.HasPrefix(statement, "DROP ")
	if n, err := r.RowsAffected(); err != nil || n == 0 && !schema {
		return fmt.Errorf("%s: %d rows changed, %v", statement, n, err)
	}
	return nil
}

// cmdReturned returns a case of a data folder by two who have signed in at the machine: returned d $ACCEPTID 重报
func cmdReturned(ts *testscript.TestScript, neg bool, args []string) {
	s, err := store.Open(context.Background(), ts.MkAbs(args[0]), store.Options{MustExist: true})
	ts.Check(err)
	defer s.Close()
	ts.Check(returnCase(context.Background(), intake.NewDesk(intake.Config{Store: s}), args[1], args[2]))
}

func returnCase(ctx context.Context, d *intake.Desk, acceptID, reason string) error {
	return receivertest.Decide(d).ReturnCase(ctx, acceptID, reason)
}
