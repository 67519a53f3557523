package main

import "testing"

// TestWrongWorkbooks: workbooks.
func TestWrongWorkbooks(t *testing.T) {
	hold := []string{"“清单”第2行F列（处罚决定日期 penaltydate）", "可能差一天", "应为 2026-03-15 或 2026-03-16"}
	checkWrongFiles(t, []wrongFile{
		{file: "I01-inlinestr-with-v.xlsx", bare: true, exit: exitOK, says: []string{"1 件 2 户，可报送 1", "核验提示：无"}},
		{file: "D32-real-exceljs-date-shanghai.xlsx", exit: exitFaults, says: append(hold, "16:00:00")},
		{file: "D04-date-sheetjs-43s-early.xlsx", exit: exitFaults, says: append(hold, "23:59:17")},
		{file: "D09-date-strict-iso.xlsx", exit: exitFaults, says: append(hold, "23:59:17")},
		{
			file: "D01-date-year-month-only-57.xlsx",
			exit: exitFaults,
			says: []string{"“清单”第2行F列（处罚决定日期 penaltydate）", "没有显示日", "2026-03-01"},
		},
		{
			file: "D02-date-month-day-only-58.xlsx",
			exit: exitFaults,
			says: []string{"“清单”第2行F列（处罚决定日期 penaltydate）", "没有显示年", "2026-12-16"},
		},
		{file: "N01-caseid-custom-prefix.xlsx", args: caseFlags[2:], exit: exitFaults, says: []string{
			"“清单”第2行A列（案件编号 caseid）",
			"显示为“呼市监处罚〔2026〕3号”，存的却是“3”",
		}},
		{
			file: "N03-pripid-dash-format.xlsx",
			bare: true,
			exit: exitFaults,
			says: []string{"“清单”第2行A列（市场主体身份代码 pripid）", "显示为“1501-0401”，存的却是“15010401”"},
		},
		{
			file: "N05-regno-php-precision14.xlsx",
			bare: true,
			exit: exitFaults,
			says: []string{"“清单”第2行B列（统一社会信用代码 uniscid）", "3.8020400046531E+14", "可能已经丢失"},
		},
		{file: "P01-main-part-workbook2.xlsx", bare: true, exit: exitOK, says: []string{"1 件 2 户，可报送 1", "核验提示：无"}},
		{
			file: "P04-root-names-workbook2-stale-workbook.xlsx",
			bare: true,
			exit: exitOK,
			says: []string{"1 件 1 户，可报送 1"},
		},
		{
			file: "P05-duplicate-part-names.xlsx",
			bare: true,
			exit: exitFaults,
			says: []string{"两个同名的部件“xl/worksheets/sheet1.xml”"},
		},
		{file: "S01-hidden-cases-sheet.xlsx", exit: exitFaults, says: []string{"工作表“案件”：该工作表被隐藏"}},
		{file: "S01-hidden-cases-sheet.xlsx", bare: true, exit: exitFaults, says: []string{"工作表“案件”：该工作表被隐藏"}},
		{file: "S04-zero-height-row.xlsx", bare: true, exit: exitFaults, says: []string{"“清单”第3行：该行被隐藏"}},
		{file: "S24-dup-list-sheets.xlsx", bare: true, exit: exitOK, says: []string{"工作表“清单 (2)”：该工作表也像清单", "未使用"}},
		{file: "S21-utf16-part.xlsx", bare: true, exit: exitOK, says: []string{"1 件 2 户，可报送 1", "核验提示：无"}},
		{
			file: "W21-legal-x000D.xlsx",
			bare: true,
			exit: exitFaults,
			says: []string{"“清单”第2行C列", "规则 616", "U+000D", "U+000A"},
		},
		{
			file: "Z04-one-row-500MB-zip-500KB.xlsx",
			bare: true,
			exit: exitFaults,
			says: []string{"“清单”第2行", "xl/worksheets/sheet1.xml", "超过256KiB"},
		},
	})
}
