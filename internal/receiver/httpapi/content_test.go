package httpapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/httpapi"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/verify"
)

// with is the body of a case in which some members, of the case or of its one item, have other values.
func with(caseID string, values map[string]any) string {
	m := map[string]any{}
	if err := json.Unmarshal([]byte(bodyOf(caseID)), &m); err != nil {
		panic(err)
	}
	item := m["penaltylist"].([]any)[0].(map[string]any)
	for name, v := range values {
		if _, ok := item[name]; ok {
			item[name] = v
		} else {
			m[name] = v
		}
	}
	return jsonOf(m)
}

// refused holds how a body is refused, and that nothing is left of it but the attempt.
func (s *sender) refused(t tester, name string, body any, status int, codes string, header ...string) answer {
	t.Helper()
	before := s.d.rows(t)
	a := s.send(t, body, header...)
	if a.Status != status || a.codes() != codes || a.AcceptID != "" {
		t.Errorf("%s: %d %s, want %d %s", name, a.Status, a.Body, status, codes)
	}
	want := map[string]int{"attempt": 1}
	if diff := cmp.Diff(want, s.d.grown(t, before)); diff != "" {
		t.Errorf("%s: rows stored (-want +got)\n%s", name, diff)
	}
	return a
}

func TestS9Empty(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	empty := map[string]string{
		"caseid":           "14000",
		"casename":         "14001",
		"caseintroduction": "14002",
		"illegality":       "14003",
		"penalty":          "14004",
		"penaltydate":      "14005",
		"penaltyorg":       "14006",
		"penaltylist":      "14007",
		"pripid":           "14008",
		"uniscid":          "14008",
		"legal":            "14008",
		"enttype":          "14008",
	}
	for _, name := range slices.Sorted(maps.Keys(empty)) {
		for _, v := range []any{nil, "", " ", "　", "\u200b\ufeff"} {
			s.refused(t, fmt.Sprintf("%s %q", name, v), with("1", map[string]any{name: v}), 200, empty[name])
		}
	}
	s.refused(t, "empty list", with("1", map[string]any{"penaltylist": []any{}}), 200, "14007")
	s.refused(t, "null item", with("1", map[string]any{"penaltylist": []any{nil}}), 200, "14008")
}

func TestS10AllErrorsAtOnce(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	s.refused(t, "nothing", `{}`, 200, "14000,14001,14002,14003,14004,14005,14006,14007")
	a := s.refused(
		t,
		"two of many",
		with("1", map[string]any{"legal": "", "casename": nil, "enttype": 7}),
		200,
		"14001,14008,19002",
	)
	if got := []string{
		a.Errors[0].Field,
		a.Errors[1].Field,
		a.Errors[2].Field,
	}; !slices.Equal(got, []string{"casename", "penaltylist[0].legal", "penaltylist[0].enttype"}) {
		t.Errorf("fields %v", got)
	}
	many := s.send(t, with("1", map[string]any{"penaltylist": make([]any, 150)}))
	if last := many.Errors[len(many.Errors)-1]; len(many.Errors) != 101 || !strings.Contains(last.Message, "50") ||
		last.ErrorCode != "14008" {
		t.Errorf("%d errors, the last %+v", len(many.Errors), last)
	}
}

const asGB18030 = "application/json; charset=GB18030"

