package register_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

const (
	code1, code2 = "91150203MA0N00024Y", "91350100M000100Y43"
	id1, id2     = "150203000022016020258191", "150203000022016020258200"
	no1          = "150000000005766"
)

// firms is a small register.
var firms = []register.Firm{
	{RowNo: 1, PripID: id1, UniscID: code1, RegNo: no1, Name: "内蒙古甲商贸有限责任公司", Legal: "乌云其木格", EntType: "1130",
		State: register.Live, Approved: "2020-01-02"},
	{RowNo: 2, PripID: id2, UniscID: code2, Name: "内蒙古乙商贸有限责任公司", Legal: "张三", EntType: "有限责任公司（自然人独资）",
		State: register.Live},
	{RowNo: 3, PripID: "A3", UniscID: "91110108585817834H", Name: "丙一", Legal: "李四", EntType: "9500",
		State: register.Live},
	{RowNo: 4, PripID: "A4", UniscID: "91110108585817834H", Name: "丙二", Legal: "王五", EntType: "9500",
		State: register.Live},
	{RowNo: 5, PripID: "B5", UniscID: "91110105MA00F44L2Q", Name: "丁一", Legal: "李四", EntType: "9500",
		State: register.Deregistered, Approved: "2019-01-01"},
	{RowNo: 6, PripID: "B6", UniscID: "91110105MA00F44L2Q", Name: "丁二", Legal: "王五", EntType: "9500",
		State: register.Live},
	{RowNo: 9, PripID: "D9", UniscID: "91110105MA00F44L2Q", RegNo: "110108000000016", Name: "丁二",
		Legal: "王五", EntType: "9500", State: register.MovedOut, Approved: "2019-01-01"},
	{RowNo: 7, PripID: "C7", RegNo: "152700000010020", Name: "戊", Legal: "", EntType: "3200",
		State: register.Live},
	{RowNo: 8, PripID: "", UniscID: "92150104L000000000", Name: "己", Legal: "李四", EntType: "9500",
		State: register.Live},
}

// lookUp is what a store does.
func lookUp(all []register.Firm, k register.Keys) register.Found {
	found := register.Found{ByPripID: map[string][]register.Firm{}, ByCode: map[string][]register.Firm{}}
	for _, f := range all {
		for _, id := range k.PripID {
			if f.PripID == id {
				found.ByPripID[id] = append(found.ByPripID[id], f)
			}
		}
		for _, c := range k.Codes {
			if f.UniscID == c || f.RegNo == c || len(f.UniscID) == 18 && f.UniscID[8:17] == c {
				found.ByCode[c] = append(found.ByCode[c], f)
			}
		}
	}
	return found
}

// outcome is a verdict, its rule, the fields, the row of the firm and the findings, in one line.
func outcome(e api.Entity, all []register.Firm) string {
	var found []string
	r := register.Match(e, "2026-03-16", lookUp(all, register.KeysOf(e)),
		func(field string, rule int, d rules.Detail) { found = append(found, fmt.Sprint(field, rule)) })
	return fmt.Sprintf("%s %d %s 户%d 另%d %s", r.Verdict, r.Rule, strings.Join(r.Fields.Names(), ","), r.Firm.RowNo,
		r.Others, strings.Join(found, " "))
}

