package config

import "testing"

// An error names the line of the key, not the line of a text or a comment that looks like the key. Of several mistakes
// it names the first in the file.
func TestFileNamesTheLine(t *testing.T) {
	for text, want := range map[string]struct {
		line int
		err  string
	}{
		"# log_days = 1\nconsole_url = \"\"\"\nlog_days = 2\n\"\"\"\nlog_days = \"x\"\n": {5,
			"log_days 应为整数"},
		"listen = \"a\"\n\n[log_level]\n":        {3, "log_level 应为加引号的文本，如 \"…\""},
		"shutdown_wait = \"5 minutes\"\n":        {1, "shutdown_wait 应为加引号的时长，如 \"30s\"、\"5m\""},
		"shutdown_wait = \"x\"\nlog_days = true": {2, "log_days 应为整数"},
		"max_items = 1_000\r\nlisten = 1\r\n":    {2, "listen 应为加引号的文本，如 \"…\""},
		"database = \"postgres://u:p@h/d\"": {1, "database 中不得带口令，配置文件可能为多人所见；" +
			"请用 database_password_file、~/.pgpass，或把整个地址放在环境变量 DIAOXIAO_DATABASE 中"},
	} {
		c := Defaults()
		line, err := c.fromTOML(text)
		if err == nil || line != want.line || err.Error() != want.err {
			t.Errorf("%q: line %d, %v", text, line, err)
		}
	}
	c := Defaults()
	if _, err := c.fromTOML(
		"max_items = 1_000\ntls_cbc = true\ntrusted_proxies = []\nshutdown_delay = \"1m\"\n"); err != nil ||
		c.MaxItems != 1000 || !c.TLSCBC || len(c.TrustedProxies) != 0 || c.ShutdownDelay.Minutes() != 1 {
		t.Errorf("%v %+v", err, c)
	}
}
