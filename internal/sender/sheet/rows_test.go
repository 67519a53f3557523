package sheet

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestRows(t *testing.T) {
	const text = "案号,受理号\r\n\r\n第一件,=\"01\"\r\n\"甲,\n乙\"\r\n , \r\n末,'1"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"UTF-8":             text,
		"UTF-8 with a mark": "\uFEFF" + text,
		"GBK":               gbk,
		"UTF-16":            encoded(binary.LittleEndian, text),
	} {
		var got []string
		for row, err := range Rows(strings.NewReader(file), "d/l.csv") {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got = append(got, row.Place.String()+"："+strings.Join(row.Cells, "|"))
		}
		want := []string{"l.csv 第1行：案号|受理号", "l.csv 第3行：第一件|=\"01\"", "l.csv 第4行：甲,\n乙", "l.csv 第6行：末|'1"}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
