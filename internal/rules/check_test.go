package rules_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// clean is a row without fault; its credit code is a vector that nobody is known to bear.
var clean = api.Entity{
	PripID:  "150203000022016020258191",
	UniscID: "91150203MA0N00024Y",
	Legal:   "乌云其木格",
	EntType: "1130",
}

func check(e api.Entity) (found []rules.Finding) {
	rules.CheckEntity(e, func(field string, rule int, d rules.Detail) {
		found = append(found, rules.Finding{Field: field, Rule: rule, Detail: d.Text()})
	})
	return found
}

// rulesOf returns the rules that e raises for one member.
func rulesOf(e api.Entity, field string) (rules []int) {
	for _, f := range check(e) {
		if f.Field == field {
			rules = append(rules, f.Rule)
		}
	}
	slices.Sort(rules)
	return rules
}

func TestCheckEntity(t *testing.T) {
	tests := []struct {
		field, value string
		rules        []int  // in ascending order
		detail       string // a part of the first finding's
	}{
		{"uniscid", "91150203MA0N00024", []int{101}, "17位，应为18位"},
		{"uniscid", "91150203MA0N00024YY", []int{101}, "19位"},
		{"uniscid", "91150203MA0N0002.Y", []int{102}, "第17位“.”"},
		{"uniscid", "91150203МA0N00024Y", []int{102}, "第9位“М”(U+041C)"},
		{"uniscid", "9115020AMA0N00024Y", []int{102}, "第8位“A”应为数字"},
		{"uniscid", "！！！！！！！！", []int{101, 102, 104}, "含全角字符"},
		{"uniscid", "##########", []int{101, 102}, "10位"},
		{"uniscid", "91150203MAON00024Y", []int{103}, "第11位“O”；改为“91150203MA0N00024Y”后校验相符"},
		{"uniscid", "9I1S0Z03MA0N00024Y", []int{103}, "改为“91150203MA0N00024Y”"},
		{"uniscid", "91350100M000100Y4S", []int{103}, "第18位“S”"},
		{"uniscid", "91150203MAZN00024Y", []int{103}, "第11位“Z”"},
		{"uniscid", "91350100M000100Y4Z", []int{103}, "第18位“Z”"},
		{"uniscid", "91150203ma0n00024y", []int{104}, "含小写字母"},
		{"uniscid", " 91150203-MA0N00024Y\u200b", []int{104}, "含空白、连字符、不可见字符"},
		{"uniscid", "９1150203MA0N00024Y", []int{104}, "含全角字符"},
		{"uniscid", "91150203ma0n00025y", []int{104, 105, 106}, "小写"},
		{"uniscid", "91150203MA0N000248", []int{105}, "第18位为8，按规则应为Y"},
		{"uniscid", "91150203MA0N0002AY", []int{105, 106}, ""},
		{"uniscid", personIDX, []int{107}, "110*************2X"},
		{"uniscid", "11010519491231002x", []int{104, 107}, ""},
		{"uniscid", "１１０１０５１９４９１２３１００２Ｘ", []int{104, 107}, ""},
		{"uniscid", "531000005000160090", []int{108}, "前两位为“53”"},
		{"uniscid", "150000000005766", []int{201}, "150000000005766"},
		{"uniscid", "150000000005768", []int{202}, "第15位为8，按规则应为6"},
		{"uniscid", "150105800101123", []int{202}, "也可能是15位旧身份证号"},
		{"uniscid", "1501002000123", []int{203}, "1501002000123"},
		{"uniscid", "内蒙古某某有限公司", []int{601}, ""},
		{"uniscid", "无", []int{611}, "“无”"},
		{"uniscid", "000000000000000000", []int{611}, ""},
		{"uniscid", "—", []int{611}, ""},
		{"uniscid", "9.11522E+17", []int{612}, "“9.11522E+17”"},

		{"pripid", "内蒙古某某有限公司", []int{601}, ""},
		{"pripid", strings.Repeat("张", 41), []int{601}, "“" + strings.Repeat("张", 40) + "…”"},
		{"pripid", "91110108551385082Q", []int{607}, "第4、6、8"},
		{"pripid", "91150203MA0N00024Y", []int{608}, ""},
		{"pripid", "150203000022016020258191 ", []int{609}, "第25位U+0020"},
		{"pripid", "３302063000622782", []int{609}, "第1位“３”(U+FF13)"},
		{"pripid", "150104000022017071732290_x000D_", []int{609}, "工作簿字符转义"},
		{"pripid", "150104000022017071732290&nbsp;", []int{609}, "网页字符转义"},
		{"pripid", "(((((((", []int{609}, "第5位“(”等7处"},
		{"pripid", personID4, []int{610}, "440*************14"},
		{"pripid", "110105-19491231-002X", []int{610}, "110*************2X"},
		{"pripid", "0", []int{611}, ""},
		{"pripid", "00000000-0000-0000-0000-000000000000", []int{611}, ""},
		{"pripid", "1.50203E+23", []int{612}, ""},
		{"pripid", "150103000022004000000000", []int{612}, "“150103000022004000000000”"},
		{"pripid", "1501030000220040000", []int{612}, ""},

		{"legal", "91150203MA0N00024Y", []int{602}, ""},
		{"legal", "150000000005766", []int{602}, ""},
		{"legal", "1130", []int{602}, "“1130”"},
		{"legal", "451477f9-010d-1000-e000-03c00a010119", []int{602}, ""},
		{"legal", "A1B2", []int{602}, ""},
		{"legal", "AB1CD2EF3GH4", []int{602}, ""},
		{"legal", "2026-03-16", []int{602}, ""},
		{"legal", "有限责任公司（自然人独资）", []int{603}, ""},
		{"legal", "台港澳投资企业", []int{603}, ""},
		{"legal", "个体工商户", []int{603}, ""},
		{"legal", personID4, []int{610}, ""},
		{"legal", "张三" + personIDX, []int{610}, "“张三110*************2X”"},
		{"legal", "不详", []int{611}, ""},
		{"legal", "王?军", []int{613}, "第2位“?”"},
		{"legal", "李\ue863", []int{613}, "U+E863"},
		{"legal", "张**", []int{613}, ""},

		{"legal", "璧典簩濞冨憖", []int{615}, "UTF-8文字按GBK读出"},
		{"legal", "寮犱紵", []int{615}, ""},
		{"legal", "å®\u008bå¨\u009f", []int{615}, "按西文读出"},
		{"legal", "张三13800000000", []int{617}, "11位数字"},
		{"legal", "赵二娃 ", []int{616}, "第4位U+0020"},
		{"legal", "김철수", []int{618}, "谚文"},
		{"legal", "Алтан Цэцэг", []int{618}, "西里尔"},

		{"enttype", "1131", []int{301}, "“1131”"},
		{"enttype", "X", []int{611}, ""},
		{"enttype", "LLC", []int{301}, ""},
		{"enttype", "有限责任公司（自然人投资或控股）", []int{302}, "1130"},
		{"enttype", "有限责任公司", []int{302}, "1100或5100或6100"},
		{"enttype", "个体工商户", []int{302, 305}, ""},
		{"enttype", "有限责任公司(外商投资、非独资)", []int{303}, ""},
		{"enttype", "１１３０", []int{304}, "含全角字符"},
		{"enttype", "1130 ", []int{304}, "含空白"},
		{"enttype", "9500", []int{305}, "91开头（企业），类型“9500个体工商户”属于个体工商户"},
		{"enttype", "9100", []int{305}, ""},
		{"enttype", "91150203MA0N00024Y", []int{604}, ""},
		{"enttype", "150203000022016020258191", []int{604}, ""},
		{"enttype", "阿拉坦·仓", []int{605}, "阿***"},
		{"enttype", "张国有", []int{605}, "张***"},
		{"enttype", personIDX, []int{610}, ""},
		{"enttype", "/", []int{611}, ""},
		{"enttype", "1130.0", []int{612}, ""},
	}
	// zeros that are no sign
	for _, pripid := range []string{"150103000022004000", "150103000022004000000010", "15010300002200A000000000"} {
		if rules := rulesOf(with(clean, "pripid", pripid), "pripid"); len(rules) > 0 {
			t.Errorf("pripid %q: %v", pripid, rules)
		}
	}
	seen := map[int]bool{}
	for _, tt := range tests {
		e := with(clean, tt.field, tt.value)
		if diff := cmp.Diff(tt.rules, rulesOf(e, tt.field)); diff != "" {
			t.Errorf("%s %q: %s", tt.field, tt.value, diff)
			continue
		}
		if f := check(e); !slices.ContainsFunc(f, func(f rules.Finding) bool {
			return strings.Contains(f.Detail, tt.detail)
		}) {
			t.Errorf("%s %q: no detail has %q: %v", tt.field, tt.value, tt.detail, f)
		}
		for _, no := range tt.rules {
			seen[no] = true
		}
	}
	seen[rules.PripIDSwapped] = true    // TestSwappedCodes
	seen[rules.CodesWereNumbers] = true // TestDoubles
	seen[rules.CaseTextMissing] = true  // TestCaseIDsThatAreNone
	for _, r := range rules.All() {
		if group := r.No / 100; group != 4 && group != 5 && group < 7 && !seen[r.No] {
			t.Errorf("rule %d has no test", r.No)
		}
		if r.No > 800 && seen[r.No] {
			t.Errorf("rule %d is met without the register", r.No)
		}
	}
}

