package conformance

// Clause is a clause of the document with something to demand, or a decision of docs/divergences.md.
type Clause struct{ No, Title string }

// Clauses lists all clauses of the document from chapter 2 on and all decisions, in order. Each has at least one check.
func Clauses() []Clause {
	return []Clause{
		{"2.1", "接口组成"}, {"2.2", "REST风格"}, {"2.3", "错误信息结构"}, {"2.4", "调用流程"},
		{"3.1", "安全会话接口"}, {"3.1.1", "登录"}, {"3.1.2", "退出登录"}, {"3.2", "接收批量吊销信息"},
		{"4.1", "吊销市场主体清单"}, {"5.1", "错误码定义"},
		{"C1", "登录应答的写法"}, {"C2", "受理号的写法"}, {"C3", "错误信息的成员"}, {"C4", "12002 的说明"}, {"C5", "请求方法"}, {"C6", "登录的参数"}, {"C7", "注销的请求和应答"},
		{"S1", "HTTP 状态码"}, {"S2", "appKey"}, {"S3", "appSecret"}, {"S4", "登录信息无效"}, {"S5", "缺少几个参数"}, {"S6", "令牌的样子"}, {"S7", "会话的寿命"},
		{"S8", "令牌放在哪里"}, {"S9", "什么叫空"}, {"S10", "几项同时有错"}, {"S11", "编码"}, {"S12", "JSON 的写法"}, {"S13", "成员的类型"}, {"S14", "处罚决定日期"},
		{"S15", "长度，内容不变"}, {"S16", "大小"}, {"S17", "同一案件再次报送"}, {"S18", "受理号的样子"}, {"S19", "没有部分受理"}, {"S20", "不能为空以外的检查"},
		{"S21", "结果未知"}, {"S22", "事后查询（扩展）"}, {"S23", "扩展错误代码"}, {"S24", "对账（扩展）"}, {"S25", "应用未知时的应答"},
	}
}

// Group is the results of one clause.
type Group struct {
	Clause
	Results []Result
}

// Groups are the results by clause, in order, without empty ones.
func (r Report) Groups() (groups []Group) {
	for _, c := range Clauses() {
		g := Group{Clause: c}
		for _, res := range r.Results {
			if res.Clause() == c.No {
				g.Results = append(g.Results, res)
			}
		}
		if len(g.Results) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}
