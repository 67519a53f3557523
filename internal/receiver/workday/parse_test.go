package workday_test

import (
	"cmp"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"diaoxiao/internal/receiver/workday"
)

func TestParseTellsTheLine(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"2026 通知 某号\n2026-01-01 休 元旦\n2026-01-01 休 元旦", "第 3 行：2026-01-01 已写在第 2 行，请删去一处"},
		{"2026 通知 某号\n2026 通知 某号", "第 2 行：2026 年的通知已写在第 1 行，请删去一处"},
		{"2026 通知 某号\n2026-01-05 班 元旦调休", "第 2 行：2026-01-05 不是周六、周日，无须写作“班”，请核对日期"},
		{"2026 通知 某号\n2027-01-01 休 元旦", "第 2 行：2027-01-01 之前没有写明 2027 年的通知，请核对年份，或先加一行“2027 通知 文号”"},
		{"# 说明\n\n2026-02-30 休 春节", "第 3 行：“2026-02-30”不是日期，请按“2026-11-24”的样子填写"},
		{"2026 通知 某号\n2026-01-01 放假 元旦", "第 2 行：第二项“放假”应为“休”、“班”或“通知”"},
		{"2026 通知", "第 1 行：每行要有三项，如“2026-01-01 休 元旦”或“2026 通知 国办发明电〔2025〕7号”"},
		{"２０２６ 通知 某号", "第 1 行：“２０２６”不是年份，请写作四位数字，如“2026”"},
		{"0000 通知 某号", "第 1 行：“0000”不是年份，请写作四位数字，如“2026”"},
		{"\n2026 通知 某号\n", "第 2 行：写了 2026 年的通知，却没有写这一年的休息日，请补全或删去这一行"},
		{"# \xb7\xc5\xbc\xd9", "第 1 行：不是 UTF-8 文字，请把文件另存为 UTF-8 编码"},
		{"#\n" + strings.Repeat("x", 1<<20), "第 2 行：太长，不是日历文件"},
	} {
		_, err := workday.Parse(strings.NewReader(c.text))
		if err == nil || err.Error() != c.want {
			t.Errorf("%.60q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
	if _, err := workday.Parse(iotest.ErrReader(os.ErrClosed)); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a file that cannot be read: %v", err)
	}
}

// A file as the Windows Notepad saves it, with a mark at the start and CRLF.
func TestParseFileOfNotepad(t *testing.T) {
	c, err := workday.Parse(strings.NewReader("\uFEFF2027 通知 某号\r\n\r\n2027-01-01\t休　元旦\r\n2027-01-03 班 元旦调休\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Working(day(t, "2027-01-01")) || !c.Working(day(t, "2027-01-03")) || !c.Known(2027) || c.Known(2026) {
		t.Error("the calendar is not what the file says")
	}
}

// notices are the three notices as they word it: first and last day off, and the days worked instead.
var notices = map[string]string{
	"2024": "01-01 02-10..02-17 04-04..04-06 05-01..05-05 06-10 09-15..09-17 10-01..10-07" +
		" +02-04 +02-18 +04-07 +04-28 +05-11 +09-14 +09-29 +10-12",
	"2025": "01-01 01-28..02-04 04-04..04-06 05-01..05-05 05-31..06-02 10-01..10-08 +01-26 +02-08 +04-27 +09-28 +10-11",
	"2026": "01-01..01-03 02-15..02-23 04-04..04-06 05-01..05-05 06-19..06-21 09-25..09-27 10-01..10-07" +
		" +01-04 +02-14 +02-28 +05-09 +09-20 +10-10",
}

// The calendar that the program brings, written a day a line, says of every day what the notices say in spans, and
// lists exactly the days that they name.
func TestDefaultCalendarIsTheNotices(t *testing.T) {
	text, err := os.ReadFile("calendar.txt")
	if err != nil {
		t.Fatal(err)
	}
	c, named := workday.Default(), make(map[workday.Day]bool) // worked or not
	for year, notice := range notices {
		for _, span := range strings.Fields(notice) {
			first, last, _ := strings.Cut(strings.TrimPrefix(span, "+"), "..")
			last = cmp.Or(last, first)
			for d := day(t, year+"-"+first); d <= day(t, year+"-"+last); d++ {
				named[d] = strings.HasPrefix(span, "+")
			}
		}
	}
	for d := day(t, "2024-01-01"); d <= day(t, "2026-12-31"); d++ {
		worked, ok := named[d]
		if !ok {
			worked = time.Unix(int64(d)*86400, 0).UTC().Weekday()%6 != 0
		}
		if c.Working(d) != worked {
			t.Errorf("%v is worked: %v", d, !worked)
		}
		delete(named, d)
	}
	lines := regexp.MustCompile(`(?m)^\d{4}-\d\d-\d\d (休|班) \S+$`).FindAll(text, -1)
	if want := 28 + 8 + 28 + 5 + 33 + 6; len(lines) != want || len(named) != 0 {
		t.Errorf("%d days are listed, the notices name %d; %d lie in other years", len(lines), want, len(named))
	}
}

func FuzzParse(f *testing.F) {
	text, err := os.ReadFile("calendar.txt")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add("2026 通知 某号\n2026-01-01 休 元旦\n2026-01-04 班 元旦")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := workday.Parse(strings.NewReader(s))
		if err != nil {
			return
		}
		from := day(t, "2026-02-10")
		if last := c.After(from, 20); c.Left(from, last) != 20 {
			t.Errorf("20 working days after %v is %v, until which %d are left", from, last, c.Left(from, last))
		}
	})
}