func TestMatch(t *testing.T) {
	ok := api.Entity{PripID: id1, UniscID: code1, Legal: "乌云其木格", EntType: "1130"}
	with := func(pripID, uniscID, legal, entType string) api.Entity {
		e := ok
		for _, m := range []struct {
			to *string
			s  string
		}{{&e.PripID, pripID}, {&e.UniscID, uniscID}, {&e.Legal, legal}, {&e.EntType, entType}} {
			if m.s != "" {
				*m.to = m.s
			}
		}
		return e
	}
	for _, test := range []struct {
		name string
		e    api.Entity
		want string
	}{
		{"the firm itself", ok, "一致 0  户1 另0 "},
		{"folded", with("１50203000022016020258191", " 91150203-ma0n00024y", "", ""), "一致 0  户1 另0 "},
		{"text of a spreadsheet", with("'"+id1, "'"+code1, "", ""), "一致 0  户1 另0 "},
		{"copy of a licence", with("", code1+"（1-1）", "", ""), "一致 0  户1 另0 "},
		{"registration number", with("", no1, "", ""), "一致 0  户1 另0 "},
		{"organisation code", with("", "MA0N00024", "", ""), "一致 0  户1 另0 "},
		{"number of a taxpayer", with("", "150203MA0N00024", "", ""), "一致 0  户1 另0 "},
		{"no pripid", with("无", "", "", ""), "一致 0  户1 另0 "},
		{"pripid is the code", with(code1, "", "", ""), "一致 0  户1 另0 "},
		{"pripid is the registration number", with(no1, "", "", ""), "一致 0  户1 另0 "},
		{"the register has no pripid", with("X9", "92150104L000000000", "李四", "9500"), "一致 0  户8 另0 "},
		{"neither has a code", with("C7", "152700000010020", "李四", "3200"), "一致 0  户7 另0 legal815"},

		{"two firms", with("", code2, "", ""), "不一致 801 pripid,uniscid 户1 另1 pripid801"},
		{"number of another firm", with(id2, no1, "张三", "1151"), "不一致 801 pripid,regno 户2 另1 pripid801"},
		{"two codes", with(code2, "", "张三", "1151"), "不一致 801 pripid,uniscid 户2 另1 pripid801"},
		{"two pripids", with("", id2, "", ""), "不一致 801 pripid,uniscid 户1 另1 pripid801"},
		{"swapped", with(code1, id1, "", ""), "不一致 811 pripid,uniscid 户1 另0 pripid811"},
		{"swapped, no code", with("0", id1, "", ""), "不一致 811 pripid,uniscid 户1 另0 pripid811"},
		{"swapped, of two firms", with(code2, id1, "", ""), "不一致 801 pripid,uniscid 户1 另1 pripid801"},
		{"pripid is the code, no code", with(code1, "0", "", ""), "不一致 804 uniscid 户1 另0 uniscid804"},
		{"not there", with("Q1", "91150203MA0N000X48", "", ""), "查无此户 803  户0 另0 pripid803"},
		{"shared", with("A3", "91110108585817834H", "李四", "9500"), "一码多户 802  户3 另1 uniscid802"},
		{"shared, by the code alone", with("/", "91110108585817834H", "王五", "9500"), "一码多户 802  户4 另1 uniscid802"},
		{"one live of two", with("无", "91110105MA00F44L2Q", "王五", "9500"), "一致 0  户6 另0 "},
		{"a number from before the move", with("B6", "110108000000016", "王五", "9500"), "一致 0  户6 另0 "},
		{"a number of a former place of another", with("", "110108000000016", "", ""),
			"不一致 801 pripid,regno 户1 另1 pripid801"},
		{"the dead one of two", with("B5", "91110105MA00F44L2Q", "李四", "9500"), "状态异常 808  户5 另1 pripid808"},
		{"code not there", with("", "91150203MA0N000X48", "", ""), "不一致 804 uniscid 户1 另0 uniscid804"},
		{"number not there", with("", "150000000005767", "", ""), "不一致 804 regno 户1 另0 uniscid804"},
		{"pripid in both", with("", id1, "", ""), "不一致 804 uniscid 户1 另0 uniscid804"},
		{"no code sent", with("", "无", "", ""), "不一致 804 uniscid 户1 另0 uniscid804"},
		{"pripid not there", with("Q1", "", "", ""), "不一致 805 pripid 户1 另0 pripid805"},
		{"destroyed pripid", with("1.50203E+23", "", "", ""), "不一致 805 pripid 户1 另0 pripid805"},
		{"legal", with("", "", "乌云其其格", ""), "不一致 806 legal 户1 另0 legal806"},
		{"type", with("", "", "", "9500"), "不一致 807 enttype 户1 另0 enttype807"},
		{"type of the family", with("", "", "", "1151"), "不一致 813 enttype 户1 另0 enttype813"},
		{"everything", with("Q1", "", "张三", "9500"),
			"不一致 805 pripid,legal,enttype 户1 另0 pripid805 legal806 enttype807"},
		{"nothing", with("无", "000", "", ""), "无法比对 810  户0 另0 pripid810"},
		{"personal ID", with("0", "15019919000101000X", "", ""), "无法比对 810  户0 另0 pripid810"},
	} {
		if got := outcome(test.e, firms); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestKeysOf(t *testing.T) {
	for _, test := range []struct{ pripID, uniscID, ids, codes string }{
		{id1, code1, id1, code1},
		{"无", "0", "", ""},
		{"451477f9-010d-1000-e000-03c00a010119", "", "451477F9010D1000E00003C00A010119", ""},
		{"630000_630121000052006110715045", " 91150203ma0n00024y ", "630000_630121000052006110715045", code1},
		{code1, id1, code1 + " " + id1, code1},
		{"Q", no1, "Q " + no1, no1},
		{"'" + id1, "‘" + code1 + "(2-1)", id1, code1},
		{"Q", code1 + "(副本)", "Q", ""},
		{"Q", "1501041002002", "Q 1501041002002", "1501041002002"},
		{"Q", "MA0N0002-4", "Q MA0N00024", "MA0N00024"},
		{"Q", "150203MA0N00024", "Q 150203MA0N00024", "150203MA0N00024 MA0N00024"},
		{"Q", code1 + "00", "Q " + code1 + "00", code1 + "00 " + code1},
		{"1.5E+17", "9.11E+17", "", ""},
		{"汉字", "见附件", "", ""},
	} {
		k := register.KeysOf(api.Entity{PripID: test.pripID, UniscID: test.uniscID})
		ids, codes := strings.Join(k.PripID, " "), strings.Join(k.Codes, " ")
		if ids != test.ids || codes != test.codes {
			t.Errorf("%s %s: %q %q", test.pripID, test.uniscID, ids, codes)
		}
	}
}

// A state counts as of the day of the decision.
func TestStateAtDecision(t *testing.T) {
	const day = "2026-03-16"
	for _, test := range []struct {
		state    register.State
		approved string
		want     string
	}{
		{register.Live, "2026-03-17", "一致 0 []"},
		{register.Revoked, "2026-03-15", "状态异常 808 [808]"},
		{register.Revoked, "", "状态异常 808 [808]"},
		{register.Revoked, day, "一致 0 [812]"},
		{register.Revoked, "2026-03-20", "一致 0 [812]"},
		{register.Deregistered, "2026-03-15", "状态异常 808 [808]"},
		{register.Deregistered, day, "状态异常 808 [808]"},
		{register.Deregistered, "2026-03-17", "一致 0 [809]"},
		{register.MovedOut, "2026-03-17", "一致 0 [809]"},
		{register.MovedOut, "", "状态异常 808 [808]"},
		{register.Dormant, "2020-03-17", "状态异常 808 [808]"},
		{register.Liquidating, "2020-03-17", "状态异常 808 [808]"},
		{register.Annulled, "2020-03-17", "状态异常 808 [808]"},
		{register.StateUnknown, "2026-03-17", "状态异常 814 [814]"},
	} {
		f := firms[0]
		f.State, f.Approved = test.state, test.approved
		e := api.Entity{PripID: id1, UniscID: code1, Legal: f.Legal, EntType: f.EntType}
		var found []int
		r := register.Match(e, day, lookUp([]register.Firm{f}, register.KeysOf(e)),
			func(_ string, rule int, _ rules.Detail) { found = append(found, rule) })
		if got := fmt.Sprint(r.Verdict, " ", r.Rule, " ", found); got != test.want {
			t.Errorf("%s, %s: %s, want %s", test.state, test.approved, got, test.want)
		}
	}
}

func TestLegalNames(t *testing.T) {
	same := [][2]string{
		{"额尔敦·巴图", "额尔敦巴图"}, {"额尔敦•巴图", "额尔敦·巴图"}, {"额尔敦 巴图", "额尔敦·巴图"}, {"额尔敦．巴图", "额尔敦・巴图"},
		{"张 三", "张三"}, {"张三（负责人）", "张三"}, {"张三 先生", "张三"}, {"张三董事长", "张三"}, {"法定代表人：张三", "张三"},
		{"负责人:张三", "张三"}, {"经营者　张三", "张三"}, {"张三 13947112345", "张三"}, {"张三（电话：0471-4601234）", "张三"},
		{"张三(已故)", "张三"}, {"张三（曾用名：李四）", "张三"}, {"张三", "张三（执行董事）"}, {"张三女士", "张三"}, {"张三\u200b", "张三"},
		{"john smith", "JOHN SMITH"}, {"ＪＯＨＮ", "John"},
		{"JOHN SMITH（约翰·史密斯）", "JOHN SMITH"}, {"约翰·史密斯", "JOHN SMITH（约翰·史密斯）"},
		{"张\ue81e", "张\u9fb4"}, {"张\ue864", "张\u9fbb"}, {"张\ue816", "张\U00020087"}, {"张\uf9d1", "张六"},
		{"张\ue000", "张\ue000"},
		{"内蒙古甲投资管理有限公司（委派代表：张三）", "内蒙古甲投资管理有限公司"}, {"张三", "内蒙古甲投资管理有限公司(委派代表:张三)"},
		{"内蒙古甲投资管理有限公司", "内蒙古甲投资管理有限公司（委派代表：张三）"}, {"甲中心(有限合伙)(委派代表:张三)", "甲中心（有限合伙）"},
		{"张三", "张三、李四"}, {"李四；张三", "张三、李四"}, {"张三（蒙古族）", "张三"},
		{"内蒙古甲投资管理有限公司委派代表张三", "内蒙古甲投资管理有限公司"}, {"内蒙古甲投资管理有限公司（张三）", "张三"},
		{"执行事务合伙人：内蒙古甲投资管理有限公司，委派代表：张三", "内蒙古甲投资管理有限公司(委派代表:张三)"},
		{"额尔敦，巴图", "额尔敦·巴图"}, {"额尔敦˙巴图", "额尔敦·巴图"}, {"额尔敦。巴图", "额尔敦·巴图"}, {"李行（负责人）", "李行"},
		{"张三等3人", "张三"}, {"张三书记", "张三"}, {"(张三)", "张三"}, {"欧阳·先生", "欧阳"}, {"委派代表：张三", "张三"},
		{"执行事务合伙人：张三", "张三"}, {"张三（总经理）", "张三"}, {"张三总经理", "张三"},
	}
	different := [][2]string{
		{"张*", "张三"}, {"张?", "张三"}, {"张某某", "张三"}, {"张某", "张某"}, {"张*", "张*"}, {"张XX", "张三"}, {"张□", "张三"},
		{"張三", "张三"}, {"张三", "张四"}, {"张三丰", "张三"}, {"李主任", "李四"}, {"张三、李四", "张三"}, {"王先生", "王"},
		{"内蒙古甲投资管理有限公司（委派代表：张三）", "内蒙古乙投资管理有限公司（委派代表：李四）"}, {"甲中心（有限合伙）", "甲中心（普通合伙）"},
		{"内蒙古甲投资管理有限公司（委派代表：张三）", "内蒙古甲投资管理有限公司（委派代表：李四）"},
		{"内蒙古乙投资管理有限公司（委派代表：张三）", "内蒙古甲投资管理有限公司（委派代表：张三）"}, {"李四", "王五（曾用名：李四）"},
		{"张\ue81e", "张\u9fb5"}, {"张三（李四）", "张三"}, {"法定代表人", "张三"}, {"负责人", "张三"}, {"无", "张三"},
		{"额尔敦·巴图", "额尔登·巴图"}, {"乌云其木格", "乌云其其格"}, {"董事长", "张三"}, {"13947112345", "张三"}, {"", "张三"},
		{"å¼ ä¸‰", "张三"}, {"寮犱笁", "张三"}, {"郭伟", "郭玮"},
	}
	f := firms[1]
	check := func(sent, has, want string) {
		t.Helper()
		f.Legal = has
		e := api.Entity{PripID: id2, UniscID: code2, Legal: sent, EntType: "1151"}
		if got := outcome(e, []register.Firm{f}); !strings.HasPrefix(got, want) {
			t.Errorf("%q, %q in the register: %s", sent, has, got)
		}
	}
	for _, p := range same {
		check(p[0], p[1], "一致 0 ")
		if !slices.Contains([]string{"、", "；"}, p[1]) && !strings.Contains(p[0]+p[1], "、") {
			check(p[1], p[0], "一致 0 ")
		}
	}
	for _, p := range different {
		check(p[0], p[1], "不一致 806 legal ")
	}
}

func TestTypes(t *testing.T) {
	for _, test := range []struct {
		sent, has string
		rule      int
	}{
		{"1151", "1151", 0}, {"1151", "有限责任公司（自然人独资）", 0}, {"有限责任公司(自然人独资)", "1151", 0}, {"1151", "有限责任公司", 0},
		{"1100", "1151", 0}, {"有限公司", "1130", 0}, {"9500", "9999", 0},
		{"个体户", "9500", 0}, {"个体工商户(个人经营)", "个体", 0},
		{"1130", "1130 有限责任公司（自然人投资或控股）", 0}, {"１１３０", "1130", 0}, {"一人有限公司", "1151", 0}, {"5110", "有限责任公司", 0},
		{"有限责任公司（外商投资、非独资）", "5110", 0}, {"1988", "1130", 0}, {"1130", "", 0}, {"1130", "某种类型", 0},
		{"9100", "合作社", 0},
		{"有限责任公司（台、港、澳法人独资）", "6150", 0},
		{"1130", "1151", 813}, {"4531", "4533", 813}, {"2130", "2151", 813},
		{"1130", "9500", 807}, {"1151", "2151", 807}, {"9100", "9200", 807}, {"1130", "1210", 807},
		{"分公司", "1130", 807},
		{"个体户", "1130", 807},
	} {
		f := firms[0]
		f.EntType = test.has
		e := api.Entity{PripID: id1, UniscID: code1, Legal: f.Legal, EntType: test.sent}
		want := fmt.Sprintf("不一致 %d enttype 户1 另0 enttype%d", test.rule, test.rule)
		if test.rule == 0 {
			want = "一致 0  户1 另0 "
		}
		if got := outcome(e, []register.Firm{f}); got != want {
			t.Errorf("%s, %s in the register: %s, want %s", test.sent, test.has, got, want)
		}
	}
}

// Each code of an old name is in the table of codes.
func TestOldNames(t *testing.T) {
	tsv, err := os.ReadFile("oldname.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(tsv)) {
		name, codes, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if len(rules.EntTypesByName(name)) > 0 && len(strings.Fields(codes)) < 2 {
			t.Errorf("%s is in the table of codes", name)
		}
		for _, code := range strings.Fields(codes) {
			if _, ok := rules.EntTypeByCode(code); !ok {
				t.Errorf("%s: %s is no code", name, code)
			}
		}
	}
}
