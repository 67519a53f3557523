package openapi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"diaoxiao/api"
)

// Example is a request that the description shows, with the answer it must get.
type Example struct {
	Call        api.Call
	Name        string
	ContentType string // "": application/json
	Body        []byte
	After       string // name of the example that must have been accepted before; "": none
	Status      int
	Answer      any // in the dialect all; nil: a success
}

// Requests lists the requests shown as good, by call and name. Those of the document hold placeholders.
func (d *Description) Requests() (all []Example) {
	for call, op := range d.shown() {
		body, _ := op["requestBody"].(map[string]any)
		if body == nil {
			continue
		}
		examples := body["content"].(map[string]any)["application/json"].(map[string]any)["examples"].(map[string]any)
		for name := range examples {
			_, e := d.resolve([]string{
				"paths", call.Path(), "post", "requestBody", "content", "application/json", "examples", name,
			})
			all = append(all, Example{Call: call, Name: name, Body: encoded(e["value"]), Status: 200})
		}
	}
	slices.SortFunc(all, byName)
	return all
}

// Refused lists the requests shown as refused, by call and name.
func (d *Description) Refused() (all []Example) {
	for call, op := range d.shown() {
		shown, _ := op["x-failing-examples"].([]any)
		for _, e := range shown {
			e := e.(map[string]any)
			x := Example{Call: call, Name: e["name"].(string), Status: e["status"].(int), Answer: e["answer"]}
			x.ContentType, _ = e["contentType"].(string)
			x.After, _ = e["after"].(string)
			if text, ok := e["body"].(string); ok {
				x.Body = []byte(text)
			} else {
				x.Body = encoded(e["request"])
			}
			all = append(all, x)
		}
	}
	slices.SortFunc(all, byName)
	return all
}

// shown are the calls as they are described for POST.
func (d *Description) shown() map[api.Call]map[string]any {
	all := make(map[api.Call]map[string]any)
	for _, c := range api.Calls() {
		_, all[c] = d.resolve([]string{"paths", c.Path(), "post"})
	}
	return all
}

func byName(a, b Example) int {
	return strings.Compare(fmt.Sprint(a.Call, a.Name), fmt.Sprint(b.Call, b.Name))
}

func encoded(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // YAML with names that are no texts
	}
	return text
}
