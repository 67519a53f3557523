package register

// Oddities are all oddities, the weightiest first.
func Oddities() []Oddity {
	return []Oddity{OddShared, OddCheck, OddNoCode, OddNoPripID, OddForm, OddState, OddDate}
}

// Title is the oddity as people read it. An oddity of another version is its own title.
func (o Oddity) Title() string {
	switch o {
	case OddShared:
		return "重码"
	case OddCheck:
		return "信用代码校验位不符"
	case OddNoCode:
		return "没有信用代码和注册号"
	case OddNoPripID:
		return "没有主体身份代码"
	case OddForm:
		return "代码书写不规范或填写内容为占位符"
	case OddState:
		return "登记状态不识别"
	case OddDate:
		return "日期不能识别"
	}
	return string(o)
}
