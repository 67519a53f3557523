package workday

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Parse reads a calendar. Each line is one of
//
//	2026 通知 国办发明电〔2025〕7号       the notice of a year, before the days of that year
//	2026-01-01 休 元旦                   a day off, with the name of the holiday
//	2026-01-04 班 元旦                   a Saturday or Sunday that is worked
//	# anything                          a comment; so is an empty line
//
// in UTF-8. A day stands once, lies in a year whose notice was named above it, and a day that is worked lies on a
// weekend: what contradicts that is a slip of the pen, and refused. Days off may lie on a weekend, as in the notices.
// Errors are in Chinese and name the line; an error of r comes back wrapped.
func Parse(r io.Reader) (*Calendar, error) {
	p := parser{years: make(map[int]int), days: make(map[Day]entry)}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		p.line++
		if err := p.read(lines.Text()); err != nil {
			return nil, fmt.Errorf("第 %d 行：%w", p.line, err)
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return nil, fmt.Errorf("第 %d 行：太长，不是日历文件", p.line+1)
	}
	if lines.Err() != nil {
		return nil, fmt.Errorf("读不到日历文件：%w", lines.Err())
	}
	return p.calendar()
}

// parser is what the lines so far have said.
type parser struct {
	line  int
	years map[int]int // the line of each year's notice
	days  map[Day]entry
}

type entry struct {
	line int
	off  bool
}

func (e entry) delta() int {
	if e.off {
		return -1
	}
	return 1
}

func (p *parser) read(line string) error {
	if !utf8.ValidString(line) {
		return errors.New("不是 UTF-8 文字，请把文件另存为 UTF-8 编码")
	}
	fields := strings.Fields(strings.TrimPrefix(line, "\uFEFF"))
	switch {
	case len(fields) == 0 || strings.HasPrefix(fields[0], "#"):
		return nil
	case len(fields) < 3:
		return errors.New("每行要有三项，如“2026-01-01 休 元旦”或“2026 通知 国办发明电〔2025〕7号”")
	case fields[1] == "通知":
		return p.notice(fields[0])
	case fields[1] == "休" || fields[1] == "班":
		return p.day(fields[0], fields[1] == "休")
	}
	return fmt.Errorf("第二项“%s”应为“休”、“班”或“通知”", fields[1])
}

func (p *parser) notice(text string) error {
	year, err := strconv.Atoi(text)
	if err != nil || len(text) != 4 || year < 1000 {
		return fmt.Errorf("“%s”不是年份，请写作四位数字，如“2026”", text)
	}
	if first, ok := p.years[year]; ok {
		return fmt.Errorf("%d 年的通知已写在第 %d 行，请删去一处", year, first)
	}
	p.years[year] = p.line
	return nil
}

func (p *parser) day(text string, off bool) error {
	d, err := ParseDay(text)
	if err != nil {
		return err
	}
	if first, ok := p.days[d]; ok {
		return fmt.Errorf("%v 已写在第 %d 行，请删去一处", d, first.line)
	}
	if p.years[d.Year()] == 0 {
		return fmt.Errorf("%v 之前没有写明 %d 年的通知，请核对年份，或先加一行“%[2]d 通知 文号”", d, d.Year())
	}
	if !off && !d.weekend() {
		return fmt.Errorf("%v 不是周六、周日，无须写作“班”，请核对日期", d)
	}
	p.days[d] = entry{p.line, off}
	return nil
}

// calendar puts together what was read, if no year was left without a day off.
func (p *parser) calendar() (*Calendar, error) {
	c := &Calendar{known: make(map[int]bool)}
	for d, e := range p.days {
		c.known[d.Year()] = c.known[d.Year()] || e.off
		if e.off == d.weekend() {
			continue // the week says so already
		}
		c.changes = append(c.changes, change{d, e.delta()})
	}
	for _, year := range slices.Sorted(maps.Keys(p.years)) {
		if !c.known[year] {
			return nil, fmt.Errorf("第 %d 行：写了 %d 年的通知，却没有写这一年的休息日，请补全或删去这一行", p.years[year], year)
		}
	}
	slices.SortFunc(c.changes, func(a, b change) int { return cmp.Compare(a.day, b.day) })
	for i := 1; i < len(c.changes); i++ {
		c.changes[i].sum += c.changes[i-1].sum
	}
	return c, nil
}
