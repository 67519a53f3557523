package conformance_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"

	"diaoxiao/api"
)

// fromQuery makes a login of the parameters of its URL, where they are not in the body.
func fromQuery(r *http.Request, body, method string) string {
	q := r.URL.Query()
	if path.Base(r.URL.Path) != "login" || r.Method != method || q.Get("appSecret") == "" {
		return body
	}
	m := make(map[string]any)
	json.Unmarshal([]byte(body), &m)
	for name := range q {
		m[name] = q.Get(name)
	}
	b, _ := json.Marshal(m)
	r.Method, r.URL.RawQuery = "POST", ""
	r.Header.Set("Content-Type", "application/json")
	return string(b)
}

// misshapen are servers that answer in a form of their own: one check says so.
func misshapen() map[string]defect {
	rename := func(pairs ...string) func(http.Handler) http.Handler {
		return answers(func(p *reply) { p.text(strings.NewReplacer(pairs...).Replace(p.Body.String())) })
	}
	envelope := func(f func(m map[string]any) any) func(http.Handler) http.Handler {
		return answers(func(p *reply) {
			b, _ := json.Marshal(f(p.members()))
			p.text(string(b))
		})
	}
	noAliases := func(m map[string]any) { del("ack_code", "accpetid", "accessToken")(m) }
	return map[string]defect{
		"acceptid is a number": {change(accepts, func(m map[string]any) {
			m["acceptid"] = json.RawMessage(m["acceptid"].(string))
			m["accpetid"] = m["acceptid"]
		}), "3.2-01"},
		"acceptId": {change(accepts, func(m map[string]any) {
			noAliases(m)
			m["acceptId"] = m["acceptid"]
			delete(m, "acceptid")
		}), "C2-01"},
		"ackcode": {change(always, func(m map[string]any) {
			m["ackcode"] = m["ackCode"]
			del("ackCode", "ack_code")(m)
		}), "2.4-03"},
		"success": {rename(`"SUCCESS"`, `"success"`, `"FAILURE"`, `"failure"`), "2.4-03"},
		"OK":      {rename(`"SUCCESS"`, `"OK"`), "2.4-03"},
		"AccessToken": {change(success("login"), func(m map[string]any) {
			m["AccessToken"] = m["access_token"]
			del("access_token", "accessToken")(m)
		}), "C1-01"},
		"token": {change(success("login"), func(m map[string]any) {
			m["token"] = m["access_token"]
			del("access_token", "accessToken")(m)
		}), "C1-01"},
		"ErrorCode":         {rename(`"errorCode"`, `"ErrorCode"`), "2.3-03"},
		"code and msg":      {rename(`"errorCode"`, `"code"`, `"message"`, `"msg"`), "2.3-03"},
		"Errors":            {rename(`"errors"`, `"Errors"`), "2.3-02"},
		"token is a number": {numbersForTokens, "3.1.1-01 S6-01"},
		"one error without a list": {change(always, func(m map[string]any) {
			if list, _ := m["errors"].([]any); len(list) == 1 {
				m["errors"] = list[0]
			}
		}), "2.3-02"},
		"wrapped in data": {
			envelope(func(m map[string]any) any { return map[string]any{"code": 200, "data": m} }),
			"2.4-08",
		},
		"result in data": {envelope(func(m map[string]any) any {
			noAliases(m)
			out := map[string]any{"ackCode": m["ackCode"], "errors": m["errors"]}
			del("ackCode", "errors")(m)
			if len(m) > 0 {
				out["data"] = m
			}
			return out
		}), "2.4-08"},
		"JSON in a string": {answers(func(p *reply) {
			b, _ := json.Marshal(p.Body.String())
			p.text(string(b))
		}), "2.4-02"},
		"a BOM before the answer": {answers(func(p *reply) { p.text("\ufeff" + p.Body.String()) }), "2.4-02"},
		"answers in GBK": {answers(func(p *reply) {
			b, _ := json.Marshal(p.members())
			s, _ := simplifiedchinese.GBK.NewEncoder().String(string(b))
			p.text(s)
		}), "2.4-02"},
		"no receipt": {change(accepts, del("acceptid", "accpetid")), "3.2-01"},
		"receiving answers HTML": {answers(func(p *reply) {
			if receives(p) {
				p.text("<html>OK</html>")
			}
		}), "2.1-01"},
		"refusals in HTML": {answers(func(p *reply) {
			if p.has("FAILURE") {
				p.Code = 400
				p.text("<html>Bad Request</html>")
			}
		}), "2.1-01 S1-03"},
		"refused business in HTML": {answers(func(p *reply) {
			if p.has("FAILURE") && !p.code("13000") && receives(p) {
				p.Code = 400
				p.text("<html>Bad Request</html>")
			}
		}), "2.3-01"},
		"401 without a code": {answers(func(p *reply) {
			if p.code("13000") {
				p.Code = 401
				p.text(`{"timestamp":"2026-01-01","status":401,"error":"Unauthorized"}`)
			}
		}), "5.1-13000"},
		"401 for 13000": {answers(func(p *reply) {
			if p.code("13000") {
				p.Code = 401
			}
		}), "S1-01"},
		"SUCCESS by 500": {answers(func(p *reply) {
			if accepts(p) {
				p.Code = 500
			}
		}), "S1-07 S21-02"},
		"all cases refused":                         {refusing(200, "19004", accepts), "3.2-01"},
		"closes without a word":                     {closing(always), "2.2-03"},
		"closes without a word after a case":        {closing(receives), "2.2-03 +S17-16 +S17-17 +S17-19"},
		"closes without a word after an acceptance": {closing(accepts), "2.2-03 +S17-16 +S17-17 +S17-19"},
		"second sending refused": {func(next http.Handler) http.Handler {
			seen := newMemory()
			return answers(func(p *reply) {
				if key := tokenOf(p.r)[:0] + caseKey(p.body); key != "" && accepts(p) &&
					seen.put(key+string(p.body), "x") != "" {
					p.refuse(200, string(api.Conflict))
				}
			})(next)
		}, "S17-01"},
	}
}

// closing is a server that closes a connection after answers that fit, and does not say so.
func closing(fits func(*reply) bool) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			p := &reply{httptest.NewRecorder(), r, body}
			next.ServeHTTP(p, r)
			maps.Copy(w.Header(), p.Header())
			w.Header().Set("Content-Length", strconv.Itoa(p.Body.Len()))
			w.WriteHeader(p.Code)
			w.Write(p.Body.Bytes())
			control := http.NewResponseController(w)
			control.Flush()
			if !fits(p) {
				return
			}
			if c, _, err := control.Hijack(); err == nil && !r.Close {
				c.Close()
			}
		})
	}
}
