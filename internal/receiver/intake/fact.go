package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
)

// FactKey names a fact in the detail of an audit entry.
type FactKey string

// The keys, as they are stored and chained. Each has its title in factTitles.
const (
	FactName       FactKey = "name"
	FactWas        FactKey = "was"
	FactContact    FactKey = "contact"
	FactContactWas FactKey = "contact_was"
	FactPhone      FactKey = "phone"
	FactDialect    FactKey = "dialect"
	FactAccounts   FactKey = "accounts"
	FactAccount    FactKey = "account"
	FactSecret     FactKey = "secret"
	FactOverlap    FactKey = "overlap"
	FactPerson     FactKey = "person"
	FactUnit       FactKey = "unit"
	FactUnitWas    FactKey = "unit_was"
	FactRole       FactKey = "role"
	FactWaits      FactKey = "waits"
	FactVoids      FactKey = "voids"
	FactDefers     FactKey = "defers"
	FactChange     FactKey = "change"
	FactAskedBy    FactKey = "asked_by"
	FactReason     FactKey = "reason"
	FactIdentity   FactKey = "identity"
	FactSource     FactKey = "source"
	FactLocked     FactKey = "locked"
	FactScope      FactKey = "scope"
	FactViews      FactKey = "views"
	FactSince      FactKey = "since"
	FactCases      FactKey = "cases"
	FactPrevious   FactKey = "previous"
	FactAsOf       FactKey = "as_of"
	FactRows       FactKey = "rows"
	FactBase       FactKey = "base"
	FactApplied    FactKey = "applied"
	FactFiles      FactKey = "files"
	FactDigest     FactKey = "digest"
)

var factTitles = map[FactKey]string{
	FactName: "名称", FactWas: "原为", FactContact: "联系人", FactContactWas: "联系人原为", FactPhone: "电话", FactDialect: "应答报文格式",
	FactAccounts: "账户", FactAccount: "账户", FactSecret: "密钥指纹", FactOverlap: "原密钥保留", FactPerson: "姓名",
	FactUnit: "单位", FactUnitWas: "单位原为", FactRole: "角色",
	FactWaits: "等待批准", FactVoids: "作废的待批准变更", FactDefers: "执行", FactChange: "变更", FactAskedBy: "申请人", FactReason: "理由",
	FactIdentity: "身份标识", FactSource: "来源", FactLocked: "账户锁定", FactScope: "锁定范围", FactViews: "次数", FactSince: "自",
	FactCases: "受理号和次数", FactPrevious: "前一件的受理时间",
	FactAsOf: "数据截止日", FactRows: "行数", FactBase: "变更所依的快照", FactApplied: "新增、变更、删除", FactFiles: "文件、行数、摘要",
	FactDigest: "内容摘要（SHA-256）",
}

// Title is the title that people read for a key, "" for a key that this version does not know.
func (k FactKey) Title() string { return factTitles[k] }

// The values of facts that are neither a name nor a number.
const (
	PhoneChanged        = "changed"        // of FactPhone: phones are not in the audit, only that they changed
	DefersUntilApproved = "until-approved" // of FactDefers
	IdentityRegistered  = "registered"     // of FactIdentity
	IdentityAsked       = "asked"          // of FactIdentity: another one waits for approval
)

// factForm is the written form of a value.
type factForm int

const (
	factWord   factForm = iota // key=value
	factQuoted                 // key="value", quoted as Go does
	factList                   // key=["value" "value"]
)

// Fact is a value, or a list of values, under a key.
type Fact struct {
	Key    FactKey
	Values []string
	form   factForm
}

// WordFact is a value that the program made. It is written as a word, or quoted where it does not have the form of a
// word.
func WordFact(k FactKey, value string) Fact {
	form := factWord
	if strings.Contains(value, " ") || strings.HasPrefix(value, `"`) || strings.HasPrefix(value, "[") {
		form = factQuoted
	}
	return Fact{k, []string{value}, form}
}

// TextFact is a value that a person wrote.
func TextFact(k FactKey, value string) Fact { return Fact{k, []string{value}, factQuoted} }

// ListFact is values that a person wrote.
func ListFact(k FactKey, values []string) Fact { return Fact{k, values, factList} }

// RoleFact is a role by its title.
func RoleFact(k FactKey, r Role) Fact { return WordFact(k, r.String()) }

// KindFact is a change of an account by its title.
func KindFact(k FactKey, kind ChangeKind) Fact { return WordFact(k, kind.String()) }

