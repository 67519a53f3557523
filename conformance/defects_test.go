package conformance_test

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// defects are servers that are broken in one way each, and the checks that must find it, no others.
func defects() map[string]defect {
	return map[string]defect{
		// Rules for every answer.
		"no ackCode":        {change(always, del("ackCode", "ack_code")), "2.4-03"},
		"errors is null":    {change(success(""), func(m map[string]any) { m["errors"] = nil }), "2.3-02"},
		"errors is missing": {change(success(""), del("errors")), "2.3-02"},
		"errorCode is a number": {answers(func(p *reply) {
			eachError(p, func(e map[string]any) { e["errorCode"], _ = strconv.Atoi(e["errorCode"].(string)) })
		}), "2.3-03"},
		"error entries lack name": {
			answers(func(p *reply) { eachError(p, func(e map[string]any) { delete(e, "name") }) }),
			"C3-01",
		},
		"name of another call": {answers(func(p *reply) {
			if p.is("logout") {
				eachError(p, func(e map[string]any) { e["name"] = "接口登录失败" })
			}
		}), "C3-02"},
		"a member twice": {answers(func(p *reply) {
			if p.is("login") {
				p.text(`{"errors":[],` + p.Body.String()[1:])
			}
		}), "2.4-02"},
		"success with errors": {change(accepts, func(m map[string]any) {
			m["errors"] = []any{map[string]any{"name": "x", "errorCode": "20000", "message": "提示"}}
		}), "2.4-04 3.2-01"},
		"text/html": {answers(func(p *reply) { p.Header().Set("Content-Type", "text/html") }), "2.4-05"},
		"a slow logout": {
			nth(2, func(p *reply) bool { return p.is("logout") }, func(*reply) { time.Sleep(2500 * time.Millisecond) }),
			"2.4-06",
		},
		"14000 by HTTP 400": {
			answers(func(p *reply) { p.Code = map[bool]int{true: 400, false: p.Code}[p.code("14000")] }),
			"S1-01",
		},
		"SUCCESS by 201": {
			answers(func(p *reply) { p.Code = map[bool]int{true: 201, false: p.Code}[accepts(p)] }),
			"S1-01",
		},
		"HTML for 404": {answers(func(p *reply) {
			p.text(map[bool]string{true: "<html>404</html>", false: p.Body.String()}[p.Code == 404])
		}), "S1-03"},
		"everything is found": {answers(func(p *reply) {
			if p.Code == 404 {
				p.Code = 200
				p.text(`{"ackCode":"SUCCESS","errors":[]}`)
			}
		}), "S1-02 S1-03 S1-09"},
		"503 without Retry-After": {nth(9, receives, func(p *reply) {
			p.refuse(503, "19009")
		}), "S1-06"},
		"SUCCESS by 503": {
			nth(9, accepts, func(p *reply) { p.Code = 503; p.Header().Set("Retry-After", "1") }),
			"S21-02",
		},
		"500 for U+0000": {answers(func(p *reply) {
			if strings.Contains(string(p.body), `\u0000`) {
				p.Code = 500
				p.text("Internal Server Error")
			}
		}), "S1-07"},
		"redirect of a slash": {answers(func(p *reply) {
			if strings.HasSuffix(p.r.URL.Path, "/") {
				p.Code = 308
				p.Header().Set("Location", strings.TrimSuffix(p.r.URL.Path, "/")+"?"+p.r.URL.RawQuery)
			}
		}), "S1-04 S8-11 S8-12"},
		"token in a header": {
			answers(func(p *reply) { p.Header().Set("X-Token", p.r.URL.Query().Get("access_token")) }),
			"S8-12",
		},
		"appSecret in an answer": {answers(func(p *reply) {
			if p.is("login") && p.code("12004") {
				p.Header().Set("X-Debug", string(p.body))
			}
		}), "S8-13"},

		// Spellings.
		"accessToken differs": {change(success("login"), func(m map[string]any) { m["accessToken"] = "x" }), "C1-02"},
		"accpetid differs":    {change(accepts, func(m map[string]any) { m["accpetid"] = "x" }), "C2-02"},
		"no token":            {change(success("login"), del("access_token", "accessToken")), "3.1.1-01"},
		"login's spelling": {
			nth(5, success("login"), func(p *reply) { m := p.members(); delete(m, "accessToken"); p.set(m) }),
			"C1-03",
		},
		"the receipt's": {
			nth(5, accepts, func(p *reply) { m := p.members(); delete(m, "accpetid"); p.set(m) }),
			"C2-03",
		},
		"wrong text for 14003": {reworded("14003", "违法事实不能为空"), "5.1-14003"},
		"text of another code": {reworded("14005", "处罚决定机关不能为空"), "5.1-14005 S23-01"},
		"app_key":              {reworded("12002", "app_key无效"), "C4-01"},
		"field of another item": {answers(func(p *reply) {
			eachError(p, func(e map[string]any) {
				if e["field"] != nil {
					e["field"] = "penaltylist[0].uniscid"
				}
			})
		}), "C3-04"},
		"13000 for bad JSON": {answers(func(p *reply) {
			if receives(p) && p.code("19001") {
				p.refuse(200, "13000")
			}
		}), "S23-02"},

		// Methods and media.
		"GET login":   {asPOST("login"), "C5-02"},
		"GET receive": {asPOST("receiveCaseinfo"), "C5-03 C5-04"},
		"no Allow":    {answers(func(p *reply) { p.Header().Del("Allow") }), "C5-04"},
		"no GET logout": {
			refusing(405, "19010", func(p *reply) bool { return p.is("logout") && p.r.Method == "GET" }),
			"C5-01",
		},
		"logout wants body": {before(func(r *http.Request, b string) string {
			if b == "" && r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/logout") {
				r.Method = "REFUSED"
			}
			return b
		}), "C7-01 C7-02 C7-04 C7-05"},
		"wants Content-Type": {before(func(r *http.Request, b string) string {
			if r.Method == "POST" && r.Header.Get("Content-Type") == "" {
				r.Method = "REFUSED"
			}
			return b
		}), "C7-02 C7-03 C7-05 S11-02"},
		"no charset parameter": {before(func(r *http.Request, b string) string {
			if strings.Contains(strings.ToLower(r.Header.Get("Content-Type")), "charset=utf-8") {
				r.Header.Set("Content-Type", "text/plain")
			}
			return b
		}), "3.1.1-03 S11-01"},
		"no chunks": {refusing(411, "19001", func(p *reply) bool { return len(p.r.TransferEncoding) > 0 }), "S16-02"},
		"no BOM": {
			refusing(400, "19001", func(p *reply) bool { return strings.HasPrefix(string(p.body), "\ufeff") }),
			"S11-03",
		},
		"wrong GBK": {before(func(r *http.Request, b string) string {
			if strings.Contains(r.Header.Get("Content-Type"), "GB") {
				r.Header.Set("Content-Type", "application/json")
				return latin1(b)
			}
			return b
		}), "S11-07 S11-08 S11-09 S11-10 S11-13"},
		"UTF-8 read as the GBK it is declared": {before(func(r *http.Request, b string) string {
			if !strings.Contains(r.Header.Get("Content-Type"), "GB") || !utf8.ValidString(b) {
				return b
			}
			r.Header.Set("Content-Type", "application/json")
			misread, _ := simplifiedchinese.GB18030.NewDecoder().String(b)
			return misread
		}), "S11-13"},
		"patches UTF-8": {before(func(r *http.Request, b string) string {
			if strings.Contains(r.Header.Get("Content-Type"), "GB") {
				return b
			}
			return strings.ToValidUTF8(b, "\ufffd")
		}), "S11-05 S11-06"},

		// Logins and tokens.
		"accounts told apart": {answers(func(p *reply) {
			if strings.Contains(string(p.body), "没有的账户") {
				eachError(p, func(e map[string]any) { e["message"] = "登录信息无效：账户不存在" })
			}
		}), "S4-04"},
		"token with a refusal": {change(func(p *reply) bool {
			return p.is("login") && p.code("12004") && !strings.Contains(string(p.body), `"account":"`)
		}, func(m map[string]any) {
			m["access_token"] = "11111111-2222-4333-8444-555555555555"
		}), "3.1.1-05 5.1-12004 C1-03 C5-06 S4-03 S5-01"},
		"any secret": {func(next http.Handler) http.Handler {
			right := newMemory()
			secret := regexp.MustCompile(`"appSecret":"[^"]+"`)
			return before(func(r *http.Request, b string) string {
				key := regexp.MustCompile(`"appKey":"[^"]+"`).FindString(b)
				if key == "" || !secret.MatchString(b) {
					return b
				}
				if right.get(key) == "" {
					right.put(key, secret.FindString(b))
				}
				return secret.ReplaceAllLiteralString(b, right.get(key))
			})(next)
		}, "S4-01 S4-04 S4-05"},
		"token of 32": {renamed(func(s string) string { return strings.ReplaceAll(s, "-", "") }, func(s string) string {
			if len(s) == 32 && !strings.Contains(s, "-") {
				return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
			}
			return s
		}), "S6-01"},
		"token of 40": {renamed(func(s string) string {
			return s + "-abc"
		}, func(s string) string { return strings.TrimSuffix(s, "-abc") }), "S6-01 S6-02"},
		"token wants escapes": {renamed(func(s string) string {
			return s[:35] + "=" + s[35:]
		}, func(s string) string { return strings.ReplaceAll(s, "=", "") }), "3.1.1-04 S6-01 S6-02"},
		"cuts tokens": {before(func(r *http.Request, b string) string {
			setToken(r, func(s string) string { return s[:min(36, len(s))] })
			return b
		}), "S8-04"},
		"takes the caller's token": {func(next http.Handler) http.Handler {
			taken := newMemory()
			return answers(func(p *reply) {
				m := p.members()
				if mine := tokenOf(p.r); p.is("login") && mine != "" && m["access_token"] != nil {
					taken.put(mine, m["access_token"].(string))
					m["access_token"], m["accessToken"] = mine, mine
					p.set(m)
				}
			})(before(func(r *http.Request, b string) string {
				setToken(r, func(s string) string { return cmp.Or(taken.get(s), s) })
				return b
			})(next))
		}, "S6-04"},
		"two tokens": {before(func(r *http.Request, b string) string {
			if q := r.URL.Query(); len(q["access_token"]) > 1 {
				q.Set("access_token", q.Get("access_token"))
				r.URL.RawQuery = q.Encode()
			}
			return b
		}), "S8-07"},
		"token in two places": {before(func(r *http.Request, b string) string {
			if r.URL.Query().Get("access_token") != "" {
				r.Header.Del("Authorization")
			}
			return b
		}), "S8-09"},
		"token in a cookie": {before(func(r *http.Request, b string) string {
			if c, err := r.Cookie("access_token"); err == nil {
				r.URL.RawQuery = "access_token=" + c.Value
			}
			return b
		}), "S8-10"},
		"query without token": {func(next http.Handler) http.Handler {
			var last atomic.Value
			return before(func(r *http.Request, b string) string {
				if !strings.HasSuffix(r.URL.Path, "/queryCaseinfo") {
					return b
				}
				if token := tokenOf(r); token != "" {
					last.Store(token)
				} else {
					r.URL.RawQuery = fmt.Sprint("access_token=", last.Load())
				}
				return b
			})(next)
		}, "S22-04"},

		"receipt without token": {func(next http.Handler) http.Handler {
			var last atomic.Value
			return before(func(r *http.Request, b string) string {
				if !strings.HasSuffix(r.URL.Path, "/receiptCaseinfo") {
					return b
				}
				if token := tokenOf(r); token != "" {
					last.Store(token)
				} else {
					r.URL.RawQuery = fmt.Sprint("access_token=", last.Load())
				}
				return b
			})(next)
		}, "S26-01"},
		"receipts of others": {answers(func(p *reply) {
			if p.is("receiptCaseinfo") && p.code("19013") && bytes.Contains(p.body, []byte(`"20`)) {
				p.text(receiptOf("1", "0"))
			}
		}), "S26-02"},
		"receipt of another case": {answers(func(p *reply) {
			if p.is("receiptCaseinfo") && p.code("19015") {
				p.text(receiptOf("202603150000000018", strings.Repeat("0", 64)))
			}
		}), "S26-03"},

		// How long a session lives.
		"logout does nothing": {
			swallowed(func(http.Handler, *http.Request) {}),
			"C5-01 C7-01 C7-02 C7-03 C7-04 C7-05 C7-06 S7-03 S7-05 S7-06 S7-07 S7-08",
		},
		"logout after a second": {swallowed(func(next http.Handler, r *http.Request) {
			time.AfterFunc(time.Second, func() { next.ServeHTTP(httptest.NewRecorder(), r) })
		}), "C5-01 C7-01 C7-02 C7-03 C7-04 C7-05 C7-06 S7-03 S7-06 S7-07 S7-08"},
		"logout for a second": {func(next http.Handler) http.Handler {
			ended := newMemory()
			return refusing(200, "13000", func(p *reply) bool {
				since, err := time.Parse(time.RFC3339Nano, ended.get(tokenOf(p.r)))
				return err == nil && !p.is("logout") && time.Since(since) < time.Second
			})(swallowed(func(_ http.Handler, r *http.Request) {
				ended.put(tokenOf(r), time.Now().Format(time.RFC3339Nano))
			})(next))
		}, "S7-05 S7-07"},
		"logout ends the others": {func(next http.Handler) http.Handler {
			all, last := newMemory(), newMemory()
			return answers(func(p *reply) {
				if token, ok := p.members()["access_token"].(string); ok {
					all.put(token, last.put(string(p.body), token)) // each token leads to the one before
				}
				for before := all.get(tokenOf(p.r)); p.is("logout") && before != ""; before = all.get(before) {
					next.ServeHTTP(
						httptest.NewRecorder(),
						httptest.NewRequest("POST", "/security/logout?access_token="+before, nil),
					)
				}
				if p.is("logout") {
					for _, token := range last.value {
						next.ServeHTTP(
							httptest.NewRecorder(),
							httptest.NewRequest("POST", "/security/logout?access_token="+token, nil),
						)
					}
				}
			})(next)
		}, "S7-04"},

		// Reading of a case.
		"only the first error": {
			errorsAs(func(all []any) []any { return all[:1] }),
			"S5-01 S10-02 S10-03 S10-04 S10-05",
		},
		"errors from behind": {
			errorsAs(func(all []any) []any { slices.Reverse(all); return all }),
			"S5-01 S10-02 S10-03",
		},
		"names in any case": {replacing(`"CASEID"`, `"caseid"`, `"Uniscid"`, `"uniscid"`), "S12-07"},
		"the last of two names": {
			rewriting(`"casename":"另一案",|"legal":"另一人",|"\\u0075niscid":"1",`, func(string) string { return "" }),
			"S12-06",
		},
		"surrogates":             {replacing(`\ud800`, "x", `\udc00`, "x"), "S12-09"},
		"stops after the object": {rewriting(`\}(x|\{\}|\x00)$`, func(string) string { return "}" }), "S12-05"},
		"comments":               {replacing("/* 注 */", ""), "S12-12"},
		"a number is a string":   {replacing(`:20240520`, `:"2024-05-20"`), "S13-01"},
		"true is a string": {
			rewriting(`"[a-z]+":true`, func(s string) string { return strings.Replace(s, "true", `"true"`, 1) }),
			"S13-02",
		},
		"February has 30 days": {replacing("2026-02-30", "2026-02-28"), "S14-02"},
		"any form of date":     {replacing("2024/05/20", "2024-05-20"), "S14-03"},
		"time of day":          {replacing("2024-05-20 00:00:00", "2024-05-20"), "S14-04"},
		"wide digits":          {replacing("２０２４-０５-２０", "2024-05-20"), "S14-05"},
		"no future": {
			refusing(200, "19003", func(p *reply) bool { return p.sent("2099-12-31") }),
			"S14-06",
		},
		"a wide space is a letter": {replacing("\"\u3000\"", `"x"`), "S9-05"},
		"an unseen is a letter":    {replacing("\"\u200b\ufeff\u2060\"", `"x"`), "S9-06"},
		"null is a letter": {
			rewriting(`"(casename|legal)":null`, func(s string) string { return strings.Replace(s, "null", `"x"`, 1) }),
			"S9-03",
		},
		"an empty list": {
			replacing(`"penaltylist":[]`, `"penaltylist":[{"pripid":"1","uniscid":"1","legal":"1","enttype":"1"}]`),
			"S9-07",
		},
		"a null item": {replacing(`,null]`, `]`), "S9-09"},
		"bad items left out": {
			rewriting(`,\{"pripid":"[^"]*","uniscid":"[^"]*","legal":"","enttype":"1130"\}\]`, func(string) string {
				return "]"
			}),
			"S19-01",
		},
		"checks credit codes": {
			refusing(200, "19004", func(p *reply) bool { return p.sent("91150203MA0N00025Y") }),
			"S20-01",
		},
		"knows all kinds":    {refusing(200, "19004", func(p *reply) bool { return p.sent(`"9999"`) }), "S20-04"},
		"no repeated entity": {refusing(200, "19004", func(p *reply) bool { return p.sent("-S20-06-") }), "S20-06"},
		"small lists only": {
			refusing(200, "19012", func(p *reply) bool { return strings.Count(string(p.body), `"pripid"`) > 1000 }),
			"S16-01",
		},
		"no unknown members": {
			refusing(200, "19001", func(p *reply) bool { return p.sent(`"remark":`) || p.sent(`"telephone":`) }),
			"S12-08 S17-10",
		},
		"order of members": {refusing(200, "19001", func(p *reply) bool {
			return receives(p) && strings.HasPrefix(string(p.body), `{"penaltylist"`)
		}), "3.2-03 S10-03 S17-02"},
		"passwords": {refusing(200, "12004", func(p *reply) bool {
			return p.is("login") && strings.Contains(string(p.body), `"password"`)
		}), "C6-01"},
		"cuts names": {
			rewriting(`"legal":"[^"]{150,}`, func(s string) string { return string([]rune(s)[:109]) }),
			"S15-02 S15-03",
		},
		"trims": {rewriting(`"[^"\\]*"`, func(s string) string {
			return `"` + strings.TrimSpace(strings.Trim(s, `"`)) + `"`
		}), "S14-04 S15-04 S15-07 S15-25 S17-08"},
		"folds width": {replacing("ＡＢＣ", "ABC"), "S15-05"},
		"composes":    {replacing("e\u0301", "\u00e9"), "S15-06 S15-22"},

		// The same case again.
		"a new acceptid for a repeat": {func(next http.Handler) http.Handler {
			seen := newMemory()
			return answers(func(p *reply) {
				if key := caseKey(p.body); key != "" && accepts(p) && seen.put(key, "x") != "" {
					p.text(shifted(p.Body.String(), 5))
				}
			})(next)
		}, "S17-01"},
		"takes other content": {answers(func(p *reply) {
			if p.code("19005") {
				found := acceptID.FindStringSubmatch(p.Body.String())
				id := found[2] + found[3]
				p.text(`{"ackCode":"SUCCESS","ack_code":"SUCCESS","errors":[],"acceptid":"` + id + `","accpetid":"` +
					id + `"}`)
			}
		}), "S17-03"},
		"does not say which": {answers(func(p *reply) {
			if p.code("19005") {
				eachError(p, func(e map[string]any) { e["message"] = "案件编号已受理且内容不一致" })
			}
		}), "S17-05"},
		"a refusal counts": {func(next http.Handler) http.Handler {
			refused := newMemory()
			return answers(func(p *reply) {
				if key := caseKey(p.body); key != "" && receives(p) && p.code("14004") {
					refused.put(key, "x")
				} else if accepts(p) && refused.get(key) != "" {
					p.refuse(200, "19005")
				}
			})(next)
		}, "S17-06"},
		"races": {func(next http.Handler) http.Handler {
			var inFlight atomic.Int64
			return answers(func(p *reply) {
				if !accepts(p) {
					return
				}
				many := inFlight.Add(1) > 1
				time.Sleep(10 * time.Millisecond)
				inFlight.Add(-1)
				if many {
					p.text(shifted(p.Body.String(), 3))
				}
			})(next)
		}, "S17-07"},
		"wrong check digit": {func(next http.Handler) http.Handler {
			return answers(func(p *reply) {
				p.text(shifted(p.Body.String(), 1))
			})(before(func(_ *http.Request, b string) string { return shifted(b, 9) })(next))
		}, "S18-02"},

		// The extensions, where they are offered.
		"trimmed in the query": {change(success("queryCaseinfo"), func(m map[string]any) {
			m["caseid"] = strings.TrimSpace(m["caseid"].(string))
		}), "S15-07"},
		"other apps' cases": {func(next http.Handler) http.Handler {
			kept := newMemory()
			return answers(func(p *reply) {
				if m := p.members(); accepts(p) {
					id := m["acceptid"].(string)
					kept.put(caseKey(p.body), id)
					kept.put(id, id)
				}
				if id := kept.get(caseKey(p.body)); p.is("queryCaseinfo") && p.code("19013") && id != "" {
					p.text(`{"ackCode":"SUCCESS","ack_code":"SUCCESS","errors":[],"acceptid":"` + id + `"}`)
				}
			})(next)
		}, "S22-05"},
		"a return of every case": {change(success("queryCaseinfo"), func(m map[string]any) {
			if m["state"] != "已退回" {
				m["returnReason"] = "由"
			}
		}), "S22-08"},
		"returned rows counted from zero": {
			returned(map[string]any{"returnedAt": "2026-03-01T00:00:00+08:00", "returnReason": "由", "returnRowCount": 1,
				"returnRows": []any{map[string]any{"position": 0}}}),
			"S22-08",
		},
		"a return without a reason": {
			returned(map[string]any{"returnedAt": "2026-03-01T00:00:00+08:00", "returnReason": "", "returnRowCount": 0,
				"returnRows": []any{}}),
			"S22-08",
		},
		"more returned rows than counted": {
			returned(map[string]any{"returnedAt": "2026-03-01T00:00:00+08:00", "returnReason": "由", "returnRowCount": 0,
				"returnRows": []any{map[string]any{"position": 1}}}),
			"S22-08",
		},
		"a firm in two states": {change(success("queryCaseinfo"), func(m map[string]any) {
			m["firmCounts"] = map[string]any{"pending": m["items"], "ready": 1, "held": 0, "released": 0, "withheld": 0,
				"returned": 0, "published": 0}
		}), "S22-09"},
		"more published than released": {change(success("queryCaseinfo"), func(m map[string]any) {
			m["firmCounts"] = map[string]any{"pending": m["items"], "ready": 0, "held": 0, "released": 0, "withheld": 0,
				"returned": 0, "published": 1}
		}), "S22-09"},
		"wrong count in the query": {
			change(success("queryCaseinfo"), func(m map[string]any) { m["items"] = 1 }),
			"S22-02",
		},
		"a case is lost": {answers(func(p *reply) {
			if p.is("listCaseinfo") {
				p.text(regexp.MustCompile(`\{"acceptid":"\d+","caseid":"[^"]*S24-02-2"[^{}]*\},?`).ReplaceAllString(
					p.Body.String(),
					"",
				))
				p.text(strings.ReplaceAll(p.Body.String(), `,]`, `]`))
			}
		}), "S24-02"},
		"wrong digests": {answers(func(p *reply) {
			if p.is("listCaseinfo") {
				p.text(regexp.MustCompile(`"sha256":"..`).ReplaceAllString(p.Body.String(), `"sha256":"00`))
			}
		}), "S24-04"},

		// Answers where the app is not known.
		"every spelling for an unknown app": {change(func(p *reply) bool {
			return p.code("12002")
		}, func(m map[string]any) { m["ack_code"] = m["ackCode"] }), "S25-01"},
		"field for an unknown app": {answers(func(p *reply) {
			if p.code("13000") {
				eachError(p, func(e map[string]any) { e["field"] = "access_token" })
			}
		}), "S25-01"},
	}
}

// receiptOf is an answer with a receipt that nobody signed.
func receiptOf(id, sum string) string {
	extra := fmt.Sprintf(`{"leaf":"{\"acceptid\":\"%s\",\"bytes\":1}","show":{"body":{"sha256":"%s"}}}`, id, sum)
	return fmt.Sprintf(`{"ackCode":"SUCCESS","ack_code":"SUCCESS","errors":[],"acceptid":%q,"receipt":%q}`, id,
		"c2sp.org/tlog-proof@v1\nextra "+base64.StdEncoding.EncodeToString([]byte(extra))+"\nindex 0\n\n")
}