// S11: a declared charset is read, and the body is stored as it was sent.
func TestS11Charsets(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	gbk, gb18030 := simplifiedchinese.GBK.NewEncoder(), simplifiedchinese.GB18030.NewEncoder()
	for i, kind := range []string{
		"application/json; charset=GBK", "application/json;charset=gbk", `application/json; charset="GBK"`,
		"application/json; charset=GB2312", "text/json; charset=gb2312", asGB18030,
		"APPLICATION/JSON; CHARSET=gb18030", "application/vnd.x+json; charset=GBK",
	} {
		id := fmt.Sprintf("内市监罚〔2024〕%d号", i)
		body, err := gbk.Bytes([]byte(bodyOf(id)))
		if err != nil {
			t.Fatal(err)
		}
		s.holdRead(t, id, caseOf(id), body, kind)
	}
	for i, kind := range []string{
		"", "application/json", "application/json; charset=utf-8", "application/json; charset=UTF8", "text/json",
		"application/problem+json",
	} {
		id := fmt.Sprintf("国𠀀\ufffd😀é%d", i)
		s.holdRead(t, id, caseOf(id), []byte(bodyOf(id)), kind)
		s.holdRead(t, id+"b", caseOf(id+"b"), []byte("\ufeff"+bodyOf(id+"b")), kind)
	}
	c := caseOf("四字节")
	c.PenaltyList[0].Legal = "𠀀㐀\ufffd😀é\U0010ffff"
	body, err := gb18030.Bytes([]byte("\ufeff" + jsonOf(c)))
	if err != nil || !bytes.Contains(body, []byte{0x95, 0x32, 0x82, 0x36}) ||
		!bytes.Contains(body, []byte{0x84, 0x31, 0xa4, 0x37}) {
		t.Fatalf("not the GB18030 that was meant: %v % x", err, body)
	}
	s.holdRead(t, c.CaseID, c, body, asGB18030)
	s.holdRead(t, "大", caseOf("大"), mustGBK(padded("大", 200<<10)), "application/json; charset=GBK")
}

func mustGBK(s string) []byte {
	b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(err)
	}
	return b
}

// holdRead holds that a body is accepted, read as want and stored as sent.
func (s *sender) holdRead(t tester, name string, want api.Case, body []byte, kind string) {
	t.Helper()
	id := s.accept(t, body, "Content-Type", kind)
	s.d.holdStored(t, id, body)
	if a := s.accept(t, jsonOf(want)); a != id {
		t.Errorf("%s as %q was not read as the same case", name, kind)
	}
	if a := s.query(t, jsonOf(map[string]string{"caseid": want.CaseID})); a.AcceptID != id || a.CaseID != want.CaseID {
		t.Errorf("%s as %q: asked for by caseid: %s", name, kind, a.Body)
	}
}

// S11: what is not valid in its charset is refused, and never patched.
func TestS11Invalid(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for kind, invalid := range map[string][]string{
		"application/json; charset=GBK": {
			"\xff", "\x81", "\x81\x20", "\x81\x7f", "\xd5\"", "\xa2\xab", "\x81\x30\x81\x30", "\x84\x31\xa4\x37",
			"\xff\x84\x31\xa4\x37",
		},
		asGB18030: {
			"\xff", "\x81", "\x81\x20", "\x81\x30", "\x81\x30\x81", "\x81\x30\x81\x20", "\x81\x30\x81\x3a",
			"\x81\x30\xff\x30", "\x84\x31\xa5\x30", "\xe3\x32\x9a\x36", "\xfe\x39\xfe\x39", "\xff\x84\x31\xa4\x37",
			"\x84\x31\xa4\x37\xff", "\x84\x31\xa4\x37\x81",
		},
		"application/json": {"\xff", "\xd5\xc5", "\xed\xa0\x80", "\xc0\xaf", "\xe6\xb1"},
	} {
		for _, text := range invalid {
			body := strings.Replace(
				with("1", map[string]any{"legal": "LEGAL", "caseid": "ascii"}), "LEGAL", "a"+text, 1,
			)
			for _, member := range []string{"casename", "caseintroduction", "illegality", "penalty", "penaltyorg"} {
				body = strings.Replace(body, caseText(member), "ascii", 1)
			}
			s.refused(t, fmt.Sprintf("% x as %s", text, kind), body, 400, "19001", "Content-Type", kind)
		}
	}
	s.refused(t, "GBK that is not declared", mustGBK(bodyOf("1")), 400, "19001")
	s.refused(
		t,
		"cut GBK",
		mustGBK("{\"caseid\":\"中")[:12],
		400,
		"19001",
		"Content-Type",
		"application/json; charset=GBK",
	)
	s.refused(
		t,
		"large, bad at its end",
		string(mustGBK(padded("1", 200<<10)))+"\xff",
		400,
		"19001",
		"Content-Type",
		"application/json; charset=GBK",
	)
}

