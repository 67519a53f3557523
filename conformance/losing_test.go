package conformance_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"math"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"diaoxiao/conformance"
)

// countTold answers queries with the number of entities that were sent.
func countTold(next http.Handler) http.Handler {
	sent := newMemory()
	return answers(func(p *reply) {
		if accepts(p) {
			id := acceptID.FindString(p.Body.String())[1:]
			sent.put(id, strconv.Itoa(bytes.Count(p.body, []byte(`"pripid"`))))
		}
		if p.is("queryCaseinfo") || p.is("listCaseinfo") {
			p.text(regexp.MustCompile(`"acceptid":"(\d+)"[^{}]*?"items":\d+`).ReplaceAllStringFunc(
				p.Body.String(),
				func(s string) string {
					id := regexp.MustCompile(`\d{18}`).FindString(s)
					return regexp.MustCompile(`"items":\d+`).ReplaceAllLiteralString(s, `"items":`+sent.get(id))
				},
			))
		}
	})(next)
}

// tooLarge is a proxy that takes bodies up to a size.
func tooLarge(n int) func(http.Handler) http.Handler {
	return answers(func(p *reply) {
		if len(p.body) > n {
			p.Code = 413
			p.Header().Set("Content-Type", "text/html")
			p.text("<html><head><title>413 Request Entity Too Large</title></head></html>")
		}
	})
}

// sharedField keeps the body of a request where the next one finds it too, as an instance variable of a servlet does.
func sharedField(next http.Handler) http.Handler {
	var field atomic.Pointer[string]
	return before(func(r *http.Request, body string) string {
		if !receivesCase(r) {
			return body
		}
		field.Store(&body)
		time.Sleep(20 * time.Millisecond)
		return *field.Load()
	})(next)
}

var ownID = regexp.MustCompile(`"caseid": ?"([^"\s\p{Z}\x{200b}汉]+")`)

// mixedLogins has one variable for the login that is under way.
func mixedLogins(next http.Handler) http.Handler {
	var field atomic.Pointer[string]
	return before(func(r *http.Request, body string) string {
		if path.Base(r.URL.Path) != "login" || r.Method != "POST" {
			return body
		}
		field.Store(&body)
		time.Sleep(20 * time.Millisecond)
		return *field.Load()
	})(next)
}

// numberedAnew gives acceptids that begin again after n.
func numberedAnew(n int) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		given, count := newMemory(), atomic.Int64{}
		return answers(func(p *reply) {
			p.text(acceptID.ReplaceAllStringFunc(p.Body.String(), func(s string) string {
				at := len(s) - 18
				if given.get(s[at:]) == "" {
					given.put(s[at:], strconv.Itoa(int(count.Add(1))%n))
				}
				return s[:at] + "NR-" + given.get(s[at:])
			}))
		})(next)
	}
}

// numbersForTokens hands out tokens that are numbers.
func numbersForTokens(next http.Handler) http.Handler {
	real, count := newMemory(), atomic.Int64{}
	taken := before(func(r *http.Request, body string) string {
		setToken(r, func(s string) string { return cmp.Or(real.get(s), s) })
		return body
	})(next)
	return change(success("login"), func(m map[string]any) {
		number := strconv.Itoa(int(count.Add(1)*7_919_000_017 + 100_000_000_000_000))
		real.put(number, m["access_token"].(string))
		m["access_token"], m["accessToken"] = json.Number(number), json.Number(number)
	})(taken)
}

