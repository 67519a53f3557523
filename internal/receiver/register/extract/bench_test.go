package extract_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/register/extract"
)

// manyRows is an extract of n honest firms in CSV, with the columns that registers have besides.
func manyRows(n int) []byte {
	var b bytes.Buffer
	b.WriteString("主体身份代码,统一社会信用代码,注册号,名称,法定代表人,企业类型,登记状态,登记机关,成立日期,核准日期,住所,经营范围\n")
	for i := range n {
		fmt.Fprintf(&b, "%s,%s,%s,内蒙古第%d号商贸有限责任公司,乌云其木格,1130,存续（在营、开业、在册）,",
			pripIDOf(i), codeOf(i),
			regNoOf(i), i)
		fmt.Fprintf(&b, "呼和浩特市新城区市场监督管理局,20%02d-%02d-%02d,2024-05-06,新城区某街%d号,日用百货销售\n",
			i%25, i%12+1,
			i%28+1, i)
	}
	return b.Bytes()
}

func BenchmarkLook(b *testing.B) {
	const rows = 200_000
	data := manyRows(rows)
	b.ReportAllocs()
	for b.Loop() {
		p, err := extract.Look(b.Context(), []extract.File{csvFile("主体库.csv", data)}, extract.Options{})
		if err != nil || len(p.Problems) > 0 {
			b.Fatal(err, p.Problems)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}

func csvFile(name string, data []byte) extract.File {
	return extract.File{Name: name, In: bytes.NewReader(data), Size: int64(len(data))}
}

func textFile(name, text string) extract.File {
	return csvFile(name, []byte(strings.TrimLeft(text, "\n")))
}
