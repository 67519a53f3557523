package planted

import (
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// noise is one way in which a true row is written otherwise, or a state of the register that is no doubt.
type noise struct {
	name  string
	fits  func(l *lister, f *register.Firm) bool // beside being live, or instead of it
	write func(l *lister, e *api.Entity, f *register.Firm)
}

// Noises are the names of all kinds of harmless noise.
func Noises() (names []string) {
	for _, n := range noises {
		names = append(names, n.name)
	}
	return names
}

// clear is a row without an error, one in two with noise.
func (l *lister) clear() Row {
	for l.IntN(2) == 0 {
		n := noises[l.IntN(len(noises))]
		if f, ok := l.find(n.name, func(f *register.Firm) bool { return n.fits(l, f) }); ok {
			e := entity(f)
			n.write(l, &e, &f)
			return Row{Entity: e, Noise: n.name}
		}
	}
	return Row{Entity: entity(l.takeLive())}
}

// live narrows what fits to live firms.
func live(fits func(f *register.Firm) bool) func(*lister, *register.Firm) bool {
	return func(l *lister, f *register.Firm) bool { return fits(f) && l.isLive(f) }
}

func hasCode(f *register.Firm) bool { return f.UniscID != "" }
func hasBoth(f *register.Firm) bool { return f.UniscID != "" && f.RegNo != "" }
func anyFirm(*register.Firm) bool   { return true }
func isPerson(f *register.Firm) bool {
	return len(f.Legal) <= 12 && !strings.ContainsAny(f.Legal, " ·•・.")
}
func hasDot(f *register.Firm) bool { return strings.Contains(f.Legal, "·") }
func hasLetter(f *register.Firm) bool {
	return strings.ToLower(f.UniscID) != f.UniscID
}

// hasBracket: the name of the type, or the code of one.
func hasBracket(f *register.Firm) bool {
	return strings.Contains(f.EntType, "(") || len(f.EntType) == 4
}

func isDelegate(f *register.Firm) bool {
	return strings.Contains(f.Legal, "（委派代表：")
}

var noises = []noise{
	{"代码全角", live(hasCode), func(_ *lister, e *api.Entity, _ *register.Firm) { e.UniscID = full(e.UniscID) }},
	{"身份代码全角", live(anyFirm), func(_ *lister, e *api.Entity, _ *register.Firm) { e.PripID = full(e.PripID) }},
	{"代码中有空格", live(anyFirm), func(_ *lister, e *api.Entity, _ *register.Firm) { e.UniscID = parted(e.UniscID, " ") }},
	{"代码带连字符", live(anyFirm), func(_ *lister, e *api.Entity, _ *register.Firm) {
		e.UniscID = parted(e.UniscID, "－")
	}},
	{"代码小写", live(hasLetter), func(_ *lister, e *api.Entity, _ *register.Firm) {
		e.UniscID = strings.ToLower(e.UniscID)
	}},
	{"代码首尾有空白", live(anyFirm), func(_ *lister, e *api.Entity, _ *register.Firm) {
		e.PripID, e.UniscID = "\u00a0"+e.PripID+"\t", e.UniscID+"\u200b"
	}},
	{"姓名中有空格", live(isPerson), func(_ *lister, e *api.Entity, _ *register.Firm) {
		e.Legal = e.Legal[:3] + "\u3000" + e.Legal[3:]
	}},
	{"姓名后有称谓", live(isPerson), func(l *lister, e *api.Entity, _ *register.Firm) {
		e.Legal += l.pick([]string{"先生", " 女士", "董事长", "总经理", "经理", "厂长", "理事长"})
	}},
	{"姓名后有备注", live(isPerson), func(l *lister, e *api.Entity, _ *register.Firm) {
		e.Legal += l.pick([]string{"（负责人）", "(法定代表人)", "【经营者】", "（已故）", "（失联）", "（执行董事）", "（曾用名：李四）", "（女）"})
	}},
	{"姓名前有栏目名", live(isPerson), func(l *lister, e *api.Entity, _ *register.Firm) {
		e.Legal = l.pick([]string{"法定代表人：", "负责人:", "经营者 ", "法人：", "执行事务合伙人："}) + e.Legal
	}},
	{"姓名后有电话", live(isPerson), func(l *lister, e *api.Entity, _ *register.Firm) {
		e.Legal += l.pick([]string{" 13947112345", "（电话：0471-4601234）", "，手机13947112345", "(15104711234)"})
	}},
	{"间隔号写法", live(hasDot), func(l *lister, e *api.Entity, _ *register.Firm) {
		e.Legal = strings.Replace(e.Legal, "·", l.pick([]string{"•", "・", "．", "･", "‧", " · ", "."}), 1)
	}},
	{"没有间隔号", live(hasDot), func(_ *lister, e *api.Entity, _ *register.Firm) {
		e.Legal = strings.ReplaceAll(e.Legal, "·", "")
	}},
	{"造字码位", live(func(f *register.Firm) bool { return private(f.Legal) != f.Legal }),
		func(_ *lister, e *api.Entity, _ *register.Firm) { e.Legal = private(e.Legal) }},
	{"委派代表只写一方", live(isDelegate), func(l *lister, e *api.Entity, _ *register.Firm) {
		firm, who, _ := strings.Cut(strings.TrimSuffix(e.Legal, "）"), "（委派代表：")
		e.Legal = l.pick([]string{firm, who, firm + "(委派代表:" + who + ")"})
	}},
	{"类型用旧名称", live(func(f *register.Firm) bool { return oldTypes[typeCode(f)] != nil }),
		func(l *lister, e *api.Entity, f *register.Firm) { e.EntType = l.pick(oldTypes[typeCode(f)]) }},
	{"类型名称的括号", live(hasBracket), func(l *lister, e *api.Entity, f *register.Firm) {
		t, _ := rules.EntTypeByCode(typeCode(f))
		e.EntType = strings.NewReplacer("(", l.pick([]string{"（", "【", "〔"}), ")", "）").Replace(t.Name)
	}},
	{"类型为上级", live(func(f *register.Firm) bool { return parentType(f) != "" }),
		func(_ *lister, e *api.Entity, f *register.Firm) { e.EntType = parentType(f) }},
	{"注册号代替信用代码", live(hasBoth), func(_ *lister, e *api.Entity, f *register.Firm) { e.UniscID = f.RegNo }},
	{"组织机构代码", live(hasCode), func(l *lister, e *api.Entity, f *register.Firm) {
		e.UniscID = f.UniscID[8:16] + l.pick([]string{"", "-"}) + f.UniscID[16:17]
	}},
	{"纳税人识别号", live(hasCode), func(l *lister, e *api.Entity, f *register.Firm) {
		e.UniscID = l.pick([]string{f.UniscID[2:17], f.UniscID + "00"})
	}},
	{"没有身份代码", live(anyFirm), func(l *lister, e *api.Entity, _ *register.Firm) {
		e.PripID = l.pick([]string{"无", "/", "0", "—", "NULL", "暂无"})
	}},
	{"身份代码栏填信用代码", live(hasCode), func(_ *lister, e *api.Entity, _ *register.Firm) { e.PripID = e.UniscID }},
	{"主体库已登记本次吊销", func(l *lister, f *register.Firm) bool {
		return f.State == register.Revoked && f.Approved >= Decided && f.Legal != "" && l.isAlone(f)
	}, asIs},
	{"决定之后注销或迁出", func(l *lister, f *register.Firm) bool {
		return f.State.Ended() && f.Approved > Decided && f.Legal != "" && l.isAlone(f)
	}, asIs},
	{"同码的旧户已迁出", func(l *lister, f *register.Firm) bool {
		all := l.r.byCode[f.UniscID]
		return f.State == register.Live && f.UniscID != "" && f.Legal != "" && len(all) == 2 &&
			l.r.Firms[all[1]].State == register.MovedOut
	}, asIs},
	{"主体库无法定代表人", func(l *lister, f *register.Firm) bool {
		return f.State == register.Live && f.Legal == "" && l.isAlone(f)
	}, func(l *lister, e *api.Entity, _ *register.Firm) { e.Legal = l.person() }},
}

func asIs(*lister, *api.Entity, *register.Firm) {}

// full has letters and digits in full width.
func full(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f {
			return r
		}
		return r + 0xfee0
	}, s)
}

