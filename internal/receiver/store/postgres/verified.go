package postgres

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
)

// verified remembers up to which case everything is verified, as one server shows it. On another that took its place
// the numbers of lost cases that were never acknowledged are given out again: there it begins anew.
type verified struct {
	mu     sync.Mutex
	server string
	upTo   int64
}

// least is after, or less where less is known of that server.
func (v *verified) least(server string, after int64) int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.server != server {
		v.server, v.upTo = server, 0
	}
	return min(after, v.upTo)
}

func (v *verified) learn(server string, upTo int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.server == server {
		v.upTo = max(v.upTo, upTo)
	}
}

// serverMark is where a connection keeps which server it leads to.
const serverMark = "server"

// markServer asks for what tells a server from one that takes its place: when it was started, and its address, which a
// proxy in between hides.
func markServer(ctx context.Context, conn *pgx.Conn) error {
	var server string
	err := conn.QueryRow(ctx, "SELECT CONCAT(pg_postmaster_start_time(), ' ', inet_server_addr(), ' ', "+
		"inet_server_port())").Scan(&server)
	conn.PgConn().CustomData()[serverMark] = server
	return err
}

// serverOf is the server that a connection leads to.
func serverOf(conn *pgx.Conn) string { return conn.PgConn().CustomData()[serverMark].(string) }
