package postgres

import (
	"context"
	_ "embed"
	"strings"

	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// recorded is what the migrations make on PostgreSQL: of each object kind, table, name and definition, tabs between. A
// test writes it and holds it against a database that the migrations have made.
//
//go:embed schema.txt
var recorded string

// objectsQuery are the objects in the schema of our tables that concern these tables. Plain indexes that somebody
// added, tables without a name of ours and what belongs to an extension do no harm and are left out. Definitions are
// spelt without the name of the schema.
const objectsQuery = `
WITH ours AS (
    SELECT c.oid, c.relname, c.relkind, c.relrowsecurity OR c.relforcerowsecurity AS secured
    FROM pg_class c WHERE c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('cases'))
    AND c.relname = ANY($1))
SELECT CASE relkind WHEN 'r' THEN 'table' ELSE 'view' END, relname, relname, relkind::text FROM ours
UNION ALL SELECT 'row security', relname, relname, '' FROM ours WHERE secured
UNION ALL SELECT 'column', o.relname, a.attname,
    format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || ' ' ||
	a.attidentity::text || ' ' ||
    COALESCE(pg_get_expr(d.adbin, d.adrelid), '')
    FROM ours o JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
UNION ALL SELECT 'index', o.relname, i.relname,
    regexp_replace(pg_get_indexdef(x.indexrelid), ' ON (ONLY )?[^ ]+ USING', ' ON USING')
    FROM ours o JOIN pg_index x ON x.indrelid = o.oid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE x.indisunique OR i.relname = ANY($2)
UNION ALL SELECT 'trigger', o.relname, g.tgname, pg_get_triggerdef(g.oid) FROM ours o
	JOIN pg_trigger g ON g.tgrelid = o.oid WHERE NOT g.tgisinternal
UNION ALL SELECT 'rule', o.relname, r.rulename, pg_get_ruledef(r.oid) FROM ours o
	JOIN pg_rewrite r ON r.ev_class = o.oid
UNION ALL SELECT 'policy', o.relname, p.polname, '' FROM ours o JOIN pg_policy p ON p.polrelid = o.oid
ORDER BY 1, 2, 3`

// Objects implements engine.Engine: those of the database and those that are on record.
func (c *cluster) Objects(ctx context.Context) (have, want []schema.Object, err error) {
	want = parseObjects(recorded)
	var tables, indexes []string
	for _, o := range want {
		switch o.Kind {
		case "table":
			tables = append(tables, o.Name)
		case "index":
			indexes = append(indexes, o.Name)
		}
	}
	err = c.View(ctx, func(t engine.Conn) error {
		have, err = engine.List(t, scanObject, objectsQuery, tables, indexes)
		return err
	})
	return have, want, err
}

func scanObject(scan func(...any) error) (o schema.Object, err error) {
	err = scan(&o.Kind, &o.Table, &o.Name, &o.Text)
	return o, err
}

// parseObjects reads what is on record of a schema.
func parseObjects(text string) (all []schema.Object) {
	for line := range strings.Lines(text) {
		if part := strings.SplitN(strings.TrimRight(line, "\n"), "\t", 4); len(part) == 4 {
			all = append(all, schema.Object{Kind: part[0], Table: part[1], Name: part[2], Text: part[3]})
		}
	}
	return all
}
