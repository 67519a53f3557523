package main

import (
	"bytes"
	"context"
	"flag"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"diaoxiao/internal/pgtest"
)

var rewrite = flag.Bool("rewrite", false, "write what the scripts got in place of what they wanted")

// TestMain lets the scripts run this very program as diaoxiao.
func TestMain(m *testing.M) {
	testscript.Main(withServers{m}, map[string]func(){"diaoxiao": main})
}

// withServers removes the PostgreSQL servers when the tests have run.
type withServers struct{ *testing.M }

func (w withServers) Run() int { return pgtest.Main(w.M) }

// TestScripts runs the command line as its users do. script_test.go has the other commands of the scripts.
func TestScripts(t *testing.T) {
	dir, files := "testdata/script", []string(nil)
	if testing.Short() { // under the race detector: only the scripts in which much runs at once
		for _, name := range []string{"app", "live", "serve", "submit"} {
			files = append(files, filepath.Join(dir, name+".txtar"))
		}
		dir = ""
	}
	testscript.Run(t, testscript.Params{
		Dir:                dir,
		Files:              files,
		RequireUniqueNames: true,
		UpdateScripts:      *rewrite,
		Setup: func(e *testscript.Env) error {
			e.Setenv("USER", "tester")
			e.Values[serversKey{}] = make(map[string]*scriptServer)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": cmdExits, "field": cmdField, "mask": cmdMask, "mode": cmdMode, "put": cmdPut, "start": cmdStart,
			"quit": cmdQuit, "login": cmdLogin, "post": cmdPost, "get": cmdGet, "send": cmdSend, "settle": cmdSettle,
			"returned": cmdReturned, "sql": cmdSQL, "pgsql": cmdPGSQL,
			// database PG sets the variable PG to the address of a new, empty database.
			"database": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Setenv(args[0], pgtest.Shared(t).Database(t))
			},
		},
	})
}

// result is the result of one run of the program in this process.
type result struct {
	code     int
	out, err string
}

// runHere runs the program in this process.
func runHere(t *testing.T, environ []string, args ...string) result {
	t.Helper()
	var out, errw bytes.Buffer
	code := run(t.Context(), args, environ, &out, &errw)
	return result{code, out.String(), errw.String()}
}

// must is runHere for a command that must succeed.
func must(t *testing.T, args ...string) result {
	t.Helper()
	r := runHere(t, nil, args...)
	if r.code != exitOK {
		t.Fatalf("%v: exit code %d\n%s%s", args, r.code, r.out, r.err)
	}
	return r
}

// interrupted is a context that has ended, as after Ctrl-C.
func interrupted() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
