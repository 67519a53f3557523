package statistics

import "diaoxiao/internal/receiver/register"

// Figure is one number of the statistics, with its formula in words.
type Figure struct {
	Key, Title string
	Unit       string // 件, 户, 次; "": of a rate or a span
	Formula    string
	// State is the state by which the list of cases shows the cases it counts; "": any. Listed: the list shows them.
	State  string
	Listed bool
	// NotByOrgan: the number is not known by organ. NotFinal: it is not known of a closed month.
	NotByOrgan, NotFinal bool
	Of                   func(Part) Value
}

func number(n int) Value { return Value{Kind: Number, N: n} }

func rate(n, of int) Value { return Value{Kind: Rate, N: n, Of: of} }

func perThousand(n, of int) Value { return Value{Kind: PerThousand, N: n, Of: of} }

func span(d Days) Value { return Value{Kind: Span, Days: d} }

// Figures lists all figures in the order in which they are shown.
func Figures() []Figure {
	var all []Figure
	for _, group := range [][]Figure{intakeFigures, qualityFigures, stateFigures, timeFigures} {
		all = append(all, group...)
	}
	return all
}

// FigureCalled is the figure with that key, which must be there.
func FigureCalled(key string) Figure {
	for _, f := range Figures() {
		if f.Key == key {
			return f
		}
	}
	panic("no figure " + key)
}

var intakeFigures = []Figure{
	{Key: "cases", Title: "受理案件", Unit: "件", Listed: true,
		Formula: "受理时间（北京时间）在当月的案件，一个受理号计1件。重复报送得到原受理号，不另计；退回后重新报送得到新受理号，另计1件。",
		Of:      func(p Part) Value { return number(p.Cases) }},
	{Key: "firms", Title: "市场主体", Unit: "户", Listed: true,
		Formula: "上述案件清单的户数之和。同一主体列入两件案件的，计2户。",
		Of:      func(p Part) Value { return number(p.Firms) }},
	{Key: "resent", Title: "重新报送", Unit: "件",
		Formula: "受理案件中，前一次报送已被退回、以同一案件编号重新报送的案件。",
		Of:      func(p Part) Value { return number(p.Resent) }},
	{Key: "repeats", Title: "重复报送", Unit: "次",
		Formula: "当月内容与已受理案件完全相同、得到原受理号的报送次数，按调用时间计入当月，不计入案件和户数。",
		Of:      func(p Part) Value { return number(p.Repeats) }},
	{Key: "refused", Title: "被拒调用", Unit: "次", NotByOrgan: true,
		Formula: "当月得到错误代码的接口调用（含登录、查询），取自调用记录，一次调用计1次。" +
			"调用记录在应答之后写入，有保留期限和容量上限，较早的可能已经删除，数字可能少计。",
		Of: func(p Part) Value { return number(p.Refused) }},
}

var qualityFigures = []Figure{
	{Key: "returnedcases", Title: "退回案件", Unit: "件", State: "returned", Listed: true,
		Formula: "受理案件中已退回报送单位的案件，计入受理的月份。",
		Of:      func(p Part) Value { return number(p.ReturnedCases) }},
	{Key: "returnrate", Title: "退回率", State: "returned", Listed: true,
		Formula: "退回案件÷受理案件（件数之比）。",
		Of:      func(p Part) Value { return rate(p.ReturnedCases, p.Cases) }},
	{Key: "findings", Title: "每千户核验提示",
		Formula: "核验提示的条数÷已核验案件的户数×1000，含案件本身的提示；两行互相重复或矛盾的，只在后受理的一行计1条。",
		Of:      func(p Part) Value { return perThousand(p.AllFindings(), p.Verified) }},
	{Key: "doubtful", Title: "每千户比对不一致",
		Formula: "比对结论不是“一致”的户数÷已核验案件的户数×1000，无法比对的计算在内，“快照过旧”按原结论计算。",
		Of: func(p Part) Value {
			return perThousand(p.Verified-p.Verdicts[int(register.Consistent)], p.Verified)
		}},
}

