package console_test

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

var rewrite = flag.Bool("rewrite", false, "make the pictures of docs/console anew")

const pictures = "../../../docs/console"

// The pictures of docs/console.zh-CN.md are of the console as it is; each is small enough to be in the repository.
func TestPictures(t *testing.T) {
	if *rewrite {
		takePictures(t)
	}
	shown, err := os.ReadFile("../../../docs/console.zh-CN.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(pictures, "*.png"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if !strings.Contains(string(shown), "](console/"+filepath.Base(f)+")") {
			t.Errorf("%s is not shown in the document", f)
		}
		if i, err := os.Stat(f); err != nil || i.Size() > 150_000 {
			t.Errorf("%s: %d bytes (%v)", f, i.Size(), err)
		}
	}
}

// picture saves what is seen, in at most 256 colours.
func (s *screen) picture(name string) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	s.must(err)
	seen, err := png.Decode(bytes.NewReader(shot))
	s.must(err)
	var b bytes.Buffer
	s.must((&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, paletted(seen)))
	s.must(os.MkdirAll(pictures, 0o755))
	s.must(os.WriteFile(filepath.Join(pictures, name+".png"), b.Bytes(), 0o644))
}

// paletted paints a picture with the 256 colours it has most of, and for any other the nearest of them.
func paletted(seen image.Image) *image.Paletted {
	count := make(map[color.RGBA]int)
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(seen.At(x, y)).(color.RGBA) }
	for y := range seen.Bounds().Dy() {
		for x := range seen.Bounds().Dx() {
			count[at(x, y)]++
		}
	}
	var all color.Palette
	for c := range count {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.Color) int {
		p, q := a.(color.RGBA), b.(color.RGBA)
		return cmp.Or(count[q]-count[p], int(p.R)-int(q.R), int(p.G)-int(q.G), int(p.B)-int(q.B))
	})
	painted := image.NewPaletted(seen.Bounds(), all[:min(len(all), 256)])
	index := make(map[color.RGBA]uint8)
	for c := range count {
		index[c] = uint8(painted.Palette.Index(c))
	}
	for y := range seen.Bounds().Dy() {
		for x := range seen.Bounds().Dx() {
			painted.SetColorIndex(x, y, index[at(x, y)])
		}
	}
	return painted
}

// aRegion has three senders and the cases of a few weeks.
func aRegion(t *testing.T) (h *house, accepted []string) {
	h = openHouse(t)
	h.clock.Store(int64(-21 * 24 * time.Hour))
	var senders []*sender
	for _, name := range []string{"呼和浩特市局行政处罚系统", "包头市局行政处罚系统", "呼伦贝尔市局执法办案平台"} {
		senders = append(senders, h.admit(name))
	}
	for n := range 66 {
		s := senders[n*n%len(senders)]
		h.wait(7 * time.Hour)
		s.login()
		accepted = append(accepted, s.send(regionalCase(n, h.now())))
		if n%17 == 0 {
			s.call(api.Receive, "?access_token="+s.token, `{"caseid":"呼市监处罚〔2026〕9号","penaltydate":"2026年3月5日"}`)
		}
		h.recordCalls()
	}
	h.clock.Store(0)
	h.importRegister("2026-11-20", regionalFirms()...)
	senders[0].call(api.Receive, "?access_token="+senders[0].token, "{}")
	h.verify()
	h.recordCalls()
	return h, accepted
}

func regionalCase(n int, now time.Time) api.Case {
	org := []string{"呼和浩特市市场监督管理局", "包头市市场监督管理局", "呼伦贝尔市市场监督管理局"}[n*n%3]
	word := []string{"呼", "包", "呼伦"}[n*n%3]
	legals := []string{"阿拉坦仓", "王建军", "苏日娜", "李秀英", "巴特尔", "张伟", "乌云其木格", "刘洋", "斯琴高娃", "赵敏"}
	c := api.Case{CaseID: fmt.Sprintf("%s市监处罚〔2026〕%d号", word, 120+n),
		CaseName:         fmt.Sprintf("%s经营部等企业长期停业未经营案", legals[n%len(legals)]),
		CaseIntroduction: "连续两年未报送年度报告，通过登记的住所无法联系，未在税务机关申报纳税。", Illegality: "公司成立后无正当理由自行停业连续六个月以上",
		Penalty: "吊销营业执照", PenaltyDate: now.AddDate(0, 0, -n%16).Format(time.DateOnly), PenaltyOrg: org}
	c.PenaltyList = firms(n*31, 3+n*7%23)
	if n == 4 { // some firms that the next case has, too
		c.PenaltyList = firms(5*31, 3)
	}
	return c
}

