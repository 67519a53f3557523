package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// Batch returns a made-up case of n entities as a bureau in Hohhot (呼和浩特) would send it, the same for the same seed and
// n. The caseid depends on the seed only, so that two sizes of one seed are in conflict (19005). From n = 100 on it
// holds the bad rows that BadRows tells of; every other row is without fault.
func Batch(seed uint64, n int) api.Case {
	d := draw{Rand: rand.New(rand.NewPCG(seed, 0x540a9100)), used: make(map[string]bool)}
	list := make([]api.Entity, max(n, 0))
	for i := range list {
		list[i] = d.entity()
	}
	for _, bad := range placeBad(n) {
		bad.spoil(&d, list, bad.pos)
	}
	c := header(seed, len(list))
	c.PenaltyList = list
	return c
}

// header is the case without its list.
func header(seed uint64, n int) api.Case {
	return api.Case{
		CaseID:           fmt.Sprintf("呼市监处罚〔2026〕%d号", seed),
		CaseName:         fmt.Sprintf("呼和浩特市长期停业未经营市场主体吊销营业执照案（%d户）", n),
		CaseIntroduction: "成立后无正当理由超过六个月未开业，或者开业后自行停业连续六个月以上",
		Illegality: fmt.Sprintf("经查，当事人等%d户市场主体成立后无正当理由超过六个月未开业，或者开业后自行停业连续六个月以上，"+
			"连续两个年度未报送年度报告且无纳税申报记录，经实地核查在登记的住所无法取得联系，未办理歇业备案，亦不在清算或者破产程序中。"+
			"上述情形符合《中华人民共和国公司法》第二百六十条第一款、《中华人民共和国农民专业合作社法》第七十一条的规定。", n),
		Penalty:     "吊销营业执照",
		PenaltyDate: "2026-03-16",
		PenaltyOrg:  "呼和浩特市市场监督管理局",
	}
}

// draw is the source of chance of one batch, and the codes that it has given out.
type draw struct {
	*rand.Rand
	used map[string]bool
}

// entity returns a row without fault: about 60 in 100 enterprises, 33 individual households, 7 cooperatives.
func (d *draw) entity() api.Entity {
	region := d.region()
	e := api.Entity{PripID: d.pripID(region), Legal: d.person()}
	switch p := d.IntN(100); {
	case p < 60:
		e.UniscID, e.EntType = d.creditCode("91", region), pick(d, enterpriseTypes)
	case p < 93:
		e.UniscID, e.EntType = d.creditCode("92", region), "9500"
	default:
		e.UniscID, e.EntType = d.creditCode("93", region), "9100"
	}
	if e.EntType == limitedPartnership && d.IntN(2) == 0 {
		e.Legal = "内蒙古样例投资管理有限公司（委派代表：" + e.Legal + "）"
	}
	return e
}

const limitedPartnership = "4533"

// enterpriseTypes repeats what is frequent.
var enterpriseTypes = []string{
	"1130", "1130", "1130", "1130", "1130", "1130", "1130", "1130", "1151", "1151", "1151", "1151", "1151", "1153",
	"1190", "1190", "2130", "2151", "2190", "3100", "3200", "4533", "4540", "4540",
}

// localRegions are the districts and banners of Hohhot, whose bureau decides; elsewhere firms moved in from.
var (
	localRegions = []string{
		"150102", "150103", "150104", "150105", "150105", "150121", "150122", "150123", "150124", "150125",
	}
	elsewhere = []string{
		"150203", "150204", "150302", "150402", "150404", "150502", "150602", "150621", "150702", "150802", "150902",
		"152201", "152501", "152502", "152921",
	}
)

func (d *draw) region() string {
	if d.IntN(16) == 0 {
		return pick(d, elsewhere)
	}
	return pick(d, localRegions)
}

// creditCode returns a code of the category with both check characters right, never twice the same. Enterprises formed
// before 2015 got theirs around an organisation code of digits, households of that time around a number that begins
// with L.
func (d *draw) creditCode(category, region string) string {
	org := "MA0" + pick(d, []string{"N", "P", "Q", "R"}) + d.chars(4, "0123456789ABCDEFGHJKLMNPQRTUWXY")
	switch old := d.IntN(3) == 0; {
	case old && category == "91":
		org = d.chars(1, "01257") + d.chars(7, digits)
	case old && category == "92":
		org = "L" + d.chars(7, digits)
	}
	code := creditCode(category, region, org)
	if !d.first(code) {
		return d.creditCode(category, region)
	}
	return code
}

// creditCode puts the check characters to the first 16.
func creditCode(category, region, org string) string {
	code := category + region + org + string(rules.OrgCodeCheck(org))
	return code + string(rules.CreditCodeCheck(code))
}

// pripID returns 24 digits, never twice the same: region, node, day of formation, number of that day. Other provinces
// have been seen to write them so; what Inner Mongolia writes is not known.
func (d *draw) pripID(region string) string {
	id := fmt.Sprintf(
		"%s%05d%04d%02d%02d%05d", region, 1+d.IntN(3), 2004+d.IntN(20), 1+d.IntN(12), 1+d.IntN(28), d.IntN(100000),
	)
	if !d.first(id) {
		return d.pripID(region)
	}
	return id
}

const digits = "0123456789"

func (d *draw) chars(n int, alphabet string) string {
	var b strings.Builder
	for range n {
		b.WriteByte(alphabet[d.IntN(len(alphabet))])
	}
	return b.String()
}

// first reports whether code comes for the first time.
func (d *draw) first(code string) bool {
	seen := d.used[code]
	d.used[code] = true
	return !seen
}

func pick(d *draw, from []string) string { return from[d.IntN(len(from))] }
