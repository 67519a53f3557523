package postgres

import (
	"fmt"
	"strings"
	"time"

	"diaoxiao/internal/receiver/store/engine"
)

// InForce implements engine.Engine.
func (c *cluster) InForce() engine.Durability {
	if c.standbys.Load() {
		return engine.Replicated
	}
	return engine.Local
}

// settings are those of the server that a commit depends on, as the transaction itself sees them.
type settings struct {
	commit, standbys, fsync, pages string
	loaded                         string // when the server had read them
	age                            int64  // in milliseconds, since then
}

// settingsQuery is a list of columns.
const settingsQuery = "current_setting('synchronous_commit'), current_setting('synchronous_standby_names'), " +
	"current_setting('fsync'), current_setting('full_page_writes'), CAST(pg_conf_load_time() AS TEXT), " +
	"CAST(EXTRACT(EPOCH FROM clock_timestamp() - pg_conf_load_time()) * 1000 AS BIGINT)"

func (s *settings) dest() []any {
	return []any{&s.commit, &s.standbys, &s.fsync, &s.pages, &s.loaded, &s.age}
}

// fresh is how long names of standbys count as not yet in force: commits wait for those that PostgreSQL's checkpointer
// has read, which may be later than what a session sees. It reads them within a tenth of a second unless the disk holds
// it up.
const fresh = 2 * time.Second

// ripen waits until the names are in force.
func (s *settings) ripen() {
	if age := time.Duration(s.age) * time.Millisecond; s.standbys != "" && age < fresh {
		time.Sleep(min(fresh, fresh-age))
	}
}

// check refuses settings under which an acknowledged case could be lost.
func (c *cluster) check(s settings) error {
	named := strings.TrimSpace(s.standbys) != ""
	c.standbys.Store(named)
	if named {
		c.named.Store(true)
	}
	switch {
	case s.fsync != "on" || s.pages != "on":
		return fmt.Errorf("%w：fsync=%s、full_page_writes=%s，均须为on", engine.ErrWeak, s.fsync, s.pages)
	case s.commit != "on" && s.commit != "remote_apply":
		return fmt.Errorf("%w：synchronous_commit=%s，须为on", engine.ErrWeak, s.commit)
	case !named && c.durability == engine.Replicated:
		return fmt.Errorf("%w：没有同步备库（synchronous_standby_names为空），而要求 --durability replicated", engine.ErrWeak)
	case !named && c.durability != engine.Local && c.named.Load():
		return fmt.Errorf("%w：同步备库已被撤销（synchronous_standby_names变为空）；恢复备库，或确认后重新启动本服务", engine.ErrWeak)
	}
	return nil
}
