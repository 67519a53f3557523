package interop

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// workshop is a folder with the tools of interop/npm, for one test.
type workshop struct{ dir string }

// newWorkshop fails where scripts/npm.sh has not been run.
func newWorkshop(t *testing.T) workshop {
	t.Helper()
	tools, err := filepath.Abs("../.cache/npm/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(tools, "newman")); err != nil {
		t.Fatalf("%v; scripts/npm.sh installs what is missing", err)
	}
	w := workshop{t.TempDir()}
	if err := os.Symlink(tools, filepath.Join(w.dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return w
}

// write puts files into the workshop.
func (w workshop) write(t *testing.T, files map[string][]byte) {
	t.Helper()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(w.dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// node runs a script of the workshop as its users do, with the private CA of the receiver.
func (w workshop) node(
	t *testing.T,
	r *receiver,
	env []string,
	script string,
	args ...string,
) (stdout string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "node", append([]string{script}, args...)...)
	c.Dir = w.dir
	c.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + w.dir, "NO_COLOR=1"}, env...)
	if r != nil {
		c.Env = append(c.Env, "NODE_EXTRA_CA_CERTS="+r.CA)
	}
	var out, problems bytes.Buffer
	c.Stdout, c.Stderr = &out, &problems
	if err = c.Run(); err != nil {
		err = fmt.Errorf(
			"node %s: %w\n%s%s",
			strings.Join(append([]string{script}, args...), " "),
			err,
			out.String(),
			problems.String(),
		)
	}
	return out.String(), err
}

// The lock file names no address: the user's own registry is asked, and a checksum holds everything that comes from it.
func TestLockOfTools(t *testing.T) {
	text, err := os.ReadFile("npm/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct {
			Resolved, Integrity string
			InBundle            bool // it comes within another, whose checksum holds it
		}
	}
	if err := json.Unmarshal(text, &lock); err != nil || len(lock.Packages) < 50 {
		t.Fatalf("%d packages: %v", len(lock.Packages), err)
	}
	for name, p := range lock.Packages {
		if p.Resolved != "" || name != "" && !p.InBundle && !strings.HasPrefix(p.Integrity, "sha512-") {
			t.Errorf("%s: %+v", name, p)
		}
	}
}
