package store_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// otherProcess names the folder that TestOtherProcess opens.
const otherProcess = "DIAOXIAO_TEST_FOLDER"

// inOtherProcess opens the folder in another process, as a command beside the server does, and returns what it tells of
// it.
func inOtherProcess(t testing.TB, dir string) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "-test.run=^TestOtherProcess$", "-test.v=false")
	cmd.Env = append(os.Environ(), otherProcess+"="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var apps, attempts int
	if _, err := fmt.Sscanf(string(out), "%d apps, %d attempts", &apps, &attempts); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return fmt.Sprintf("%d apps, %d attempts", apps, attempts)
}

// TestOtherProcess is what inOtherProcess runs.
func TestOtherProcess(t *testing.T) {
	dir := os.Getenv(otherProcess)
	if dir == "" {
		t.Skip("run by other tests")
	}
	s, err := store.Open(t.Context(), dir, store.Options{MustExist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	apps := read(t, s, intake.Tx.Apps)
	attempts := read(t, s, func(tx intake.Tx) ([]intake.Attempt, error) { return tx.Attempts(intake.AttemptFilter{}) })
	fmt.Printf("%d apps, %d attempts\n", len(apps), len(attempts))
}

// All that was acknowledged is there for other processes, although they and other stores of this process come and go:
// SQLite's locks are the process's, and closing the file anywhere in it gives them back.
func TestOtherProcesses(t *testing.T) {
	dir := t.TempDir()
	s := openServer(t, dir)
	addApp(t, s, "k")
	for i := range 4 {
		beside, err := store.Open(t.Context(), dir, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			beside.Close()
		} else {
			defer beside.Close()
		}
		update(t, s, attempt)
		if got, want := inOtherProcess(t, dir), fmt.Sprintf("1 apps, %d attempts", i+1); got != want {
			t.Errorf("another process sees %s, want %s", got, want)
		}
	}
}
