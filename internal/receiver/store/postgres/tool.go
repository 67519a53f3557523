package postgres

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"diaoxiao/internal/receiver/store/engine"
)

// primary is the one server of the URL that is up and takes writes.
type primary struct {
	config *pgconn.Config // of nothing but this server
	major  int            // its version
}

// findPrimary tries the servers of the URL one by one: a connection to all of them does not tell which name it went to.
func (c *cluster) findPrimary(ctx context.Context) (p primary, err error) {
	all := append([]*pgconn.FallbackConfig{{Host: c.config.Host, Port: c.config.Port, TLSConfig: c.config.TLSConfig}},
		c.config.Fallbacks...)
	for _, at := range all {
		one := c.config.Config.Copy()
		one.Host, one.Port, one.TLSConfig, one.Fallbacks = at.Host, at.Port, at.TLSConfig, nil
		conn, failed := pgconn.ConnectConfig(ctx, one)
		if failed != nil {
			err = failed
			continue
		}
		defer conn.Close(context.WithoutCancel(ctx))
		return primary{one, firstNumber(conn.ParameterStatus("server_version"))}, nil
	}
	return p, err
}

// firstNumber is the first number in a text, or 0.
func firstNumber(text string) int {
	n, _ := strconv.Atoi(regexp.MustCompile(`\d+`).FindString(text))
	return n
}

// tool is one of PostgreSQL's programs and the environment that leads it to the primary. The password is in the
// environment, which other users cannot read, as they can the arguments.
type tool struct {
	path string
	env  []string
}

// find finds a program that is at least as new as the primary.
func (c *cluster) find(ctx context.Context, name string) (tool, error) {
	p, err := c.findPrimary(ctx)
	if err != nil {
		return tool{}, err
	}
	found := 0
	for _, path := range programs(name, p.major) {
		version := versionOf(ctx, path)
		if version >= p.major {
			return tool{path, c.environ(p)}, nil
		}
		found = max(found, version)
	}
	if found > 0 {
		return tool{}, fmt.Errorf("%w：%s 的版本为%d，旧于数据库服务器的%d；请安装 postgresql-client-%d", engine.ErrTool, name, found,
			p.major, p.major)
	}
	return tool{}, fmt.Errorf("%w：没有找到 %s；请安装 postgresql-client-%d", engine.ErrTool, name, p.major)
}

// programs are where a program may be: first that of the server's own version, whose output it can read for sure.
func programs(name string, major int) []string {
	paths, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	version := func(path string) int { return firstNumber(path) }
	slices.SortFunc(paths, func(a, b string) int { return cmp.Compare(version(b), version(a)) })
	own := slices.IndexFunc(paths, func(p string) bool { return version(p) == major })
	if inPath, err := exec.LookPath(name); err == nil {
		paths = append([]string{inPath}, paths...)
		own++
	}
	if own > 0 {
		paths = append([]string{paths[own]}, slices.Delete(slices.Clone(paths), own, own+1)...)
	}
	return paths
}

func versionOf(ctx context.Context, path string) int {
	text, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return 0
	}
	return firstNumber(string(text))
}

// inEnviron is how libpq calls in the environment what a URL may say.
var inEnviron = map[string]string{"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT",
	"sslkey": "PGSSLKEY", "sslsni": "PGSSLSNI", "channel_binding": "PGCHANNELBINDING", "krbsrvname": "PGKRBSRVNAME",
	"options": "PGOPTIONS"}

// elsewhere is what would lead a program to another server.
var elsewhere = []string{"PGHOSTADDR", "PGSERVICE", "PGTARGETSESSIONATTRS", "PGLOADBALANCEHOSTS"}

// environ is this process's environment, leading to p.
func (c *cluster) environ(p primary) []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(elsewhere, name)
	})
	env = append(env, "PGHOST="+p.config.Host, fmt.Sprint("PGPORT=", p.config.Port), "PGUSER="+p.config.User,
		"PGDATABASE="+p.config.Database,
		"PGAPPNAME=diaoxiao", "PGCONNECT_TIMEOUT="+strconv.Itoa(int(max(2,
			p.config.ConnectTimeout.Seconds()))), "LC_MESSAGES=C")
	if p.config.Password != "" {
		env = append(env, "PGPASSWORD="+p.config.Password)
	}
	if u, err := url.Parse(c.url); err == nil {
		for name, as := range inEnviron {
			if u.Query().Has(name) {
				env = append(env, as+"="+u.Query().Get(name))
			}
		}
		if u.Query().Get("ssl") == "true" {
			env = append(env, "PGSSLMODE=require")
		}
	}
	return env
}

// run runs the program to its end; what it says is part of the error. Once ctx ends, it is told to end as well.
func (t tool) run(ctx context.Context, out *os.File, args ...string) error {
	cmd := exec.CommandContext(ctx, t.path, args...)
	cmd.Env, cmd.Stdout = t.env, out
	var said strings.Builder
	cmd.Stderr = &said
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	err := cmd.Run()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(t.path), err, clipped(said.String()))
	}
	return nil
}

// clipped is one line of what a program said, without what it goes on to tell.
func clipped(said string) string {
	said = strings.Join(strings.Fields(said), " ")
	if len(said) > 1000 {
		said = strings.ToValidUTF8(said[:1000], "") + "…"
	}
	return said
}
