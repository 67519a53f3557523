package api_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
)

var update = flag.Bool("update", false, "write the golden files")

// published is a file that is drawn from this package, as package published writes it and its test holds it.
func published(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// golden compares got with a file, or writes it under -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is not up to date; go test ./api -update writes it (-file +now)\n%s", path, diff)
	}
}

// The texts of chapter 5 are the document's, to the letter.
func TestCodesOfTheDocument(t *testing.T) {
	data, err := os.ReadFile("testdata/chapter5.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var want, got [][2]string
	for line := range strings.Lines(string(data)) {
		f := strings.Split(line, "\t")
		want = append(want, [2]string{f[0], f[1]})
	}
	for _, c := range api.Codes() {
		if c.Document {
			got = append(got, [2]string{string(c.Code), c.Message})
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-document +catalogue)\n%s", diff)
	}
}

func TestCatalogue(t *testing.T) {
	five, last := regexp.MustCompile(`^(12|13|14|19)\d{3}$`), api.Code("")
	for _, c := range api.Codes() {
		if !five.MatchString(string(c.Code)) || c.Code <= last {
			t.Errorf("%s after %s", c.Code, last)
		}
		if last = c.Code; c.Message == "" || c.Advice == "" || strings.Contains(c.Message+c.Advice, "|") {
			t.Errorf("%s: message %q, advice %q", c.Code, c.Message, c.Advice)
		}
		if c.Document == strings.HasPrefix(string(c.Code), "19") {
			t.Errorf("%s: of the document %v", c.Code, c.Document)
		}
		if got := c.Code.Info(); got != c {
			t.Errorf("%s: Info gives %v", c.Code, got)
		}
	}
	if got := api.Code("14009").Info().Code; got != api.Internal {
		t.Errorf("an unlisted code is %s, want %s", got, api.Internal)
	}
	api.Codes()[0].Message = "changed"
	if api.Codes()[0].Message == "changed" {
		t.Error("a caller can change the catalogue")
	}
}

// The extension codes as decided, with their messages and statuses; every code of the document is 200 (S1).
func TestExtensionCodes(t *testing.T) {
	want := []api.CodeInfo{
		{Code: "19000", Status: 500, Message: "系统内部错误"},
		{Code: "19001", Status: 400, Message: "请求正文不是有效的JSON"},
		{Code: "19002", Status: 200, Message: "字段类型错误"},
		{Code: "19003", Status: 200, Message: "处罚决定日期格式错误，应为yyyy-MM-dd"},
		{Code: "19004", Status: 200, Message: "字段内容过长"},
		{Code: "19005", Status: 200, Message: "案件编号已受理且内容不一致"},
		{Code: "19006", Status: 413, Message: "请求正文过大"},
		{Code: "19007", Status: 415, Message: "不支持的媒体类型或字符集"},
		{Code: "19008", Status: 429, Message: "请求过于频繁，请稍后重试"},
		{Code: "19009", Status: 503, Message: "系统繁忙或结果未知，请以相同内容重试"},
		{Code: "19010", Status: 405, Message: "请求方法不支持"},
		{Code: "19011", Status: 404, Message: "接口不存在"},
		{Code: "19012", Status: 200, Message: "吊销市场主体清单条数超过上限"},
		{Code: "19013", Status: 200, Message: "未找到该案件"},
		{Code: "19014", Status: 200, Message: "受理回执尚未形成，请稍后再取"},
		{Code: "19015", Status: 200, Message: "接收方没有存证日志，不出具受理回执"},
	}
	var got []api.CodeInfo
	for _, c := range api.Codes() {
		if c.Document && c.Status != 200 {
			t.Errorf("%s has status %d", c.Code, c.Status)
		}
		if c.Advice = ""; !c.Document {
			got = append(got, c)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-decided +catalogue)\n%s", diff)
	}
}

func TestCodeList(t *testing.T) {
	for want, ps := range map[string][]api.Problem{
		"":            nil,
		"14000":       {{Code: "14000"}},
		"14008,14000": {{Code: "14008", Field: "a"}, {Code: "14000"}, {Code: "14008"}, {Code: "14000"}},
	} {
		if got := api.CodeList(ps); got != want {
			t.Errorf("%v: %q", ps, got)
		}
	}
}