var stateFigures = []Figure{
	{Key: "returned", Title: "退回", Unit: "户", State: "returned", Listed: true,
		Formula: "退回案件清单的户数之和。",
		Of:      func(p Part) Value { return number(p.Returned) }},
	{Key: "released", Title: "放行", Unit: "户",
		Formula: "两人同意放行的户数，含已公示。退回、放行、不予公示、未决定四项相加等于市场主体户数。",
		Of:      func(p Part) Value { return number(p.Released) }},
	{Key: "withheld", Title: "不予公示", Unit: "户",
		Formula: "两人同意不予公示的户数。",
		Of:      func(p Part) Value { return number(p.Withheld) }},
	{Key: "undecided", Title: "未决定", Unit: "户",
		Formula: "尚未退回、放行或者决定不予公示的户数。",
		Of:      func(p Part) Value { return number(p.Undecided) }},
	{Key: "pending", Title: "待核验", Unit: "户", NotFinal: true,
		Formula: "未决定中，案件尚未核验的户数。已结月份不分列。",
		Of:      func(p Part) Value { return number(p.Pending) }},
	{Key: "ready", Title: "可放行", Unit: "户", NotFinal: true,
		Formula: "未决定中，没有暂缓理由的户数。已结月份不分列。",
		Of:      func(p Part) Value { return number(p.Ready) }},
	{Key: "held", Title: "暂缓", Unit: "户", NotFinal: true,
		Formula: "未决定中，有暂缓理由的户数。待核验、可放行、暂缓三项相加等于未决定户数。已结月份不分列。",
		Of:      func(p Part) Value { return number(p.Held) }},
	{Key: "published", Title: "已公示", Unit: "户", State: "published", Listed: true,
		Formula: "放行的户数中已登记公示日期的户数。撤销公示的不计。",
		Of:      func(p Part) Value { return number(p.Published) }},
}

var timeFigures = []Figure{
	{Key: "acceptance", Title: "决定至受理",
		Formula: "处罚决定日期至受理日期的日历天数，按件。" + spanWords + undatedWords,
		Of:      func(p Part) Value { return span(p.Acceptance) }},
	{Key: "release", Title: "决定至放行",
		Formula: "处罚决定日期至复核员同意放行之日的日历天数，按户，只计放行的户。旧版本登记公示的没有放行日期，不计。" + spanWords + undatedWords,
		Of:      func(p Part) Value { return span(p.Release) }},
	{Key: "publication", Title: "决定至公示",
		Formula: "处罚决定日期至公示日期的日历天数，按户，只计已公示的户。" + spanWords + undatedWords,
		Of:      func(p Part) Value { return span(p.Publication) }},
	{Key: "timely20", Title: "及时率（20个工作日）",
		Formula: "公示日期不晚于处罚决定之日起第20个工作日（决定当日不计，按法定节假日和调休）的户数÷应当公示的户数，按户。" + timelyWords +
			"依据：市场监督管理行政处罚信息公示规定第九条。" + undatedWords,
		Of: func(p Part) Value { return rate(p.Twenty.OnTime, p.Twenty.Of()) }},
	{Key: "timely7", Title: "及时率（7个工作日）",
		Formula: "公示日期不晚于处罚决定之日起第7个工作日的户数÷应当公示的户数，按户。" + timelyWords + "依据：“双公示”的一般时限。" + undatedWords,
		Of:      func(p Part) Value { return rate(p.Seven.OnTime, p.Seven.Of()) }},
	{Key: "undated", Title: "决定日期异常", Unit: "件",
		Formula: "处罚决定日期晚于受理日期，或者早于1949年10月1日的案件，不能计算天数和期限。",
		Of:      func(p Part) Value { return number(p.Undated) }},
}

const (
	spanWords    = "由短到长排列，第50%位为中位数，第90%位为九成在此天数以内。"
	undatedWords = "决定日期异常的案件不计。"
	timelyWords  = "应当公示的户数：已公示的，和未公示而期限已过的（计为不及时）；未公示而期限未到的、退回的、不予公示的不计。"
)
