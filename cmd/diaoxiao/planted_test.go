package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/config"
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
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		checkPlanted(t, serveHere(t, dir, nil), lists, "--data", dir)
	})
	t.Run("postgres", func(t *testing.T) {
		db := pgtest.Shared(t).Database(t)
		r := serveHere(t, "", func(conf *config.Settings) { conf.Data, conf.Database = "", db })
		checkPlanted(t, r, 40, "--database", db)
	})
}

// checkPlanted sends so many lists; where are the flags that name the data of the server.
func checkPlanted(t *testing.T, r *running, lists int, where ...string) {
	reg := planted.NewRegister(1, 130*lists)
	importPlanted(t, reg, where...)
	r.admit(t, "应用甲")
	sent := planted.Lists(reg, 1, lists)
	var acceptIDs []string
	for n, list := range sent {
		acceptIDs = append(acceptIDs, r.Receive(t, receivertest.CaseBody(plantedCase(n, list))))
	}
	r.verified(t)
	wrong, clear, alarms := 0, 0, 0
	for n, list := range sent {
		for pos, line := range judgedLines(t, acceptIDs[n], where...) {
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

// importPlanted imports a register from a file, as of today.
func importPlanted(t *testing.T, reg *planted.Register, where ...string) {
	t.Helper()
	var extract bytes.Buffer
	if err := planted.WriteCSV(&extract, slices.Values(reg.Firms)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "firms.csv")
	put(t, file, extract.Bytes(), 0)
	must(t, append([]string{"register", "import", file, "--as-of", beijingtime.Day(time.Now())}, where...)...)
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
func judgedLines(t *testing.T, acceptID string, where ...string) (lines []judgedLine) {
	t.Helper()
	r := must(t, append([]string{"case", "entities", acceptID, "--json"}, where...)...)
	for text := range strings.Lines(r.out) {
		var line judgedLine
		if err := json.Unmarshal([]byte(text), &line); err != nil || line.Pos != len(lines) {
			t.Fatal(err, text)
		}
		lines = append(lines, line)
	}
	return lines
}
