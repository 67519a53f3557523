package intake_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"diaoxiao/api"
	"diaoxiao/internal/pgtest"
)

// BenchmarkVerify100kPostgres is BenchmarkVerify100k on PostgreSQL. Compare its entities/s with those of
// BenchmarkBareCopy100k.
func BenchmarkVerify100kPostgres(b *testing.B) {
	server := pgtest.Start(b, "shared_buffers = 512MB", "max_wal_size = 4GB")
	benchVerify(b, func() string { return server.Database(b) })
}

// BenchmarkBareCopy100k puts the same rows into the same tables by COPY, in one transaction and in the order of the
// list, from memory: the quickest that PostgreSQL offers.
func BenchmarkBareCopy100k(b *testing.B) {
	server := pgtest.Start(b, "shared_buffers = 512MB", "max_wal_size = 4GB")
	list := randomEntities(7, manyEntities)
	rows, keys := bareRows(list)
	for range b.N {
		b.StopTimer()
		o := &office{dir: server.Database(b)}
		o.open(b)
		o.store.Close()
		conn, err := pgx.Connect(b.Context(), o.dir)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := copyBare(b, conn, rows, keys); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		conn.Close(b.Context())
		b.StartTimer()
	}
	b.ReportMetric(float64(manyEntities*b.N)/b.Elapsed().Seconds(), "entities/s")
}

func bareRows(list []api.Entity) (rows, keys [][]any) {
	for i, e := range list {
		rows = append(rows, []any{int64(1), int64(i), e.PripID, e.UniscID, e.Legal, e.EntType})
		for kind, value := range []string{e.UniscID, e.PripID, e.Legal} {
			keys = append(keys, []any{int64(kind + 1), value, int64(1), int64(i)})
		}
	}
	return rows, keys
}

func copyBare(b *testing.B, conn *pgx.Conn, rows, keys [][]any) error {
	tx, err := conn.Begin(b.Context())
	if err != nil {
		return err
	}
	defer tx.Rollback(b.Context())
	if _, err := tx.CopyFrom(
		b.Context(),
		pgx.Identifier{"entity"},
		[]string{"case_no", "pos", "pripid", "uniscid", "legal", "enttype"},
		pgx.CopyFromRows(rows),
	); err != nil {
		return err
	}
	if _, err := tx.CopyFrom(
		b.Context(),
		pgx.Identifier{"entity_key"},
		[]string{"kind", "value", "case_no", "pos"},
		pgx.CopyFromRows(keys),
	); err != nil {
		return err
	}
	return tx.Commit(b.Context())
}
