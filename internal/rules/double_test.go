package rules_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/iso7064"
	"diaoxiao/internal/rules"
)

// harmedCodes are the same pripid or its like as a program wrote it that had it as a number.
var harmedCodes = map[string]string{
	"150104000022017069809664": "Java new BigDecimal(double).toPlainString(), JavaScript BigInt(Number(s))," +
		" Python int(float)",
	"150104000022017002700800":           "Excel's 15 digits, then BigDecimal",
	"150104000022017070000000":           "DecimalFormat(\"0\"), 17 digits",
	"150104000022017100000000":           "16 digits",
	"150104000022017000000000":           "15 digits",
	"150104000022020000000000":           "14 digits of PHP",
	"150104002802739119652864":           "float32",
	"1.5E23":                             "",
	"1.5e+23":                            "",
	"2.03E10":                            "",
	"1.501040000220170E+23":              "",
	"1.50104E 23":                        "a plus sign lost in an address",
	"1,50104E+23":                        "a comma as decimal point",
	"1.50104×10^23":                      "",
	"1.50104*10^23":                      "",
	"1.50104×10²³":                       "",
	"1.5D+23":                            "Fortran",
	"１．５Ｅ＋２３":                            "full width",
	" 1.5E+23\t":                         "",
	"150104000022E+18":                   "BigDecimal.toString",
	"150104000022017071732290.0":         "",
	"150104000022017071732290.00":        "",
	"1501040000.":                        "",
	"150,104,000,022,017,070,000,000":    "toLocaleString",
	"150,104,000,022,017,070,000,000.00": "",
	"150，104，000，022，017，070，000，000": "",
	"150'104'000'022'017'070'000'000": "",
	"150.104.000.022.017.070.000.000": "",
	"￥150104000022017071732290":       "",
	"$1.50":                           "",
	"150104000022017071732%":          "",
	"Infinity":                        "",
	"-Infinity":                       "",
	"∞":                               "",
	"1.#INF":                          "",
	"1.#QNAN":                         "",
	"2147483647":                      "",
	"-2147483648":                     "",
	"4294967295":                      "",
	"9007199254740992":                "",
	"9223372036854775807":             "",
	"-9223372036854775808":            "",
	"9223372036854775808":             "",
	"9.223372036854776E18":            "",
	"9223372036854776000":             "",
	"18446744073709551615":            "",
	"−9223372036854775808":            "U+2212",
	"-1":                              "",
	"+150104000022":                   "",
	"3302062930526208":                "float32 of 16 digits",
	"150203000929747977895936":        "",
}

func TestNumberHarm(t *testing.T) {
	for code, how := range harmedCodes {
		if harm, what := rules.NumberHarm(code); harm != rules.Certain || what == "" {
			t.Errorf("%s (%s): %v %s", code, how, harm, what)
		}
		for _, e := range []api.Entity{with(clean, "pripid", code), with(clean, "uniscid", code)} {
			if code == "-1" {
				continue
			}
			if !slices.ContainsFunc(check(e), func(f rules.Finding) bool { return f.Rule == rules.SpreadsheetNumber }) {
				t.Errorf("%s (%s): %v", code, how, check(e))
			}
		}
	}
	for code, want := range map[string]rules.Harm{
		"2E22":                                 rules.Likely,
		"1501030000220040000":                  rules.Likely,
		"90010300002200403968":                 rules.Likely,
		"150 104 000 022":                      rules.Likely,
		"150104000022017071732290":             rules.Unharmed,
		"150103000022004041376942":             rules.Unharmed,
		"3302063000622782":                     rules.Unharmed,
		"A1":                                   rules.Unharmed,
		"451477f9-010d-1000-e000-03c00a010119": rules.Unharmed,
		"560E8C402E5914FAE0531ECDA8C0CF0D":     rules.Unharmed,
		"15010400E2":                           rules.Unharmed,
		"630000_630121000052006110715045":      rules.Unharmed,
		"150103000022004000":                   rules.Unharmed,
		"91150203MA0N00024Y":                   rules.Unharmed,
		"":                                     rules.Unharmed,
		"000000000000000000000000":             rules.Unharmed,
		"150103000022016103000000":             rules.Unharmed,
		"1500000000000000":                     rules.Unharmed,
		"15-03":                                rules.Unharmed,
		"12345678901234567890123456789012":     rules.Unharmed,
		"0":                                    rules.Unharmed,
		"-":                                    rules.Unharmed,
		"无":                                    rules.Unharmed,
		"E+23":                                 rules.Unharmed,
	} {
		if harm, what := rules.NumberHarm(code); harm != want {
			t.Errorf("%s: %v %s, want %v", code, harm, what, want)
		}
	}
}

