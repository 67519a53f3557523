package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diaoxiao/sandbox"
)

// submit refuses one decision in two rows under two spellings of its number.
func TestWrongCaseIDs(t *testing.T) {
	checkWrongFiles(t, []wrongFile{
		{
			file: "W01-caseid-trailing-space.csv",
			exit: exitFaults,
			says: []string{"可报送 0，须改正 2", `“呼市监处罚〔2026〕3号\u0020”`, "无字符与“\\u0020”（U+0020）不同",
				"W01-caseid-trailing-space.csv 第2行A列的", "W01-caseid-trailing-space.csv 第3行A列的"},
		},
		{file: "W03-caseid-zwsp.csv", exit: exitFaults, says: []string{"可报送 0，须改正 2", `\u200b`, "U+200B"}},
		{file: "W04-caseid-other-brackets.csv", exit: exitFaults, says: []string{"可报送 0，须改正 2", "“〔2026〕”与“[2026]”不同"}},
		{file: "W05-caseid-fullwidth-digit.csv", exit: exitFaults, says: []string{"可报送 0，须改正 2", "“２０２６”与“2026”不同"}},
		{file: "W06-caseid-hex-brackets.csv", exit: exitFaults, says: []string{"可报送 0，须改正 2", "“〔2026〕”与“"}},
	})
}

// heads are the headings of the lists below, and rest is a row of them after the caseid and the name.
const (
	heads = "案件编号,案件名称,案由,违法行为,处罚内容,处罚决定日期,处罚决定机关,身份代码,信用代码,法定代表人,市场主体类型\n"
	rest  = "停业,停业,吊销营业执照,2026-03-16,呼和浩特市市场监督管理局,150104000022017071732290,91150104MA0N967166,赵二娃,1151\n"
)

// listOf writes a list of one entity for each caseid. A caseid may have an addition to the name of its case, after a |.
func listOf(t *testing.T, path string, ids ...string) string {
	t.Helper()
	text := heads
	for _, id := range ids {
		id, name, _ := strings.Cut(id, "|")
		text += "\"" + id + "\",停业案" + name + "," + rest
	}
	put(t, path, []byte(text), 0)
	return path
}

// submit takes all spellings of one number for the same number, and keeps different numbers apart.
func TestLikeCaseIDsInOneFile(t *testing.T) {
	const id = "呼市监处罚〔2026〕3号"
	for _, other := range []string{id + " ", " " +
		id, id + "\u00a0", "呼市监处罚 〔2026〕3号", id + "\u200b", "\ufeff" + id, id + "\n", "呼市监\n处罚〔2026〕3号", id + "\r\n",
		"呼市监处罚[2026]3号", "呼市监处罚［2026］3号", "呼市监处罚(2026)3号", "呼市监处罚（2026）3号", "呼市监处罚【2026】3号", "呼市监处罚﹝2026﹞3号",
		"呼市监处罚〔２０２６〕３号", id + "\u3000", "呼市监处罚〔2026〕\u00ad3号"} {
		r := runHere(t, nil, "submit", listOf(t, filepath.Join(t.TempDir(), "a.csv"), id, other), "--dry-run")
		if r.code != exitFaults || !strings.Contains(r.out, "可报送 0，须改正 2") || strings.Count(r.out, "像是同一编号") != 2 {
			t.Errorf("%q: exit code %d\n%s%s", other, r.code, r.out, r.err)
		}
	}
	for _, other := range []string{
		"呼市监处罚〔2026〕4号", "呼市监处罚〔2026〕13号", "呼市监处罚〔2025〕3号", "呼市监处罚〔2026〕3-1号", "包市监处罚〔2026〕3号", "呼市监处罚〔2026〕三号",
	} {
		r := runHere(t, nil, "submit", listOf(t, filepath.Join(t.TempDir(), "a.csv"), id, other), "--dry-run")
		if r.code != exitOK || !strings.Contains(r.out, "可报送 2，须改正 0") {
			t.Errorf("%q: exit code %d\n%s%s", other, r.code, r.out, r.err)
		}
	}
}

