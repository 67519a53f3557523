package register

import (
	"strconv"

	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// The details of findings. Values are as sent, or as in the register.

func noKeyDetail(e api.Entity) rules.Detail {
	return rules.Detail{}.Words("身份代码栏").Value(e.PripID).Words("，信用代码栏").Value(e.UniscID)
}

func notFoundDetail(pripID, uniscID *sentCode) rules.Detail {
	d := rules.Detail{}
	switch {
	case !uniscID.usable:
		return d.Words("身份代码").Value(pripID.raw).Words("在主体库中没有")
	case !pripID.usable:
		return d.Words(uniscID.title()).Value(uniscID.raw).Words("在主体库中没有")
	}
	return d.Words("身份代码").Value(pripID.raw).Words("、" + uniscID.title()).Value(uniscID.raw).Words("在主体库中都没有")
}

// title is what the value is called.
func (c *sentCode) title() string {
	switch c.form {
	case regNo:
		return "注册号"
	case org:
		return "组织机构代码"
	case tax:
		return "纳税人识别号"
	}
	return "信用代码"
}

// twoFirmsDetail: f is the firm of the pripid, firms are those of the code, of which one was sent like its own.
func twoFirmsDetail(pripID, sent *sentCode, f *Firm, firms []Firm) rules.Detail {
	return namesOf(rules.DetailTwoFirms(pripID.raw, f.Name, likeCode(sent, f), sent.raw), firms)
}

// likeCode is the code of a firm that is to be seen beside one that was sent: number beside number.
func likeCode(sent *sentCode, f *Firm) string {
	if sent.form == regNo && f.RegNo != "" {
		return f.RegNo
	}
	return codeOf(f)
}

// namesOf names three firms at most and counts the others.
func namesOf(d rules.Detail, firms []Firm) rules.Detail {
	for i := range firms[:min(len(firms), 3)] {
		if i > 0 {
			d = d.Words("、")
		}
		d = d.Value(firms[i].Name)
	}
	if len(firms) > 3 {
		d = d.Words("等" + strconv.Itoa(len(firms)) + "户")
	}
	return d
}

func sharedDetail(e api.Entity, f *Firm, firms []Firm, live int, byPripID bool) rules.Detail {
	d := rules.Detail{}.Words("代码").Value(e.UniscID).Words("有" + strconv.Itoa(live) + "户未注销的主体：")
	var alive []Firm
	for _, one := range firms {
		if !one.State.Ended() {
			alive = append(alive, one)
		}
	}
	d = namesOf(d, alive)
	if byPripID {
		d = d.Words("；身份代码是其中的").Value(f.Name)
	}
	return d
}

func swappedDetail(e api.Entity, f *Firm) rules.Detail {
	return rules.Detail{}.Words("信用代码栏").Value(e.UniscID).Words("是").Value(f.Name).Words("的身份代码，身份代码栏").
		Value(e.PripID)
}

// uniscIDDetail puts a registration number beside the registration number, anything else beside the credit code.
func uniscIDDetail(sent *sentCode, f *Firm) rules.Detail {
	has := likeCode(sent, f)
	switch {
	case has == "":
		return rules.Detail{}.Words("报送").Value(sent.raw).Words("，主体库中该户没有信用代码和注册号")
	case rules.IsPlaceholder(sent.folded):
		return rules.Detail{}.Words("没有报送，主体库为").Value(has)
	}
	return rules.DetailBesideRegister(sent.raw, has)
}

func entTypeDetail(sent, has string) rules.Detail {
	return rules.Detail{}.Words("报送").Value(sent).Words(entTypeWords(sent) + "，主体库为").Value(has).
		Words(entTypeWords(has))
}

func stateDetail(f *Firm, decided string) rules.Detail {
	d := rules.Detail{}.Value(f.Name).Words("的登记状态")
	if f.State == StateUnknown {
		return d.Words("为").Value(f.StateText)
	}
	d = d.Words("为" + f.State.String())
	if f.StateText != "" && f.StateText != f.State.String() {
		d = d.Words("（").Value(f.StateText).Words("）")
	}
	if f.Approved == "" {
		return d.Words("，核准日期不详，决定日期" + decided)
	}
	return d.Words("，核准日期" + f.Approved + "，决定日期" + decided)
}
