package console_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/register/planted"
)

// csvOf is an extract with some firms.
func csvOf(firms ...register.Firm) string {
	var b bytes.Buffer
	if err := planted.WriteCSV(&b, slices.Values(firms)); err != nil {
		panic(err)
	}
	return b.String()
}

// upload sends a form with files as a browser does: names and contents by turns.
func (v *visitor) upload(fields []string, files ...string) answer {
	v.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		v.must(w.WriteField(fields[i], fields[i+1]))
	}
	for i := 0; i < len(files); i += 2 {
		p, err := w.CreateFormFile("files", files[i])
		v.must(err)
		_, err = p.Write([]byte(files[i+1]))
		v.must(err)
	}
	v.must(w.Close())
	r, err := http.NewRequest("POST", v.house.console.URL+"/console/register/upload", &b)
	v.must(err)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return v.request(r)
}

// awaits asks for a page until it reads one of the texts, as it asks for itself.
func (v *visitor) awaits(path string, wants ...string) string {
	v.Helper()
	for begin := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		a := v.do("GET", path, nil)
		p := text(a.Body)
		for _, want := range wants {
			if strings.Contains(p, want) {
				return p
			}
		}
		if a.Header.Get("Refresh") == "" || time.Since(begin) > time.Minute {
			v.Fatalf("%s: none of %q in %s", path, wants, p)
		}
	}
}

var full = []string{"asof", "2026-11-20", "kind", "full"}

// An extract that is uploaded is tried first, with its columns and first rows; after consent it is the register. Far
// fewer rows, and an earlier day, need a consent of their own. Names are masked.
func TestExtractIsUploaded(t *testing.T) {
	h := openHouse(t)
	fs := ordinary(50)
	admin := h.enter(intake.SystemAdmin, "admin")
	has(t, text(admin.see("/register")), "还没有导入主体库", "请在下面导入")
	a := admin.upload(full, "主体1.csv", csvOf(fs[:30]...), "主体2.csv", csvOf(fs[30:]...))
	if a.Status != 303 {
		t.Fatalf("%d %s", a.Status, text(a.Body))
	}
	p := admin.awaits(a.Location, "确认导入")
	has(t, p, "主体1.csv", "entname 名称", "lerep 法定代表人", fs[0].Name, "50行；还没有主体库", fs[30].UniscID)
	if strings.Contains(p, fs[0].Legal) && len([]rune(fs[0].Legal)) > 1 {
		t.Errorf("the name is whole: %s", p)
	}
	has(t, text(admin.see("/register")), "正在进行或者等待确认")
	admin.post(a.Location + "/start")
	has(t, admin.awaits(a.Location, "导入完成"), "主体库已换为快照1，共50户")
	has(t, text(admin.see("/register")), "主体库快照1，数据截止日2026-11-20", "主体1.csv", "系统管理员admin（admin）")
	a = admin.upload([]string{"asof", "2026-10-01", "kind", "full"}, "少.csv", csvOf(fs[:9]...))
	has(t, admin.awaits(a.Location, "确认导入"), "文件只有9行，比当前主体库的50户少得多", "早于当前主体库的2026-11-20")
	for _, consent := range [][]string{nil, {"fewer", "1"}, {"older", "1"}} {
		if r := admin.do("POST", a.Location+"/start", form(consent...)); r.Status != 400 ||
			!strings.Contains(text(r.Body), "须勾选确认") {
			t.Errorf("%q: %d %s", consent, r.Status, text(r.Body))
		}
	}
	admin.post(a.Location+"/start", "fewer", "1", "older", "1")
	has(t, admin.awaits(a.Location, "导入完成"), "快照2，共9户")
	one := fs[0]
	one.Name = "内蒙古改名有限公司"
	changes := strings.Replace(csvOf(one), "pripid,", "变更标记,pripid,", 1)
	changes = strings.Replace(changes, "\n"+one.PripID, "\nU,"+one.PripID, 1)
	a = admin.upload([]string{"asof", "2026-11-21", "kind", "changes", "base", "2"}, "变更.csv", changes)
	admin.awaits(a.Location, "确认导入")
	admin.post(a.Location + "/start")
	has(t, admin.awaits(a.Location, "导入完成", "没有导入"), "快照3，共9户")
	has(t, text(h.enter(intake.Clerk, "clerk").see("/firms?q=改名")), "内蒙古改名有限公司")
	has(t, text(h.enter(intake.Auditor, "auditor").see("/audit")), "导入主体库")
}

