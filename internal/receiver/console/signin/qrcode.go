package signin

import (
	"html/template"
	"strconv"
	"strings"

	"rsc.io/qr"
)

// qrCode draws a text as SVG, which the page's policy allows where an image from elsewhere would not be.
func qrCode(text string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	const border = 4
	side := strconv.Itoa(code.Size + 2*border)
	b.WriteString(`<svg class="qr" viewBox="0 0 ` + side + ` ` + side +
		`" role="img" aria-label="动态口令二维码" shape-rendering="crispEdges"><rect width="` + side + `" height="` + side +
		`" fill="#fff"/><path fill="#000" d="`)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				b.WriteString("M" + strconv.Itoa(x+border) + " " + strconv.Itoa(y+border) + "h1v1h-1z")
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String()), nil
}
