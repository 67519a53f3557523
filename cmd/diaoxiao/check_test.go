package main

import (
	"diaoxiao/internal/receiver/receivertest"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/verify"
	"diaoxiao/sandbox"
)

// tampered is one change to the database without the program, and the number of the case that must be named. Cases 1
// and 2 are packed, case 3 is in parts; 0 is no case in particular.
type tampered struct {
	name, statement string
	of              int
}

var tamperings = []tampered{
	{"pack, one byte", "UPDATE pack SET data = CAST(substr(data, 1, 60) || x'00' || substr(data, 62) AS BLOB) " +
		"WHERE pack_no = 1", 1},
	{"pack, cut", "UPDATE pack SET data = substr(data, 1, length(data) - 1) WHERE pack_no = 2", 2},
	{"pack, another's", "UPDATE pack SET data = (SELECT data FROM pack WHERE pack_no = 2), raw_bytes = 1 " +
		"WHERE pack_no = 1", 1},
	{"pack, gone", "DELETE FROM pack WHERE pack_no = 1", 1},
	{"part, one byte",
		"UPDATE body_part SET data = CAST(substr(data, 1, 9000) || x'00' || substr(data, 9002) AS BLOB)", 3},
	{"part, cut", "UPDATE body_part SET data = substr(data, 1, length(data) - 1)", 3},
	{"part, gone", "DELETE FROM body_part", 3},
	{"acceptid", "UPDATE cases SET acceptid = '202603160000000017' WHERE case_no = 1", 1},
	{"app_id", "UPDATE cases SET app_id = 2 WHERE case_no = 1", 1},
	{"account", "UPDATE cases SET account = 'x' WHERE case_no = 1", 1},
	{"caseid", "UPDATE cases SET caseid = 'x' WHERE case_no = 1", 1},
	{"revision", "UPDATE cases SET revision = 1 WHERE case_no = 1", 1},
	{"supersedes", "UPDATE cases SET supersedes = 'x' WHERE case_no = 1", 1},
	{"casename", "UPDATE cases SET casename = casename || ' ' WHERE case_no = 2", 2},
	{"penaltydate", "UPDATE cases SET penaltydate = '2026-03-17' WHERE case_no = 2", 2},
	{"penaltyorg", "UPDATE cases SET penaltyorg = 'x' WHERE case_no = 2", 2},
	{"items", "UPDATE cases SET items = items - 1 WHERE case_no = 1", 1},
	{"received, day", "UPDATE cases SET received_ms = received_ms - 86400000 WHERE case_no = 1", 1},
	{"bytes", "UPDATE cases SET bytes = bytes - 1 WHERE case_no = 1", 1},
	{"sha256", "UPDATE cases SET sha256 = digest WHERE case_no = 1", 1},
	{"digest", "UPDATE cases SET digest = sha256 WHERE case_no = 1", 1},
	{"charset", "UPDATE cases SET charset = 'gb18030' WHERE case_no = 1", 1},
	{"pack_offset", "UPDATE cases SET pack_offset = 1 WHERE case_no = 1", 1},
	{"pack_no", "UPDATE cases SET pack_no = 2 WHERE case_no = 1", 1},
	{"case, gone", "DELETE FROM cases WHERE case_no = 1", 1},
	{"app, gone", "DELETE FROM app", 1},
	{"entity, value", "UPDATE entity SET legal = 'x' WHERE case_no = 3 AND pos = 600", 3},
	{"entity, gone", "DELETE FROM entity WHERE case_no = 3 AND pos = 699", 3},
	{"entity, added", "INSERT INTO entity VALUES (1, 120, 'a', 'b', 'c', 'd')", 1},
	{"key, gone", "DELETE FROM entity_key WHERE case_no = 1 AND pos = 7 AND kind = 3", 1},
	{"key, value", "UPDATE entity_key SET value = 'x' WHERE case_no = 1 AND pos = 7 AND kind = 1", 1},
	{"key, added", "INSERT INTO entity_key VALUES (1, 'X', 1, 7)", 0},
	{"key, of no case", "INSERT INTO entity_key VALUES (1, 'X', 9, 0)", 0},
	{"finding, detail", "UPDATE finding SET detail = 'x' WHERE case_no = 1 AND rule = 105", 1},
	{"finding, rule", "UPDATE finding SET rule = 101 WHERE case_no = 1 AND rule = 105", 1},
	{"finding, gone", "DELETE FROM finding WHERE case_no = 3 AND rule = 107", 3},
	{"finding, added", "INSERT INTO finding VALUES (2, 1, 101, 'uniscid', 'x')", 2},
	{"finding of duplicates, gone", "DELETE FROM finding WHERE case_no = 1 AND rule = 401", 1},
	{"finding of duplicates, added", "INSERT INTO finding VALUES (2, 1, 401, 'uniscid', 'x')", 2},
	{"attempt, gone", "DELETE FROM attempt WHERE case_no = 1 AND outcome = 'accepted'", 1},
	{"attempt, another sum", "UPDATE attempt SET sha256 = (SELECT digest FROM cases) WHERE case_no = 1", 1},
	{"attempt, account", "UPDATE attempt SET account = 'x' WHERE case_no = 1", 1},
	{"attempt, another case", "UPDATE attempt SET case_no = 2 WHERE case_no = 1", 1},
	{"attempt, of no case", "UPDATE attempt SET case_no = 9 WHERE outcome = 'repeated'", 0},
	{"verification, severe", "UPDATE verification SET severe = severe + 1, notices = notices - 1 WHERE case_no = 1", 1},
	{"verification, notices", "UPDATE verification SET notices = notices + 1 WHERE case_no = 2", 2},
	{"verification, items", "UPDATE verification SET items = items + 1 WHERE case_no = 2", 2},
}

