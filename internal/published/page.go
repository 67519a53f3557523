package published

import (
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"diaoxiao/api"
)

//go:embed openapi.html.tmpl
var pageTemplate string

// shownCall is one operation as the page shows it.
type shownCall struct {
	Name, Method, Path, Summary string
	At                          node
	Token                       bool
	Tables                      []memberTable
	Requests, Answers           []pair
	Spellings                   [][]string // of a success, by dialect
	Curl                        string
}

// memberTable is an object of a request with its members.
type memberTable struct {
	Title   string
	At      node
	Members []shownMember
}

type shownMember struct {
	pair
	Need, Kind string
}

func shownCalls(doc node) (all []shownCall) {
	for _, path := range doc.Get("paths").Members() {
		for _, op := range path.Members() {
			c := shownCall{
				Name:    op.Get("operationId").Text(),
				Method:  strings.ToUpper(op.Name),
				Path:    path.Name,
				Summary: op.Get("summary").Text(),
				At:      op.node,
				Token:   len(op.Get("security").Items()) > 0,
			}
			body := op.Get("requestBody", "content", "application/json")
			if schema := body.Get("schema"); schema.Get("properties").There() {
				c.Tables = tablesOf(schema, "")
			}
			c.Requests = body.Get("examples").Members()
			success := op.Get("responses", "200")
			c.Answers = success.Get("content", "application/json", "examples").Members()
			c.Spellings = spellingsOf(success)
			c.Curl = curlOf(c)
			all = append(all, c)
		}
	}
	return all
}

// tablesOf are the members of a schema and, after it, of the objects in its lists.
func tablesOf(schema node, title string) []memberTable {
	all := []memberTable{{Title: title, At: schema}}
	for _, m := range schema.Get("properties").Members() {
		need := "否"
		if schema.Get("required").Has(m.Name) {
			need = "是"
		}
		all[0].Members = append(all[0].Members, shownMember{m, need, kindOf(m.node)})
		if items := m.Get("items"); items.Get("properties").There() {
			all = append(all, tablesOf(items, m.Name+" 的一条")...)
		}
	}
	return all
}

func kindOf(n node) string {
	switch {
	case n.Get("type").Text() == "array":
		return fmt.Sprintf("数组，%s 至 %s 条", n.Get("minItems").Text(), grouped(n.Get("maxItems").Text()))
	case n.Get("format").Text() == "date":
		return "字符串，yyyy-MM-dd"
	}
	return "字符串，至多 " + grouped(n.Get("maxLength").Text()) + " 字"
}

// grouped writes 500000 as 500,000.
func grouped(digits string) string {
	if len(digits) <= 3 {
		return digits
	}
	return grouped(digits[:len(digits)-3]) + "," + digits[len(digits)-3:]
}

// spellingsOf are the names of the members of a success in each dialect.
func spellingsOf(response node) (all [][]string) {
	for _, dialect := range api.Dialects() {
		ref := response.Get("x-dialects", string(dialect)).Text()
		schema := node{response.root, response.root}.Get(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
		var names []string
		for _, m := range schema.Get("oneOf").Items()[0].Get("properties").Members() {
			names = append(names, m.Name)
		}
		all = append(all, names)
	}
	return all
}

func curlOf(c shownCall) string {
	url := `"$API` + c.Path
	if c.Token {
		url += `?access_token=$TOKEN`
	}
	switch {
	case c.Method == "GET":
		return "curl -sS " + url + `"`
	case c.Name == string(api.Receive):
		return "curl -sS -H 'Content-Type: application/json; charset=utf-8' " + url + `" --data-binary @case.json`
	}
	return "curl -sS -H 'Content-Type: application/json' " + url + `" -d '` + c.Requests[0].Get("value").Line() + "'"
}

// shownStatus is one status besides 200.
type shownStatus struct {
	Status string
	At     node
}

func shownStatuses(doc node) (all []shownStatus) {
	for _, path := range doc.Get("paths").Members() {
		for _, r := range path.Get("post", "responses").Members() {
			if r.Name != "200" && !slices.ContainsFunc(all, func(s shownStatus) bool { return s.Status == r.Name }) {
				all = append(all, shownStatus{r.Name, r.node})
			}
		}
	}
	return all
}

// markdown renders what descriptions use of Markdown: paragraphs, tables, code and strong words.
func markdown(text string) template.HTML {
	var b strings.Builder
	for _, block := range strings.Split(strings.TrimSpace(text), "\n\n") {
		switch {
		case block == "":
		case strings.HasPrefix(block, "|"):
			b.WriteString(markdownTable(block))
		default:
			fmt.Fprintf(&b, "<p>%s</p>\n", span(joined(block)))
		}
	}
	return template.HTML(b.String())
}

// joined takes the line breaks out of a paragraph; between Chinese characters they would show as blanks.
func joined(block string) string {
	return regexp.MustCompile(`([^\x00-\x7f])\n|\n([^\x00-\x7f])`).ReplaceAllString(block, "$1$2")
}

func span(text string) template.HTML {
	text = html.EscapeString(text)
	text = regexp.MustCompile("`([^`]+)`").ReplaceAllString(text, "<code>$1</code>")
	return template.HTML(regexp.MustCompile(`\*\*([^*]+)\*\*`).ReplaceAllString(text, "<strong>$1</strong>"))
}

// markdownTable renders a table; a row that begins with a code can be linked to.
func markdownTable(block string) string {
	var b strings.Builder
	b.WriteString("<table>\n")
	for i, line := range strings.Split(block, "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		switch {
		case i == 1: // the rule under the head
			continue
		case i == 0:
			b.WriteString("<tr><th>" + strings.Join(cells, "</th><th>") + "</th></tr>\n")
			continue
		}
		fmt.Fprintf(&b, "<tr id=\"c%s\">", cells[0])
		for _, c := range cells {
			class := ""
			if utf8.RuneCountInString(c) < 8 {
				class = ` class="n"`
			}
			fmt.Fprintf(&b, "<td%s>%s</td>", class, span(c))
		}
		b.WriteString("</tr>\n")
	}
	return b.String() + "</table>\n"
}

// htmlPage is the description for people.
func htmlPage(doc node) (string, error) {
	tmpl, err := template.New("openapi.html.tmpl").Funcs(template.FuncMap{
		"text":     node.Text,
		"json":     node.JSON,
		"calls":    shownCalls,
		"statuses": shownStatuses,
		"dialects": api.Dialects,
		"span":     span,
		"markdown": func(n node) template.HTML { return markdown(n.Text()) },
	}).Parse(pageTemplate)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = tmpl.Execute(&b, doc)
	return b.String(), err
}
