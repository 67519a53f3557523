package main

import "testing"

// TestWrongText: lists in CSV and JSON.
func TestWrongText(t *testing.T) {
	checkWrongFiles(t, []wrongFile{
		{file: "F01-pripid-java-bigdecimal.csv", bare: true, exit: exitFaults, says: []string{"第2行A列", "“150104000022017069809664”", "双精度", "第3行A列", "可报送 0"}},
		{file: "F02-pripid-excel15-then-bigdecimal.csv", bare: true, exit: exitFaults, says: []string{"第2行A列", "“150104000022017002700800”", "可报送 0"}},
		{file: "F04-pripid-int64-overflow.csv", bare: true, exit: exitFaults, says: []string{"第2行A列", "“-9223372036854775808”", "可报送 0"}, not: []string{"第3行A列"}},
		{file: "F09-pripid-bigdecimal-text.xlsx", bare: true, exit: exitFaults, says: []string{"第2行A列", "“150104000022017069809664”", "可报送 0"}},
		{file: "JS11-jsfloat.json", exit: exitFaults, says: []string{"penaltylist[0].pripid", "“150104000022017069809664”", "可报送 0"}},
		{file: "K02-caseid-java-double.csv", exit: exitFaults, says: []string{"第2行A列", "“2.0260316001E10”", "科学记数", "可报送 0"}},
		{file: "N05-regno-php-precision14.xlsx", bare: true, exit: exitFaults, says: []string{"第2行B列", "3.8020400046531E+14", "存疑 1 处"}},
		{file: "L24-header-zwnbsp.csv", bare: true, exit: exitOK, says: []string{"可报送 1"}},
	})
}