// desk is a sandbox and a sender to it.
type desk struct {
	t    *testing.T
	dir  string
	s    *sandbox.Server
	args []string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	s, err := sandbox.Start(t.Context(), sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	d := &desk{t: t, dir: t.TempDir(), s: s}
	put(t, filepath.Join(d.dir, "secret"), []byte(s.AppSecret), 0)
	d.args = []string{
		"--url",
		s.URL,
		"--app-key",
		s.AppKey,
		"--account",
		sandbox.Account,
		"--secret-file",
		filepath.Join(d.dir, "secret"),
		"--outbox",
		filepath.Join(d.dir, "box"),
	}
	return d
}

// run runs a command as this sender.
func (d *desk) run(args ...string) result {
	d.t.Helper()
	return runHere(d.t, nil, append(args, d.args...)...)
}

// want runs a command, demands an exit code and the texts in says, and returns the output.
func (d *desk) want(code int, says []string, args ...string) string {
	d.t.Helper()
	r := d.run(args...)
	text := r.out + r.err
	if r.code != code {
		d.t.Errorf("%v: exit code %d, want %d\n%s", args, r.code, code, text)
	}
	for _, s := range says {
		if !strings.Contains(text, s) {
			d.t.Errorf("%v does not say %q\n%s", args, s, text)
		}
	}
	return text
}

func (d *desk) list(name string, ids ...string) string {
	return listOf(d.t, filepath.Join(d.dir, name), ids...)
}

// submit sends neither of two like numbers in two files of one run, and leaves nothing of them that another command
// could send. It sends the other case of the files.
func TestLikeCaseIDsInTwoFiles(t *testing.T) {
	d := newDesk(t)
	a, b := d.list("a.csv", "甲〔2026〕1号", "甲〔2026〕2号"), d.list("b.csv", "甲[2026]1号|乙")
	d.want(exitFaults, []string{
		"✘ 案件 甲〔2026〕1号 未报送（a.csv 第2行）：", "✘ 案件 甲[2026]1号 未报送（b.csv 第2行）：", "与b.csv 第2行A列的“甲[2026]1号”像是同一编号",
		"两处都没有报送", "✔ 已受理", "完成：受理 1，未报送 2",
	}, "submit", a, b)
	d.want(exitOK, []string{"完成：受理 0；"}, "outbox", "retry", "--yes")
	d.want(exitOK, []string{"完成：受理 1，以前已受理 1"}, "submit", a) // corrected: only one spelling is left
}

// submit asks before it sends a number that is like one in the outbox, whatever the state of that one. Without a
// terminal the case waits; with --yes it is sent.
func TestLikeCaseIDsAgainstTheOutbox(t *testing.T) {
	d := newDesk(t)
	d.want(exitOK, []string{"✔ 已受理"}, "submit", d.list("a.csv", "甲〔2026〕1号"))
	b := d.list("b.csv", "甲〔2026〕1号 |乙", "甲〔2026〕3号")
	d.want(exitFaults, []string{
		"存疑：b.csv 第2行A列（案件编号 caseid）：案件编号“甲〔2026〕1号\\u0020”与发件箱中的“甲〔2026〕1号”（已受理，受理号 20", "原报送自a.csv 第2行",
		"完成：受理 1，待确认 1", "存疑 1 处", "下一步：", "--yes",
	}, "submit", b)
	d.want(exitFaults, []string{"－ 案件 甲〔2026〕1号\\u0020 待确认，没有发送：", "存疑：b.csv"}, "outbox", "retry")
	text := d.want(exitFaults, nil, "submit", b, "--json")
	var v submitted
	var sum struct {
		Summary struct {
			Held, Doubts int
			Next         string
		}
	}
	for line := range strings.Lines(text) {
		if strings.Contains(line, `"held":"存疑`) {
			json.Unmarshal([]byte(line), &v)
		}
		json.Unmarshal([]byte(line), &sum)
	}
	if v.State != "待发送" || len(v.Doubts) != 1 || v.Doubts[0].Field != "caseid" || sum.Summary.Held != 1 ||
		sum.Summary.Doubts != 1 || sum.Summary.Next == "" {
		t.Errorf("%+v %+v", v, sum)
	}
	if r := must(t, "outbox", "drop", `甲〔2026〕1号\u0020`, "--outbox", filepath.Join(d.dir, "box")); !strings.Contains(
		r.out,
		"已放弃 1 件",
	) {
		t.Error(r.out)
	}
	d.want(exitOK, []string{"完成：受理 0；"}, "outbox", "retry", "--yes")
	d.want(exitOK, []string{"✔ 已受理", "以前已受理 1"}, "submit", b, "--yes")
	d.want(exitOK, []string{"以前已受理 2"}, "submit", b)
}

// submit sends the clear case of a run in which another case waits. The exit code is not 0 as long as a case waits.
func TestSevereWaitsWithoutTerminal(t *testing.T) {
	d := newDesk(t)
	path := filepath.Join(d.dir, "severe.csv")
	if err := os.WriteFile(path, []byte(severeRows+"甲〔2026〕2号,停业案,"+rest), 0o600); err != nil {
		t.Fatal(err)
	}
	d.want(exitFaults, []string{"规则 405", "✔ 已受理", "完成：受理 1，待确认 1"}, "submit", path)
	if n := len(d.s.Verdict().Scenarios); n == 0 {
		t.Error("no verdict")
	}
	d.want(exitFaults, []string{"待确认，没有发送：", "严重提示：severe.csv 第3行H列  规则 405"}, "outbox", "retry", "甲〔2026〕1号")
	d.want(exitOK, []string{"✔ 已受理"}, "outbox", "retry", "甲〔2026〕1号", "--yes")
	d.want(exitOK, []string{"以前已受理 2"}, "submit", path)
}

// severeRows has one pripid with two credit codes.
const severeRows = heads + "甲〔2026〕1号,停业案," + rest +
	"甲〔2026〕1号,停业案,停业,停业,吊销营业执照,2026-03-16,呼和浩特市市场监督管理局,150104000022017071732290,91150103MA0R9M0D7K,赵二娃,1151\n"

// A dry run of a clean case shows, to people and to programs, the data that will be sent.
func TestDryRunShowsWhatIsSent(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.csv")
	put(t, path, []byte(heads+"甲〔2026〕1号,停业案,"+rest+"甲〔2026〕1号,停业案,"+strings.Replace(strings.Replace(
		rest, "150104000022017071732290,91150104MA0N967166,赵二娃",
		"150103000022004041376942,91150103MA0R9M0D7K,阿拉坦·乌云其木格", 1,
	), "1151", "1130", 1)), 0)
	r := must(t, "submit", path, "--dry-run")
	for _, want := range []string{"将发送  案件 甲〔2026〕1号（2 户）  处罚决定日期 2026-03-16  处罚决定机关 呼和浩特市市场监督管理局",
		"a.csv 第2行  身份代码 150104000022017071732290  信用代码 91150104MA0N967166  法定代表人 赵二娃  类型 1151",
		"a.csv 第3行  身份代码 150103000022004041376942  信用代码 91150103MA0R9M0D7K  法定代表人 阿拉坦·乌云其木格  类型 1130"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
	var v submitted
	if err := json.Unmarshal(
		[]byte(strings.SplitN(must(t, "submit", path, "--dry-run", "--json").out, "\n", 2)[0]),
		&v,
	); err != nil {
		t.Fatal(err)
	}
	if v.PenaltyDate != "2026-03-16" || v.PenaltyOrg != "呼和浩特市市场监督管理局" || v.First == nil || v.First.Legal != "赵二娃" ||
		v.Last == nil || v.Last.At.Row != 3 || v.Items != 2 {
		t.Errorf("%+v", v)
	}
}

// submit names cases that were accepted before up to a limit, and says how many more there are.
func TestManyAcceptedBefore(t *testing.T) {
	d := newDesk(t)
	var ids []string
	for i := range 23 {
		ids = append(ids, fmt.Sprintf("甲〔2026〕%d号", i+1))
	}
	path := d.list("a.csv", ids...)
	d.want(exitOK, nil, "submit", path)
	if text := d.want(
		exitOK,
		[]string{"以前已受理 23（另有 3 件未逐件列出，--json 全部给出）"},
		"submit",
		path,
	); strings.Count(text, "－ 以前已受理") != 20 {
		t.Error(text)
	}
}
