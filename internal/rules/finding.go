package rules

import "slices"

// Severity (程度) says how soon an operator should look at a finding.
type Severity int

// The severities in ascending order. The numbers are stored.
const (
	Notice  Severity = iota + 1 // 提示: worth knowing, the row can be right as it is
	Warning                     // 警示: something is wrong or out of the ordinary, compare with the registry
	Severe                      // 严重: the row may name the wrong firm, or holds a personal ID number
)

// String is the word that operators read.
func (s Severity) String() string {
	switch s {
	case Notice:
		return "提示"
	case Warning:
		return "警示"
	case Severe:
		return "严重"
	}
	return "未知"
}

// Rule (核验规则) is one of the verifier's rules. Numbers are never used again for another rule.
type Rule struct {
	No       int
	Severity Severity
	Title    string // a few Chinese words
	Hint     string // what it means and what the operator should do next, in Chinese
}

// Finding (核验提示) is what a rule has to say of one case: it never changes or refuses what was sent (S20).
type Finding struct {
	Pos    int    // zero-based index in penaltylist, -1 for the case itself
	Field  string // name of the member as in the document
	Rule   int
	Detail string // Chinese, short; never a whole personal ID number
}

// Version rises with every change of a rule, of its texts, or of anything else that is derived when a case is verified:
// a case that was verified under a lower one, by an older program, is verified again by itself.
const Version = 9

// The rules by number. 1xx credit code, 2xx registration number, 3xx type, 4xx duplicates, 5xx dates, 6xx shifted rows,
// 7xx the stored record, 8xx the comparison with the register (主体库), which the receiver alone can make.
const (
	CreditCodeLength     = 101
	CreditCodeAlphabet   = 102
	CreditCodeLetter     = 103 // I, O, S, V, Z
	CreditCodeForm       = 104 // full width, lower case, blanks, hyphens
	CreditCodeOuterCheck = 105 // GB 32100, position 18
	CreditCodeInnerCheck = 106 // GB 11714, position 17
	CreditCodePersonID   = 107
	CreditCodeCategory   = 108

	RegNo15    = 201
	RegNoCheck = 202
	RegNo13    = 203

	EntTypeUnknown     = 301
	EntTypeName        = 302
	EntTypeNameUnknown = 303
	EntTypeForm        = 304
	EntTypeCategory    = 305

	TwiceByCreditCode     = 401
	TwiceByPripID         = 402
	OtherCaseByCreditCode = 403
	OtherCaseByPripID     = 404
	PripIDOtherCreditCode = 405
	LikeCaseID            = 406

	PenaltyDateFuture = 501
	PenaltyDateOld    = 502

	HanInCode              = 601 // pripid, uniscid
	LegalIsCode            = 602
	LegalIsEntType         = 603
	EntTypeIsCode          = 604
	EntTypeIsName          = 605
	PripIDSwapped          = 606
	PripIDOtherFirm        = 607
	PripIDSameAsCreditCode = 608
	PripIDForm             = 609
	PersonIDMisplaced      = 610 // pripid, legal, enttype
	Placeholder            = 611
	SpreadsheetNumber      = 612
	Garbled                = 613
	CodesWereNumbers       = 614 // of the whole list
	MojibakeText           = 615 // legal, texts of the case
	NameForm               = 616
	NameWithMore           = 617
	ForeignLetters         = 618
	CaseTextMissing        = 619 // of the case

	BodyDamaged = 701

	RegisterTwoFirms      = 801 // the pripid and the credit code lead to two firms
	RegisterShared        = 802 // several live firms have the code
	RegisterNotFound      = 803
	RegisterUniscID       = 804
	RegisterPripID        = 805
	RegisterLegal         = 806
	RegisterEntType       = 807
	RegisterState         = 808
	RegisterStateAfter    = 809 // after the decision, into another state than 吊销
	RegisterNoKey         = 810
	RegisterSwapped       = 811
	RegisterRevokedAfter  = 812
	RegisterEntTypeNear   = 813
	RegisterStateUnknown  = 814
	RegisterLegalNotThere = 815
)