// regionalFirms are what the register has of the firms of regional cases: nearly all, some with other values.
func regionalFirms() (fs []register.Firm) {
	all := ordinary(500)
	seen := make(map[string]bool)
	for n := range 66 {
		for i, e := range regionalCase(n, opening).PenaltyList {
			f := all[len(fs)%len(all)]
			f.PripID, f.UniscID, f.Legal, f.EntType, f.RegNo = e.PripID, e.UniscID, e.Legal, e.EntType, ""
			switch {
			case seen[e.PripID] || (n+i)%23 == 5:
				continue
			case (n+i)%19 == 3:
				f.Legal = "王建国"
			case (n+i)%29 == 4:
				f.State, f.StateText, f.Approved = register.Revoked, "吊销，未注销", "2021-06-30"
			case strings.ContainsAny(f.UniscID, "O?"):
				f.UniscID = unisc(n*31 + i)
			}
			seen[e.PripID] = true
			fs = append(fs, f)
		}
	}
	return fs
}

// provincialCase is a case of the province.
func provincialCase(n int, now time.Time) api.Case {
	c := regionalCase(n, now)
	c.CaseID, c.CaseName = fmt.Sprintf("呼市监处罚〔%d〕%05d号", 2026+n/10_000, n), fmt.Sprintf("企业第%d户等长期停业未经营案", n)
	c.PenaltyList = firms(n*provinceItems, provinceItems)
	return c
}

// firms are some of those there are, of which a few are written wrongly.
func firms(from, n int) (list []api.Entity) {
	legals := []string{"阿拉坦仓", "王建军", "苏日娜", "李秀英", "巴特尔", "张伟", "乌云其木格", "刘洋", "斯琴高娃", "赵敏"}
	types := []string{"1151", "1130", "1110", "2130"}
	for k := from; k < from+n; k++ {
		e := api.Entity{PripID: fmt.Sprintf("1501%04d%016d", k%9000, k*7919), UniscID: unisc(k),
			Legal: legals[k%len(legals)], EntType: types[k%len(types)]}
		if k%97 == 0 {
			e.UniscID = strings.Replace(e.UniscID, "0", "O", 1)
		}
		if k%101 == 0 {
			e.UniscID = e.UniscID[:17] + "?"
		}
		list = append(list, e)
	}
	return list
}

// unisc is a credit code that checks.
func unisc(k int) string {
	org := fmt.Sprintf("%08d", k*61517%100_000_000)
	code := fmt.Sprintf("91150%d%02d", k%9, 1+k%20) + org + string(rules.OrgCodeCheck(org))
	return code + string(rules.CreditCodeCheck(code))
}

// takePictures goes through the main pages.
func takePictures(t *testing.T) {
	h, accepted := aRegion(t)
	doubted := accepted[65]
	root := intake.Actor("cli:root")
	h.must(h.AddNote(t.Context(), root, doubted, "已电话联系报送单位核实，等待回复。"))
	shoot := func(role intake.Role, name string, paths map[string]string) {
		s := h.sit(role, name)
		s.resize([2]int64{1366, 700})
		for file, path := range paths {
			s.open(path)
			s.picture(file)
		}
	}
	shoot(intake.Clerk, "wulan", map[string]string{"overview": "/overview",
		"entities": "/entities?kind=uniscid&value=" + firms(5*31, 3)[1].UniscID, "cases": "/cases",
		"case": "/cases/" + doubted, "list": "/cases/" + doubted + "?only=found#list", "calls": "/calls",
		"errors": "/calls/errors", "firms": "/firms?q=" + url.QueryEscape("有限公司")})
	shoot(intake.SystemAdmin, "bao", map[string]string{"apps": "/apps", "operators": "/operators",
		"register": "/register"})
	shoot(intake.SecurityAdmin, "meng", map[string]string{"visits": "/visits", "policies": "/policies"})
	shoot(intake.Auditor, "qi", map[string]string{"audit": "/audit"})
	s := h.browse()
	link, err := h.ResetOperator(t.Context(), intake.Actor("cli:root"), "wulan")
	h.must(err)
	s.follow(link)
	s.picture("setup")
	s.open("/login")
	s.picture("login")
}