// A fault of a file is said by file, row and column, and the register stays; so it does after a cancellation, and
// after a restart that ended an import.
func TestUploadThatIsNotTakenIn(t *testing.T) {
	h := openHouse(t)
	fs := ordinary(20)
	h.importRegister("2026-11-20", fs...)
	admin := h.enter(intake.SystemAdmin, "admin")
	good := csvOf(fs...)
	for name, c := range map[string]struct {
		fields []string
		files  []string
		want   string
	}{
		"no file": {full, nil, "请选择一个或几个文件"},
		"no day":  {[]string{"kind", "full"}, []string{"a.csv", good}, "请填写数据截止日"},
		"no kind": {[]string{"asof", "2026-11-21"}, []string{"a.csv", good}, "全量还是变更"},
		"no base": {[]string{"asof", "2026-11-21", "kind", "changes", "base", "x"}, []string{"a.csv", good},
			"快照号“x”"},
		"hostile":   {[]string{"asof", "\xff\x00", "kind", "full"}, []string{"a.csv", good}, "不能识别的字符"},
		"many":      {full, slices.Repeat([]string{"a.csv", "x"}, 65), "最多64个文件"},
		"many text": {[]string{"asof", strings.Repeat("<b>", 9000), "kind", ""}, []string{"a.csv", good}, "全量还是变更"},
	} {
		if a := admin.upload(c.fields, c.files...); a.Status != 400 || !strings.Contains(text(a.Body), c.want) {
			t.Errorf("%s: %d %s", name, a.Status, text(a.Body))
		}
	}
	for name, c := range map[string]struct {
		day, content string
		want         []string
	}{
		"destroyed digits": {"2026-11-21", strings.Replace(good, fs[3].UniscID, "9.11E+17", 1),
			[]string{"a.csv", "第5行"}},
		"no table":      {"2026-11-21", "什么都不是", []string{"a.csv"}},
		"a day to come": {"2027-01-01", good, []string{"将来"}},
	} {
		a := admin.upload([]string{"asof", c.day, "kind", "full"}, "../../a.csv", c.content)
		p := admin.awaits(a.Location, "不能导入", "没有导入", "试读结果")
		has(t, p, c.want...)
		if strings.Contains(p, "确认导入") || strings.Contains(p, "..") {
			t.Errorf("%s: %s", name, p)
		}
		if r := admin.do("POST", a.Location+"/start", form()); r.Status != 303 {
			t.Errorf("%s: %d", name, r.Status)
		}
		admin.awaits(a.Location, "返回")
	}
	a := admin.upload(full, "a.csv", good)
	admin.awaits(a.Location, "确认导入")
	admin.post(a.Location + "/cancel")
	has(t, admin.awaits(a.Location, "没有导入"), "导入已取消，主体库没有改变")
	has(t, text(admin.see("/register/imports/GONE")), "服务在此期间重新启动过", "主体库快照1，")
	again := openHouseOver(t, h.store)
	v := again.stranger()
	v.token = admin.token
	v.present()
	has(t, text(v.see(a.Location)), "没有这一次导入", "主体库快照1，数据截止日2026-11-20")
	has(t, text(admin.see("/register")), "主体库快照1，")
}

// There is one import at a time, it can be cancelled at work, and the end of the server ends it: nothing is taken in.
func TestOneImportAtATime(t *testing.T) {
	hold := make(chan struct{})
	life, end := context.WithCancel(t.Context())
	h := openHouse(t, func(c *console.Config) {
		c.Background = func(f func(context.Context)) { go func() { held(hold, life, f) }() }
	})
	fs := ordinary(20)
	admin, second := h.enter(intake.SystemAdmin, "admin"), h.enter(intake.SystemAdmin, "second")
	began := make(chan answer)
	go func() { began <- admin.upload(full, "a.csv", csvOf(fs...)) }()
	for busy := false; !busy; {
		busy = strings.Contains(second.see("/register"), "正在进行或者等待确认")
	}
	if a := second.upload(full, "b.csv", csvOf(fs...)); a.Status != 409 ||
		!strings.Contains(text(a.Body), "另一次导入正在进行") {
		t.Errorf("a second import: %d %s", a.Status, text(a.Body))
	}
	close(hold)
	a := <-began
	admin.awaits(a.Location, "确认导入")
	end()
	admin.post(a.Location + "/start")
	has(t, admin.awaits(a.Location, "没有导入"), "导入已取消，主体库没有改变")
	has(t, text(admin.see("/register")), "还没有导入主体库")
}