// rules is the one table of rules, in ascending order: console, export and documentation read it.
var rules = []Rule{
	{CreditCodeLength, Warning, "信用代码位数不符", "统一社会信用代码为18位。少位、多位多为录入或导出时丢失所致。请按身份代码查登记系统，取得完整代码后与报送单位核对。"},
	{CreditCodeAlphabet, Warning, "信用代码含不允许的字符", "信用代码只用数字和除I、O、S、V、Z以外的大写字母，第3至8位只能是数字。外形相近的外文字母也不是有效字符。请与登记系统核对该字符。"},
	{CreditCodeLetter, Warning, "信用代码含I、O、S、V或Z", "信用代码不使用I、O、S、V、Z，多为把1、0、5、U、2看错或识别错。详情中的改写只是推测，须以登记系统为准。"},
	{CreditCodeForm, Notice, "信用代码书写不规范", "含全角、小写、空白、连字符或不可见字符，去除后按规范形式核验。若没有同时出现其他提示，代码本身有效，只需提醒报送单位规范书写。"},
	{
		CreditCodeOuterCheck, Warning, "信用代码校验码不符",
		"第18位与GB 32100的计算结果不一致，多为录错一位。但确有代码在发放时校验码就不符（如厦门2016年以前登记的部分企业），不可仅凭此退回：请与登记系统核对，一致即可放行。",
	},
	{CreditCodeInnerCheck, Warning, "主体标识码校验不符", "第9至17位（主体标识码）的末位与GB 11714的计算结果不一致，多为录错一位或两位颠倒。请与登记系统核对，一致即可放行。"},
	{CreditCodePersonID, Severe, "信用代码处为身份证号", "该值形如居民身份证号，不是信用代码。属个人信息，请勿转发、导出或公示；请与报送单位联系更正，并按身份代码查明真正的主体。"},
	{
		CreditCodeCategory, Warning, "信用代码不属市场主体",
		"前两位应为91（企业）、92（个体工商户）或93（农民专业合作社）。其他代码属机关、事业单位、社会组织等，不由市场监管部门吊销营业执照。请核对是否报错主体。",
	},

	{RegNo15, Notice, "以15位注册号代替信用代码", "注册号校验位正确。长期未经营的主体可能从未换发信用代码，属正常情形。请以注册号在登记系统中核对主体。"},
	{RegNoCheck, Warning, "15位注册号校验位不符", "末位与GS 15-2006的计算结果不一致，可能录错一位，也可能是15位旧身份证号。请按身份代码查登记系统核对。"},
	{RegNo13, Notice, "13位旧注册号", "2007年7月以前的注册号为13位，没有校验位，无法验算。请以注册号在登记系统中核对主体。"},

	{EntTypeUnknown, Notice, "类型代码不在代码表", "代码表中没有该市场主体类型。2020年以后的外商投资类型和地方自定代码不在表内，不一定是错。请与登记系统中的类型核对。"},
	{EntTypeName, Notice, "类型填写了名称", "应填类型代码，实际填了名称；名称在代码表中可以找到。不影响受理，可提醒报送单位改填代码。"},
	{EntTypeNameUnknown, Notice, "类型名称不在代码表", "应填类型代码，实际填了文字，且代码表中没有这一名称。请与登记系统中的类型核对，并留意是否把其他栏目的内容填到了这里。"},
	{EntTypeForm, Notice, "类型代码书写不规范", "含全角、空白、连字符或不可见字符，去除后按规范形式核验。可提醒报送单位规范书写。"},
	{
		EntTypeCategory, Warning, "类型与信用代码不一致",
		"91对应1000至7999，92对应9500、9999，93对应9100、9200。两者不一致时，可能是主体改制后类型未更新，也可能是相邻两行的内容错位。请与登记系统核对。",
	},

	{TwiceByCreditCode, Warning, "清单内信用代码重复", "同一信用代码在本清单中不止一次。若身份代码也相同，是重复报送；若身份代码不同，可能是重码，也可能填错了主体。请逐条与登记系统核对。"},
	{TwiceByPripID, Warning, "清单内身份代码重复", "同一身份代码在本清单中不止一次。请核对是重复报送，还是其中一条填成了别家的身份代码。"},
	{OtherCaseByCreditCode, Warning, "信用代码见于其他案件", "另一案件已报送同一信用代码。请核对是否已被吊销、是否一案两报，再决定是否退回。"},
	{OtherCaseByPripID, Warning, "身份代码见于其他案件", "另一案件已报送同一身份代码。请核对是否已被吊销、是否一案两报，再决定是否退回。"},
	{
		PripIDOtherCreditCode, Severe, "同一身份代码对应不同信用代码",
		"同一身份代码在别处对应另一信用代码，两者可能指向不同主体，有误吊销其他市场主体营业执照的风险。请暂缓处理，与登记系统核对后联系报送单位更正。",
	},
	{
		LikeCaseID, Warning, "案件编号与另一案件只是写法不同",
		"同一报送单位另有一案件，编号不计空白、不可见字符、括号形状、全角半角和大小写即与本案相同，很可能是同一处罚决定报了两次。请将两件与处罚决定书核对：确为一案两报的，退回多余的一件；确是两份决定的，不必处理。",
	},

	{PenaltyDateFuture, Warning, "处罚决定日期晚于收到日期", "决定不可能在收到之后作出，多为年份或月份录错。该日期决定公示、强制注销等期限，请与处罚决定书核对。"},
	{PenaltyDateOld, Warning, "处罚决定日期过早", "早于1949年10月1日，多为年份录错或系统默认值。该日期决定公示、强制注销等期限，请与处罚决定书核对。"},

	{HanInCode, Severe, "代码栏含汉字", "身份代码、信用代码不含汉字，可能把名称或姓名填到了这一栏，整行错位。请核对该行各栏以及前后各行，确认前不要据此认定主体。"},
	{LegalIsCode, Severe, "法定代表人栏为代码", "法定代表人（负责人）栏的内容形如代码或数字，可能整行错位。请核对该行各栏以及前后各行，确认前不要据此认定主体。"},
	{LegalIsEntType, Severe, "法定代表人栏为主体类型", "法定代表人（负责人）栏的内容是主体类型名称，可能整行错位。请核对该行各栏以及前后各行，确认前不要据此认定主体。"},
	{EntTypeIsCode, Severe, "类型栏为其他代码", "类型栏的内容形如信用代码、注册号或身份代码，可能整行错位。请核对该行各栏以及前后各行，确认前不要据此认定主体。"},
	{EntTypeIsName, Severe, "类型栏为人名", "类型栏的内容形如人名，可能整行错位，法定代表人也可能因此错配到别家。请核对该行各栏以及前后各行，确认前不要据此认定主体。"},
	{PripIDSwapped, Severe, "身份代码与信用代码疑似填反", "身份代码栏是有效的信用代码，信用代码栏却不是。请与登记系统核对，并联系报送单位更正。"},
	{PripIDOtherFirm, Severe, "身份代码栏是另一信用代码", "身份代码栏是有效的信用代码，但与信用代码栏不同，两者可能指向不同主体。请暂缓处理，与登记系统核对后联系报送单位更正。"},
	{PripIDSameAsCreditCode, Notice, "身份代码栏填了信用代码", "两栏相同，报送单位可能没有身份代码。无法以身份代码核对主体，请改用信用代码查登记系统。"},
	{PripIDForm, Notice, "身份代码含少见字符", "已知的身份代码只含字母、数字、下划线和连字符。全角、空白等字符会使其与登记系统对不上，请去除后核对。"},
	{PersonIDMisplaced, Severe, "栏内出现身份证号", "该栏含形如居民身份证号的数字。属个人信息，请勿转发、导出或公示；请核对该行是否错位，并联系报送单位更正。"},
	{Placeholder, Warning, "填写内容为占位符", "该栏不能为空，报送单位以“无”“0”之类占位，实际没有内容。请用该行其他栏目在登记系统中查明主体。"},
	{
		SpreadsheetNumber, Severe, "代码被软件改成数值",
		"代码被电子表格或导出程序当作数值，后面的数字已经丢失，无法复原。该清单其他代码也可能受损（末几位变成0或别的数字）。请联系报送单位以文本格式重新导出。",
	},
	{Garbled, Notice, "姓名缺字或被遮盖", "姓名中有问号、方框、星号或自造字，多为生僻字在转码时丢失，或姓名已被遮盖。请以登记系统中的姓名为准。"},
	{
		CodesWereNumbers, Severe, "清单代码疑似被改成数值",
		"整个清单的代码呈现浮点数或被截断数值的特征，远多于巧合：真正的末几位可能已经丢失，代码可能指向别的主体。请暂缓处理，与登记系统逐条核对，并联系报送单位以文本格式重新导出。",
	},
	{
		MojibakeText, Warning, "文字是乱码或转义字符",
		"该文字在转码时被读错，或带有其他格式的转义写法，不是原来的姓名或内容；同一次导出的其他文字也可能受损。不能据此认定法定代表人：请以登记系统为准，并联系报送单位检查编码后重新导出。",
	},
	{NameForm, Notice, "姓名书写不规范", "姓名首尾有空白，或含有看不见的字符，与登记系统中的姓名逐字比对会不一致。姓名本身可以辨认，提醒报送单位规范书写即可。"},
	{NameWithMore, Notice, "姓名栏夹带其他内容", "姓名之外还有电话号码、称谓或备注。请以登记系统中的姓名为准；电话号码属个人信息，请勿转发、导出或公示，并提醒报送单位只填姓名。"},
	{ForeignLetters, Notice, "姓名含少见文字或符号", "登记的姓名用汉字，外国人用拉丁字母；韩文、日文假名、西里尔字母、图形符号等多为转码所致，也可能是外国人的原名。请以登记系统中的姓名为准。"},
	{
		CaseTextMissing, Severe, "案件要素无内容或填错",
		"案件编号、名称、案由等为占位内容、栏目名称、填写示例，或是日期、数字、公式、代码，多为导出或填写时错栏。案件编号一经受理即为该案件的唯一标识，请联系报送单位核对处罚决定书后更正。",
	},

	{BodyDamaged, Severe, "存档报文与记录不符", "保存的报送原文与受理时的摘要不一致，清单可能不完整或被改动。请暂停处理本案，联系系统管理员从备份核对，必要时请报送单位重报。"},

	{
		RegisterTwoFirms, Severe, "身份代码与信用代码指向两户",
		"在主体库中，身份代码是一户的，信用代码（注册号）是另一户的，有误吊销其他市场主体营业执照的风险。请暂缓处理，将两户的名称、法定代表人与处罚决定书核对，查明被处罚的是哪一户后，联系报送单位更正。",
	},
	{
		RegisterShared, Severe, "一码多户（重码）",
		"主体库中有几户未注销的主体使用同一信用代码（注册号），只凭代码不能断定是哪一户。请逐户与处罚决定书核对名称、住所和法定代表人，确认无误后再处理，并将重码告知登记部门。",
	},
	{
		RegisterNotFound, Warning, "主体库查无此户",
		"身份代码、信用代码在主体库中都没有。可能是代码录错，也可能是主体不在本地登记，或者在主体库数据截止日以后才登记。请在登记系统中按名称查明主体，不能查明的，联系报送单位更正。",
	},
	{
		RegisterUniscID, Severe, "信用代码（注册号）与主体库不一致",
		"按身份代码找到的主体，信用代码（注册号）与报送的不同，报送的代码主体库中没有。多为录错或者颠倒数字。请将不同的各位与处罚决定书、登记系统核对，联系报送单位更正。",
	},
	{
		RegisterPripID, Warning, "身份代码与主体库不一致",
		"按信用代码（注册号）找到了主体，但报送的身份代码不是它的，在主体库中也没有。请核对名称和法定代表人，确认主体后联系报送单位更正身份代码。",
	},
	{
		RegisterLegal, Warning, "法定代表人与主体库不一致",
		"报送的法定代表人（负责人、经营者）不是主体库中登记的。可能已经变更，可能写错，也可能整行错位、错报了主体。请与处罚决定书和登记系统中的变更记录核对，确认主体无误后再处理。",
	},
	{
		RegisterEntType, Warning, "类型与主体库不一致",
		"报送的市场主体类型与主体库中登记的不是同一类。可能是改制后未更新，也可能错报了主体，例如把总公司报成分支机构。请核对名称和信用代码，确认主体无误后再处理。",
	},
	{
		RegisterState, Severe, "登记状态异常",
		"在处罚决定日期，该户已经吊销、注销、迁出、撤销登记，或者正在歇业、清算，依法可能不应再被吊销。请暂缓处理，在登记系统中核对状态及其日期，并联系报送单位说明情况。",
	},
	{
		RegisterStateAfter, Warning, "决定之后登记状态已变",
		"处罚决定作出以后，该户的登记状态有了变化，例如已经注销或者迁出。决定作出时是否存续，请以登记系统中的变更记录为准；公示前请与报送单位核对该决定能否执行。",
	},
	{
		RegisterNoKey, Warning, "没有可供查找的代码",
		"身份代码和信用代码都没有内容，或者是身份证号、被改成数值的代码、汉字，不能用来在主体库中查找。请按处罚决定书上的名称在登记系统中查明主体，并联系报送单位补正。",
	},
	{
		RegisterSwapped, Severe, "身份代码与信用代码填反",
		"信用代码栏的内容在主体库中是身份代码。两栏填反的，整份清单可能都是如此。请核对该户名称，并联系报送单位检查整份清单后更正。",
	},
	{
		RegisterRevokedAfter, Notice, "主体库已登记为吊销",
		"吊销登记的核准日期不早于处罚决定日期，很可能就是这次吊销。请核对登记系统中吊销的依据是否为本决定；若是，不必处理。",
	},
	{
		RegisterEntTypeNear, Notice, "类型与主体库略有出入",
		"报送的类型与主体库中登记的同属一类，细分不同，例如自然人投资或控股与自然人独资，多为股权变更后未更新。信用代码和法定代表人都一致的，可以认定为同一主体。",
	},
	{
		RegisterStateUnknown, Warning, "登记状态不明",
		"主体库中该户的登记状态为空，或者是状态对照表中没有的词，不能断定决定时是否存续。请在登记系统中查明状态；同一个词很多的，请系统管理员补充状态对照表后重新导入。",
	},
	{
		RegisterLegalNotThere, Notice, "主体库没有法定代表人",
		"主体库中该户没有法定代表人（负责人、经营者）的姓名，无法比对。请与处罚决定书核对姓名和名称。",
	},
}

// All returns all rules in ascending order of their numbers.
func All() []Rule { return slices.Clone(rules) }

// ByNo looks up a rule by its number.
func ByNo(no int) (Rule, bool) {
	i, ok := slices.BinarySearchFunc(rules, no, func(r Rule, no int) int { return r.No - no })
	if !ok {
		return Rule{}, false
	}
	return rules[i], true
}
