package planted

import (
	"iter"
	"math/rand/v2"

	"diaoxiao/internal/receiver/register"
)

// maker makes one firm after the other.
type maker struct {
	*rand.Rand
	seed    uint64
	i       int           // number of the firm, from 0
	last    register.Firm // the firm before
	company register.Firm // the last company, of which branches are
}

// Firms yields the rows of a made-up register of Inner Mongolia, numbered from 1: about 62 in 100 are individual
// households, 31 enterprises, 7 cooperatives; one in six is no longer in business. pripids are unique; one in 200 rows
// shares its credit code with the live row before it (重码), and one in 200 is the old row of a firm that moved.
func Firms(seed uint64, n int) iter.Seq[register.Firm] {
	return func(yield func(register.Firm) bool) {
		m := &maker{Rand: rand.New(rand.NewPCG(seed, 0x12f1)), seed: mixedSeed(seed)}
		for m.i = range n {
			f := m.firm()
			f.RowNo = m.i + 1
			if !yield(f) {
				return
			}
			m.last = f
		}
	}
}

// mixedSeed is where the codes of a seed begin.
func mixedSeed(seed uint64) uint64 { return seed * 2_654_435_761 }

func (m *maker) firm() register.Firm {
	if m.last.State == register.Live && m.last.UniscID != "" {
		switch m.i % 200 {
		case 101:
			return m.twin()
		case 151:
			return m.movedFrom()
		}
	}
	at := places[m.IntN(len(places))]
	f := register.Firm{Organ: at.city + at.name + "市场监督管理局", Founded: m.day(1996, 2025)}
	f.PripID = m.pripID(at.code, f.Founded)
	switch p := m.IntN(100); {
	case p < 62:
		m.household(&f, at)
	case p < 69:
		m.cooperative(&f, at)
	case p < 74 && m.company.Name != "":
		m.branch(&f, at)
	default:
		m.enterprise(&f, at)
	}
	m.state(&f)
	m.odd(&f)
	return f
}

func (m *maker) household(f *register.Firm, at place) {
	f.Name = at.name + m.pick(firmWords) + m.pick(shops)
	f.Legal = m.person()
	f.EntType = m.typeText("9500", "个体工商户")
	m.codes(f, at, "92", '6')
}

func (m *maker) cooperative(f *register.Firm, at place) {
	f.Name = at.name + m.pick(firmWords) + m.pick(herds) + "农民专业合作社"
	f.Legal = m.person()
	f.EntType = m.typeText("9100", "农民专业合作社")
	m.codes(f, at, "93", '0')
}

// kindOfFirm is a type of enterprises and the end of their names.
type kindOfFirm struct{ code, name, end, branch, branchName string }

var kindsOfFirms = []kindOfFirm{
	{"1130", "有限责任公司(自然人投资或控股)", "有限责任公司", "2130", "有限责任公司分公司(自然人投资或控股)"},
	{"1130", "有限责任公司(自然人投资或控股)", "有限公司", "2130", "有限责任公司分公司(自然人投资或控股)"},
	{"1151", "有限责任公司(自然人独资)", "有限公司", "2151", "有限责任公司分公司(自然人独资)"},
	{"1153", "有限责任公司(非自然人投资或控股的法人独资)", "有限责任公司", "2153", "有限责任公司分公司(非自然人投资或控股的法人独资)"},
	{"1190", "其他有限责任公司", "有限责任公司", "2190", "其他有限责任公司分公司"},
	{"1222", "股份有限公司(非上市、自然人投资或控股)", "股份有限公司", "2222", "股份有限公司分公司(非上市、自然人投资或控股)"},
	{"4540", "个人独资企业", "厂", "4560", "个人独资企业分支机构"},
	{"4533", "有限合伙企业", "投资管理中心（有限合伙）", "4553", "有限合伙企业分支机构"},
	{"3200", "集体所有制", "总公司", "4320", "集体分支机构(非法人)"},
}

func (m *maker) enterprise(f *register.Firm, at place) {
	kind := kindsOfFirms[m.IntN(len(kindsOfFirms))]
	f.Name = m.pick([]string{"内蒙古", at.city, at.name}) + m.pick(firmWords) + m.pick(trades) + kind.end
	f.Legal = m.person()
	if kind.code == "4533" && m.IntN(2) == 0 {
		f.Legal = "内蒙古" + m.pick(firmWords) + "投资管理有限公司（委派代表：" + f.Legal + "）"
	}
	f.EntType = m.typeText(kind.code, kind.name)
	m.codes(f, at, "91", '0')
	m.company = *f
}

// branch is one of the last company; its head may be that of the company.
func (m *maker) branch(f *register.Firm, at place) {
	f.Name = m.company.Name + at.name + "分公司"
	f.Legal = m.company.Legal
	if m.IntN(2) == 0 {
		f.Legal = m.person()
	}
	for _, kind := range kindsOfFirms {
		if m.company.EntType == kind.code || m.company.EntType == kind.name {
			f.EntType = m.typeText(kind.branch, kind.branchName)
		}
	}
	m.codes(f, at, "91", '0')
}

// codes: a firm from before 2015 has a registration number, and one that has been dormant since has nothing else.
func (m *maker) codes(f *register.Firm, at place, category string, class byte) {
	old := f.Founded < "2015-10-01"
	if old {
		f.RegNo = m.regNo(at.code, class)
	}
	if !old || m.IntN(12) > 0 {
		f.UniscID = creditCode(category, at.code, m.orgCode(old, category == "92"))
	}
}

// typeText: extracts have the code in most rows, the name in others.
func (m *maker) typeText(code, name string) string {
	if m.IntN(4) == 0 {
		return name
	}
	return code
}
