package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/register/planted"
)

// plantedLists can be 1000: go test ./cmd/diaoxiao -run PlantedLists -v -planted 1000.
var plantedLists = flag.Int("planted", 250, "number of lists with planted rows")

// judgedLine is a line of case entities --json.
type judgedLine struct {
	Pos      int
	Verdict  string
	EntName  string
	Findings []struct{ Severity string }
}

// noticed: an operator has a reason to look.
func (j judgedLine) noticed() bool {
	return j.Verdict != "一致" || slices.ContainsFunc(j.Findings, func(f struct{ Severity string }) bool {
		return f.Severity == "严重"
	})
}

// Lists with planted rows go the way of all lists, past a register that was imported from a file: every wrong row is
// noticed, and at most one in 200 of the others.
func TestPlantedListsAtTheFrontDoor(t *testing.T) {
	lists := *plantedLists
	if testing.Short() {
		lists = 60
	}
	reg := planted.NewRegister(1, 130*lists)
	var extract bytes.Buffer
	if err := planted.WriteCSV(&extract, slices.Values(reg.Firms)); err != nil {
		t.Fatal(err)
	}
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "firms.csv")
	if err := os.WriteFile(file, extract.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	r := serveHere(t, dir, nil)
	must(t, "register", "import", file, "--as-of", beijingtime.Day(time.Now()), "--data", dir)
	r.admit(t, "应用甲")
	sent := planted.Lists(reg, 1, lists)
	var acceptIDs []string
	for n, list := range sent {
		acceptIDs = append(acceptIDs, r.Receive(t, receivertest.CaseBody(plantedCase(n, list))))
	}
	r.verified(t)
	wrong, clear, alarms := 0, 0, 0
	for n, list := range sent {
		for pos, line := range judgedLines(t, dir, acceptIDs[n]) {
			switch row := list[pos]; {
			case row.Wrong == "":
				clear++
				if line.noticed() {
					alarms++
				}
			case line.noticed():
				wrong++
			default:
				t.Errorf("list %d row %d passes: %+v %+v", n, pos, row, line)
			}
		}
	}
	t.Logf("%d lists: %d wrong rows noticed, %d alarms of %d clear ones", lists, wrong, alarms, clear)
	if wrong < 10*lists || 200*alarms > clear || clear < 49*lists {
		t.Errorf("%d wrong rows noticed; %d alarms of %d clear ones", wrong, alarms, clear)
	}
}

func plantedCase(n int, list []planted.Row) api.Case {
	c := api.Case{CaseID: fmt.Sprintf("呼市监处罚〔2026〕%d号", n+1), CaseName: "长期停业未经营案", CaseIntroduction: "长期停业",
		Illegality: "成立后自行停业连续六个月以上", Penalty: "吊销营业执照", PenaltyDate: planted.Decided,
		PenaltyOrg: "呼和浩特市市场监督管理局"}
	for _, row := range list {
		c.PenaltyList = append(c.PenaltyList, row.Entity)
	}
	return c
}

// judgedLines are the entities of a case, by their positions.
func judgedLines(t *testing.T, dir, acceptID string) (lines []judgedLine) {
	t.Helper()
	for text := range strings.Lines(must(t, "case", "entities", acceptID, "--json", "--data", dir).out) {
		var line judgedLine
		if err := json.Unmarshal([]byte(text), &line); err != nil || line.Pos != len(lines) {
			t.Fatal(err, text)
		}
		lines = append(lines, line)
	}
	return lines
}