func TestCaseIDHarm(t *testing.T) {
	for caseid, want := range map[string]rules.Harm{
		"2.0260316001E10":          rules.Certain,
		"2.026E+10":                rules.Certain,
		"20260316001.0":            rules.Certain,
		"20,260,316,001":           rules.Certain,
		"150104202603170006827008": rules.Certain,
		"-9223372036854775808":     rules.Certain,
		"2147483647":               rules.Certain,
		"Infinity":                 rules.Certain,
		"2E22":                     rules.Likely,
		"15E-03":                   rules.Likely,
		"1,234":                    rules.Likely,
		"3.0":                      rules.Likely,
		"-5":                       rules.Likely,
		"1.001.002":                rules.Likely,
		"2026031612345670000":      rules.Likely,
		"202603160012300000000000": rules.Likely,
		"15E2":                     rules.Unharmed,
		"2026E03":                  rules.Unharmed,
		"2026.3":                   rules.Unharmed,
		"2026-03":                  rules.Unharmed,
		"15-E03":                   rules.Unharmed,
		"呼市监处罚〔2026〕3号":            rules.Unharmed,
		"20260316001":              rules.Unharmed,
		"202603160001":             rules.Unharmed,
		"150104202603160000012":    rules.Unharmed,
		"2026000":                  rules.Unharmed,
		"100":                      rules.Unharmed,
		"":                         rules.Unharmed,
		"A-1":                      rules.Unharmed,
		"3":                        rules.Unharmed,
		"2026.03.16":               rules.Unharmed,
		"〔2026〕1.5E+3号":            rules.Unharmed,
	} {
		harm, what := rules.CaseIDHarm(caseid)
		if harm != want || (harm == rules.Unharmed) != (what == "") {
			t.Errorf("%s: %v %q, want %v", caseid, harm, what, want)
		}
		found := 0
		rules.CheckCase(caseid, "2026-03-16", "2026-03-20", func(field string, rule int, _ rules.Detail) {
			if found = rule; field != "caseid" {
				t.Errorf("%s: finding on %s", caseid, field)
			}
		})
		if (found == rules.SpreadsheetNumber) != (want == rules.Certain) {
			t.Errorf("%s: rule %d", caseid, found)
		}
	}
}

// trueCode is a pripid as registers number: region, four zeros, a digit, the day of registration, a number in sequence.
func trueCode(r *rand.Rand) string {
	return fmt.Sprintf(
		"%06d0000%d%04d%02d%02d%05d", 110000+r.IntN(550000), r.IntN(5), 1980+r.IntN(46), 1+r.IntN(12), 1+r.IntN(28),
		r.IntN(100000),
	)
}

func randomCode(r *rand.Rand, digits int) string {
	b := make([]byte, digits)
	for i := range b {
		b[i] = '0' + byte(r.IntN(10))
	}
	b[0] = '1' + byte(r.IntN(9))
	return string(b)
}

// genuineCreditCode is a valid credit code of digits only.
func genuineCreditCode(r *rand.Rand) string {
	for {
		base := fmt.Sprintf("9%d%06d%08d", 1+r.IntN(3), 110000+r.IntN(550000), r.IntN(100000000))
		if c := rules.OrgCodeCheck(base[8:]); c != 'X' {
			if last := rules.CreditCodeCheck(base + string(c)); '0' <= last && last <= '9' {
				return base + string(c) + string(last)
			}
		}
	}
}

func TestTrueCodesAreNoNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(24, 1))
	for range 2_000_000 {
		if harm, what := rules.NumberHarm(trueCode(r)); harm != rules.Unharmed {
			t.Fatal(harm, what)
		}
	}
	for range 100_000 {
		for _, n := range []int{13, 15, 16, 17, 18} {
			if code := randomCode(r, n); !unharmed(code) {
				t.Fatal(code)
			}
		}
		if code := genuineCreditCode(r); !unharmed(code) {
			t.Fatal(code)
		}
	}
}

func unharmed(code string) bool {
	harm, _ := rules.NumberHarm(code)
	return harm == rules.Unharmed
}

// judge returns what a list of codes shows.
func judge(codes []string) rules.NumberVerdict {
	var s rules.NumberSeries
	for i, c := range codes {
		s.Add(i, c)
	}
	return s.Judge()
}

func codesOf(n int, code func(i int) string) (all []string) {
	for i := range n {
		all = append(all, code(i))
	}
	return all
}