// parted puts a mark behind the region.
func parted(s, mark string) string { return s[:6] + mark + s[6:] }

// private has the numbers that GBK gives the rare characters of a name.
func private(s string) string {
	return strings.NewReplacer("䶮", "\ue863", "䜣", "\ue844", "䦃", "\ue84d", "㧟", "\ue828", "䓖", "\ue840", "䲟",
		"\ue857", "䴓", "\ue85c", "䌷", "\ue837", "䥽", "\ue84b").Replace(s)
}

// typeCode is the code of a firm's type.
func typeCode(f *register.Firm) string {
	if types := rules.EntTypesByName(f.EntType); len(types) > 0 {
		return types[0].Code
	}
	return f.EntType
}

// parentType is the group of a type, named or as a code.
func parentType(f *register.Firm) string {
	t, _ := rules.EntTypeByCode(typeCode(f))
	if t.Parent < "1100" || t.Parent[2:] == "00" && t.Parent != "1100" && t.Parent != "1200" {
		return ""
	}
	return t.Parent
}

// oldTypes are names of types that lists still have.
var oldTypes = map[string][]string{
	"9500": {"个体户", "个体工商户（个人经营）", "个体工商户(家庭经营)", "个体", "9999"},
	"1130": {"有限责任公司（自然人控股）", "有限公司", "私营有限责任公司", "有限责任公司"},
	"1151": {"一人有限责任公司（自然人独资）", "自然人独资有限责任公司", "一人有限公司"},
	"1153": {"有限责任公司（法人独资）", "一人有限责任公司(法人独资)"},
	"9100": {"合作社", "专业合作社", "农民专业合作经济组织"},
	"4540": {"私营独资企业", "个人独资"},
	"4533": {"有限合伙", "合伙企业（有限合伙）", "私营合伙企业"},
	"3200": {"集体企业", "集体所有制企业"},
	"1222": {"股份公司", "股份有限公司"},
}
