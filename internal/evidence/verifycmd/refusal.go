package verifycmd

import (
	"archive/zip"
	"errors"
	"fmt"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/papercode"
	"diaoxiao/internal/evidence/stamp"
)

// refusal says why a file proves nothing. The codes are documented in docs/evidence.md, and stay.
type refusal struct {
	Code  string `json:"code"`
	Text  string `json:"text"`            // for people
	Cause string `json:"cause,omitempty"` // for those who mend programs
}

// Refusal says in one line why a receipt proves nothing: what Policy.Verify or ParseReceipt failed with.
func Refusal(err error) string {
	r := refusalOf(err)
	if r.Cause != "" {
		r.Text += "；技术原因：" + r.Cause
	}
	return r.Text
}

// notConsistent marks the error of a proof of consistency.
type notConsistent struct{ error }

func (e notConsistent) Unwrap() error { return e.error }

func refusalOf(err error) (r refusal) {
	for _, of := range []func(error) (refusal, bool){refusedCodes, refusedPack, refusedStamps, refusedProof} {
		if r, ok := of(err); ok {
			r.Text = "不成立：" + r.Text
			return r
		}
	}
	return refusal{"not-receipt", "不成立：不是受理回执，或文件已损坏", causeOf(err)}
}

// causeOf is the text of an error on one line.
func causeOf(err error) string { return display.Plain(strings.ReplaceAll(err.Error(), "\n", "; ")) }

// refusedCodes says what is wrong with the codes of a paper.
func refusedCodes(err error) (refusal, bool) {
	missing, some := errors.AsType[*papercode.MissingError](err)
	switch {
	case some:
		return refusal{Code: "codes-missing",
			Text: fmt.Sprintf("二维码没有读全，缺第 %s 个", strings.Trim(fmt.Sprint(missing.Numbers), "[]"))}, true
	case errors.Is(err, papercode.ErrMixed):
		return refusal{Code: "codes-mixed", Text: "二维码来自不止一份回执，请分开读取"}, true
	case errors.Is(err, papercode.ErrLarge):
		return refusal{Code: "codes-large", Text: "二维码还原的文件过大，不是受理回执"}, true
	case errors.Is(err, papercode.ErrCode):
		return refusal{"codes-damaged", "二维码没有读对，或文字已被改动，请重新扫描", causeOf(err)}, true
	}
	return refusal{}, false
}

// refusedPack says what is wrong with a package.
func refusedPack(err error) (refusal, bool) {
	if f, ok := errors.AsType[packFaults](err); ok {
		return f.refusal(), true
	}
	for _, e := range []error{zip.ErrFormat, zip.ErrAlgorithm, zip.ErrChecksum} {
		if errors.Is(err, e) {
			return refusal{"package-damaged", "案卷包的 ZIP 文件已损坏", causeOf(err)}, true
		}
	}
	return refusal{}, false
}

// refusedStamps says why stamps prove nothing.
func refusedStamps(err error) (refusal, bool) {
	f, ok := errors.AsType[*stamp.Fault](err)
	if !ok {
		return refusal{}, false
	}
	r := map[stamp.Kind]refusal{
		stamp.Malformed:       {Code: "stamps-malformed", Text: "时间戳的格式或签名有误"},
		stamp.NotCovered:      {Code: "stamps-not-covered", Text: "时间戳不是这个检查点的，或者缺少、改动了其中的一个"},
		stamp.Untrusted:       {Code: "stamps-untrusted", Text: "时间戳机构的证书不是由信任的根证书签发的"},
		stamp.TooLate:         {Code: "stamps-late", Text: "续期之前时间戳的证书已经过期，或最后一个时间戳的证书现在已经过期"},
		stamp.AlgorithmBroken: {Code: "stamps-broken", Text: "时间戳续期之前算法已不可靠，或现在已不可靠"},
	}[f.Kind]
	r.Cause = causeOf(f.Err)
	return r, true
}

// refusedProof says what of a receipt or a proof of consistency does not hold.
func refusedProof(err error) (r refusal, ok bool) {
	f, ok := errors.AsType[*evidence.Fault](err)
	if !ok {
		return refusal{}, false
	}
	_, consistency := errors.AsType[notConsistent](err)
	switch {
	case errors.Is(err, evidence.ErrWitness):
		return refusal{Code: "witnesses", Text: "检查点缺少信任策略要求的见证方签名"}, true
	case errors.Is(err, evidence.ErrRepeated):
		return refusal{Code: "repeated", Text: "检查点中有同一密钥的不止一个签名"}, true
	case errors.Is(err, evidence.ErrRetired):
		return refusal{Code: "retired", Text: "检查点由已经更换的密钥签署，而其项数超过更换时的检查点"}, true
	case errors.Is(err, evidence.ErrUntrusted):
		return refusal{Code: "untrusted", Text: "检查点的签名不成立，或不是信任策略中的密钥所签"}, true
	case consistency && f.Part == evidence.PartLeaf:
		return refusal{"consistency", "两个检查点不是同一存证日志的，或其间的日志并非只增不改", causeOf(f.Err)}, true
	}
	r = map[evidence.Part]refusal{
		evidence.PartCheckpoint: {Code: "signature", Text: "检查点的签名不成立，或检查点已损坏"},
		evidence.PartLeaf:       {Code: "leaf", Text: "所证明的内容不在该检查点的存证日志中"},
		evidence.PartForm:       {Code: "form", Text: "内容的格式不是本程序所知的"},
		evidence.PartShown:      {Code: "shown", Text: "所出示的内容与存证日志中的记录不一致"},
	}[f.Part]
	r.Cause = causeOf(f.Err)
	return r, true
}