func caseText(member string) string {
	var m map[string]any
	json.Unmarshal([]byte(bodyOf("1")), &m)
	return m[member].(string)
}

func TestS11OtherCharsets(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for _, kind := range []string{
		"application/json; charset=big5", "application/json; charset=utf-16", "application/json; charset=iso-8859-1",
		"application/json; charset=x", "text/plain", "text/plain; charset=utf-8", "application/x-www-form-urlencoded",
		"multipart/form-data; boundary=x", "application/xml", "application/octet-stream", "json", "application/jsonp",
		"*/*", "application/json; charset",
	} {
		s.refused(t, kind, bodyOf("1"), 415, "19007", "Content-Type", kind)
	}
	for _, coding := range []string{"gzip", "deflate", "br", "zstd", "GZIP", "identity, gzip"} {
		s.refused(t, coding, bodyOf("1"), 415, "19007", "Content-Encoding", coding)
	}
	s.accept(t, bodyOf("1"), "Content-Encoding", "identity")
}

// S12: the rules of JSON hold at the door, and what is accepted is kept as it was sent, with what is not known.
func TestS12JSON(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	good := bodyOf("1")
	for name, body := range map[string]string{
		"array":                       "[" + good + "]",
		"trailing":                    good + "x",
		"two":                         good + good,
		"empty":                       "",
		"name twice":                  strings.Replace(good, `"caseid"`, `"caseid":"0","caseid"`, 1),
		"escaped twin":                strings.Replace(good, `"legal"`, `"\u006cegal":"甲","legal"`, 1),
		"U+0000":                      strings.Replace(good, `乌云`, `\u0000`, 1),
		"U+0000 in an unknown member": strings.Replace(good, `{`, `{"x":"\u0000",`, 1),
		"surrogate":                   strings.Replace(good, `乌云`, `\ud800`, 1),
		"deep": strings.Replace(
			good,
			`{`,
			`{"x":`+strings.Repeat("[", 32)+strings.Repeat("]", 32)+`,`,
			1,
		),
		"two BOMs":          "\ufeff\ufeff" + good,
		"large, trailing":   padded("1", 200<<10) + "x",
		"large, name twice": strings.Replace(padded("1", 200<<10), `"caseid"`, `"x":1,"caseid"`, 1),
	} {
		s.refused(t, name, body, 400, "19001")
	}
	kept := strings.Replace(good, `{`, `{ "CASEID" : "别的" , "x":{"乌云其木格":[1.50,null]},`, 1)
	d.holdStored(t, s.accept(t, kept), []byte(kept))
}

func TestS13Types(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for _, name := range []string{
		"caseid", "casename", "caseintroduction", "illegality", "penalty", "penaltydate", "penaltyorg", "pripid",
		"uniscid", "legal", "enttype",
	} {
		for _, v := range []any{1, true, []string{"x"}, map[string]any{}} {
			if a := s.refused(t, name, with("1", map[string]any{name: v}), 200, "19002"); !strings.HasSuffix(
				a.Errors[0].Field,
				name,
			) {
				t.Errorf("%s: field %q", name, a.Errors[0].Field)
			}
		}
	}
	for _, v := range []any{"一", 1, map[string]any{}, []any{1}, []any{"x"}, []any{[]any{}}} {
		s.refused(t, fmt.Sprint(v), with("1", map[string]any{"penaltylist": v}), 200, "19002")
	}
}

