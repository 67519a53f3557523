package register

// Verdict (比对结论) is the outcome of comparing one listed entity with the register. The numbers are stored.
type Verdict int8

// The verdicts.
const (
	NotCompared Verdict = iota // 无法比对: there is no register, or nothing to look up by
	Consistent                 // 一致
	Different                  // 不一致: Fields differ, or the codes lead to two firms
	NotFound                   // 查无此户
	Shared                     // 一码多户: several live firms have the code
	Abnormal                   // 状态异常: not in business at the decision date
	Stale                      // 快照过旧: consistent with a snapshot that is too old; never stored
)

// String is the verdict in Chinese, as people and scripts read it.
func (v Verdict) String() string {
	switch v {
	case Consistent:
		return "一致"
	case Different:
		return "不一致"
	case NotFound:
		return "查无此户"
	case Shared:
		return "一码多户"
	case Abnormal:
		return "状态异常"
	case Stale:
		return "快照过旧"
	}
	return "无法比对"
}

// Fields is a set of members of an entity.
type Fields uint8

// The members. FieldRegNo is the member uniscid where a registration number was sent in it.
const (
	FieldPripID Fields = 1 << iota
	FieldUniscID
	FieldRegNo
	FieldLegal
	FieldEntType
)

// Names are the members of the set by their names, in the order of the document.
func (f Fields) Names() []string {
	names := []string{}
	for i, name := range []string{"pripid", "uniscid", "regno", "legal", "enttype"} {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// Result is the outcome of comparing one listed entity with one snapshot.
type Result struct {
	Verdict  Verdict
	Rule     int    // the rule of rules that decided; 0: no doubt
	Fields   Fields // that differ from Firm
	Firm     Firm   // the firm that the identifiers lead to; the zero value: none
	Others   int    // further firms that share the code, or to which the other code leads
	Snapshot int64  // with which the result came about; a later one that gives the same result leaves it
}

// Shown is the verdict as it is shown: one that is a comfort only while the register is new.
func (r Result) Shown(stale bool) Verdict {
	if stale && r.Verdict == Consistent {
		return Stale
	}
	return r.Verdict
}
