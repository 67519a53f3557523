package published

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"diaoxiao/api"
)

// The parts of a Postman collection, format 2.1, that ours uses.
type (
	collection struct {
		Info     collectionInfo `json:"info"`
		Item     []folder       `json:"item"`
		Event    []event        `json:"event"`
		Variable []variable     `json:"variable"`
	}
	collectionInfo struct {
		ID          string `json:"_postman_id"`
		Name        string `json:"name"`
		Description string `json:"description"`
		Schema      string `json:"schema"`
	}
	folder struct {
		Name string `json:"name"`
		Item []item `json:"item"`
	}
	item struct {
		Name    string  `json:"name"`
		Event   []event `json:"event"`
		Request request `json:"request"`
	}
	event struct {
		Listen string `json:"listen"`
		Script script `json:"script"`
	}
	script struct {
		Type string   `json:"type"`
		Exec []string `json:"exec"`
	}
	request struct {
		Description string     `json:"description,omitempty"`
		Method      string     `json:"method"`
		Header      []variable `json:"header"`
		Body        *body      `json:"body,omitempty"`
		URL         address    `json:"url"`
	}
	body struct {
		Mode string `json:"mode"`
		Raw  string `json:"raw"`
	}
	address struct {
		Raw   string     `json:"raw"`
		Host  []string   `json:"host"`
		Path  []string   `json:"path"`
		Query []variable `json:"query,omitempty"`
	}
	variable struct {
		Key         string `json:"key"`
		Value       string `json:"value"`
		Description string `json:"description,omitempty"`
	}
)

func scriptOf(listen string, lines ...string) event {
	return event{listen, script{"text/javascript", lines}}
}

// step is a request of the collection: a call with a body, and what must come of it.
func step(doc node, name string, c api.Call, raw string, test ...string) item {
	op := doc.Get("paths", c.Path(), "post")
	r := request{
		Description: op.Get("description").Text(),
		Method:      "POST",
		Header:      []variable{{Key: "Content-Type", Value: "application/json"}},
		Body:        &body{"raw", raw},
		URL: address{
			Raw:  "{{baseUrl}}" + c.Path(),
			Host: []string{"{{baseUrl}}"},
			Path: strings.Split(c.Path(), "/")[1:],
		},
	}
	if len(op.Get("security").Items()) > 0 {
		r.URL.Raw += "?access_token={{token}}"
		r.URL.Query = []variable{{Key: "access_token", Value: "{{token}}"}}
	}
	return item{name, []event{scriptOf("test", append([]string{"const answer = pm.response.json();"}, test...)...)}, r}
}

// The checks of a step. answer is the JSON of the answer; any spelling will do (C1, C2).
const (
	succeeds = `pm.test("SUCCESS", () => pm.expect(answer.ackCode || answer.ack_code).to.eql("SUCCESS"));`
	acceptid = `const acceptid = answer.acceptid || answer.accpetid;`
	sameID   = `pm.test("同一受理号", () => pm.expect(acceptid).to.eql(pm.collectionVariables.get("acceptid")));`
)

func refuses(status string, codes ...string) []string {
	list, _ := json.Marshal(codes)
	return []string{
		fmt.Sprintf(`pm.test("HTTP %s", () => pm.response.to.have.status(%s));`, status, status),
		`pm.test("FAILURE", () => pm.expect(answer.ackCode || answer.ack_code).to.eql("FAILURE"));`,
		fmt.Sprintf(
			`pm.test(%q, () => pm.expect(answer.errors.map(e => e.errorCode)).to.eql(%s));`,
			strings.Join(codes, "、"),
			list,
		),
	}
}

// walk is one case from login to what is known of it afterwards. Its number is made anew for each run.
func walk(doc node) folder {
	example := func(name string) node { return doc.Get("components", "examples", name, "value") }
	login := jsonLines("appKey", "{{appKey}}", "appSecret", "{{appSecret}}", "account", "{{account}}")
	first := renumbered(example("case-ordinary"))
	steps := []item{
		step(
			doc, "登录", api.Login, login, succeeds, `const token = answer.access_token || answer.accessToken;`,
			`pm.test("令牌有 36 个字符", () => pm.expect(token).to.have.lengthOf(36));`,
			`pm.collectionVariables.set("token", token);`,
		),
		step(
			doc, "报送", api.Receive, first, succeeds, acceptid,
			`pm.test("受理号为 18 位数字", () => pm.expect(acceptid).to.match(/^[0-9]{18}$/));`,
			`pm.collectionVariables.set("acceptid", acceptid);`,
		),
		step(doc, "以相同内容再报送：同一受理号", api.Receive, first, succeeds, acceptid, sameID),
		step(
			doc,
			"按受理号查询",
			api.Query,
			jsonLines("acceptid", "{{acceptid}}"),
			succeeds,
			`pm.test("案件编号", () => pm.expect(answer.caseid).to.eql(pm.collectionVariables.get("caseid")));`,
			`pm.test("户数", () => pm.expect(answer.items).to.eql(2));`,
		),
		step(doc, "按案件编号查询", api.Query, jsonLines("caseid", "{{caseid}}"), succeeds, acceptid, sameID),
		step(doc, "对账查询", api.List, jsonLines("from", "{{today}}", "limit", "1000"), succeeds,
			`pm.test("清单中有这件案件，或还有下一页", () => pm.expect(answer.cases.some(c => c.acceptid === `+
				`pm.collectionVariables.get("acceptid")) || answer.next).to.be.ok);`),
		step(doc, "取得受理回执：有，尚未形成，或者接收方没有存证日志", api.Receipt, jsonLines("acceptid", "{{acceptid}}"),
			`const code = (answer.errors[0] || {}).errorCode;`,
			`pm.test("受理回执，或 19014、19015", () => pm.expect(answer.receipt || `+
				`["19014", "19015"].includes(code)).to.be.ok);`),
	}
	steps[0].Event = append(
		steps[0].Event,
		scriptOf("prerequest", `pm.collectionVariables.set("caseid", "POSTMAN-" + Date.now());`,
			`pm.collectionVariables.set("today", new Date(Date.now() + 8 * 3600000).toISOString().slice(0, 10));`),
	)
	return folder{"一、报送一件案件", steps}
}

