package interop

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
)

// user is a program that uses a sample as a library, in testdata.
type user struct {
	name string
	// words makes its command line, given a folder for what is compiled.
	words func(t *testing.T, dir string, r *receiver, c intake.Credentials) []string
}

func users() []user {
	return []user{
		{"python", func(_ *testing.T, _ string, r *receiver, c intake.Credentials) []string {
			return []string{
				"env", "PYTHONDONTWRITEBYTECODE=1", "PYTHONPATH=../samples/python", "python3", "testdata/use.py",
				r.URL, c.AppKey, account, c.AppSecret, r.CA,
			}
		}},
		{"node", func(_ *testing.T, _ string, r *receiver, c intake.Credentials) []string {
			return []string{
				"node", "testdata/use.mjs", "../samples/node/diaoxiao-client.mjs", r.URL, c.AppKey, account,
				c.AppSecret, r.CA,
			}
		}},
		{"java", func(t *testing.T, dir string, r *receiver, c intake.Credentials) []string {
			compile(
				t, "javac", "-encoding", "UTF-8", "--release", "8", "-d", dir, "../samples/java/DiaoxiaoClient.java",
				"testdata/Use.java",
			)
			return []string{
				"java", "-Xmx32m", "-Dfile.encoding=ISO-8859-1", "-cp", dir, "Use", r.URL, c.AppKey, c.AppSecret, r.CA,
			}
		}},
		{"csharp", func(t *testing.T, dir string, r *receiver, c intake.Credentials) []string {
			program := filepath.Join(dir, "use.exe")
			compile(
				t, "mcs", "-main:Use", "-out:"+program, "-r:System.Net.Http", "-r:System.Runtime.Serialization",
				"../samples/csharp/DiaoxiaoClient.cs", "testdata/Use.cs",
			)
			words := append([]string{"env"}, imported(t, r.CA)...)
			return append(
				words,
				"mono",
				program,
				strings.Replace(r.URL, "127.0.0.1", "localhost", 1),
				c.AppKey,
				c.AppSecret,
			)
		}},
	}
}

func compile(t *testing.T, words ...string) {
	t.Helper()
	if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", words[0], err, out)
	}
}

// Used as a library, a sample sends many cases in one session, lists of any length from an iterator, and asks how they
// stand.
func TestLibraries(t *testing.T) {
	t.Parallel()
	for _, u := range users() {
		t.Run(u.name, func(t *testing.T) {
			t.Parallel()
			dir, r := t.TempDir(), receive(t, nil)
			words := u.words(t, dir, r, r.app(t, api.All))
			environment := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LC_ALL=C"}
			o := start(t, ".", words, environment)
			for tries := 1; u.name == "csharp" && o.code < 0 && tries < 3; tries++ { // a crash of Mono, see sender.send
				o = start(t, ".", words, environment)
			}
			printed := strings.Fields(o.out)
			if o.code != 0 || len(printed) != 3 || printed[2] != "20000" {
				t.Fatalf("exit code %d\n%s%s", o.code, o.out, o.err)
			}
			if logins := r.count(api.Login); logins != 1 && u.name != "csharp" {
				t.Errorf("%d logins", logins)
			}
			holdList(t, r, printed[0], "甲", 1, 1)
			holdList(t, r, printed[1], "乙", 20_000, 0)
		})
	}
}

// holdList holds that a case is there with n entities whose pripid count from first.
func holdList(t *testing.T, r *receiver, acceptID, caseID string, n, first int) {
	t.Helper()
	detail, err := casework.New(r.Desk).CaseFile(t.Context(), intake.System, acceptID)
	if err != nil || detail.CaseID != caseID || detail.Items != n {
		t.Fatalf("%s: %+v, %v", acceptID, detail, err)
	}
	_, err = r.Desk.Decode(t.Context(), intake.System, detail.Case, func(i int, e api.Entity) error {
		if want := (api.Entity{PripID: strconv.Itoa(first + i), UniscID: "2", Legal: "𠮷·é", EntType: "4"}); e != want {
			t.Errorf("%d: %+v, want %+v", i, e, want)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
