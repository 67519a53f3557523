package api

// Code is an error code of the interface: five digits, those of chapter 5 with the document's meaning, 19xxx ours
// (S23). It is an error, so that errors.Is(err, api.Conflict) asks a refusal for it at either end.
type Code string

// Error is the code alone, so that it reads the same however it is printed.
func (c Code) Error() string { return string(c) }

// The codes of chapter 5.
const (
	InvalidAppKey         Code = "12002"
	MissingAppSecret      Code = "12003"
	InvalidLogin          Code = "12004"
	InvalidToken          Code = "13000"
	EmptyCaseID           Code = "14000"
	EmptyCaseName         Code = "14001"
	EmptyCaseIntroduction Code = "14002"
	EmptyIllegality       Code = "14003"
	EmptyPenalty          Code = "14004"
	EmptyPenaltyDate      Code = "14005"
	EmptyPenaltyOrg       Code = "14006"
	EmptyList             Code = "14007"
	EmptyItem             Code = "14008"
)

// The extension codes (S23).
const (
	Internal             Code = "19000"
	InvalidJSON          Code = "19001"
	WrongType            Code = "19002"
	InvalidDate          Code = "19003"
	TooLong              Code = "19004"
	Conflict             Code = "19005"
	BodyTooLarge         Code = "19006"
	UnsupportedMediaType Code = "19007"
	TooManyRequests      Code = "19008"
	Unavailable          Code = "19009"
	MethodNotAllowed     Code = "19010"
	NoSuchCall           Code = "19011"
	TooManyItems         Code = "19012"
	NoSuchCase           Code = "19013"
	NoReceiptYet         Code = "19014"
	NoEvidenceLog        Code = "19015"
)

// CodeInfo is what is published of a code.
type CodeInfo struct {
	Code     Code
	Message  string // the text of chapter 5; for 19xxx ours
	Advice   string // what the sender should do next, in Chinese (the document's third column, 建议处理方式)
	Status   int    // HTTP status of an answer whose first error it is (S1)
	Document bool   // defined by the interface document
}

// codes is the one catalogue: answers, the published documentation and the checks all read it.
var codes = []CodeInfo{
	{InvalidAppKey, "appKey无效", "检查程序是否正确提供了 appKey 参数；如已停用，请联系接收方管理员。", 200, true},
	{MissingAppSecret, "缺少 appSecret 参数", "检查程序是否正确提供了 appSecret 参数。", 200, true},
	{InvalidLogin, "登录信息无效", "检查程序提供的 account 和 appSecret 是否正确；account 须为该应用名下启用的账户。", 200, true},
	{
		InvalidToken, "ACCESS_TOKEN无效",
		"令牌自登录起30分钟有效，请重新调用 login 取得新令牌后，以相同内容重发。令牌只能出现一处：URL 参数 access_token 或 Authorization: Bearer。", 200, true,
	},
	{EmptyCaseID, "案件编号不能为空", "填写 caseid。", 200, true},
	{EmptyCaseName, "案件名称不能为空", "填写 casename。", 200, true},
	{EmptyCaseIntroduction, "案由不能为空", "填写 caseintroduction。", 200, true},
	{EmptyIllegality, "违法行为不能为空", "填写 illegality。", 200, true},
	{EmptyPenalty, "处罚内容不能为空", "填写 penalty。", 200, true},
	{EmptyPenaltyDate, "处罚决定日期不能为空", "填写 penaltydate，格式 yyyy-MM-dd。", 200, true},
	{EmptyPenaltyOrg, "处罚决定机关不能为空", "填写 penaltyorg。", 200, true},
	{EmptyList, "吊销市场主体清单不能为空", "penaltylist 至少包含一个市场主体。", 200, true},
	{EmptyItem, "吊销市场主体清单内容不能有空", "清单每一条的 pripid、uniscid、legal、enttype 均须填写；field 与 message 指出是哪一条的哪一项。", 200, true},

	{Internal, "系统内部错误", "请保留应答头 X-Request-Id 并联系接收方；未得到 SUCCESS 的案件可以相同内容重发。", 500, false},
	{
		InvalidJSON, "请求正文不是有效的JSON",
		"请求正文须为一个 JSON 对象，UTF-8 编码，或与 Content-Type 声明的字符集一致，不得有重复成员、尾随内容、\\u0000 或不成对的代理项；按 message 给出的位置修改。", 400,
		false,
	},
	{WrongType, "字段类型错误", "文档中的参数均为字符串，penaltylist 为对象数组；数字也须加引号。", 200, false},
	{InvalidDate, "处罚决定日期格式错误，应为yyyy-MM-dd", "使用半角数字和连字符的真实日期，如 2026-03-15。", 200, false},
	{TooLong, "字段内容过长", "缩短该字段；内容不会被截断保存。", 200, false},
	{Conflict, "案件编号已受理且内容不一致", "同一 caseid 已有受理记录且未作改变。如确需更正，请联系接收方退回原案件后重报，或使用新的案件编号。", 200, false},
	{BodyTooLarge, "请求正文过大", "拆分为多个案件分别报送。", 413, false},
	{
		UnsupportedMediaType, "不支持的媒体类型或字符集", "使用 Content-Type: application/json，字符集 UTF-8、GBK、GB2312 或 GB18030，不压缩。",
		415, false,
	},
	{TooManyRequests, "请求过于频繁，请稍后重试", "按应答头 Retry-After 的秒数等待后重试。", 429, false},
	{Unavailable, "系统繁忙或结果未知，请以相同内容重试", "按 Retry-After 等待后，以完全相同的内容重发；如已受理，将返回原受理号。", 503, false},
	{MethodNotAllowed, "请求方法不支持", "按应答头 Allow 使用请求方法；各接口使用 POST。", 405, false},
	{
		NoSuchCall, "接口不存在",
		"检查地址：{API_ROOT}/security/login、logout、receiveCaseinfo、queryCaseinfo、listCaseinfo、receiptCaseinfo，区分大小写，无多余斜杠。",
		404, false,
	},
	{TooManyItems, "吊销市场主体清单条数超过上限", "拆分为多个案件分别报送。", 200, false},
	{NoSuchCase, "未找到该案件", "检查 acceptid 或 caseid；只能查询本应用报送的案件。", 200, false},
	{NoReceiptYet, "受理回执尚未形成，请稍后再取", "案件已经受理；通常在受理后一秒之内形成。稍后以相同内容再取。", 200, false},
	{NoEvidenceLog, "接收方没有存证日志，不出具受理回执", "案件的受理不受影响；需要受理回执的，请联系接收方管理员。", 200, false},
}

var codeIndex = func() map[Code]CodeInfo {
	m := make(map[Code]CodeInfo, len(codes))
	for _, c := range codes {
		m[c.Code] = c
	}
	return m
}()

// Codes returns the whole catalogue in ascending order of codes.
func Codes() []CodeInfo { return append([]CodeInfo(nil), codes...) }

// Info returns what is published of c. A code outside the catalogue answers as Internal.
func (c Code) Info() CodeInfo {
	if i, ok := codeIndex[c]; ok {
		return i
	}
	return codeIndex[Internal]
}
