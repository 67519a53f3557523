package rules

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// EntType is one row of the code table of market entity types (企业(机构)类型代码, data item CA16).
type EntType struct {
	Code   string // four digits
	Name   string // with half-width brackets
	Parent string // code of the group, "" for a group head
}

//go:embed enttype.tsv
var entTypeTSV string

// The table by code, and by name folded by FoldEntTypeName: several codes share a name such as 有限责任公司.
var entTypeByCode, entTypeByName = readEntTypes(entTypeTSV)

func readEntTypes(tsv string) (byCode map[string]EntType, byName map[string][]EntType) {
	byCode, byName = make(map[string]EntType), make(map[string][]EntType)
	for line := range strings.Lines(tsv) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		col := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		t := EntType{Code: col[0], Name: col[1], Parent: col[2]}
		byCode[t.Code] = t
		name := FoldEntTypeName(t.Name)
		byName[name] = append(byName[name], t)
		if wide := fullBrackets.Replace(name); wide != name { // as most registers write it, found without folding
			byName[wide] = append(byName[wide], t)
		}
	}
	return byCode, byName
}

// EntTypeByCode looks up a type by its four digits, taken literally. The table knows the national codes up to 2019 and
// the local 9999; a code it does not know is not thereby wrong.
func EntTypeByCode(code string) (EntType, bool) {
	t, ok := entTypeByCode[code]
	return t, ok
}

// EntTypes lists all types in order of their codes.
func EntTypes() []EntType {
	return slices.SortedFunc(maps.Values(entTypeByCode), func(a, b EntType) int {
		return strings.Compare(a.Code, b.Code)
	})
}

// EntTypesByName returns the types of that name in order of their codes, or nothing. Width and shape of brackets,
// blanks, and the order of 台港澳 (港澳台, 港、澳、台) do not matter. The result must not be changed.
func EntTypesByName(name string) []EntType {
	if types, ok := entTypeByName[name]; ok {
		return types
	}
	return entTypeByName[FoldEntTypeName(name)]
}

var fullBrackets = strings.NewReplacer("(", "（", ")", "）")

var entTypeNameFolder = strings.NewReplacer(
	"〔", "(", "〕", ")", "[", "(", "]", ")", "【", "(", "】", ")", ",", "、", "､", "、", "台、港、澳", "港澳台", "港、澳、台", "港澳台",
	"台港澳", "港澳台",
)

// FoldEntTypeName is the form in which names of types are compared.
func FoldEntTypeName(name string) string { return entTypeNameFolder.Replace(FoldCode(name)) }

// entTypeCategory returns the first two characters that the credit code of an entity of this type has, "" where that is
// not settled: groups (8000), 9000, 9900, and numbers outside the table's ranges.
func entTypeCategory(code string) string {
	switch {
	case len(code) != 4 || !AllDigits(code):
		return ""
	case "1000" <= code && code <= "7999":
		return "91"
	case code == "9500" || code == "9999":
		return "92"
	case code == "9100" || code == "9200":
		return "93"
	}
	return ""
}

// commonCategory is the category that all the types have in common, "" if they differ.
func commonCategory(types []EntType) string {
	category := entTypeCategory(types[0].Code)
	for _, t := range types[1:] {
		if entTypeCategory(t.Code) != category {
			return ""
		}
	}
	return category
}

// checkEntType applies the rules of the 3xx group, and those of 6xx that concern the type. category is that of the
// row's credit code, "" if it has none.
func checkEntType(raw, category string, add adder) {
	code := FoldCode(raw)
	switch {
	case len(code) == 4 && AllDigits(code):
		checkEntTypeCode(raw, code, category, add)
	case IsPlaceholder(code):
		add(fieldEntType, Placeholder, value(raw))
	case hasPersonID(raw, code):
		add(fieldEntType, PersonIDMisplaced, value(raw))
	case isSpreadsheetNumber(code):
		add(fieldEntType, SpreadsheetNumber, value(raw))
	case hasHan(code):
		checkEntTypeName(raw, category, add)
	case len(code) >= 8 && looksLikeCode(code):
		add(fieldEntType, EntTypeIsCode, value(raw))
	default:
		add(fieldEntType, EntTypeUnknown, value(raw))
	}
}

func checkEntTypeCode(raw, code, category string, add adder) {
	if raw != code {
		add(fieldEntType, EntTypeForm, words("含"+strangeForms(raw)))
	}
	if _, ok := entTypeByCode[code]; !ok {
		add(fieldEntType, EntTypeUnknown, value(code))
	}
	if want := entTypeCategory(code); category != "" && want != "" && want != category {
		add(fieldEntType, EntTypeCategory, categoryDetail(category, code+entTypeByCode[code].Name, want))
	}
}

func checkEntTypeName(raw, category string, add adder) {
	types := EntTypesByName(raw)
	switch {
	case len(types) > 0:
		add(fieldEntType, EntTypeName, value(raw).words("，代码表中为"+codesOf(types)))
		if want := commonCategory(types); category != "" && want != "" && want != category {
			add(fieldEntType, EntTypeCategory, categoryDetail(category, types[0].Name, want))
		}
	case looksLikePersonName(raw):
		add(fieldEntType, EntTypeIsName, words("形如人名："+MaskName(FoldName(raw))))
	default:
		add(fieldEntType, EntTypeNameUnknown, value(raw))
	}
}

func categoryDetail(category, typ, want string) Detail {
	return words("信用代码以" + category + "开头（" + categoryName(category) + "），类型").value(typ).
		words("属于" + categoryName(want))
}

func codesOf(types []EntType) string {
	codes := make([]string, len(types))
	for i, t := range types {
		codes[i] = t.Code
	}
	return strings.Join(codes, "或")
}

// typeWords occur in names of entity types and hardly in names of people. 国有, 合作 and the like are left out: people bear
// them.
var typeWords = [...]string{"公司", "企业", "个体", "合伙", "集体", "全民", "股份", "联营", "分支", "机构", "经营", "其他", "其它",
	"外商", "外资", "内资", "私营", "独资", "合资", "集团", "办事", "代表", "工商", "专业", "合作社", "农场", "类型", "法人", "单位", "分社",
	"商行", "商店", "超市", "饭店", "门市", "中心", "投资", "控股"}

// looksLikePersonName: 2 to 10 ideographs, perhaps with dots between them, and no word of a type. Mongolian names in
// Chinese transcription have no family name to go by.
func looksLikePersonName(raw string) bool {
	name := FoldName(raw)
	if n := utf8.RuneCountInString(name); n < 2 || n > 10 {
		return false
	}
	for _, r := range name {
		if !isCommonHan(r) && r != '·' {
			return false
		}
	}
	for _, w := range typeWords {
		if strings.Contains(name, w) {
			return false
		}
	}
	return true
}
