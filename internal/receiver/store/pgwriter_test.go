package store_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// A writer whose new connection does not get the lock that servers share writes nothing, however often it is asked: a
// restore could be at work. Once it may take the lock it goes on, and then keeps others out.
func TestWriterNeverWorksWithoutItsLock(t *testing.T) {
	server := pgtest.Shared(t)
	url, db := ownedDatabase(t, server)
	s := openServer(t, url)
	nothing := func(intake.Tx) error { return nil }
	server.SQL(t, db, "REVOKE EXECUTE ON FUNCTION pg_try_advisory_lock_shared(bigint) FROM PUBLIC")
	server.SQL(t, db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "+
		"AND pid <> pg_backend_pid()")
	for i := range 4 {
		if err := s.Update(t.Context(), nothing); !errors.Is(err, intake.ErrUnavailable) {
			t.Fatalf("write %d without the lock: %v", i+1, err)
		}
	}
	server.SQL(t, db, "GRANT EXECUTE ON FUNCTION pg_try_advisory_lock_shared(bigint) TO PUBLIC")
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		err := s.Update(t.Context(), nothing)
		if err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
	if alone, err := store.Open(t.Context(), url, store.Options{Alone: true}); !errors.Is(err, store.ErrLocked) {
		t.Errorf("opened alone beside the server: %v", err)
		if err == nil {
			alone.Close()
		}
	}
}

// ownedDatabase makes a database whose owner is no superuser, so that rights bind it, and returns its URL as that role
// and its name.
func ownedDatabase(t *testing.T, server *pgtest.Server) (url, db string) {
	t.Helper()
	role := "role_" + strings.ToLower(rand.Text()[:12])
	url = server.Database(t)
	_, path, _ := strings.Cut(url, "@")
	db, _, _ = strings.Cut(path[strings.Index(path, "/")+1:], "?")
	server.SQL(t, "postgres", "CREATE ROLE "+role+" LOGIN; ALTER DATABASE "+db+" OWNER TO "+role)
	return "postgres://" + role + "@" + path, db
}
