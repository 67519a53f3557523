package interop

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
)

// A client in TypeScript, with its types drawn from openapi.yaml by openapi-typescript and its calls made by
// openapi-fetch, compiles under strict rules, misuse of the interface does not, and it works in every dialect.
func TestTypeScriptClient(t *testing.T) {
	w := newWorkshop(t)
	files := map[string][]byte{"openapi.yaml": api.OpenAPI()}
	for _, name := range []string{"client.ts", "tsconfig.json", "package.json"} {
		text, err := os.ReadFile("npm/" + name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = text
	}
	w.write(t, files)
	if _, err := w.node(
		t, nil, nil, "node_modules/openapi-typescript/bin/cli.js", "openapi.yaml", "-o", "openapi.d.ts",
	); err != nil {
		t.Fatal(err)
	}
	if _, err := w.node(t, nil, nil, "node_modules/typescript/bin/tsc", "-p", "."); err != nil {
		t.Fatal(err)
	}
	for _, d := range api.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			r := receive(t, nil)
			c := r.app(t, d)
			out, err := w.node(
				t,
				r,
				[]string{"API_ROOT=" + r.URL, "APP_KEY=" + c.AppKey, "APP_SECRET=" + c.AppSecret, "ACCOUNT=" + account},
				"client.js",
			)
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]any
			if err := json.Unmarshal([]byte(out), &got); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			cases := r.cases(t)
			if len(cases) != 1 {
				t.Fatalf("%d cases", len(cases))
			}
			id := cases[0].AcceptID
			delete(got, "state") // the verifier does not run here, but may
			want := map[string]any{
				"ids":     []any{id, id},
				"items":   1.0,
				"listed":  []any{id},
				"refused": []any{"14000"},
				"broken":  []any{400.0, "19001"},
				"dead":    []any{"13000"},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