// S14: the date is a real day; an odd one is accepted, and the operator is told.
func TestS14Dates(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for _, date := range []string{
		"2024-02-30", "2024-5-20", "20240520", "２０２４-０５-２０", "2024-05-20 ", "2024-05-20T00:00:00", "0000-00-00",
	} {
		if a := s.refused(
			t,
			date,
			with("1", map[string]any{"penaltydate": date}),
			200,
			"19003",
		); a.Errors[0].Field != "penaltydate" {
			t.Errorf("%+v", a.Errors)
		}
	}
	odd := map[string]bool{
		"2024-02-29": false,
		"1949-10-01": false,
		"2026-03-15": false,
		"1949-09-30": true,
		"2026-03-16": true,
		"9999-12-31": true,
	}
	receipts := make(map[string]string)
	for date := range odd {
		receipts[date] = s.accept(t, with(date, map[string]any{"penaltydate": date}))
	}
	d.verify(t)
	for date, id := range receipts {
		if got := slices.Contains(d.findings(t, id), "penaltydate"); got != odd[date] {
			t.Errorf("%s raises a finding: %v", date, got)
		}
	}
}

// findings are the members of a case for which findings were raised.
func (d *door) findings(t tester, acceptID string) (fields []string) {
	t.Helper()
	cases := casework.New(d.desk)
	c, err := cases.CaseFile(bg, intake.System, acceptID)
	if err != nil || c.State() != "已核验" {
		t.Fatalf("%s: %s %v", acceptID, c.State(), err)
	}
	fs, err := cases.Findings(bg, intake.System, c.No)
	if err != nil {
		t.Fatalf("%s: %v", acceptID, err)
	}
	for _, f := range fs {
		fields = append(fields, f.Field)
	}
	return fields
}

// verify runs the verifier over all that waits.
func (d *door) verify(t tester) {
	t.Helper()
	if err := verify.New(d.desk, nil).Pass(bg); err != nil {
		t.Fatalf("%v", err)
	}
}

// S15: up to the limit, in code points, values are stored without any change.
func TestS15Lengths(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for name, limit := range map[string]int{
		"caseid":           200,
		"casename":         500,
		"caseintroduction": 20000,
		"illegality":       20000,
		"penalty":          20000,
		"penaltyorg":       500,
		"pripid":           64,
		"uniscid":          64,
		"legal":            200,
		"enttype":          100,
	} {
		for _, char := range []string{"x", "汉", "𠀀"} {
			most := with(name+char, map[string]any{name: strings.Repeat(char, limit)})
			d.holdStored(t, s.accept(t, most), []byte(most))
			s.refused(t, name, with(name+char, map[string]any{name: strings.Repeat(char, limit+1)}), 200, "19004")
		}
	}
	c := caseOf("　 案号 \u200b")
	c.CaseName, c.PenaltyList[0].Legal = " ＡＢｃ\u00a0", "e\u0301 é \u202e名 "
	id := s.accept(t, jsonOf(c))
	if got := d.cases(t); got[len(got)-1].CaseID != c.CaseID || got[len(got)-1].CaseName != c.CaseName ||
		got[len(got)-1].AcceptID != id {
		t.Errorf("%+v", got[len(got)-1])
	}
	if a := s.query(t, `{"caseid":"案号"}`); a.codes() != "19013" {
		t.Errorf("a trimmed caseid finds it: %s", a.Body)
	}
}

// S16: limits of size, as set.
func TestS16Sizes(t *testing.T) {
	d := openDoor(t, func(c *httpapi.Config) { c.MaxBody, c.MaxItems = 300<<10, 1000 })
	s := d.sender(t, api.All)
	s.accept(t, wide("1000 items", 1000))
	if a := s.refused(t, "1001 items", wide("1001 items", 1001), 200, "19012"); a.Errors[0].Field != "penaltylist" {
		t.Errorf("%+v", a.Errors)
	}
	exact := padded("exact", 299<<10)
	exact += strings.Repeat(" ", 300<<10-len(exact))
	d.holdStored(t, s.accept(t, exact), []byte(exact))
	d.holdStored(t, s.accept(t, strings.NewReader(exact+"")), []byte(exact))
	s.refused(t, "one byte more", exact+" ", 413, "19006")
	s.refused(t, "one byte more, chunked", chunked(exact+" "), 413, "19006")
	s.refused(t, "twice as long", exact+exact, 413, "19006")
	s.refused(t, "twice as long, chunked", chunked(exact+exact), 413, "19006")
	s.accept(t, exact)
}