// losing are servers that lose, change or double cases, or let a secret out, in one way each.
func losing() map[string]defect {
	gbk := encoding.ReplaceUnsupported(simplifiedchinese.GBK.NewEncoder())
	words := regexp.MustCompile(`(?i)select|\bor\b|drop|union`)
	return map[string]defect{
		// Lists.
		"list cut to 1,000":             {lists(atMost(1000)), "S16-01 S16-03 S16-06 S22-07 S24-06"},
		"list cut to 500":               {lists(atMost(500)), "S16-01 S16-03 S16-06 S22-07 S24-06"},
		"list cut to 100":               {lists(atMost(100)), "S10-05 S16-01 S16-03 S16-06 S22-07 S24-06"},
		"list cut to 10,000":            {lists(atMost(10000)), "S16-03 S22-07 S24-06"},
		"list cut, the true count told": {both(countTold, lists(atMost(1000))), "S16-01 S16-03 S16-06"},
		"list cut, without extensions":  {both(withoutExtensions, lists(atMost(999))), "S16-01 S16-03 S16-06"},
		"last part of a batch lost": {
			lists(func(l []any) []any { return l[:max(len(l)/500*500, min(len(l), 500))] }),
			"S16-03 S16-06 S22-07 S24-06",
		},
		"first of the next batch lost": {
			lists(func(l []any) []any { return slices.Delete(l, min(1000, len(l)), min(1001, len(l))) }),
			"S16-06 S22-07 S24-06 +S16-01 +S16-03",
		},
		"last of a batch lost": {both(withoutExtensions, lists(func(l []any) []any {
			return slices.Delete(l, min(499, len(l)), min(500, len(l)))
		})), "S16-06"},
		"the last entity lost beyond 2,000": {
			both(withoutExtensions, lists(func(l []any) []any { return l[:len(l)-min(1, len(l)/2001)] })),
			"S16-01 S16-03 S16-06",
		},
		"equal entities dropped": {lists(func(l []any) []any {
			seen := make(map[string]bool)
			return slices.DeleteFunc(l, func(e any) bool {
				key := fmt.Sprint(e)
				twice := seen[key] && e != nil
				seen[key] = true
				return twice
			})
		}), "S17-15 S22-07 S24-06"},
		"lists sorted": {lists(func(l []any) []any {
			slices.SortFunc(l, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
			return l
		}), "S17-09"},
		"500 told for more": {answers(func(p *reply) {
			if p.is("queryCaseinfo") {
				p.text(regexp.MustCompile(`"items":\d{4,}`).ReplaceAllString(p.Body.String(), `"items":500`))
			}
		}), "S22-07 +S16-01"},
		"1 MiB at most":   {tooLarge(1 << 20), "S16-03"},
		"2 MiB at most":   {tooLarge(2 << 20), "S16-03"},
		"100 KiB at most": {tooLarge(100 << 10), "S16-01 S16-03 S16-06"},

		// Content.
		"three bytes a character": {storing(func(s string) string {
			return strings.Map(func(r rune) rune {
				if r > 0xffff {
					return '?'
				}
				return r
			}, s)
		}), "S15-08 S22-07"},
		"cut at a character of four bytes": {matching("[\U00010000-\U0010ffff].*", ""), "S11-04 S15-08 S15-26"},
		"GBK in the store": {storing(func(s string) string {
			if strings.Trim(s, "\u200b\ufeff\u2060") == "" {
				return s
			}
			b, _ := gbk.String(s)
			t, _ := simplifiedchinese.GBK.NewDecoder().String(b)
			return strings.ReplaceAll(t, "\x1a", "?")
		}), "S15-08 S15-24 S22-07"},
		"angle brackets escaped":   {replacingText("<", "&lt;", ">", "&gt;"), "S15-09"},
		"all of HTML escaped":      {storing(html.EscapeString), "S22-07 +S15-09"},
		"entities decoded":         {storing(html.UnescapeString), "S15-09 S15-10 S15-11 S15-12"},
		"tags stripped":            {matching(`<[^>]*>`, ""), "S15-09"},
		"angle brackets dropped":   {dropping("<", ">"), "S15-09"},
		"angle brackets made wide": {replacingText("<", "＜", ">", "＞"), "S15-09"},
		"ampersands dropped":       {dropping("&"), "S15-10 S22-07"},
		"apostrophes dropped":      {dropping("'"), "S15-11 S22-07"},
		"apostrophes doubled":      {replacingText("''", "''", "'", "''"), "S15-11 S22-07"},
		"apostrophes escaped":      {replacingText("'", "&#39;"), "S15-11 S22-07"},
		"quotation marks dropped":  {dropping(`"`), "S15-12"},
		"quotation marks curled":   {matching(`"([^"]*)"`, "“$1”"), "S15-12"},
		"semicolons dropped":       {dropping(";"), "S15-13 S22-07"},
		"comments of SQL dropped":  {dropping("--"), "S15-13"},
		"words of SQL dropped":     {storing(func(s string) string { return words.ReplaceAllString(s, "") }), "S15-13"},
		"decoded as a URL": {storing(func(s string) string {
			d, err := url.QueryUnescape(s)
			return map[bool]string{true: d, false: s}[err == nil]
		}), "S15-14"},
		"percent signs dropped":     {dropping("%"), "S15-14"},
		"backslashes dropped":       {dropping(`\`), "S15-11 S15-12 S15-15"},
		"backslashes read as SQL":   {matching(`\\(.)`, "$1"), "S15-11 S15-12 S22-07"},
		"CR LF becomes LF":          {replacingText("\r\n", "\n"), "S15-16"},
		"line breaks become blanks": {replacingText("\r\n", " ", "\n", " "), "S15-16 S22-07"},
		"line breaks dropped":       {dropping("\r", "\n"), "S15-16 S22-07"},
		"runs of blanks become one": {matching(" +", " "), "S15-17"},
		"one member trimmed": {member("legal", func(s string) string {
			return map[bool]string{true: strings.TrimSpace(s), false: s}[strings.TrimSpace(s) != ""]
		}), "S15-04 S15-18"},
		"trimmed behind": {storing(func(s string) string {
			return strings.TrimRight(s, " ") + map[bool]string{true: " "}[strings.TrimRight(s, " ") == "" && s != ""]
		}), "S14-04 S15-04 S17-08 S18-03 S22-07"},
		"tabs become blanks": {replacingText("\t", " "), "S15-19"},
		"narrowed": {storing(func(s string) string {
			return map[bool]string{true: s, false: width.Narrow.String(s)}[strings.Contains(s, "０２４")]
		}), "S15-05 S15-07 S15-09 S15-10 S15-11 S15-13 S15-20 S22-07 S24-04"},
		"lower case":          {member("casename", strings.ToLower), "S15-21"},
		"codes in upper case": {member("uniscid", strings.ToUpper), "S15-05 S15-21"},
		"normalised to NFC":   {storing(norm.NFC.String), "S15-06 S15-22 S15-23"},
		"normalised to NFKC": {storing(func(s string) string {
			return map[bool]string{true: s, false: norm.NFKC.String(s)}[strings.Contains(s, "０２４")]
		}), "S15-05 S15-06 S15-07 S15-09 S15-10 S15-11 S15-13 S15-20 S15-22 S15-23 S15-25 S22-07 S24-04"},
		"no-break space is a blank": {replacingText("\u00a0", " "), "S15-25"},
		"zero width dropped": {storing(func(s string) string {
			return strings.NewReplacer("\u200b", "", "\ufeff", "").Replace(s) +
				map[bool]string{true: " "}[s == "\u200b\ufeff\u2060"]
		}), "S15-26"},
		"selectors dropped": {dropping("\U000e0100"), "S15-26"},
		"controls dropped":  {matching("[\u0001-\u0008\u007f-\u009f]", ""), "S15-27"},
		"numbers through a double": {storing(func(s string) string {
			if f, err := strconv.ParseFloat(s, 64); err == nil && len(s) > 3 && !math.IsInf(f, 0) &&
				strings.Trim(s, "0123456789.") == "" {
				return strconv.FormatFloat(f, 'f', -1, 64)
			}
			return s
		}), "S15-28 S24-04"},
		"numbers of E": {
			storing(func(s string) string { return map[bool]string{true: "100000", false: s}[s == "1E5"] }),
			"S15-29",
		},
		"leading zeros dropped": {member("pripid", func(s string) string {
			return map[bool]string{true: s, false: strings.TrimLeft(s, "0")}[strings.Trim(s, "0") == ""]
		}), "S15-28"},

		// Cuts.
		"texts of 255 characters":    {member("penalty", cut(255)), "S15-02 S15-03"},
		"texts of 256 bytes":         {member("illegality", cutBytes(256)), "S15-02 S15-03"},
		"texts of 1,000 characters":  {member("caseintroduction", cut(1000)), "S15-02 S15-03"},
		"texts of 2,000 characters":  {member("penalty", cut(2000)), "S15-02 S15-03"},
		"texts of 4,000 bytes":       {member("penalty", cutBytes(4000)), "S15-02 S15-03"},
		"texts of 16,383 characters": {member("penalty", cut(16383)), "S15-02 S15-03"},
		"texts of 65,535 bytes":      {member("penalty", cutBytes(65535)), "S15-30"},
		"names of 255 characters":    {member("casename", cut(255)), "S15-02 S15-03"},
		"orgs of 100 characters":     {member("penaltyorg", cut(100)), "S15-02 S15-03"},
		"pripid of 50 characters":    {member("pripid", cut(50)), "S15-02 S15-03"},
		"enttype of 64 characters":   {member("enttype", cut(64)), "S15-02 S15-03"},
		"caseid of 100 characters":   {member("caseid", cut(100)), "S15-02 S15-03 S18-03 S22-07"},

		// A change answered as a repeat.
		"casename not compared":         {ignoring("casename"), "S17-13"},
		"caseintroduction not compared": {ignoring("caseintroduction"), "S17-13"},
		"illegality not compared":       {ignoring("illegality"), "S17-13"},
		"penalty not compared":          {ignoring("penalty"), "S17-03 S17-05 S17-13"},
		"penaltydate not compared":      {ignoring("penaltydate"), "S17-13"},
		"penaltyorg not compared":       {ignoring("penaltyorg"), "S17-13"},
		"pripid not compared":           {ignoringAt("pripid", func(int, int) bool { return true }), "S17-14"},
		"legal not compared":            {ignoringAt("legal", func(int, int) bool { return true }), "S17-14"},
		"enttype of the last not compared": {
			ignoringAt("enttype", func(i, n int) bool { return i == n-1 && n > 1 }),
			"S17-14",
		},
		"uniscid of the middle not compared": {
			ignoringAt("uniscid", func(i, n int) bool { return 0 < i && i < n-1 }),
			"S17-14",
		},
		"only the first entity compared": {
			ignoringList(func(old, list []any) bool { return fmt.Sprint(old[0]) == fmt.Sprint(list[0]) }),
			"S17-14 S17-15",
		},
		"only the length compared": {
			ignoringList(func(old, list []any) bool { return len(old) == len(list) }),
			"S17-03 S17-09 S17-14 S17-15",
		},
		"more entities are a repeat": {ignoringList(func(old, list []any) bool {
			return len(list) > len(old) && fmt.Sprint(list[:len(old)]) == fmt.Sprint(old)
		}), "S17-15"},
		"fewer entities are a repeat": {ignoringList(func(old, list []any) bool {
			return len(list) < len(old) && fmt.Sprint(list) == fmt.Sprint(old[:len(list)])
		}), "S17-15"},
		"a set of entities compared": {ignoringList(func(old, list []any) bool {
			a, b := make(map[string]bool), make(map[string]bool)
			for _, e := range old {
				a[fmt.Sprint(e)] = true
			}
			for _, e := range list {
				b[fmt.Sprint(e)] = true
			}
			return maps.Equal(a, b)
		}), "S17-09 S17-15"},
		"letter case not compared": {heedless(func(had, now map[string]any) {
			for _, n := range []string{"casename", "penalty", "penaltyorg"} {
				old, _ := had[n].(string)
				if s, _ := now[n].(string); strings.EqualFold(old, s) {
					now[n] = old
				}
			}
		}), "S15-21"},
		"the first 100 characters compared": {heedless(func(had, now map[string]any) {
			for _, n := range []string{"caseintroduction", "illegality", "penalty"} {
				old, _ := had[n].(string)
				if s, _ := now[n].(string); cut(100)(old) == cut(100)(s) && s != "" {
					now[n] = old
				}
			}
		}), "S15-03"},
		"nothing compared": {answers(func(p *reply) {
			if p.code("19005") {
				found := acceptID.FindStringSubmatch(p.Body.String())
				p.accepting(found[2] + found[3])
			}
		}), "S17-03"},
		"a change is another case": {answers(func(p *reply) {
			if p.code("19005") {
				found := acceptID.FindStringSubmatch(p.Body.String())
				p.accepting(shifted(`"`+found[2]+found[3], 3)[1:])
			}
		}), "S17-03 S17-05 S17-09 S17-13 S17-14 S17-15"},

		"several changes are a repeat": {severalAreRepeat(false), "S17-20"},
		"several changes are a repeat, without extensions": {
			both(withoutExtensions, severalAreRepeat(false)),
			"S17-20",
		},
		"a change of text and list is a repeat": {severalAreRepeat(true), "S17-20"},
		"a change in another session is a repeat": {func(next http.Handler) http.Handler {
			by := newMemory()
			return answers(func(p *reply) {
				if key := caseKey(p.body); accepts(p) && by.get(key) == "" {
					by.put(key, tokenOf(p.r))
				} else if p.code("19005") && by.get(key) != tokenOf(p.r) {
					p.repeated()
				}
			})(next)
		}, "S17-21 S17-22 S17-23"},
		"a change by the colleague is a repeat": {func(next http.Handler) http.Handler {
			who, by := newMemory(), newMemory()
			return answers(func(p *reply) {
				if token, ok := p.members()["access_token"].(string); ok {
					who.put(token, account.FindString(string(p.body)))
				}
				if key := caseKey(p.body); accepts(p) && by.get(key) == "" {
					by.put(key, who.get(tokenOf(p.r)))
				} else if p.code("19005") && by.get(key) != who.get(tokenOf(p.r)) {
					p.repeated()
				}
			})(next)
		}, "S17-22"},
		"the second sending of a change is a repeat": {func(next http.Handler) http.Handler {
			refused := newMemory()
			return answers(func(p *reply) {
				if p.code("19005") && refused.put(string(p.body), "x") != "" {
					p.repeated()
				}
			})(next)
		}, "S17-03"},
		"the second sending of a changed item is a repeat": {func(next http.Handler) http.Handler {
			refused := newMemory()
			return answers(func(p *reply) {
				if p.code("19005") && bytes.Contains(p.body, []byte("S17-14-")) &&
					refused.put(string(p.body), "x") != "" {
					p.repeated()
				}
			})(next)
		}, "S17-14"},

		"legal of two entities swapped": {ignoringList(func(old, list []any) bool {
			return len(old) == len(list) && column(old, "legal", true) == column(list, "legal", true) &&
				!slices.ContainsFunc(
					[]string{"pripid", "uniscid", "enttype"},
					func(n string) bool { return column(old, n, false) != column(list, n, false) },
				)
		}), "S17-24 S17-25"},
		"columns compared, each as a set": {ignoringList(func(old, list []any) bool {
			return len(old) == len(list) &&
				!slices.ContainsFunc([]string{"pripid", "uniscid", "legal", "enttype"}, func(n string) bool {
					return column(old, n, true) != column(list, n, true)
				})
		}), "S17-09 S17-24 S17-25"},
		"texts put together are compared": {heedless(func(had, now map[string]any) {
			joined := func(m map[string]any) string { return fmt.Sprint(m["casename"], m["caseintroduction"]) }
			if joined(had) == joined(now) {
				now["casename"], now["caseintroduction"] = had["casename"], had["caseintroduction"]
			}
		}), "S17-24"},
		"only legal compared beyond 1,000": {
			exceptLegal(func(i, n int) bool { return n > 1000 }),
			"S16-01 S16-03 S16-06 S17-25",
		},
		"only legal compared from 10 on": {
			exceptLegal(func(i, n int) bool { return n >= 10 }),
			"S16-01 S16-03 S16-06 S17-25",
		},
		"uniscid within not compared from 10 on": {
			ignoringAt("uniscid", func(i, n int) bool { return n >= 10 && 0 < i && i < n-1 }),
			"S16-01 S17-25",
		},
		"enttype of the first beyond 5,000": {
			ignoringAt("enttype", func(i, n int) bool { return n > 5000 && i == 0 }),
			"S16-03 S16-06",
		},
		"the 8,193rd entity lost":  {both(withoutExtensions, lists(without(8193))), "S16-03"},
		"the 10,001st entity lost": {both(withoutExtensions, lists(without(10001))), "S16-03"},
		"the 16,385th entity lost": {both(withoutExtensions, lists(without(16385))), "S16-03"},
		"brackets of caseids are one kind": {
			member("caseid", strings.NewReplacer("〔", "(", "[", "(", "（", "(", "〕", ")", "]", ")", "）", ")").Replace),
			"S17-26 S18-03",
		},
		"brackets of caseids dropped": {
			member("caseid", strings.NewReplacer("〔", "", "[", "", "（", "", "〕", "", "]", "", "）", "").Replace),
			"S17-26",
		},
		"leading zeros of caseids dropped": {
			member("caseid", strings.NewReplacer("001号", "1号", "01号", "1号").Replace),
			"S17-26",
		},
		"middle dots are one kind": {member("legal", strings.NewReplacer("•", "·").Replace), "S15-31"},
		"O is 0":                   {member("uniscid", strings.NewReplacer("O", "0").Replace), "S15-32"},
		"I is 1":                   {member("uniscid", strings.NewReplacer("I", "1").Replace), "S15-32"},
		"bars dropped":             {dropping("|"), "S15-33"},
		"variables expanded":       {matching(`\$\{[^}]*\}`, ""), "S15-33"},
		"signs dropped":            {dropping("=", "|", "$", "{", "}", "*"), "S15-33"},
		"traditional characters made simple": {
			replacingText("後", "后", "臺", "台", "裡", "里", "雲", "云", "發", "发"),
			"S15-34",
		},

		// At once.
		"one field for all requests": {sharedField, "S17-16 S17-17 S17-19 S18-03 S22-07"},
		"one field for all logins":   {mixedLogins, "S7-13"},
		"one number for those that come at once": {func(next http.Handler) http.Handler {
			var under atomic.Int64
			var id atomic.Value
			inner := answers(func(p *reply) {
				if !accepts(p) {
					return
				}
				if last := id.Load(); last != nil && (under.Load() > 1 || p.r.Header.Get("X-Busy") != "") {
					p.accepting(last.(string))
					return
				}
				id.Store(acceptID.FindString(p.Body.String())[1:])
			})(next)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if under.Add(1) > 1 {
					r.Header.Set("X-Busy", "1")
				}
				defer under.Add(-1)
				if receivesCase(r) {
					time.Sleep(5 * time.Millisecond) // so that they overlap, however quick the machine is
				}
				inner.ServeHTTP(w, r)
			})
		}, "S17-16 S17-17 ~S17-07 ~S17-18 S17-19 S18-03 S22-07"},

		"what is accepted at once is not kept": {both(withoutExtensions, func(next http.Handler) http.Handler {
			var under atomic.Int64
			numbers, apps := newMemory(), newMemory()
			inner := before(func(r *http.Request, b string) string {
				if receivesCase(r) && r.Header.Get("X-Busy") != "" {
					return strings.Replace(b, `"caseid":"`, `"caseid":"`+"lost-", 1)
				}
				return b
			})(next)
			numbered := answers(func(p *reply) { // the number belongs to the caseid, whoever keeps it
				if token, ok := p.members()["access_token"].(string); ok {
					apps.put(token, appKey.FindString(string(p.body)))
				}
				key := apps.get(tokenOf(p.r)) + caseKey(p.body)
				if caseKey(p.body) == "" || !accepts(p) {
					return
				}
				if id := numbers.get(key); id != "" {
					p.accepting(id)
					return
				}
				numbers.put(key, acceptID.FindString(p.Body.String())[1:])
			})(inner)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !receivesCase(r) {
					numbered.ServeHTTP(w, r)
					return
				}
				under.Add(1)
				defer under.Add(-1)
				time.Sleep(3 * time.Millisecond)
				if under.Load() > 1 {
					r.Header.Set("X-Busy", "1")
				}
				time.Sleep(3 * time.Millisecond)
				numbered.ServeHTTP(w, r)
			})
		}), "S17-16 S17-17 ~S17-07 ~S17-18 ~S17-23"},
		"not kept, numbers of the caseids": {both(withoutExtensions, func(next http.Handler) http.Handler {
			numbers, n := newMemory(), newMemory()
			var count atomic.Int64
			return answers(func(p *reply) {
				key := caseKey(p.body)
				if key == "" || !receives(p) {
					return
				}
				if accepts(p) && numbers.get(key) == "" {
					numbers.put(key, acceptID.FindString(p.Body.String())[1:])
					n.put(key, strconv.FormatInt(count.Add(1), 10))
				}
				at, _ := strconv.ParseInt(n.get(key), 10, 64)
				if p.code("19005") && at > 0 &&
					count.Load()-at > 60 { // forgotten by now, taken anew under the same number
					p.accepting(numbers.get(key))
				}
			})(next)
		}), "S17-23"},

		// Acknowledged and not kept.
		"every 20th case lost": {func(next http.Handler) http.Handler {
			var n atomic.Int64
			return before(func(r *http.Request, b string) string {
				if receivesCase(r) && strings.Contains(b, `"legal"`) && n.Add(1)%20 == 0 {
					return strings.Replace(b, `"caseid":"`, `"caseid":"lost-`, 1)
				}
				return b
			})(next)
		}, "S17-19 S22-07" + chances("S17-19 S22-07")},
		"forgotten after 60 others": {func(next http.Handler) http.Handler {
			seen, n := newMemory(), atomic.Int64{}
			return answers(func(p *reply) {
				key := caseKey(p.body)
				if key == "" || !accepts(p) {
					return
				}
				at, err := strconv.ParseInt(seen.get(key), 10, 64)
				if err != nil {
					seen.put(key, strconv.FormatInt(n.Add(1), 10))
				} else if n.Load()-at > 60 {
					p.text(shifted(p.Body.String(), 5))
				}
			})(next)
		}, "S17-19"},
		"numbers used again after 90": {both(withoutExtensions, numberedAnew(90)), "S18-03 +S15-08"},
		"a case belongs to its session": {both(withoutExtensions, func(next http.Handler) http.Handler {
			return before(func(r *http.Request, b string) string {
				if token := tokenOf(r); receivesCase(r) && len(token) == 36 {
					return ownID.ReplaceAllString(b, `"caseid":"`+token[:8]+"$1")
				}
				return b
			})(next)
		}), "3.2-07 S7-13 S17-11 S17-19 S17-21 S17-22 ~S17-23"},
		"left out of the list": {answers(func(p *reply) {
			if p.is("listCaseinfo") {
				p.text(regexp.MustCompile(`\{"acceptid":"\d+","caseid":"[^"]*S15-08-1"[^{}]*\},?`).ReplaceAllString(
					p.Body.String(),
					"",
				))
				p.text(strings.ReplaceAll(p.Body.String(), `,]`, `]`))
			}
		}), "S24-06 +S15-08"},
		"not found any more": {refusing(200, "19013", func(p *reply) bool {
			return p.is("queryCaseinfo") && p.has("S17-13-")
		}), "S22-07 +S17-13"},

		// Secrets in addresses.
		"login by GET": {func(next http.Handler) http.Handler {
			return before(func(r *http.Request, b string) string { return fromQuery(r, b, "GET") })(next)
		}, "C5-05"},
		"secret in the address": {func(next http.Handler) http.Handler {
			return before(func(r *http.Request, b string) string { return fromQuery(r, b, "POST") })(next)
		}, "C5-06"},
	}
}

// chances are all checks, but for some, as such that may fail.
func chances(but string) string {
	var all strings.Builder
	for _, c := range conformance.Checks() {
		if !strings.Contains(but, c.ID) {
			all.WriteString(" ~" + c.ID)
		}
	}
	return all.String()
}
