// Command testsum runs go test and ends with one line that counts tests: "N passed, N failed, N skipped".
//
//	testsum [-counts FILE] -- [flags and packages of go test]
//
// Of a package that passes it shows the one line go test has for it, of a test that fails all that it printed; with -v
// everything. FILE holds the counts of earlier runs; they are added to, so that several runs end in one sum.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
)

func main() {
	file := flag.String("counts", "", "file that adds up the counts of several runs")
	flag.Parse()
	code, err := run(*file, flag.Args(), os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
		code = 1
	}
	os.Exit(code)
}

// event is a line of go test -json.
type event struct{ Action, Package, Test, Output string }

// sum is how the tests ended.
type sum struct{ passed, failed, skipped int }

const layout = "%d passed, %d failed, %d skipped\n"

func run(file string, args []string, out io.Writer) (code int, err error) {
	total, err := earlier(file)
	if err != nil {
		return 1, err
	}
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = os.Stderr
	events, err := cmd.StdoutPipe()
	if err != nil {
		return 1, err
	}
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	r := report{
		out:      out,
		all:      slices.Contains(args, "-v"),
		printed:  make(map[[2]string]*strings.Builder),
		failures: make(map[string]bool),
	}
	if err := r.read(events); err != nil {
		return 1, err
	}
	if err := cmd.Wait(); err != nil && cmd.ProcessState == nil {
		return 1, err
	}
	code = cmd.ProcessState.ExitCode()
	if r.passed+r.failed+r.skipped == 0 && code == 0 {
		return 1, errors.New("no test ran")
	}
	total = sum{total.passed + r.passed, total.failed + r.failed, total.skipped + r.skipped}
	fmt.Fprintf(out, layout, total.passed, total.failed, total.skipped)
	if file == "" {
		return code, nil
	}
	return code, os.WriteFile(file, fmt.Appendf(nil, layout, total.passed, total.failed, total.skipped), 0o666)
}

// earlier reads what runs before this one counted.
func earlier(file string) (s sum, err error) {
	text, err := os.ReadFile(file)
	if file == "" || errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		_, err = fmt.Sscanf(string(text), layout, &s.passed, &s.failed, &s.skipped)
	}
	return s, err
}

// report follows the events of one run.
type report struct {
	sum
	out      io.Writer
	all      bool                           // show everything
	printed  map[[2]string]*strings.Builder // by package and test, of those still running
	failures map[string]bool                // packages in which a test has failed
}

func (r *report) read(events io.Reader) error {
	lines := bufio.NewReader(events)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		if len(line) > 0 && json.Unmarshal(line, &e) != nil {
			e = event{Action: "output", Output: string(line)} // not an event: go test has it as it is
		}
		r.follow(e)
		if err != nil {
			return ignoreEOF(err)
		}
	}
}

func ignoreEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

func (r *report) follow(e event) {
	key := [2]string{e.Package, e.Test}
	switch {
	case e.Action == "build-output" || e.Action == "output" && (e.Test == "" || r.all):
		if r.all || !slices.Contains([]string{"PASS\n", "FAIL\n"}, e.Output) {
			io.WriteString(r.out, e.Output)
		}
	case e.Action == "output" && strings.HasPrefix(e.Output, "=== "): // RUN, PAUSE, CONT
	case e.Action == "output":
		if r.printed[key] == nil {
			r.printed[key] = new(strings.Builder)
		}
		r.printed[key].WriteString(e.Output)
	case e.Action == "pass" || e.Action == "fail" || e.Action == "skip":
		r.end(e, key)
	}
}

// end counts a test that has ended. A package can fail without any of its tests: it does not compile, or ran out of
// time.
func (r *report) end(e event, key [2]string) {
	switch {
	case e.Test == "" && e.Action == "fail" && !r.failures[e.Package]:
		r.failed++
		r.showAll(e.Package)
	case e.Test == "":
	case e.Action == "pass":
		r.passed++
	case e.Action == "skip":
		r.skipped++
	default:
		r.failed++
		r.failures[e.Package] = true
		if b := r.printed[key]; b != nil {
			io.WriteString(r.out, b.String())
		}
	}
	delete(r.printed, key)
}

// showAll shows what the tests printed that had not ended.
func (r *report) showAll(pkg string) {
	for key, b := range r.printed {
		if key[0] == pkg {
			io.WriteString(r.out, b.String())
		}
	}
}