// held runs f once hold is closed.
func held(hold chan struct{}, ctx context.Context, f func(context.Context)) { <-hold; f(ctx) }

// Nobody else's page, and nobody without the right, uploads anything; a form that is not one of files stays small.
func TestUploadIsGuarded(t *testing.T) {
	h := openHouse(t)
	admin, clerk := h.enter(intake.SystemAdmin, "admin"), h.enter(intake.Clerk, "clerk")
	if a := clerk.upload(full, "a.csv", csvOf(ordinary(3)...)); a.Status != 403 {
		t.Errorf("a clerk: %d", a.Status)
	}
	if a := h.stranger().upload(full, "a.csv", csvOf(ordinary(3)...)); a.Status != 303 ||
		!strings.HasPrefix(a.Location, "/login") {
		t.Errorf("a stranger: %d %s", a.Status, a.Location)
	}
	for path, kind := range map[string]string{"/register/upload": "application/x-www-form-urlencoded",
		"/register/imports/x/start": "multipart/form-data; boundary=x"} {
		r, err := http.NewRequest("POST", admin.house.console.URL+"/console"+path,
			strings.NewReader("a="+strings.Repeat("x", 1<<20)))
		h.must(err)
		r.Header.Set("Content-Type", kind)
		if a := admin.request(r); a.Status != 400 && a.Status != 303 {
			t.Errorf("%s: %d %s", path, a.Status, text(a.Body))
		}
	}
	r, err := http.NewRequest("POST", admin.house.console.URL+"/console/register/upload", strings.NewReader(""))
	h.must(err)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if a := admin.request(r); a.Status != 403 {
		t.Errorf("from another site: %d", a.Status)
	}
	if n := strings.Count(fmt.Sprint(text(admin.see("/register"))), "还没有导入主体库"); n != 1 {
		t.Errorf("%d", n)
	}
}

// An upload may take longer than a server gives to forms, as long as something comes.
func TestUploadTakesItsTime(t *testing.T) {
	h := openHouse(t)
	admin := h.enter(intake.SystemAdmin, "admin")
	brief := httptest.NewUnstartedServer(h.console.Config.Handler)
	brief.Config.ReadTimeout, brief.Config.WriteTimeout = time.Second, time.Second
	brief.StartTLS()
	defer brief.Close()
	body, to := io.Pipe()
	w := multipart.NewWriter(to)
	go func() {
		w.WriteField("asof", "2026-11-20")
		w.WriteField("kind", "full")
		p, _ := w.CreateFormFile("files", "a.csv")
		for line := range strings.Lines(csvOf(ordinary(11)...)) {
			time.Sleep(110 * time.Millisecond)
			io.WriteString(p, line)
		}
		to.CloseWithError(w.Close())
	}()
	r, err := http.NewRequest("POST", brief.URL+"/console/register/upload", body)
	h.must(err)
	r.Header.Set("Content-Type", w.FormDataContentType())
	a := admin.request(r)
	if a.Status != 303 {
		t.Fatalf("%d %s", a.Status, text(a.Body))
	}
	has(t, admin.awaits(a.Location, "确认导入"), "11行")
}

// An administrator chooses a file, looks at what was read of it, and imports it; the page goes on by itself.
func TestWalkImport(t *testing.T) {
	h := openHouse(t)
	path := filepath.Join(t.TempDir(), "主体库.csv")
	h.must(os.WriteFile(path, []byte(csvOf(ordinary(12)...)), 0o600))
	s := h.sit(intake.SystemAdmin, "admin")
	s.open("/register")
	s.do("choose a file", chromedp.SetUploadFiles(chromedp.CSS("#files"), []string{path}))
	s.choose("数据截止日", "2026-11-20")
	s.press("上传并试读")
	s.until("确认导入")
	s.reads("主体库.csv", "各列的识别", "12行")
	s.press("确认导入")
	s.until("导入完成")
	s.reads("主体库已换为快照1，共12户")
}

// until waits for a page that asks again by itself to read a text.
func (s *screen) until(want string) {
	s.Helper()
	for begin := time.Now(); time.Since(begin) < time.Minute; time.Sleep(50 * time.Millisecond) {
		if strings.Contains(evaluate[string](s, "document.body ? document.body.innerText : ''"), want) {
			return
		}
	}
	s.Fatalf("%q does not come: %s", want, s.read())
}