// The check finds each change and names its case.
func TestCheckFindsTampering(t *testing.T) {
	dir, ids := filled(t)
	if r := must(t, "db", "check", "--data", copied(t, dir),
		"--json"); r.out != `{"cases":3,"entities":823,"attempts":5,"verified":3,"audited":1,"faults":0}`+"\n" {
		t.Fatal(r.out)
	}
	for i, x := range tamperings {
		if testing.Short() && i%8 != 0 {
			continue
		}
		t.Run(x.name, func(t *testing.T) {
			dir := copied(t, dir)
			if err := changeRows(dir, x.statement); err != nil {
				t.Fatal(err)
			}
			r := runHere(t, nil, "db", "check", "--data", dir, "--json")
			faults, total := faultsIn(t, r.out)
			if r.code != exitFaults || total.Faults != int64(len(faults)) || len(faults) == 0 {
				t.Fatalf("exit code %d, %d faults: %s%s", r.code, total.Faults, r.out, r.err)
			}
			if x.of > 0 && !names(faults, int64(x.of), ids[x.of-1]) {
				t.Errorf("no fault names case %d: %s", x.of, r.out)
			}
		})
	}
}

// A case with more findings than are read at once, several of them of one row, is no fault.
func TestCheckReadsAllFindings(t *testing.T) {
	r := serveHere(t, t.TempDir(), nil)
	r.admit(t, "应用甲")
	c := sandbox.Batch(1, 900)
	for i := range c.PenaltyList {
		c.PenaltyList[i].UniscID, c.PenaltyList[i].EntType = "91150102MA0000000A", "1130"
	}
	r.Receive(t, receivertest.CaseBody(c))
	r.verified(t)
	if x := must(t, "db", "check", "--data", r.Settings.Data); !strings.Contains(x.out, "不符 0 处") {
		t.Error(x.out)
	}
	if x := must(t, "case", "list", "--data", r.Settings.Data, "--json"); !strings.Contains(x.out, `"findings":2700`) {
		t.Error(x.out)
	}
}

// Damage below the rows, as from a failing disk, is a fault as well, even where nothing more can be read.
func TestCheckFindsDamagedFile(t *testing.T) {
	dir, _ := filled(t)
	backup := filepath.Join(t.TempDir(), "b.db")
	must(t, "db", "backup", backup, "--data", dir)
	whole, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	for page := 2; page*4096 < len(whole); page += 7 {
		damaged := t.TempDir()
		text := slices.Clone(whole)
		clear(text[page*4096 : page*4096+64])
		if err := os.WriteFile(filepath.Join(damaged, "diaoxiao.db"), text, 0o600); err != nil {
			t.Fatal(err)
		}
		r := runHere(t, nil, "db", "check", "--data", damaged, "--json")
		if r.out == "" && r.code == exitFailure && strings.Contains(r.err, "打不开数据目录 "+damaged) {
			continue // a server cannot open it either
		}
		if faults, total := faultsIn(t, r.out); r.code != exitFaults || len(faults) == 0 ||
			total.Faults != int64(len(faults)) {
			t.Errorf("page %d: %d %s%s", page, r.code, r.out, r.err)
		}
	}
}

// names reports whether a fault names the case. A case that is gone or has another acceptid is named by its number
// only.
func names(faults []verify.Fault, no int64, acceptID string) bool {
	for _, f := range faults {
		if f.CaseNo == no && (f.AcceptID == acceptID || strings.Contains(f.What, "不存在") ||
			strings.HasPrefix(f.What, "受理号与")) {
			return true
		}
	}
	return false
}

// faultsIn reads JSON Lines: a line for each fault, the total last.
func faultsIn(t *testing.T, out string) (faults []verify.Fault, total verify.Inspection) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(out), "\n")
	for i, line := range lines {
		d := json.NewDecoder(strings.NewReader(line))
		d.DisallowUnknownFields()
		var f foundFault
		var err error
		if i == len(lines)-1 {
			err = d.Decode(&total)
		} else if err = d.Decode(&f); err == nil && f.What != "" {
			faults = append(faults, f.Fault)
		}
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	return faults, total
}

// foundFault is a fault as db check --json shows it.
type foundFault struct {
	verify.Fault
	Next string `json:"next"`
}
