package rules_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"diaoxiao/internal/rules"
)

var regionsOfTests = []string{
	"150105", "152525", "150525", "150102", "150203", "150621", "152201", "150000", "152921", "150785", "110105",
	"370212", "440121", "630121",
}

func randomDay(r *rand.Rand, from, to int) string {
	return fmt.Sprintf("%04d%02d%02d", from+r.IntN(to-from+1), 1+r.IntN(12), 1+r.IntN(28))
}

// ordinaryPripID is one in a form that registration systems use.
func ordinaryPripID(r *rand.Rand) string {
	region, day := regionsOfTests[r.IntN(len(regionsOfTests))], randomDay(r, 1979, 2026)
	whole := region + "00002" + day + fmt.Sprintf("%05d", r.IntN(100000))
	switch r.IntN(9) {
	case 0:
		return region + fmt.Sprintf("%05d", r.IntN(100000)) + day + fmt.Sprintf("%05d", r.IntN(100000))
	case 1:
		return "150000_" + whole
	case 2:
		return whole[:20] + fmt.Sprintf("%08d", r.IntN(100000000))
	case 3:
		return region + "0000" + fmt.Sprintf("%06d", r.IntN(1000000))
	case 4:
		return region + day + fmt.Sprintf("%06d", r.IntN(1000000))
	case 5:
		return region + "0001" + day + fmt.Sprintf("%04d", r.IntN(10000))
	case 6:
		return fmt.Sprintf("%08x-010d-1000-e000-%012x", r.Uint32(), r.Uint64N(1<<48))
	}
	return whole
}

// personIDOf is a made-up number with the right check character.
func personIDOf(r *rand.Rand) string {
	first := regionsOfTests[r.IntN(len(regionsOfTests))] + randomDay(r, 1930, 2008) + fmt.Sprintf("%03d", r.IntN(1000))
	for _, c := range "0123456789X" {
		if id := first + string(c); rules.ValidPersonID(id) {
			return id
		}
	}
	panic(first)
}

// Codes of entities are never taken for numbers of people, wherever they stand: each eleventh has 18 digits in it that
// could be one.
func TestNoPripIDIsMasked(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		id := ordinaryPripID(r)
		for _, value := range []string{id, "身份代码" + id, id + "（原）", " " + id, id + "\n", "a" + id, id + "、" +
			ordinaryPripID(r)} {
			if got := rules.MaskPersonIDs(value); got != value {
				t.Fatalf("%q is shown as %q", value, got)
			}
			if got := rules.MaskPersonal(value); got != value && strings.Contains(got, "***") {
				t.Fatalf("%q is shown as %q", value, got)
			}
		}
	}
}

// The codes of one region whose last digit is 5, all of them.
func TestNoPripIDOfARegionIsMasked(t *testing.T) {
	for no := range 100000 {
		if id := fmt.Sprintf("150105000022016071%06d", no); rules.MaskPersonIDs(id) != id {
			t.Fatalf("%s is shown as %s", id, rules.MaskPersonIDs(id))
		}
	}
}

// A number of a person stands nowhere whole, however it is written and whatever is around it.
func TestEveryPersonIDIsMasked(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	wide := func(s string) string {
		return strings.Map(func(c rune) rune { return c - '0' + '０' }, strings.TrimSuffix(s, "X")) +
			strings.Repeat("Ｘ", strings.Count(s, "X"))
	}
	for range 2000 {
		id, other := personIDOf(r), personIDOf(r)
		if strings.HasSuffix(other, "X") {
			other = personID4
		}
		for _, value := range []string{
			id,
			strings.ToLower(id),
			wide(id),
			" " + id,
			id + "\u200b",
			"身份证" + id,
			"张三" + id + "（负责人）",
			"身份证号：" + id,
			"No." + id,
			"ID" + id,
			id[:6] + " " + id[6:14] + " " + id[14:],
			id[:6] + "-" + id[6:14] + "-" + id[14:],
			id + " 13804710000",
			"13804710000 " + id,
			id + "13804710000",
			"13804710000" + id,
			id + "、" + other,
			other + id,
			other + " " + id,
			id + "/1",
			"1、" + id,
			"(" + id + ")",
			"1 " + id + " 2",
			id + "号",
			"X" + id,
			"张" + id + "三",
			id + "张三",
			"150105000022016071732290 " + id,
			"150105000022016071732290、" + id,
		} {
			if got := rules.FoldCode(rules.MaskPersonIDs(value)); strings.Contains(got, id) ||
				strings.Contains(got, id[6:14]+id[14:]) {
				t.Fatalf("%q is shown as %q", value, got)
			}
		}
	}
}

// Anything that is 18 digits by itself is masked for its outline.
func TestMisprintedPersonIDIsMasked(t *testing.T) {
	for _, value := range []string{
		"110105194912310021", " 110105194912310021", "身份证110105194912310021", "身份证 110105194912310021 王",
	} {
		if got := rules.MaskPersonIDs(value); !strings.Contains(got, "110*************21") {
			t.Errorf("%q is shown as %q", value, got)
		}
	}
}
