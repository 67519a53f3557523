package firms

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register/extract"
	"diaoxiao/internal/receiver/registrar"
)

// UploadPath is the route that takes the files of an import.
const UploadPath = "/register/upload"

// MaxUpload bounds the files of one import together, in bytes.
const MaxUpload = 4 << 30

// mostFiles bounds how many they are, mostText the bytes of another field of the form.
const (
	mostFiles = 64
	mostText  = 200
)

// upload takes the files of an import, and begins its dry run.
func (d *depot) upload(q *page.Request) (page.Answer, error) {
	if j := d.current(); j != nil && j.busy() {
		return d.showRegister(q, form{}, errBusy)
	}
	j := &job{by: q.Who}
	f, err := d.receive(q, j)
	if err == nil {
		err = f.fill(&j.order)
	}
	if err == nil {
		err = d.begin(j)
	}
	if err != nil {
		j.drop()
		if errors.Is(err, intake.ErrInvalid) || errors.Is(err, intake.ErrExists) {
			return d.showRegister(q, f, err)
		}
		return nil, err
	}
	d.try(q, j)
	return page.Redirect("/register/imports/" + j.id), nil
}

// form is what the form has besides its files.
type form struct {
	AsOf, Kind, Base string
}

// fill has an order say what the form says.
func (f form) fill(o *registrar.Order) error {
	o.AsOf = f.AsOf
	switch {
	case len(o.Files) == 0:
		return intake.Invalid("请选择一个或几个文件（CSV或XLSX）")
	case f.AsOf == "":
		return intake.Invalid("请填写数据截止日")
	case f.Kind != "full" && f.Kind != "changes":
		return intake.Invalid("请选择文件是全量还是变更")
	case f.Kind == "full":
		return nil
	}
	base, err := strconv.ParseInt(f.Base, 10, 64)
	if err != nil || base <= 0 {
		return intake.Invalid("变更须写明以哪一份快照为基础（快照号“%s”）", f.Base)
	}
	o.Base = base
	return nil
}

// receive reads the form: the files go to the disk as they come.
func (d *depot) receive(q *page.Request, j *job) (f form, err error) {
	parts, err := q.Upload()
	if err != nil {
		return f, intake.Invalid("请选择一个或几个文件（CSV或XLSX）")
	}
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return f, uploadError(err)
		}
		if err := d.part(j, &f, p); err != nil {
			return f, uploadError(err)
		}
	}
}

func (d *depot) part(j *job, f *form, p *multipart.Part) error {
	into := map[string]*string{"asof": &f.AsOf, "kind": &f.Kind, "base": &f.Base}[p.FormName()]
	switch {
	case into != nil:
		b, err := io.ReadAll(io.LimitReader(p, mostText))
		*into = strings.TrimSpace(string(b))
		if err == nil && (!utf8.Valid(b) || strings.ContainsRune(*into, 0)) {
			err = intake.Invalid("填写的内容含有不能识别的字符，请重新输入")
		}
		return err
	case p.FormName() != "files" || p.FileName() == "":
		_, err := io.Copy(io.Discard, p)
		return err
	case len(j.files) == mostFiles:
		return intake.Invalid("一次最多%d个文件，请分几次，或者合并后再导入", mostFiles)
	}
	return d.file(j, p)
}

// file puts one file on the disk. It has no name there: when the process ends, it is gone.
func (d *depot) file(j *job, p *multipart.Part) error {
	to, err := os.CreateTemp(d.Spool, "register-")
	if err != nil {
		return err
	}
	os.Remove(to.Name()) // where open files cannot be removed, drop does it
	j.files = append(j.files, to)
	n, err := io.Copy(to, p)
	name := strings.ToValidUTF8(filepath.Base(strings.ReplaceAll(p.FileName(), `\`, "/")), "\uFFFD")
	j.order.Files = append(j.order.Files, extract.File{Name: name, In: to, Size: n})
	return err
}

// uploadError says what is wrong with an upload that did not come whole.
func uploadError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return intake.Invalid("文件合计超过%dGiB，请在服务器上用 diaoxiao register import 导入", MaxUpload>>30)
	}
	if errors.Is(err, intake.ErrInvalid) {
		return err
	}
	if _, ok := errors.AsType[*os.PathError](err); ok {
		return err // the disk
	}
	return intake.Invalid("文件没有传完，请重新上传")
}
