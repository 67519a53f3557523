package interop

import (
	"path/filepath"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/sandbox"
)

// Every sample does right under every fault of the sandbox, which is the judge of it; but not that for .NET, because
// the judge would take a crash of Mono for one of the sample.
func TestSandboxVerdict(t *testing.T) {
	t.Parallel()
	for _, s := range senders() {
		if s.name == "csharp" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			conf, ca := certificates(t, []string{"localhost"})
			box, err := sandbox.Start(t.Context(), sandbox.Config{TLS: conf})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { box.Close() })
			t.Run("faults", func(t *testing.T) {
				for i, f := range sandbox.Faults() {
					t.Run(f.ID, func(t *testing.T) {
						t.Parallel()
						to := target{box.URL, ca, box.AppKey, box.AppSecret, f.Name}
						o := s.send(t, to, caseFile(t, sandbox.Batch(uint64(i+1), 3)))
						if f.ID == "login-refused" {
							o.ends(t, refused, "12004")
						} else {
							o.acceptID(t)
						}
					})
				}
			})
			v := box.Verdict()
			if v.Passed < len(sandbox.Faults()) {
				t.Errorf("passed in %d scenarios only", v.Passed)
			}
			for _, sc := range v.Scenarios {
				for _, in := range sc.Incidents {
					if in.Judgement == sandbox.Failed {
						t.Errorf("%s: %s", sc.Name, in.Text)
					}
				}
			}
		})
	}
}

// A large list comes through a lost reply and a dead session in one go.
func TestSandboxLargeList(t *testing.T) {
	each(t, func(t *testing.T, s sender) {
		conf, ca := certificates(t, []string{"localhost"})
		box, err := sandbox.Start(t.Context(), sandbox.Config{TLS: conf})
		if err != nil {
			t.Fatal(err)
		}
		defer box.Close()
		for _, rule := range []sandbox.Rule{
			{Fault: "reply-lost", Call: api.Receive, Next: 1},
			{Fault: "token-ended", Call: api.Receive, Next: 1},
		} {
			if _, err := box.AddRule(rule); err != nil {
				t.Fatal(err)
			}
		}
		file := write(t, filepath.Join(t.TempDir(), "case.json"), encoded(sandbox.Batch(1, 20_000)))
		o := s.send(t, target{box.URL, ca, box.AppKey, box.AppSecret, sandbox.Account}, []string{file})
		o.acceptID(t)
		if n := strings.Count(o.err, "重试"); n != 2 && o.runs < 2 { // a run before this one may have met the faults
			t.Errorf("tried again %d times:\n%s", n, o.err)
		}
	})
}
