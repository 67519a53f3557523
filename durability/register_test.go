//go:build linux

package durability

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
)

// TestRegisterImport: an import of the register that is killed at any moment, while cases come in, leaves the register
// of before, whole; and it takes nothing from what was acknowledged.
func TestRegisterImport(t *testing.T) {
	n := begin(t).imports
	inPieces(n, killsPerFolder, func(n int) verdict { return imports(t, product(t), n) }).report(t)
}

// registerFirms is the number of firms in an extract: an import of them takes long enough to be killed in.
const registerFirms = 20_000

// imports kills n imports of an extract under load. Each extract says its number in every name, so that rows of two of
// them show.
func imports(t *testing.T, binary string, n int) verdict {
	s := newSite(t, binary, t.TempDir(), "imports")
	defer s.close()
	p := s.fresh(3)
	accepted := s.submit(p, false)
	if !accepted.success() {
		t.Fatalf("%s: %+v", p.caseID, accepted)
	}
	file := filepath.Join(t.TempDir(), "firms.csv")
	began := time.Now()
	writeExtract(t, file, p, 0)
	_, err := s.run(importArgs(file)...)
	must(t, err)
	took := time.Since(began)
	is := state{register: s.register()}
	for i := 1; i <= n; i++ {
		began := time.Now()
		l := s.startLoad(4, largeOf(i))
		writeExtract(t, file, p, i)
		is = s.killImport(file, took, is, i)
		l.stop()
		if len(s.verdict.faults) > 0 {
			break
		}
		if s.rand.IntN(3) == 0 {
			s.server.kill()
			if !s.recover(began) {
				return s.total()
			}
		}
		s.mustBeOf(accepted.AcceptID, is)
		s.verdict.cycles++
	}
	return s.finish()
}

// importArgs is the command line of an import of a full extract.
func importArgs(file string) []string {
	return []string{"register", "import", file, "--as-of", time.Now().Format(time.DateOnly)}
}

// writeExtract writes the extract of a number: firms of which the first, the middle one and the last are those of p.
func writeExtract(t *testing.T, path string, p parcel, number int) {
	t.Helper()
	var c api.Case
	must(t, json.Unmarshal(p.body, &c))
	var b strings.Builder
	b.WriteString("pripid,uniscid,entname,lerep,enttype,regstate,apprdate\n")
	write := func(e api.Entity) {
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s,1,2020-01-02\n", e.PripID, e.UniscID, extractName(number), e.Legal, e.EntType)
	}
	write(c.PenaltyList[0])
	for i := range registerFirms {
		if i == registerFirms/2 {
			write(c.PenaltyList[1])
		}
		code := c.PenaltyList[0].UniscID[:8] + fmt.Sprintf("%09dA", i)
		write(api.Entity{PripID: fmt.Sprintf("F%08d", i), UniscID: code, Legal: "王伟", EntType: "1130"})
	}
	write(c.PenaltyList[2])
	must(t, os.WriteFile(path, []byte(b.String()), 0o600))
}

// extractName is the name of every firm in the extract of a number.
func extractName(number int) string { return fmt.Sprintf("第%d次提取商贸有限公司", number) }

// killImport starts an import and kills it somewhere in the time that one takes, or lets it end. It returns the extract
// that the register is of afterwards: that of before, or this one.
func (s *site) killImport(file string, took time.Duration, before state, number int) state {
	cmd := command(append([]string{s.binary, "--data", s.data}, importArgs(file)...)...)
	must(s.t, cmd.Start())
	killer := time.AfterFunc(time.Duration(s.rand.Int64N(int64(took*5/4))), func() { cmd.Process.Kill() })
	err := cmd.Wait()
	killer.Stop()
	after := state{number: before.number, register: s.register()}
	if after.Snapshot > before.Snapshot {
		after.number = number
	}
	switch {
	case after.Rows != registerFirms+3 || !after.Held:
		s.verdict.add(lost, "the register after an import was killed: %+v", after)
	case err == nil && after.number != number:
		s.verdict.add(lost, "an import that ended well is not there: %+v", after)
	}
	return after
}

// state is the register, with the number of its extract.
type state struct {
	register
	number int
}

// register is what `register show --json` says.
type register struct {
	Snapshot int64
	AsOf     string
	Rows     int
	Held     bool
}

func (s *site) register() (r register) {
	s.t.Helper()
	out, err := s.run("register", "show", "--json")
	must(s.t, err)
	must(s.t, json.Unmarshal(out, &r))
	return r
}

// mustBeOf waits until the entities of p are compared with the register, and looks at what they were found to be.
func (s *site) mustBeOf(acceptID string, is state) {
	s.t.Helper()
	var rows []comparedEntity
	for end := time.Now().Add(startTimeout); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if rows = s.compared(acceptID); rows[0].Snapshot == is.Snapshot {
			break
		}
	}
	for _, r := range rows {
		if r.Snapshot != is.Snapshot || r.EntName != extractName(is.number) || r.Verdict != "一致" {
			s.verdict.add(changed, "with register %+v an entity is %+v", is, r)
		}
	}
}

// comparedEntity is a line of `case entities --json`.
type comparedEntity struct {
	Pos      int
	Verdict  string
	EntName  string
	Snapshot int64
}

func (s *site) compared(acceptID string) (rows []comparedEntity) {
	s.t.Helper()
	out, err := s.run("case", "entities", acceptID, "--json")
	must(s.t, err)
	for line := range bytes.Lines(out) {
		var r comparedEntity
		must(s.t, json.Unmarshal(line, &r))
		rows = append(rows, r)
	}
	if len(rows) != 3 {
		s.t.Fatalf("case entities: %s", out)
	}
	return rows
}