// Lists of true codes, of every length that a float64 can spoil, and of schemes that end in zeros, binary or decimal.
func TestTrueListsAreNoNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(18, 1))
	lists := 0
	for range 400 {
		n := 1 + r.IntN(1500)
		for _, digits := range []int{15, 16, 17, 18, 19, 20, 21, 22, 24} {
			if v := judge(codesOf(n, func(int) string { return randomCode(r, digits) })); v.Harm == rules.Certain {
				t.Errorf("%d codes of %d digits: %+v", n, digits, v)
			} else if v.Harm == rules.Likely {
				lists++
			}
		}
	}
	if lists > 2 {
		t.Errorf("%d of 3600 lists look likely", lists)
	}
	start, serial := uint64(1_541_815_603_606_036_480), r.IntN(1000)
	for name, code := range map[string]func(i int) string{
		"true codes":    func(int) string { return trueCode(r) },
		"credit codes":  func(int) string { return genuineCreditCode(r) },
		"snowflakes":    func(i int) string { return strconv.FormatUint(start+uint64(i*r.IntN(1000))<<22, 10) },
		"padded":        func(i int) string { return fmt.Sprintf("1501020%04d0000000", i+1) },
		"numbers":       func(i int) string { return regNo(r) },
		"numbers of 18": func(i int) string { return fmt.Sprintf("150102000000%06d", serial+i) },
		"numbers of 19": func(i int) string { return fmt.Sprintf("1501020000000%06d", serial+i) },
	} {
		for _, n := range []int{3, 10, 200} {
			if v := judge(codesOf(n, code)); v.Harm != rules.Unharmed {
				t.Errorf("%d %s: %+v", n, name, v)
			}
		}
	}
}

func regNo(r *rand.Rand) string {
	base := fmt.Sprintf("%06d%08d", 110000+r.IntN(550000), r.IntN(100000000))
	return base + string(iso7064.Mod11_10(base))
}

// exactly is the integer that a float64 of the code is.
func exactly(code string) string {
	f, _ := strconv.ParseFloat(code, 64)
	i, _ := big.NewFloat(f).Int(nil)
	return i.String()
}

// keeping has so many significant digits of a code and zeros behind them.
func keeping(digits int) func(string) string {
	return func(code string) string {
		f, _ := strconv.ParseFloat(code, 64)
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', digits-1, 64), "e+")
		n, _ := strconv.Atoi(exponent)
		return strings.ReplaceAll(mantissa, ".", "") + strings.Repeat("0", n+1-digits)
	}
}

// Doubles sees what no single row shows.
func TestDoubles(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	for _, tt := range []struct {
		name   string
		digits int
		harm   func(string) string
		want   rules.Harm
	}{
		{"exact, 18 digits", 18, exactly, rules.Certain},
		{"exact, 19 digits", 19, exactly, rules.Certain},
		{"exact, 20 digits", 20, exactly, rules.Certain},
		{"exact, 24 digits", 24, exactly, rules.Certain},
		{"17 digits of 19", 19, keeping(17), rules.Likely},
		{"17 digits of 24", 24, keeping(17), rules.Likely},
		{"16 digits of 18", 18, keeping(16), rules.Likely},
		{"15 digits of 16", 16, keeping(15), rules.Likely},
		{"15 digits of 18", 18, keeping(15), rules.Likely},
		{"14 digits of 15", 15, keeping(14), rules.Likely},
		{"14 digits of 18", 18, keeping(14), rules.Likely},
	} {
		whole := codesOf(30, func(int) string { return tt.harm(randomCode(r, tt.digits)) })
		if v := judge(whole); v.Harm != tt.want || v.Odd < 20 || v.Of != 30 || len(v.First) != 3 ||
			v.First[0].Code == "" {
			t.Errorf("%s: %+v", tt.name, v)
		}
		some := codesOf(300, func(i int) string {
			if i%5 == 0 {
				return tt.harm(randomCode(r, tt.digits))
			}
			return randomCode(r, tt.digits)
		})
		if v := judge(some); v.Harm == rules.Unharmed || v.Odd < 50 || v.Odd > 180 {
			t.Errorf("%s, one of five: %+v", tt.name, v)
		}
	}
}

// The finding concerns the case: of each column how many, and the first of them.
func TestDoublesFindings(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	var d, none rules.Doubles
	for i := range 40 {
		e := api.Entity{PripID: trueCode(r), UniscID: genuineCreditCode(r)}
		none.Add(i, e)
		e.UniscID = keeping(15)(e.UniscID)
		if i > 1 {
			e.PripID = exactly(randomCode(r, 18))
		}
		d.Add(i, e)
	}
	var found []string
	add := func(field string, rule int, d rules.Detail) { found = append(found, fmt.Sprint(field, rule, d.Text())) }
	if none.Findings(add); len(found) > 0 {
		t.Errorf("true codes: %v", found)
	}
	d.Findings(add)
	if len(found) != 2 || !strings.HasPrefix(found[0], "pripid614") || !strings.Contains(found[0], "第3条“") ||
		!strings.Contains(found[0], "40个长编号中有38个恰为") ||
		!strings.HasPrefix(found[1], "uniscid614") || !strings.Contains(found[1], "从第16位起全是0") {
		t.Errorf("%q", found)
	}
	one := clean
	if n := testing.AllocsPerRun(100, func() { d.Add(0, one) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkDoubles(b *testing.B) {
	b.ReportAllocs()
	var d rules.Doubles
	for b.Loop() {
		d.Add(0, clean)
	}
}