// S16: the limit may be smaller than what is read in one piece.
func TestS16SmallLimit(t *testing.T) {
	d := openDoor(t, func(c *httpapi.Config) { c.MaxBody = 1000 })
	s := d.sender(t, api.All)
	body := bodyOf("1") + strings.Repeat(" ", 1000-len(bodyOf("1")))
	s.accept(t, body)
	s.accept(t, chunked(body))
	s.refused(t, "one byte more", body+" ", 413, "19006")
	s.refused(t, "one byte more, chunked", chunked(body+" "), 413, "19006")
}

// S16: by default 64 MiB and 500,000 items.
func TestS16Defaults(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	body := wide("many", 100_000)
	d.holdStored(t, s.accept(t, body), []byte(body))
	r := d.request(t, "POST", s.call(api.Receive), io.LimitReader(endless{}, 64<<20+1))
	if a := d.do(t, r); a.Status != 413 || a.codes() != "19006" {
		t.Errorf("64 MiB and a byte: %d %s", a.Status, a.Body)
	}
	r = d.request(t, "POST", s.call(api.Receive), io.LimitReader(endless{}, 64<<20+1))
	r.ContentLength = 64<<20 + 1
	if a := d.do(t, r); a.Status != 413 || a.codes() != "19006" {
		t.Errorf("64 MiB and a byte, announced: %d %s", a.Status, a.Body)
	}
}

// endless is text without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

type vector struct {
	Name   string
	Expect string
	Code   string
	Body   []byte `json:"b64"`
}

func vectors(t testing.TB) (vs []vector) {
	t.Helper()
	data, err := os.ReadFile("../../../api/testdata/caseinfo-hostile.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		var v vector
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatal(err)
		}
		vs = append(vs, v)
	}
	return vs
}

// S9–S16 for the hostile bodies: accepted ones are stored to the byte, of refused ones only the attempt is left. Each
// is sent by an app of its own, because many share a caseid.
func TestS12HostileVectors(t *testing.T) {
	d := openDoor(t)
	for _, v := range vectors(t) {
		s := d.sender(t, api.All)
		if v.Expect == "accept" {
			d.holdStored(t, s.accept(t, v.Body), v.Body)
			d.holdStored(t, s.accept(t, chunked(string(v.Body))), v.Body)
			continue
		}
		a := s.send(t, v.Body)
		want := v.Code
		if want == "" {
			want = a.codes()
		}
		s.refused(t, v.Name, v.Body, a.Status, want)
		s.refused(t, v.Name+", chunked", chunked(string(v.Body)), a.Status, want)
	}
	d.verify(t)
}

// S11: GB18030 that is not valid.
func TestS11InvalidGB18030(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for name, text := range map[string]string{
		"second byte 3A":                   "\x81\x3a\x81\x30",
		"second byte 3F":                   "\x84\x3f\x81\x30",
		"FF hidden by a later 84 31 A4 37": "\xff\x81\x84\x31\xa4\x37\x81\x30",
		"80":                               "\x80",
	} {
		body := strings.Replace(`{"caseid":"1","casename":"LEGAL","caseintroduction":"a","illegality":"a",`+
			`"penalty":"a","penaltydate":"2024-05-20","penaltyorg":"a","penaltylist":[{"pripid":"1","uniscid":"1",`+
			`"legal":"1","enttype":"1"}]}`, "LEGAL", text, 1)
		a := s.send(t, body, "Content-Type", asGB18030)
		if a.codes() != "19001" {
			c := d.cases(t)
			t.Errorf("%s: % x is accepted as casename %q", name, text, c[len(c)-1].CaseName)
		}
		d = openDoor(t)
		s = d.sender(t, api.All)
	}
}