func with(e api.Entity, field, value string) api.Entity {
	switch field {
	case "pripid":
		e.PripID = value
	case "uniscid":
		e.UniscID = value
	case "legal":
		e.Legal = value
	case "enttype":
		e.EntType = value
	}
	return e
}

func TestSwappedCodes(t *testing.T) {
	e := api.Entity{PripID: clean.UniscID, UniscID: clean.PripID, Legal: clean.Legal, EntType: clean.EntType}
	if diff := cmp.Diff([]int{rules.PripIDSwapped}, rulesOf(e, "pripid")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{rules.CreditCodeLength}, rulesOf(e, "uniscid")); diff != "" {
		t.Error(diff)
	}
}

// A row whose cells all moved one column on is noticed in each of them.
func TestShiftedRow(t *testing.T) {
	e := api.Entity{PripID: clean.EntType, UniscID: clean.PripID, Legal: clean.UniscID, EntType: clean.Legal}
	for _, field := range []string{"uniscid", "legal", "enttype"} {
		if len(rulesOf(e, field)) == 0 {
			t.Errorf("nothing is said of %s", field)
		}
	}
}

// Odd values that are right: an operator who gets findings for these stops reading findings.
func TestNoFalseAlarm(t *testing.T) {
	tests := map[string][]string{
		"legal": {
			"张三", "欧阳建国", "阿拉坦仓", "阿拉坦•仓", "乌云其木格", "苏日娜", "那仁满都拉", "买买提・吐尔逊", "𠮷野太郎", "王㛃", "内蒙古草原发展有限责任公司",
			"北京三六零投资管理中心（有限合伙）（委派代表：张三）", "呼和浩特市361度贸易有限公司", "个体张三", "全有才", "联营军", "JOHN SMITH", "O'Neil-Müller",
			"MARTIN KING III", "ABCDEFG 1234", "Holding One Two 3", "ᠠᠯᠲᠠᠨ", "张 三", "无忌", "空明",
		},
		"pripid": {
			"370212000022016020258191", "440121121022016080300162", "630000_630121000052006110715045",
			"3302063000622782", "3600005000039878", "451477f9-010d-1000-e000-03c00a010119",
			"560E8C402E5914FAE0531ECDA8C0CF0D", "1500000000000001", "A1",
		},
		"enttype": {
			"1100", "1130", "1151", "1190", "1213", "2130", "2151", "3100", "4310", "4533", "4540", "5110", "6170",
			"7300", "8000", "9900",
		},
		"uniscid": {"911522010783762860", "9115220107837941X1", "911522010783917502", "91152201078395188Q"},
	}
	for field, values := range tests {
		for _, v := range values {
			if f := check(with(clean, field, v)); len(f) > 0 {
				t.Errorf("%s %q: %v", field, v, f)
			}
		}
	}
	for _, e := range []api.Entity{
		{PripID: clean.PripID, UniscID: "92340604MA2PENA300", Legal: "张三", EntType: "9500"},
		{PripID: clean.PripID, UniscID: "92340604MA2PENA300", Legal: "张三", EntType: "9999"},
		{PripID: clean.PripID, UniscID: "93152501MA0R00044X", Legal: "巴图", EntType: "9100"},
		{PripID: clean.PripID, UniscID: "93152501MA0R00044X", Legal: "巴图", EntType: "9200"},
	} {
		if f := check(e); len(f) > 0 {
			t.Errorf("%v: %v", e, f)
		}
	}
}

