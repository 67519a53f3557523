package rules_test

import (
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"

	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// Text in place of a name, beside it or around it, and the rule that finds it.
func TestNamesThatAreNone(t *testing.T) {
	for rule, names := range map[int][]string{
		rules.Placeholder: {
			"\\N", "(Null)", "(NULL)", "[NULL]", "<null>", "null", "{NULL}", "“无”", "《空》", "【无】", "（空）", "同上", "同上行",
			"〃", "″", "\"", "''", "见附件", "详见附件1", "见附件一", "详见附表", "如上", "略", "-", "——", "/", "N/A", "#N/A", "无法定代表人",
			"待定", "未填", "测试", "测试1", "TEST", "null ", "#FIELD!", "#BUSY!", "#GETTING_DATA", "#REF!", "#NAME?",
			"Err:502", "错误:504", "#错误", "#错误!", "……", "...", "、", "(略)", "DBNull", "待核实", "查无此人", "合计", "总计",
			"[object Object]", "TRUE", "请选择", "--请选择--", "必填", "无。", "暂无数据", "姓名", "法定代表人", "负责人", "本人", "已注销", "√",
			"Invalid Date",
		},
		rules.NameWithMore: {
			"法定代表人：张伟", "原法定代表人张伟", "张伟 法定代表人", "呼和浩特市市场监督管理局", "吊销营业执照", "2026年3月16日", "张伟、李四", "张伟/李四", "张伟,李四",
			"张伟；", "张伟1", "张伟1151", "(张伟)", "张伟（已注销）", "赵\"二\"娃", "张三13800000000", "张三 0471-1234567",
			"张三（13800000000）", "张三 138 0000 0000", "乌云其木格，电话：无", "张三先生", "李四女士", "王五（已故）", "王五(已去世)", "赵六【失联】",
			"赵六(曾用名赵七)",
		},
		rules.MojibakeText: {
			"锟斤拷", "锟斤拷锟斤拷", "张锟斤拷", "烫烫烫", "屯屯屯", "葺葺", "ï¿½ï¿½", "阿拉坦&middot;乌云其木格", "宋&nbsp;娟", "&#24352;&#19977;",
			"&#x5f20;&#x4e09;", "\\u5f20\\u4e09", "%E5%BC%A0%E4%B8%89", "%u5F20%u4E09", "=E5=BC=A0=E4=B8=89",
			"=?UTF-8?B?5byg5LiJ?=", "赵二娃_x000D_", "U+5F20", "<b>张三</b>", "张三<br/>", "5byg5LiJ", "xn--8nr183j", "宋%20娟",
			"张三\\r\\n", "&amp;nbsp;", "å¼ ä¼Ÿ", "å¼ ä¸‰",
		},
		rules.NameForm: {
			"赵二娃 ", " 赵二娃", "赵二娃      ", "赵二娃\u00a0", "宋\u200b娟", "赵二娃\u202e", "赵二娃\r\n", "\ufeff赵二娃", "赵\u00ad二娃",
			"赵二娃\t", "赵\u00a0二娃", "　赵二娃", "赵\n二娃",
		},
		rules.Garbled: {"张××", "李某甲", "张某", "张某某", "王�", "李\ue863", "张□", "张*", "?"},
		rules.ForeignLetters: {
			"王⼩明", "’≈Œ∞", "¡ı—Û", "ｶﾀｶﾅ", "ひらがな", "ХЕОµ", "Ελλάς", "สมชาย", "¤張¤", "┘赵", "赵二娃①", "赵ㄅ",
		},
	} {
		for _, name := range names {
			got := rulesOf(with(clean, "legal", name), "legal")
			if rule == rules.Garbled && name == "?" {
				rule = rules.Placeholder
			}
			if !slices.Contains(got, rule) {
				t.Errorf("%q: %v, want %d", name, got, rule)
			}
		}
	}
}

var honestNames = []string{
	"张伟", "王喆", "张珺", "孙堃", "李玥", "赵二娃", "宋娟", "张三", "欧阳建国", "阿拉坦·乌云其木格", "买买提·吐尔逊", "古丽仙·阿不都热合曼", "那仁满都拉", "苏日娜",
	"卓玛", "扎西次仁",
}

// through writes text in one charset and reads it in another.
func through(text string, written, read encoding.Encoding) string {
	b := []byte(text)
	if written != nil {
		b, _ = written.NewEncoder().Bytes(b)
	}
	out, _ := read.NewDecoder().Bytes(b)
	return string(out)
}

func TestMojibake(t *testing.T) {
	latin, cp1252 := charmap.ISO8859_1, charmap.Windows1252
	gbk, gb18030 := simplifiedchinese.GBK, simplifiedchinese.GB18030
	for _, name := range append(honestNames, "呼和浩特市市场监督管理局", "开业后自行停业连续六个月以上。", "〔2026〕呼市监处罚3号") {
		for how, text := range map[string]string{
			"UTF-8 as GBK":           through(name, nil, gbk),
			"UTF-8 as GB18030":       through(name, nil, gb18030),
			"UTF-8 as Latin-1":       through(name, nil, latin),
			"UTF-8 as CP1252":        through(name, nil, cp1252),
			"UTF-8 as Latin-1 twice": through(through(name, nil, latin), nil, latin),
			"percent":                url.QueryEscape(name),
		} {
			if strings.Contains(text, "\ufffd\ufffd\ufffd") {
				continue // 613 says it
			}
			if got := rules.Mojibake(text); got == "" {
				t.Errorf("%s of %s: %q is no mojibake", how, name, text)
			}
		}
		if text := through(name, gbk, latin); !strings.ContainsAny(name, "2·") && rules.Mojibake(text) == "" {
			t.Errorf("GBK as Latin-1 of %s: %q is no mojibake", name, text)
		}
		if how := rules.Mojibake(name); how != "" {
			t.Errorf("%s: %s", name, how)
		}
	}
}

// Names that are rare and right: their letters, their dots, the blanks of a table.
func TestHonestNames(t *testing.T) {
	for _, name := range append(
		honestNames, "𠮷野太郎", "王㛃", "李𬭎", "张𫟹", "陈䶮", "刘\u9fc3", "朱𫍯", "𪚥𪚥", "李\ufa0e", "葛\U000e0100", "阿拉坦•仓",
		"買買提．吐爾遜", "JOHN SMITH", "O'Neil-Müller", "José García", "张 三", "张　三", "ᠠᠯᠲᠠᠨ ᠬᠤᠶᠠᠭ\u202fᠤᠨ", "བཀྲ་ཤིས",
		"محمد تۇرسۇن", "ꆈꌠ", "旗下营", "关关", "圆圆", "贺兰山", "张测", "无忌", "空明", "略萨", "同心", "先明", "附强", "李见附", "内蒙古某某商贸有限公司",
		"北京三六零投资管理中心（有限合伙）（委派代表：张三）", "呼和浩特市361度贸易有限公司", "二〇一食品店", "H&M（北京）商业有限公司", "A&B; C", "张三 Zhang San",
		"蒙A12345号车主", "鑫鑫鑫商店", "拷贝", "斤斤", "锟铻", "屯留", "娜仁高娃", "李生", "王女", "涓涓", "璧君", "滕代远", "张长理", "赵姐妹",
	) {
		if got := check(with(clean, "legal", name)); len(got) > 0 {
			t.Errorf("%q: %v", name, got)
		}
	}
}

// Names put together of family names and of common characters raise nothing, however many there are.
func TestRandomNamesAreNoMojibake(t *testing.T) {
	surnames := []rune(
		"王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任" +
			"姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文滕缪逄綦璧涓娄仝佟佴銮",
	)
	var common []rune
	for lead := byte(0xb0); lead <= 0xf7; lead++ {
		for trail := byte(0xa1); trail <= 0xfe; trail++ {
			if b, err := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{lead, trail}); err == nil {
				common = append(common, []rune(string(b))...)
			}
		}
	}
	r := rand.New(rand.NewPCG(5, 1))
	for range 500_000 {
		name := []rune{surnames[r.IntN(len(surnames))]}
		for range 1 + r.IntN(3) {
			name = append(name, common[r.IntN(len(common))])
		}
		if how := rules.Mojibake(string(name)); how != "" {
			t.Errorf("%s: %s", string(name), how)
		}
	}
}

func TestCheckTexts(t *testing.T) {
	c := api.Case{
		CaseID:           "呼市监处罚〔2026〕3号",
		CaseName:         "长期停业吊销案",
		CaseIntroduction: "A&B 公司 100% <2 年>",
		Illegality:       "在登记的住所（经营场所）无法取得联系\r\n①②",
		Penalty:          "吊销营业执照",
		PenaltyDate:      "2026-03-16",
		PenaltyOrg:       "呼和浩特市市场监督管理局",
	}
	var found []string
	add := func(field string, rule int, _ rules.Detail) {
		if found = append(found, field); rule != rules.MojibakeText {
			t.Errorf("%s: rule %d", field, rule)
		}
	}
	if rules.CheckTexts(c, add); len(found) > 0 {
		t.Errorf("findings on %v", found)
	}
	c.CaseName, c.Penalty, c.PenaltyOrg = through(
		c.CaseName,
		nil,
		simplifiedchinese.GBK,
	), "吊销\ufffd业执照", "呼和浩特市&nbsp;市场监督管理局"
	if rules.CheckTexts(c, add); !slices.Equal(found, []string{"casename", "penalty", "penaltyorg"}) {
		t.Errorf("findings on %v", found)
	}
}
