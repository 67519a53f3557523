package store_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// registerPlace and registerBase say what TestBuildingProcess builds.
const (
	registerPlace = "DIAOXIAO_TEST_REGISTER"
	registerBase  = "DIAOXIAO_TEST_REGISTER_BASE"
)

// killedRows is how many firms a build has that is killed.
const killedRows = 12000

// TestBuildingProcess is what TestBuildKilled runs: it builds snapshot 2 and says how far it is.
func TestBuildingProcess(t *testing.T) {
	place := os.Getenv(registerPlace)
	if place == "" {
		t.Skip("run by other tests")
	}
	base, err := strconv.ParseInt(os.Getenv(registerBase), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), place, store.Options{MustExist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.BuildRegister(t.Context(), 2, base, func(w intake.RegisterWriter) error {
		last, err := w.LastRow()
		for n := 0; n < killedRows && err == nil; n += 1000 {
			err = w.PutFirms(firmsOf(9, last+n+1, 1000))
			fmt.Println("put")
		}
		fmt.Println("put")
		return err
	}, func() error {
		fmt.Println("built")
		return nil
	})
	fmt.Println("done", err)
}

// A build that is killed at any moment leaves the snapshot before as it was, and the next build works.
func TestBuildKilled(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			at := place(t)
			s := openServer(t, at)
			app := addApp(t, s, "k")
			firms := firmsOf(1, 1, 500)
			build(t, s, 1, 0, putting(firms...))
			record(t, s, 1)
			r := rand.New(rand.NewPCG(7, 7))
			for round, lines := range []int{1, 1 + r.IntN(12), 13, 13, 14} {
				killBuild(t, at, round%2, lines, time.Duration(r.IntN(100))*time.Millisecond)
				accept(t, s, app, fmt.Sprint("case ", round), []byte("x"))
				holdNames(t, s, 1, firms)
				equal(t, "current", byPripID(t, s, 1, firms[5].PripID), found{firms[5].PripID: {firms[5]}})
				again := firmsOf(uint64(round), 1, 300)
				build(t, s, 2, 0, putting(again...))
				holdNames(t, s, 2, again)
			}
		})
	}
}

// killBuild kills a process that builds, some time after it has said so many lines.
func killBuild(t *testing.T, place string, base, lines int, after time.Duration) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "-test.run=^TestBuildingProcess$", "-test.v=false")
	cmd.Env = append(os.Environ(), registerPlace+"="+place, registerBase+"="+strconv.Itoa(base))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(out)
	for range lines {
		if !said.Scan() || strings.HasPrefix(said.Text(), "done") {
			t.Errorf("it ended early: %q", said.Text())
			break
		}
	}
	time.Sleep(after)
	cmd.Process.Kill()
	cmd.Wait()
}
