package planted

import (
	"strings"

	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// Kind is one way in which a row is wrong.
type Kind struct {
	Name  string
	Rule  int // that finds it
	plant func(l *lister) []Row
}

// Kinds are all ways in which rows are wrong.
func Kinds() []Kind {
	return []Kind{
		{"信用代码错行（三行轮转）", rules.RegisterTwoFirms, (*lister).shiftedCodes},
		{"信用代码是邻行的", rules.RegisterTwoFirms, (*lister).neighboursCode},
		{"两行信用代码对调", rules.RegisterTwoFirms, (*lister).exchangedCodes},
		{"身份代码是别家的", rules.RegisterTwoFirms, (*lister).othersPripID},
		{"信用代码是同一公司另一分支的", rules.RegisterTwoFirms, (*lister).sistersCode},
		{"注册号是别家的", rules.RegisterTwoFirms, (*lister).othersNumber},
		{"信用代码是已注销别家的", rules.RegisterTwoFirms, (*lister).deadCode},
		{"身份代码栏是别家的注册号", rules.RegisterTwoFirms, (*lister).othersNumberAsPripID},
		{"身份代码与信用代码填反", rules.RegisterSwapped, (*lister).swapped},
		{"重码", rules.RegisterShared, (*lister).shared},
		{"主体库没有", rules.RegisterNotFound, (*lister).notThere},
		{"信用代码两处颠倒而校验相符", rules.RegisterUniscID, (*lister).transposed},
		{"注册号录错", rules.RegisterUniscID, (*lister).wrongNumber},
		{"信用代码以“无”占位", rules.RegisterUniscID, (*lister).noCode},
		{"身份代码录错", rules.RegisterPripID, (*lister).wrongPripID},
		{"法定代表人已变更", rules.RegisterLegal, (*lister).staleLegal},
		{"法定代表人写错", rules.RegisterLegal, (*lister).misspeltLegal},
		{"法定代表人错行（三行轮转）", rules.RegisterLegal, (*lister).shiftedLegals},
		{"法定代表人被遮盖", rules.RegisterLegal, (*lister).maskedLegal},
		{"类型不符", rules.RegisterEntType, (*lister).wrongType},
		{"类型细分不符", rules.RegisterEntTypeNear, (*lister).nearType},
		{"已吊销", rules.RegisterState, inState(register.Revoked)},
		{"已注销", rules.RegisterState, inState(register.Deregistered)},
		{"迁出", rules.RegisterState, inState(register.MovedOut)},
		{"歇业", rules.RegisterState, inState(register.Dormant)},
		{"清算", rules.RegisterState, inState(register.Liquidating)},
		{"撤销登记", rules.RegisterState, inState(register.Annulled)},
		{"登记状态不明", rules.RegisterStateUnknown, inState(register.StateUnknown)},
		{"没有可供查找的代码", rules.RegisterNoKey, (*lister).noKey},
	}
}

// wrong is a row of a firm, with one thing changed.
func wrong(f register.Firm, change func(row *Row)) []Row {
	row := Row{Entity: entity(f), Wrong: "?"}
	change(&row)
	return []Row{row}
}

func (l *lister) shiftedCodes() []Row {
	rows := append(l.coded(), append(l.coded(), l.coded()...)...)
	last := rows[2].Entity.UniscID
	for i := range rows {
		rows[i].Entity.UniscID, last = last, rows[i].Entity.UniscID
	}
	return rows
}

func (l *lister) coded() []Row { return wrong(l.takeCoded(), func(*Row) {}) }

func (l *lister) neighboursCode() []Row {
	rows := append(l.coded(), l.coded()...)
	rows[1].Wrong = ""
	rows[0].Entity.UniscID = rows[1].Entity.UniscID
	return rows
}

func (l *lister) exchangedCodes() []Row {
	rows := append(l.coded(), l.coded()...)
	rows[0].Entity.UniscID, rows[1].Entity.UniscID = rows[1].Entity.UniscID, rows[0].Entity.UniscID
	return rows
}

func (l *lister) othersPripID() []Row {
	f, other := l.takePair()
	return wrong(f, func(row *Row) { row.Entity.PripID = other.PripID })
}

func (l *lister) othersNumber() []Row {
	return wrong(l.takeCoded(), func(row *Row) { row.Entity.UniscID = l.takeNumbered().RegNo })
}

func (l *lister) othersNumberAsPripID() []Row {
	f, other := l.takePair()
	return wrong(f, func(row *Row) { row.Entity.PripID = other.RegNo })
}

// takePair takes two firms with credit codes, the second with a registration number too; in one of two pairs the legal
// representatives are namesakes and the types the same.
func (l *lister) takePair() (f, other register.Firm) {
	if l.IntN(2) == 0 {
		return l.takeCoded(), l.take("both", func(f *register.Firm) bool { return hasBoth(f) && l.isLive(f) })
	}
	f = l.take("namesake", func(f *register.Firm) bool {
		if f.UniscID == "" || !l.isLive(f) {
			return false
		}
		for _, i := range l.namesakes[f.Legal+f.EntType] {
			if one := &l.r.Firms[i]; one.RowNo != f.RowNo && hasBoth(one) && l.isLive(one) {
				other = *one
				return true
			}
		}
		return false
	})
	return f, other
}

func (l *lister) deadCode() []Row {
	return wrong(l.takeCoded(), func(row *Row) {
		row.Entity.UniscID = l.take("dead", func(f *register.Firm) bool {
			return f.State == register.Deregistered && f.UniscID != "" && l.isAlone(f)
		}).UniscID
	})
}

// sistersCode: the company and its branches have nearly one name, and often one head.
func (l *lister) sistersCode() []Row {
	var sister string
	f := l.take("sister", func(f *register.Firm) bool {
		if !l.isLive(f) || f.UniscID == "" {
			return false
		}
		for _, i := range l.groups[companyOf(f.Name)] {
			if other := l.r.Firms[i]; other.RowNo != f.RowNo && other.UniscID != "" && l.isAlone(&other) {
				sister = other.UniscID
				return true
			}
		}
		return false
	})
	return wrong(f, func(row *Row) { row.Entity.UniscID = sister })
}

// companyOf is the name of a firm without its place as a branch.
func companyOf(name string) string {
	bare, ok := strings.CutSuffix(name, "分公司")
	if !ok {
		return name
	}
	for _, at := range places {
		if company, ok := strings.CutSuffix(bare, at.name); ok {
			return company
		}
	}
	return name
}

func groupsOf(firms []register.Firm) map[string][]int {
	groups := make(map[string][]int)
	for i, f := range firms {
		if strings.HasSuffix(f.Name, "公司") {
			company := companyOf(f.Name)
			groups[company] = append(groups[company], i)
		}
	}
	return groups
}

// swapped: firms with nothing but a registration number too, of which the form of the two values says nothing.
func (l *lister) swapped() []Row {
	f := l.takeNumbered()
	return wrong(f, func(row *Row) {
		row.Entity.PripID, row.Entity.UniscID = f.RegNo, f.PripID
		if f.UniscID != "" && l.IntN(2) == 0 {
			row.Entity.PripID = f.UniscID
		}
	})
}

func (l *lister) shared() []Row {
	return wrong(l.take("shared", func(f *register.Firm) bool {
		all := l.r.byCode[f.UniscID]
		return f.State == register.Live && f.Legal != "" && len(all) == 2 &&
			l.r.Firms[all[0]].State == register.Live && l.r.Firms[all[1]].State == register.Live
	}), func(row *Row) {
		if l.IntN(4) == 0 {
			row.Entity.PripID = "无"
		}
	})
}

// notThere: its codes are those of the firm that would be the next of the register.
func (l *lister) notThere() []Row {
	l.i++
	at := places[l.IntN(len(places))]
	f := register.Firm{Founded: l.day(1996, 2025), Legal: l.person(), EntType: "9500"}
	f.PripID = l.pripID(at.code, f.Founded)
	m := maker{Rand: l.Rand, seed: l.r.seed, i: l.i}
	m.codes(&f, at, "92", '6')
	return wrong(f, func(*Row) {})
}

func (l *lister) noCode() []Row {
	return wrong(l.takeCoded(), func(row *Row) { row.Entity.UniscID = l.pick([]string{"无", "0", "见附件", "/"}) })
}

func (l *lister) noKey() []Row {
	return wrong(l.takeLive(), func(row *Row) {
		row.Entity.PripID = l.pick([]string{"无", "0", "/", "同上", "NULL"})
		row.Entity.UniscID = l.pick([]string{"无", "0", "/", "同上", "NULL", "#N/A"})
	})
}

func inState(s register.State) func(*lister) []Row {
	return func(l *lister) []Row {
		return wrong(l.take(s.String(), func(f *register.Firm) bool {
			return f.State == s && f.Approved < Decided && f.Legal != "" && (f.UniscID != "" || f.RegNo != "")
		}), func(*Row) {})
	}
}
