package planted_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/register/planted"
	"diaoxiao/internal/rules"
)

// firmsForList is how many firms the register has for each list.
const firmsForList = 130

// seed can be changed: go test ./internal/receiver/register/planted -v -seed 7.
var seed = flag.Uint64("seed", 1, "of the planted register and lists")

// noticed are the rules by which a row is noticed: those that keep it from 一致, and severe ones.
func noticed(reg *planted.Register, row planted.Row) (by []int, met []int, r register.Result) {
	add := func(_ string, rule int, _ rules.Detail) {
		met = append(met, rule)
		if one, _ := rules.ByNo(rule); one.Severity == rules.Severe || decides[rule] {
			by = append(by, rule)
		}
	}
	rules.CheckEntity(row.Entity, add)
	r = register.Match(row.Entity, planted.Decided, reg.Find(register.KeysOf(row.Entity)), add)
	return by, met, r
}

// decides are the rules of findings with which no verdict is 一致.
var decides = map[int]bool{
	rules.RegisterTwoFirms: true, rules.RegisterSwapped: true, rules.RegisterNotFound: true, rules.RegisterShared: true,
	rules.RegisterUniscID: true, rules.RegisterState: true, rules.RegisterPripID: true, rules.RegisterLegal: true,
	rules.RegisterEntType: true, rules.RegisterStateUnknown: true, rules.RegisterEntTypeNear: true,
	rules.RegisterNoKey: true,
}

// tally counts the rows of one kind.
type tally struct {
	rows, noticed int
	byOne         int // noticed by the rule of the kind alone
	asInRegister  int // to the byte
	verdicts      map[register.Verdict]int
}

// Every planted row is noticed, at most one clear row in 200 is; and every kind has rows that nothing but its own rule
// notices, so that without the rule they would pass.
func TestPlantedRows(t *testing.T) {
	lists := 1000
	if testing.Short() {
		lists = 200
	}
	reg := planted.NewRegister(*seed, lists*firmsForList)
	ruleOf := map[string]int{}
	for _, k := range planted.Kinds() {
		ruleOf[k.Name] = k.Rule
	}
	tallies, met := map[string]*tally{}, map[int]bool{}
	for n, list := range planted.Lists(reg, *seed, lists) {
		for pos, row := range list {
			by, all, r := noticed(reg, row)
			for _, rule := range all {
				met[rule] = true
			}
			decided := slices.ContainsFunc(by, func(rule int) bool { return decides[rule] })
			if decided != (r.Verdict != register.Consistent) {
				t.Errorf("list %d row %d: %s by %v: %+v", n, pos, r.Verdict, by, row)
			}
			name := row.Wrong
			if name == "" {
				name = "clear " + row.Noise
			}
			if tallies[name] == nil {
				tallies[name] = &tally{verdicts: map[register.Verdict]int{}}
			}
			sum := tallies[name]
			sum.rows++
			sum.verdicts[r.Verdict]++
			if isAsInRegister(row, r.Firm) {
				sum.asInRegister++
			}
			if len(by) > 0 {
				sum.noticed++
			}
			if !slices.ContainsFunc(by, func(rule int) bool { return rule != ruleOf[row.Wrong] }) {
				sum.byOne++
			}
			if row.Wrong != "" && len(by) == 0 {
				t.Errorf("list %d row %d passes: %+v", n, pos, row)
			}
			if row.Wrong == "" && len(by) > 0 {
				t.Logf("list %d row %d: %s %v: %+v %+v", n, pos, r.Verdict, by, row, r.Firm)
			}
		}
	}
	judge(t, tallies, lists)
	for _, rule := range rules.All() {
		if rule.No > 800 && !met[rule.No] {
			t.Errorf("no row has rule %d", rule.No)
		}
	}
}

// judge writes the table and holds each kind to its measure.
func judge(t *testing.T, tallies map[string]*tally, lists int) {
	t.Helper()
	var table strings.Builder
	clear, alarms, wrong := 0, 0, 0
	fmt.Fprint(&table, "| 植入的错误 | 规则 | 条数 | 发现 | 去掉该规则后漏掉 |\n|---|---|---|---|---|\n")
	for _, k := range planted.Kinds() {
		sum := tallies[k.Name]
		if sum == nil || sum.noticed != sum.rows {
			t.Errorf("%s: %+v", k.Name, sum)
			continue
		}
		if sum.byOne == 0 {
			t.Errorf("%s: without rule %d every row is still noticed", k.Name, k.Rule)
		}
		wrong += sum.rows
		fmt.Fprintf(&table, "| %s | %d | %d | %d | %d |\n", k.Name, k.Rule, sum.rows, sum.noticed, sum.byOne)
	}
	fmt.Fprint(&table, "\n| 无误条目的写法 | 条数 | 误报 |\n|---|---|---|\n")
	for _, n := range append([]string{""}, planted.Noises()...) {
		sum := tallies["clear "+n]
		if sum == nil {
			t.Errorf("no clear row: %s", n)
			continue
		}
		if sum.asInRegister > 0 && isWritten(n) {
			t.Errorf("%s: %d of %d rows are as in the register", n, sum.asInRegister, sum.rows)
		}
		if 200*sum.noticed > sum.rows {
			t.Errorf("%s: %d alarms of %d clear rows", n, sum.noticed, sum.rows)
		}
		clear, alarms = clear+sum.rows, alarms+sum.noticed
		fmt.Fprintf(&table, "| %s | %d | %d |\n", n, sum.rows, sum.noticed)
	}
	fmt.Fprintf(&table, "\n%d lists: %d wrong rows, all noticed; %d clear rows, %d alarms", lists, wrong, clear, alarms)
	if wrong < 10*lists || clear < 49*lists {
		t.Errorf("%d wrong rows, %d clear ones", wrong, clear)
	}
	t.Log("\n" + table.String())
}

// isWritten: the noise is in the row, not in the register.
func isWritten(noise string) bool {
	return noise != "" && !strings.HasPrefix(noise, "主体库") && !strings.HasPrefix(noise, "决定之后") &&
		!strings.HasPrefix(noise, "同码")
}

// isAsInRegister: a plain comparison would be enough for the row.
func isAsInRegister(row planted.Row, f register.Firm) bool {
	e := row.Entity
	return e.PripID == f.PripID && (e.UniscID == f.UniscID || f.UniscID == "" && e.UniscID == f.RegNo) &&
		e.Legal == f.Legal && e.EntType == f.EntType
}