// refusals are the requests that the description shows as refused, a wrong method and a wrong path.
func refusals(doc node) folder {
	f := folder{Name: "二、会被拒绝的请求"}
	for _, c := range api.Calls() {
		for _, e := range doc.Get("paths", c.Path(), "post", "x-failing-examples").Items() {
			raw := e.Get("request").JSON()
			if text := e.Get("body").Text(); text != "" {
				raw = text
			}
			if e.Get("after").There() {
				raw = renumbered(e.Get("request"))
			}
			var codes []string
			for _, problem := range e.Get("answer", "errors").Items() {
				codes = append(codes, problem.Get("errorCode").Text())
			}
			s := step(
				doc,
				fmt.Sprintf("%s：%s", c, e.Get("summary").Text()),
				c,
				raw,
				refuses(e.Get("status").Text(), codes...)...,
			)
			if kind := e.Get("contentType").Text(); kind != "" {
				s.Request.Header[0].Value = kind
			}
			f.Item = append(f.Item, s)
		}
	}
	method := step(doc, "请求方法不对", api.Receive, "", append(refuses("405", "19010"), `pm.test("Allow", () => `+
		`pm.expect(pm.response.headers.get("Allow")).to.eql("POST"));`)...)
	method.Request.Method, method.Request.Body = "PUT", nil
	path := step(doc, "路径多了一个斜杠", api.Receive, "{}", refuses("404", "19011")...)
	path.Request.URL.Raw = strings.Replace(path.Request.URL.Raw, "Caseinfo", "Caseinfo/", 1)
	path.Request.URL.Path = append(path.Request.URL.Path, "")
	f.Item = append(f.Item, method, path)
	return f
}

// farewell ends the session and shows that it has ended.
func farewell(doc node) folder {
	return folder{"三、注销", []item{
		step(doc, "注销", api.Logout, "{}", succeeds),
		step(
			doc,
			"注销以后，令牌无效",
			api.Receive,
			renumbered(doc.Get("components", "examples", "case-ordinary", "value")),
			refuses("200", "13000")...,
		),
	}}
}

// renumbered is a case under the number of the run.
func renumbered(n node) string {
	return strings.Replace(n.JSON(), quote(n.Get("caseid").Text()), `"{{caseid}}"`, 1)
}

func jsonLines(pairs ...string) string {
	var lines []string
	for i := 0; i < len(pairs); i += 2 {
		lines = append(lines, fmt.Sprintf("  %q: %q", pairs[i], pairs[i+1]))
	}
	return "{\n" + strings.Join(lines, ",\n") + "\n}"
}

// postman is a collection of every call, and of every request that is refused.
func postman(doc node) (string, error) {
	c := collection{
		Info: collectionInfo{"5b2a7c1e-6f0d-4a39-9c57-d1a0c41e0001", doc.Get("info", "title").Text(),
			"由 api/openapi.yaml 生成（make generate），请勿手工修改。\n\n填写变量 baseUrl、appKey、appSecret、account，从上到下运行。",
			"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
		Item: []folder{walk(doc), refusals(doc), farewell(doc)},
		Event: []event{scriptOf("test",
			`pm.test("有请求编号", () => pm.expect(pm.response.headers.get("X-Request-Id")).to.match(/^[0-9a-f]{16}$/));`,
			`pm.test("应答不缓存", () => pm.expect(pm.response.headers.get("Cache-Control")).to.eql("no-store"));`,
			`pm.test("应答是信封", () => pm.expect(pm.response.json().errors).to.be.an("array"));`)},
		Variable: []variable{
			{"baseUrl", "https://localhost:8443", "接收方告知的地址，即规范中的 https://{API_ROOT}"},
			{"appKey", "", ""},
			{"appSecret", "", ""},
			{"account", "", ""},
			{"token", "", "登录后自动填写"},
			{"caseid", "", "登录时自动填写"},
			{"acceptid", "", "报送后自动填写"},
			{"today", "", "登录时自动填写"},
		},
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(c)
	return b.String(), err
}
