package sheet

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"diaoxiao/api"
)

// documentOf is a case as JSON on one line.
func documentOf(t testing.TB, c api.Case) string {
	t.Helper()
	var b bytes.Buffer
	if err := api.WriteCase(&b, c, nil); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(b.String(), "\n", "")
}

func filledIn(c api.Case, id string) api.Case {
	c.CaseID = id
	c.PenaltyList = []api.Entity{
		{PripID: "P", UniscID: "U", Legal: "L", EntType: "E"},
		{PripID: "P2", UniscID: "U2", Legal: "L", EntType: "E"},
	}
	return c
}

func TestJSONGoesOutAsItStands(t *testing.T) {
	text := "  " + strings.Replace(documentOf(t, filledIn(theCase, "A1")), ",", " ,\n", 1) + "\n"
	err := Read(context.Background(), write(t, "a.json", text), Options{}, func(c *Case) error {
		body, err := c.Body()
		if err != nil {
			return err
		}
		b, err := io.ReadAll(body)
		if err != nil || string(b) != text || c.Size != int64(len(text)) || c.CaseID != "A1" || c.Decoded.Items != 2 {
			t.Errorf("%q, %d, %v, %v", b, c.Size, c.Case, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	readAll(t, write(t, "a.json", text), Options{}).clean(t, filledIn(theCase, "").PenaltyList...)
	g := readAll(t, write(t, "a.json", text), Options{})
	if at := g.rows[1].At("legal").String(); at != "a.json penaltylist[1].legal" {
		t.Errorf("%s", at)
	}
}

func TestJSONLines(t *testing.T) {
	text := documentOf(t, filledIn(theCase, "A")) + "\n\r\n" + documentOf(t, filledIn(theCase, "B"))
	g := readAll(t, write(t, "a.ndjson", text), Options{})
	if g.err != nil || len(g.problems) > 0 || len(g.cases) != 2 || len(g.rows) != 4 || g.rows[2].Row != 3 {
		t.Errorf("%+v", g)
	}
}

func TestJSONThatIsWrong(t *testing.T) {
	ok := documentOf(t, filledIn(theCase, "A"))
	for _, c := range []struct {
		name, text string
		flag       api.Case
		want       string
	}{
		{"a.json", "[" + ok + "]", api.Case{}, "一个 JSON 对象"},
		{"a.json", ok + ok, api.Case{}, "一个 JSON 对象"},
		{"a.json", strings.Replace(ok, "案", "\xb0\xb8", 1), api.Case{}, "UTF-8"},
		{"a.json", strings.Replace(ok, `"A"`, `1`, 1), api.Case{}, "caseid"},
		{"a.json", ok, api.Case{CaseID: "B"}, "命令行给出的“B”"},
		{"a.jsonl", ok + "\n" + ok + "\n", api.Case{}, "第2行（案件编号 caseid）：案件编号“A”与第1行相同"},
		{"a.jsonl", ok + "\n{\n}\n", api.Case{}, "第2行"},
	} {
		g := readAll(t, write(t, c.name, c.text), Options{Case: c.flag})
		if g.err != nil || len(g.problems) == 0 {
			t.Errorf("%q: %+v", c.text, g)
			continue
		}
		holds(t, "problems", g.problems, c.want)
	}
	readAll(t, write(t, "a.jsonl", "\n\n"), Options{}).refused(t, "没有案件")
}
