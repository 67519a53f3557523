package register

// Firm (市场主体) is one row of the register. Texts are as in the extract, without blanks at both ends; a text that the
// extract does not have is "".
type Firm struct {
	RowNo     int    // its number in the snapshot, from 1 on; numbers of rows that were removed are not used again
	PripID    string // 主体身份代码, folded by rules.FoldCode; unique in a snapshot
	UniscID   string // 统一社会信用代码, folded by rules.FoldCode
	RegNo     string // 注册号, folded by rules.FoldCode
	Name      string // 名称
	Legal     string // 法定代表人 (负责人, 经营者)
	EntType   string // 企业类型, a code or a name
	State     State  // 登记状态
	StateText string // as in the extract
	Organ     string // 登记机关
	Founded   string // 成立日期, yyyy-MM-dd; "": not known
	Approved  string // 核准日期, of the last registration, revocation or deletion, yyyy-MM-dd; "": not known
}
