package store_test

import (
	"errors"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/store"
)

// meddling is what somebody who can write the database may do to its schema.
type meddling struct {
	what, does string
	is         string // what the check says
	harmless   bool   // a server starts all the same
}

// Whatever acts on rows by itself, or is not as the migrations make it, is named, and a server does not start on it.
func TestForeignObjects(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			for _, m := range meddlings[name] {
				at := place(t)
				shut(t, openServer(t, at))
				shut(t, openServer(t, at))
				db := directly(t, at)
				for q := range strings.SplitSeq(m.does, ";;") {
					if _, err := db.Exec(q); err != nil {
						t.Fatalf("%s: %v", q, err)
					}
				}
				wantForeign(t, at, m)
			}
		})
	}
}

func wantForeign(t *testing.T, at string, m meddling) {
	t.Helper()
	server, err := store.Open(t.Context(), at, store.Options{Server: true})
	if m.harmless != (err == nil) || !m.harmless && !errors.Is(err, store.ErrForeign) {
		t.Errorf("%s: a server gets %v", m.what, err)
	}
	if server != nil {
		shut(t, server)
	}
	s, err := store.Open(t.Context(), at, store.Options{})
	if err != nil {
		t.Fatalf("%s: a command cannot look: %v", m.what, err)
	}
	defer s.Close()
	faults, err := s.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, f := range faults {
		said = append(said, f.String())
	}
	if !strings.Contains(strings.Join(said, "\n"), m.is) {
		t.Errorf("%s: %q does not name %q", m.what, said, m.is)
	}
}

func shut(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// meddlings are those of each engine.
var meddlings = map[string][]meddling{
	"folder": append([]meddling{
		{"a trigger", "CREATE TRIGGER hush AFTER INSERT ON audit BEGIN DELETE FROM audit " +
			"WHERE audit_no = new.audit_no; END",
			"表 audit 的触发器 hush 不是本程序建立的", false},
		{"a column more", "ALTER TABLE gap ADD COLUMN x TEXT", "表 gap 与本程序建立的不同", false},
	}, meddlingsOfBoth...),
	"database": append([]meddling{
		{"a trigger", "CREATE FUNCTION hush() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';;" +
			"CREATE TRIGGER hush BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION hush()", "表 audit 的触发器 hush " +
			"不是本程序建立的", false},
		{"a rule", "CREATE RULE hush AS ON INSERT TO case_event DO INSTEAD NOTHING", "表 case_event 的规则 hush 不是本程序建立的",
			false},
		{"a policy", "CREATE POLICY hush ON audit USING (audit_no <> 5)", "表 audit 的行级策略 hush 不是本程序建立的", false},
		{"row security", "ALTER TABLE finding FORCE ROW LEVEL SECURITY", "行级安全开关 finding 不是本程序建立的", false},
		{"another default", "ALTER TABLE audit ALTER COLUMN chain SET DEFAULT 'x'", "表 audit 的列 chain 与本程序建立的不同",
			false},
		{"a column more", "ALTER TABLE gap ADD COLUMN x TEXT", "表 gap 的列 x 不是本程序建立的", false},
	}, meddlingsOfBoth...),
}

var meddlingsOfBoth = []meddling{
	{"a view in place of a table", "ALTER TABLE gap RENAME TO gap2;;CREATE VIEW gap AS SELECT * FROM gap2",
		"视图 gap 不是本程序建立的", false},
	{"an index less", "DROP INDEX visit_operator", "visit_operator 不见了", true},
	{"a unique index that refuses cases", "CREATE UNIQUE INDEX one_day ON cases (penaltydate)",
		"表 cases 的索引 one_day 不是本程序建立的", false},
	{"another unique index", "DROP INDEX visit_operator;;CREATE UNIQUE INDEX visit_operator ON visit (operator_id)",
		"表 visit 的索引 visit_operator 与本程序建立的不同", false},
}