// secretFact is a fingerprint of a secret, by which an auditor distinguishes it from others.
func secretFact(hash [sha256.Size]byte) Fact { return WordFact(FactSecret, SecretPrint(hash)) }

// String is the fact as it is stored.
func (f Fact) String() string {
	switch f.form {
	case factQuoted:
		return string(f.Key) + "=" + strconv.Quote(f.Values[0])
	case factList:
		quoted := make([]string, len(f.Values))
		for i, v := range f.Values {
			quoted[i] = strconv.Quote(v)
		}
		return string(f.Key) + "=[" + strings.Join(quoted, " ") + "]"
	}
	return string(f.Key) + "=" + f.Values[0]
}

// Facts is the content of the detail of an audit entry, in order. The stored text is chained, so its form never
// changes.
type Facts []Fact

// String is the detail as it is stored: ParseFacts reads it.
func (fs Facts) String() string {
	texts := make([]string, len(fs))
	for i, f := range fs {
		texts[i] = f.String()
	}
	return strings.Join(texts, " ")
}

// Get returns the value of a key, the values of a list with blanks between them, "" where there is none.
func (fs Facts) Get(k FactKey) string {
	for _, f := range fs {
		if f.Key == k {
			return strings.Join(f.Values, " ")
		}
	}
	return ""
}

// ParseFacts reads a detail. Not ok: Facts did not write it; then the facts are those that could be read all the same.
func ParseFacts(detail string) (fs Facts, ok bool) {
	ok = true
	for rest := detail; rest != ""; {
		name, after, found := strings.Cut(rest, "=")
		if !found {
			return fs, false
		}
		f, left, whole := cutFact(after)
		if len(fs) > 0 {
			name = strings.TrimPrefix(name, " ")
		}
		f.Key = FactKey(strings.TrimSpace(name))
		ok = ok && whole && plainKey(name) && (left == "" || left[0] == ' ' && left != " ")
		fs, rest = append(fs, f), left
	}
	return fs, ok
}

// Facts returns the facts in the detail of the entry. Not ok: the detail is a text that a person or another version
// wrote.
func (e AuditEntry) Facts() (fs Facts, ok bool) {
	if !e.Action.holdsFacts() {
		return nil, false
	}
	return ParseFacts(e.Detail)
}

// AnyFacts returns the facts that can be read from the detail, also where it is not whole.
func (e AuditEntry) AnyFacts() Facts {
	fs, _ := e.Facts()
	return fs
}

// holdsFacts reports whether the detail of such an entry is Facts, not free text.
func (a Action) holdsFacts() bool {
	return a.In("sign") || a.In("app") || a.In("operator") || a.In("register") || a.In("stat") ||
		a == ActionCaseViewNames || a == ActionClockBack
}

func plainKey(s string) bool { return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") == "" }

// cutFact reads the value at the beginning of s. Not ok: it looks like a quoted text or a list but is none; then the
// fact is the word there.
func cutFact(s string) (f Fact, rest string, ok bool) {
	switch {
	case strings.HasPrefix(s, "["):
		f, rest, ok = cutList(s)
	case strings.HasPrefix(s, `"`):
		f = Fact{Values: make([]string, 1), form: factQuoted}
		f.Values[0], rest, ok = cutQuoted(s)
	default:
		ok = true
		f, rest = cutWord(s)
	}
	if !ok {
		f, rest = cutWord(s)
	}
	return f, rest, ok
}

func cutWord(s string) (f Fact, rest string) {
	word, _, _ := strings.Cut(s, " ")
	return Fact{Values: []string{word}}, s[len(word):]
}

func cutList(s string) (f Fact, rest string, ok bool) {
	f.form = factList
	for s = s[1:]; !strings.HasPrefix(s, "]"); s = strings.TrimPrefix(s, " ") {
		var value string
		if value, s, ok = cutQuoted(s); !ok {
			return f, s, false
		}
		f.Values = append(f.Values, value)
	}
	return f, s[1:], true
}

// cutQuoted reads the quoted Go string at the beginning of s.
func cutQuoted(s string) (value, rest string, ok bool) {
	quoted, err := strconv.QuotedPrefix(s)
	if err != nil {
		return "", s, false
	}
	value, err = strconv.Unquote(quoted)
	return value, s[len(quoted):], err == nil
}

// SecretPrint is a fingerprint that distinguishes a secret from others in the audit. It does not reveal the secret.
func SecretPrint(hash [32]byte) string {
	sum := hashSecret(string(hash[:]))
	return hex.EncodeToString(sum[:8])
}
