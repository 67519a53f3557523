package server

import (
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"time"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/workday"
)

// checkFolder refuses a data folder that every user of the machine may write to: any of them could put another database
// there.
func checkFolder(c *config.Settings) error {
	if c.Database != "" {
		return nil
	}
	info, err := os.Stat(c.Data)
	if err == nil && !info.IsDir() {
		return explain.WithStep(fmt.Errorf("data=%q 是一个文件，应为目录", c.Data), "指定存放数据库的目录，不存在时自动建立")
	}
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o002 != 0 {
		return explain.WithStep(fmt.Errorf("数据目录 %s 人人可写（%s），任何人都能换掉其中的数据库", c.Data, info.Mode().Perm()),
			"chmod 700 "+display.ShellQuote(c.Data))
	}
	return nil
}

// CheckFiles reads the files that the settings name, as the server will, and returns the first that it could not use.
func CheckFiles(c *config.Settings) error {
	if err := checkFolder(c); err != nil {
		return err
	}
	if _, err := OpenCalendar(c); err != nil {
		return err
	}
	if _, err := StoreOptions(&c.Where, store.Options{}); err != nil {
		return explain.BadUsage(err)
	}
	if c.TLSCert == "" {
		return nil
	}
	cert, err := newCertificate(c.TLSCert, c.TLSKey, slog.New(slog.DiscardHandler))
	if err != nil {
		return explain.BadUsage(err)
	}
	if end := cert.current.Leaf.NotAfter; time.Now().After(end) {
		return explain.BadUsage(fmt.Errorf("TLS 证书 %s 已于 %s 过期，请换上新的证书", c.TLSCert, cli.Beijing(end)))
	}
	return nil
}

// OpenCalendar is the calendar of working days that the settings name, or that of the program.
func OpenCalendar(c *config.Settings) (*workday.Calendar, error) {
	if c.Calendar == "" {
		return workday.Default(), nil
	}
	f, err := os.Open(c.Calendar)
	if err != nil {
		return nil, explain.BadUsage(fmt.Errorf("工作日历：%w", err))
	}
	defer f.Close()
	calendar, err := workday.Parse(f)
	if err != nil {
		return nil, explain.BadUsage(fmt.Errorf("工作日历 %s：%w", c.Calendar, err))
	}
	return calendar, nil
}
