package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// entityCells are the four cells of an entity.
var entityCells = []string{"150104000022017071732290", "91150104MA0N967166", "赵二娃", "1151"}

// written changes the workbook at path.
func written(t *testing.T, path string, change func(put func(sheet, cell, text string))) string {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	change(func(sheet, cell, text string) { err = errors.Join(err, f.SetCellStr(sheet, cell, text)) })
	if err := errors.Join(err, f.Save()); err != nil {
		t.Fatal(err)
	}
	return path
}

// filledTemplate is the template filled in with a case and one entity.
func filledTemplate(t *testing.T, c [7]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.xlsx")
	must(t, "submit", "template", path)
	return written(t, path, func(put func(sheet, cell, text string)) {
		for k, text := range c {
			put("案件", fmt.Sprintf("B%d", 3+k), text)
		}
		for k, text := range entityCells {
			put("清单", fmt.Sprintf("%c3", 'A'+k), text)
		}
	})
}

// severalCases is a workbook with cases in the rows of 案件 and one entity of each in 清单.
func severalCases(t *testing.T, cases ...[7]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.xlsx")
	f := excelize.NewFile()
	defer f.Close()
	_, err := f.NewSheet("清单")
	if err := errors.Join(err, f.SetSheetName("Sheet1", "案件"), f.SaveAs(path)); err != nil {
		t.Fatal(err)
	}
	return written(t, path, func(put func(sheet, cell, text string)) {
		for k, text := range []string{"案件编号", "案件名称", "案由", "违法行为", "处罚内容", "处罚决定日期", "处罚决定机关"} {
			put("案件", fmt.Sprintf("%c1", 'A'+k), text)
		}
		for k, text := range []string{"身份代码", "信用代码", "法定代表人", "市场主体类型", "案件编号"} {
			put("清单", fmt.Sprintf("%c1", 'A'+k), text)
		}
		for i, c := range cases {
			for k, text := range c {
				put("案件", fmt.Sprintf("%c%d", 'A'+k, 2+i), text)
			}
			for k, text := range append(slices.Clone(entityCells), c[0]) {
				put("清单", fmt.Sprintf("%c%d", 'A'+k, 2+i), text)
			}
		}
	})
}

// A fault in a text of the sheet 案件 names the cell of that sheet, not a cell of 清单. The same holds for several cases.
func TestPlacesInTheTemplate(t *testing.T) {
	good := [7]string{"甲〔2026〕1号", "停业案", "停业", "停业", "吊销营业执照", "2026-03-16", "局"}
	with := func(k int, text string) [7]string {
		c := good
		c[k] = text
		return c
	}
	for _, c := range []struct {
		name, path, want string
	}{
		{"date", filledTemplate(t, with(5, "16/03/2026")), "工作表“案件”第8行B列（处罚决定日期 penaltydate）：处罚决定日期格式错误"},
		{"serial number", filledTemplate(t, with(5, "46097")), "工作表“案件”第8行B列（处罚决定日期 penaltydate）：处罚决定日期格式错误"},
		{"organ", filledTemplate(t, with(6, strings.Repeat("局", 501))), "工作表“案件”第9行B列（处罚决定机关 penaltyorg）："},
		{"caseid", filledTemplate(t, with(0, strings.Repeat("号", 201))), "工作表“案件”第3行B列（案件编号 caseid）："},
		{"caseid that was a number", filledTemplate(t, with(0, "1.5E23")), "工作表“案件”第3行B列（案件编号 caseid）："},
		{"caseid that is no number of a case", filledTemplate(t, with(0, "甲〔2026〕号")), "工作表“案件”第3行B列  规则 619"},
		{"second case", severalCases(t, good, [7]string{"甲〔2026〕2号", "停业案", "停业", "停业", "吊销营业执照", "2026-02-30", "局"}),
			"工作表“案件”第3行F列（处罚决定日期 penaltydate）：处罚决定日期格式错误"},
		{
			"look-alikes",
			severalCases(t, good, with(0, "甲〔2026〕1号 ")),
			"工作表“清单”第3行E列（案件编号 caseid）：案件编号“甲〔2026〕1号\\u0020”",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := runHere(t, nil, "submit", c.path, "--dry-run")
			if r.code != exitFaults || !strings.Contains(r.out, c.want) {
				t.Errorf("exit code %d, no %q in\n%s%s", r.code, c.want, r.out, r.err)
			}
			for line := range strings.Lines(r.out) {
				if strings.HasPrefix(line, "    ") && strings.Contains(line, "“清单”") && c.name != "look-alikes" &&
					!strings.Contains(line, "身份代码 15") {
					t.Error("said of the list: " + line)
				}
			}
		})
	}
	if r := must(t, "submit", filledTemplate(t, good), "--dry-run"); !strings.Contains(r.out, "可报送 1") {
		t.Error(r.out)
	}
	future := runHere(t, nil, "submit", filledTemplate(t, with(5, "2999-01-01")), "--dry-run")
	if !strings.Contains(future.out, "工作表“案件”第8行B列  规则 501") {
		t.Error(future.out)
	}
}
