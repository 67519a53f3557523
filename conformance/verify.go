package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Errors of Verify.
var (
	ErrNotReport = errors.New("不是检查报告")
	ErrAltered   = errors.New("报告被改动过")
	// ErrOtherTool: the results are whole, but whether the page shows them only the version that wrote it can tell.
	ErrOtherTool = errors.New("页面由另一版本生成，无法核对页面的文字")
)

// Verify reads a report, JSON or page, and holds it to its digest; of a page also that it shows what its results say.
// tool is what this program writes into reports.
func Verify(file []byte, tool string) (Report, error) {
	data, isPage := file, bytes.HasPrefix(bytes.TrimSpace(file), []byte("<"))
	if isPage {
		data = embedded(file)
	}
	var r Report
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil || r.Digest == "" || d.More() {
		return Report{}, ErrNotReport
	}
	if r.Sum() != r.Digest {
		return r, fmt.Errorf("%w：结果的摘要为 %s，报告上写的是 %s", ErrAltered, r.Sum(), r.Digest)
	}
	if !isPage {
		return r, nil
	}
	var page bytes.Buffer
	if err := r.WritePage(&page); err != nil || bytes.Equal(page.Bytes(), file) {
		return r, err
	}
	if r.Tool != tool {
		return r, fmt.Errorf("%w：%s", ErrOtherTool, r.Tool)
	}
	return r, fmt.Errorf("%w：页面的文字与其中的结果不符", ErrAltered)
}

// embedded is the JSON within a page.
func embedded(page []byte) []byte {
	_, rest, _ := bytes.Cut(page, []byte(`<script type="application/json" id="report">`))
	data, _, _ := bytes.Cut(rest, []byte("</script>"))
	return data
}
