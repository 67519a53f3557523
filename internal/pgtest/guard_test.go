package pgtest_test

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"diaoxiao/internal/pgtest"
)

// holdVar makes TestHold, which is a part of TestProcessKilled, start servers and wait to be killed.
const holdVar = "PGTEST_HOLD"

func TestHold(t *testing.T) {
	if os.Getenv(holdVar) == "" {
		return
	}
	shared, own := pgtest.Shared(t), pgtest.Start(t)
	standby := own.Standby(t, "standby")
	for _, s := range []*pgtest.Server{shared, own, standby} {
		fmt.Println("holds", s.SQL(t, "postgres", "show data_directory"), s.URL("postgres"))
	}
	own.Pause()
	fmt.Println("ready")
	time.Sleep(time.Hour)
}

// After kill -9 of the tests there is neither a server nor a file of theirs, not even of those that were paused.
func TestProcessKilled(t *testing.T) {
	folders, urls := killHolder(t)
	if len(folders) != 3 {
		t.Fatalf("there were servers in %q", folders)
	}
	for i, folder := range folders {
		for end := time.Now().Add(20 * time.Second); !gone(folder); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s is still there", folder)
			}
		}
		if _, err := pgconn.Connect(t.Context(), urls[i]); err == nil {
			t.Errorf("%s still takes connections", urls[i])
		}
	}
}

// killHolder starts TestHold in a process of its own and kills it when it has all its servers.
func killHolder(t *testing.T) (folders, urls []string) {
	t.Helper()
	c := exec.Command("/proc/self/exe", "-test.run=^TestHold$")
	c.Env = append(os.Environ(), holdVar+"=1")
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan() && lines.Text() != "ready"; {
		if words := strings.Fields(lines.Text()); len(words) == 3 && words[0] == "holds" {
			folders, urls = append(folders, words[1]), append(urls, words[2])
		}
	}
	c.Process.Kill()
	c.Wait()
	return folders, urls
}

func gone(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}
