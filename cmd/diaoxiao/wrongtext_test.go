package main

import "testing"

// TestWrongText: lists in CSV and JSON.
func TestWrongText(t *testing.T) {
	checkWrongFiles(t, []wrongFile{
		{
			file: "F01-pripid-java-bigdecimal.csv",
			bare: true,
			exit: exitFaults,
			says: []string{"第2行A列", "“150104000022017069809664”", "双精度", "第3行A列", "可报送 0"},
		},
		{
			file: "F02-pripid-excel15-then-bigdecimal.csv",
			bare: true,
			exit: exitFaults,
			says: []string{"第2行A列", "“150104000022017002700800”", "可报送 0"},
		},
		{
			file: "F04-pripid-int64-overflow.csv",
			bare: true,
			exit: exitFaults,
			says: []string{"第2行A列", "“-9223372036854775808”", "可报送 0"},
			not:  []string{"第3行A列"},
		},
		{
			file: "F09-pripid-bigdecimal-text.xlsx",
			bare: true,
			exit: exitFaults,
			says: []string{"第2行A列", "“150104000022017069809664”", "可报送 0"},
		},
		{
			file: "JS11-jsfloat.json",
			exit: exitFaults,
			says: []string{"penaltylist[0].pripid", "“150104000022017069809664”", "可报送 0"},
		},
		{
			file: "K02-caseid-java-double.csv",
			exit: exitFaults,
			says: []string{"第2行A列", "“2.0260316001E10”", "科学记数", "可报送 0"},
		},
		{
			file: "N05-regno-php-precision14.xlsx",
			bare: true,
			exit: exitFaults,
			says: []string{"第2行B列", "3.8020400046531E+14", "存疑 1 处"},
		},

		{
			file: "E02b-mixed-gbk-one-utf8-row.csv",
			bare: true,
			exit: exitFaults,
			says: []string{"第42行", "UTF-8", "“张伟”", "存疑 1 处", "第42行C列  规则 615"},
		},
		{file: "E32-40.csv", bare: true, exit: exitFaults, says: []string{"E32-40.csv 第42行", "有效的 GB18030"}},
		{
			file: "E32-100.csv",
			bare: true,
			exit: exitFaults,
			says: []string{"E32-100.csv 第102行", "有效的 GB18030", "检查：0 件"},
		},
		{
			file: "E01-legal-mojibake-utf8-as-gbk.csv",
			bare: true,
			exit: exitFaults,
			says: []string{"第2行C列  规则 615", "第3行C列  规则 615"},
		},
		{
			file: "E07-cr-only.csv",
			bare: true,
			exit: exitOK,
			says: []string{"第3行  身份代码 150103000022004041376942", "可报送 1"},
		},
		{file: "E15-repeated-header.csv", bare: true, exit: exitFaults, says: []string{"第3行：该行是重复的标题行", "可报送 0"}},
		{
			file: "E18-xls-named-tsv.xls",
			bare: true,
			exit: exitOK,
			says: []string{"150104000022017071732290", "内容却是文本", "不要用 Excel 打开后另存", "可报送 1"},
		},
		{
			file: "S28-html-as.xls",
			bare: true,
			exit: exitFaults,
			says: []string{"网页", "原系统重新导出", "不要用 Excel 或 WPS 打开后另存"},
		},
		{
			file: "S09-seqno-prefilled.xlsx",
			bare: true,
			exit: exitFaults,
			says: []string{"第4行至第30行共27行", "序号"},
			not:  []string{"14008", "第5行"},
		},
		{
			file: "E25-new-excel-errors.csv",
			bare: true,
			exit: exitFaults,
			says: []string{"第2行C列", "错误值 #FIELD!", "第3行C列", "错误值 #BUSY!"},
		},
		{file: "H04-heads.csv", bare: true, exit: exitOK, says: []string{"法定代表人 赵二娃", "可报送 1"}},
		{file: "L24-header-zwnbsp.csv", bare: true, exit: exitOK, says: []string{"可报送 1"}},

		{file: "U01-beside-no-heading.csv", bare: true, exit: exitFaults, says: []string{"第2行E列", "“不报送”", "存疑 1 处"}},

		{
			file: "W22-tab-on-entity-columns.csv",
			bare: true,
			exit: exitOK,
			says: []string{"第2行A列", "第2行C列（法定代表人（负责人） legal）：首尾的制表符", "第2行D列", "法定代表人 赵二娃  类型 1151\n"},
		},
		{
			file: "W11-tab-on-every-column.csv",
			exit: exitOK,
			says: []string{"第2行F列（处罚决定日期 penaltydate）：首尾的制表符", "处罚决定日期 2026-03-16  ", "法定代表人 赵二娃  "},
		},
		{
			file: "W12-apostrophe-on-every-column.csv",
			exit: exitOK,
			says: []string{"第2行F列（处罚决定日期 penaltydate）：开头的撇号", "处罚决定日期 2026-03-16  ", "法定代表人 赵二娃  "},
		},
		{file: "D201-datetext.csv", exit: exitOK, says: []string{"第2行F列", "U+0020", "处罚决定日期 2026-03-16  "}},
		{
			file: "W13-space-after-comma-quoted.csv",
			bare: true,
			exit: exitOK,
			says: []string{"第2行C列", "引号外的空白", "信用代码 91150104MA0N967166  法定代表人 赵二娃  类型 1151\n"},
		},
		{
			file: "W10-padded-columns.csv",
			bare: true,
			exit: exitFaults,
			says: []string{"第2行A列  规则 609", "第2行B列  规则 104", "第2行C列  规则 616", "第2行D列  规则 304"},
		},
		{
			file: "W14-legal-nbsp-zwsp.csv",
			bare: true,
			exit: exitFaults,
			says: []string{"第2行C列  规则 616", "U+00A0", "第3行C列  规则 616", "U+200B"},
		},
		{
			file: "W17-legal-html-entity.csv",
			bare: true,
			exit: exitFaults,
			says: []string{"第2行C列  规则 615", "第3行C列  规则 615", "网页字符转义"},
		},
		{
			file: "W18-legal-mysql-null.csv",
			bare: true,
			exit: exitFaults,
			says: []string{"第2行C列  规则 611", "第3行C列  规则 611"},
		},
		{file: "W20-legal-crlf-x000D.csv", bare: true, exit: exitFaults, says: []string{"第2行C列  规则 615", "工作簿字符转义"}},
		{file: "L01-legal.csv", bare: true, exit: exitFaults, says: []string{"第2行C列  规则 611"}},
		{file: "L03-legal.csv", bare: true, exit: exitFaults, says: []string{"第2行C列  规则 611"}},
		{file: "L05-legal.csv", bare: true, exit: exitFaults, says: []string{"第2行C列  规则 611"}},
		{file: "L07-legal.csv", bare: true, exit: exitFaults, says: []string{"第2行C列  规则 611"}},
		{file: "L08-legal.csv", bare: true, exit: exitFaults, says: []string{"第2行C列  规则 611"}},
		{file: "L21-legal-latin1-mojibake.csv", bare: true, exit: exitFaults, says: []string{"第2行C列  规则 615"}},
		{file: "L23-legal-tangtang.csv", bare: true, exit: exitFaults, says: []string{"第2行C列  规则 615"}},
	})
}
