package rules

import (
	"fmt"
	"math"
	"strings"

	"diaoxiao/api"
)

// Doubles judges the codes of a whole list: whether they were numbers on their way. One code of 18 digits in 64 is
// exactly a float64 by chance, so a single one says nothing, and twenty in a row say all. It keeps a few hundred bytes,
// however long the list is, and does not allocate for a clean row. The zero value is ready.
type Doubles struct {
	pripid, uniscid NumberSeries
}

// Add takes the next row of the list, which stands at pos, counted from zero.
func (d *Doubles) Add(pos int, e api.Entity) {
	d.pripid.Add(pos, e.PripID)
	d.uniscid.Add(pos, e.UniscID)
}

// Findings calls add for each finding, once the whole list was added. They concern the case, not a row (Pos -1).
func (d *Doubles) Findings(add func(field string, rule int, d Detail)) {
	if detail := d.pripid.detail(); detail != "" {
		add(fieldPripID, CodesWereNumbers, words(detail))
	}
	if detail := d.uniscid.detail(); detail != "" {
		add(fieldUniscID, CodesWereNumbers, words(detail))
	}
}

func (s *NumberSeries) detail() string {
	v := s.Judge()
	if v.Harm == Unharmed {
		return ""
	}
	rows := make([]string, len(v.First))
	for i, p := range v.First {
		rows[i] = fmt.Sprintf("第%d条%s", p.Pos+1, show(p.Code))
	}
	text := v.Text() + "：" + strings.Join(rows, "、")
	if v.Odd > len(v.First) {
		text += "等"
	}
	return text
}

// NumberSeries judges the codes of one column by all of them. The zero value is ready.
type NumberSeries struct {
	binary evidence    // exactly a float64
	cut    [4]evidence // only so many digits are significant: see cuts
}

// Harm is [NumberHarm] in the light of the codes that were added: among very many, one is exactly a float by chance.
func (s *NumberSeries) Harm(code string) (Harm, string) {
	h, what := NumberHarm(code)
	if h == Certain && s.binary.expected > 1e-3 && (what == exactDouble || what == exactFloat) {
		h = Likely
	}
	return h, what
}

// cuts are the numbers of digits that programs keep: PHP by default, Excel, and the shortest spellings of a double.
var cuts = [...]int{14, 15, 16, 17}

// evidence counts the codes of a column that one kind of harm would leave as they are, against chance.
type evidence struct {
	of, odd  int
	expected float64 // of odd, by chance
	rounder  int     // the least digits, binary or decimal, that are zero beyond those that the harm leaves zero
	first    [3]CodeAt
}

// CodeAt is a code and where it stands.
type CodeAt struct {
	Pos  int
	Code string
}

// Add takes the next code, as it was sent, which stands at pos.
func (s *NumberSeries) Add(pos int, code string) {
	if len(code) < shortestNumber || len(code) > 38 || !AllDigits(code) {
		return
	}
	zeros := 0
	if code[len(code)-1] == '0' {
		zeros = countZeros(code)
	}
	if zeros == len(code) {
		return
	}
	genuine := (code[len(code)-1]-'0')&1 == 0 && isCheckedCode(code)
	for i, keep := range cuts {
		if lost := len(code) - keep; lost > 0 {
			s.cut[i].add(pos, code, math.Pow10(-lost), zeros >= lost && !genuine, zeros-lost)
		}
	}
	s.addBinary(pos, code, zeros, genuine)
}

// addBinary weighs a code as a float64. Zeros at its end are judged apart: they alone make it one more often.
func (s *NumberSeries) addBinary(pos int, code string, zeros int, genuine bool) {
	odds := doubleOdds(code) * float64(uint64(1)<<zeros)
	if odds >= 1 {
		return
	}
	b := sizes{double: 1}
	if !genuine && (code[len(code)-1]-'0')&1 == 0 {
		b = sizesOf(code)
	}
	s.binary.add(pos, code, odds, b.double < 1, b.surplus)
}

// isCheckedCode: check characters that are right show that no digit was lost.
func isCheckedCode(s string) bool {
	return len(s) == 15 && ValidRegNo(s) || len(s) == creditCodeLength && ValidCreditCode(s)
}

func (e *evidence) add(pos int, code string, odds float64, odd bool, rounder int) {
	e.of++
	e.expected += odds
	if !odd {
		return
	}
	if e.odd < len(e.first) {
		e.first[e.odd] = CodeAt{pos, strings.Clone(code)}
	}
	if e.odd == 0 || rounder < e.rounder {
		e.rounder = rounder
	}
	e.odd++
}

// NumberVerdict is what a column of codes shows.
type NumberVerdict struct {
	Harm  Harm
	What  string // in Chinese, what shows it
	Odd   int    // codes that show it
	Of    int    // codes that could
	First []CodeAt
}

// Text says the verdict in Chinese, without the rows.
func (v NumberVerdict) Text() string {
	return fmt.Sprintf("%d个长编号中有%d个%s", v.Of, v.Odd, v.What)
}

// Judge is the verdict on all codes that were added. Zeros at the end may be of a scheme of numbers, so they are likely
// harm at most; so is what one code alone shows, of which [NumberHarm] judges.
func (s *NumberSeries) Judge() (v NumberVerdict) {
	if odds := s.binary.odds(2); odds <= likelyOdds {
		v = s.binary.verdict(exactDouble)
		if odds <= certainOdds && s.binary.odd > 1 {
			v.Harm = Certain
		}
		return v
	}
	if s.binary.isRound(2) {
		return v // so their decimal zeros are more than chance leaves, too
	}
	for i := range s.cut {
		if e := &s.cut[i]; e.odd > v.Odd && e.odds(10) <= likelyOdds {
			v = e.verdict(fmt.Sprintf("从第%d位起全是0", cuts[i]+1))
		}
	}
	return v
}

func (e *evidence) verdict(what string) NumberVerdict {
	return NumberVerdict{Likely, what, e.odd, e.of, e.first[:min(e.odd, len(e.first))]}
}

// isRound reports whether all that are odd are rounder, to the base, than the harm would leave them: then they were
// made so, as 1501020000000000 or by a generator whose last bits are zero.
func (e *evidence) isRound(base float64) bool {
	return math.Pow(base, -float64(e.rounder*e.odd)) < 0.01
}

// odds bounds how probable it is that chance leaves so many (Hoeffding: n·KL(k/n, p)).
func (e *evidence) odds(base float64) float64 {
	if float64(e.odd) <= e.expected || e.isRound(base) {
		return 1
	}
	n, k := float64(e.of), float64(e.odd)
	a, p := k/n, e.expected/n
	distance := a * math.Log(a/p)
	if a < 1 {
		distance += (1 - a) * math.Log((1-a)/(1-p))
	}
	return math.Exp(-n * distance)
}