func TestCategories(t *testing.T) {
	for _, e := range []api.Entity{
		{UniscID: "92340604MA2PENA300", EntType: "1130"},
		{UniscID: "92340604MA2PENA300", EntType: "9100"},
		{UniscID: "93152501MA0R00044X", EntType: "9500"},
		{UniscID: "93152501MA0R00044X", EntType: "1000"},
		{UniscID: "91150203MA0N00024Y", EntType: "9999"},
		{UniscID: "92340604ma2pena300", EntType: "7999"}, // unknown, but in the range
		{UniscID: "91150203MA0N00024Z", EntType: "9200"}, // whatever else is wrong with the code
	} {
		if !slices.Contains(rulesOf(e, "enttype"), rules.EntTypeCategory) {
			t.Errorf("%s with %s: nothing", e.UniscID, e.EntType)
		}
	}
	for _, e := range []api.Entity{
		{UniscID: "150000000005766", EntType: "9500"},
		{UniscID: "92340604MA2PENA300", EntType: "其他"}, // 5190 or 9900
	} {
		if slices.Contains(rulesOf(e, "enttype"), rules.EntTypeCategory) {
			t.Errorf("%s with %s: nothing is known of their categories", e.UniscID, e.EntType)
		}
	}
}

func TestCheckCase(t *testing.T) {
	for _, tt := range []struct {
		penalty, received string
		rule              int
	}{
		{"2026-11-23", "2026-11-23", 0},
		{"2026-11-22", "2026-11-23", 0},
		{"2026-11-24", "2026-11-23", rules.PenaltyDateFuture},
		{"2027-01-01", "2026-12-31", rules.PenaltyDateFuture},
		{"1949-10-01", "2026-11-23", 0},
		{"1949-09-30", "2026-11-23", rules.PenaltyDateOld},
		{"0001-01-01", "2026-11-23", rules.PenaltyDateOld},
		{"2026-13-01", "2026-11-23", 0},
		{"", "2026-11-23", 0},
		{"9999-01-01", "", 0},
	} {
		got := 0
		rules.CheckCase("呼市监处罚〔2026〕2号", tt.penalty, tt.received, func(field string, rule int, d rules.Detail) {
			if got != 0 || field != "penaltydate" || !strings.Contains(d.Text(), tt.penalty) {
				t.Errorf("%s: %s %d %s", tt.penalty, field, rule, d.Text())
			}
			got = rule
		})
		if got != tt.rule {
			t.Errorf("decided %s, received %s: rule %d, want %d", tt.penalty, tt.received, got, tt.rule)
		}
	}
}

var ignore = func(string, int, rules.Detail) {}

// A batch of 100,000 rows is checked row by row.
func TestCleanRowIsFree(t *testing.T) {
	for _, pripid := range []string{clean.PripID, "451477f9-010d-1000-e000-03c00a010119", "3302063000622782"} {
		e := with(clean, "pripid", pripid)
		if n := testing.AllocsPerRun(100, func() { rules.CheckEntity(e, ignore) }); n != 0 {
			t.Errorf("%s: %v allocations", pripid, n)
		}
	}
}

func BenchmarkCheckEntity(b *testing.B) {
	dotted := with(clean, "legal", "阿拉坦·仓")
	wrong := with(clean, "uniscid", "91150203MA0N000248")
	for name, e := range map[string]api.Entity{"clean": clean, "dotted": dotted, "wrong": wrong} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rules.CheckEntity(e, ignore)
			}
		})
	}
}

func BenchmarkFold(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		rules.FoldCode(clean.UniscID)
		rules.FoldCode(clean.PripID)
		rules.FoldName(clean.Legal)
	}
}

func FuzzCheckEntity(f *testing.F) {
	f.Add(clean.PripID, clean.UniscID, clean.Legal, clean.EntType)
	f.Add(personIDX, personID4, personIDX, personID4)
	f.Add("x"+personIDX, "张"+personID4, "１１０１０５１９４９１２３１００２Ｘ", "有限"+personID4)
	f.Add("0"+personID4, personID4+"0", "x", "\x890"+personID4)
	f.Add("110105-19491231-002x", "1.5E+17", "", "44052418800101\u200b0014")
	f.Add(clean.UniscID, clean.PripID, clean.EntType, clean.Legal)
	f.Fuzz(func(t *testing.T, pripid, uniscid, legal, enttype string) {
		for _, found := range check(api.Entity{PripID: pripid, UniscID: uniscid, Legal: legal, EntType: enttype}) {
			if _, ok := rules.ByNo(found.Rule); !ok ||
				!slices.Contains([]string{"pripid", "uniscid", "legal", "enttype"}, found.Field) {
				t.Fatalf("%+v", found)
			}
			if leaksPersonID(found.Detail) {
				t.Fatalf("%+v", found)
			}
		}
	})
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// leaksPersonID reports whether s shows a number of Beijing, Inner Mongolia or Guangdong. Digits that are part of a
// longer number are none, unless they end with X. The check character is judged as ISO 7064 does, p = 2(p + d) mod 11
// and p + c = 1 mod 11 at the end, not by the table of weights.
func leaksPersonID(s string) bool {
	padded := "." + s + "."
	for i := 0; i+18 <= len(s); i++ {
		w, before, after := s[i:i+18], padded[i], padded[i+19]
		if w[17] != 'X' && (isDigit(before) || isDigit(after)) {
			continue
		}
		if !slices.Contains([]string{"11", "15", "44"}, w[:2]) || !slices.Contains([]string{"18", "19", "20"}, w[6:8]) {
			continue
		}
		if _, err := time.Parse("20060102", w[6:14]); err == nil && strings.Trim(w[:17], "0123456789") == "" &&
			iso7064mod11_2(w) {
			return true
		}
	}
	return false
}

func iso7064mod11_2(s string) bool {
	p := 0
	for _, d := range s[:17] {
		p = 2 * (p + int(d-'0')) % 11
	}
	last := strings.IndexByte("0123456789X", s[17])
	return last >= 0 && (p+last)%11 == 1
}

// A fuzz target that cannot see a leak is worth nothing.
func TestLeaksPersonID(t *testing.T) {
	if !leaksPersonID("“"+personIDX+"”") || !leaksPersonID("张三"+personID4) || leaksPersonID("110105194912310021") {
		t.Error("leaks go unseen")
	}
}
