package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"diaoxiao/api"
	"diaoxiao/internal/charset"
	"diaoxiao/internal/receiver/intake"
)

// receive answers clause 3.2.
func (d *door) receive(e *exchange) api.Answer {
	who, err := d.identify(e, d.Desk.Recognise)
	in := intake.Submission{RequestID: e.rec.RequestID, Source: e.rec.Source}
	if err != nil {
		return d.turnAway(e, d.strangers, e.network(), who, in, err)
	}
	charset, p := charsetOf(e.r)
	if p != nil {
		return d.turnAway(e, d.bodies, who.AppID, who, in, &api.Refusal{Problems: []api.Problem{*p}})
	}
	in.Charset = charset
	on, p := e.takeSlot(d.bodies, who.AppID)
	if p != nil {
		return api.Answer{Problems: []api.Problem{*p}}
	}
	defer on.release()
	in.Body = d.Desk.NewBody()
	defer in.Body.Close()
	err = d.read(e, who, &in)
	if on.evicted.Load() {
		err = &api.Refusal{Problems: []api.Problem{{Code: api.Unavailable, Detail: "正文长时间没有发来，已让给别的请求"}}}
	}
	if err != nil {
		return e.fail(err)
	}
	return d.submit(e, who, in)
}

func (d *door) submit(e *exchange, who intake.Caller, in intake.Submission) api.Answer {
	e.rec.CaseID, e.rec.Items, e.rec.Bytes = in.Decoded.Case.CaseID, in.Decoded.Items, in.Bytes
	r, err := d.Desk.Submit(e.lasting(), who, in)
	if err != nil {
		e.rec.Outcome = string(intake.Refused)
		return e.fail(err)
	}
	e.rec.Outcome, e.rec.AcceptID = string(r.Outcome), r.AcceptID
	return api.Answer{AcceptID: r.AcceptID}
}

// turnAway refuses a case without looking at it. The body is read and dropped first, within the limits, because many
// senders read no answer before they have sent everything; where no slot is free in that pool the answer goes out
// unread, and the connection ends. Only a known app leaves an attempt, and under a dead token no more than is recorded
// of strangers.
func (d *door) turnAway(
	e *exchange,
	pool *slots,
	holder any,
	who intake.Caller,
	in intake.Submission,
	cause error,
) api.Answer {
	if on, p := e.takeSlot(pool, holder); p == nil {
		a := newArrival(e, d.MaxBody)
		in.Bytes, _ = io.Copy(io.Discard, a)
		e.rec.Bytes = in.Bytes
		on.release()
		a.rearm()
	} else {
		e.leaveUnread()
	}
	e.rec.Outcome = string(intake.Refused)
	r, ok := errors.AsType[*api.Refusal](cause)
	if ok && who.AppID != 0 && (!e.rec.Stranger || d.logs(e)) {
		cause = d.Desk.Refuse(e.lasting(), who, in, r.Problems)
	}
	return e.fail(cause)
}

// read reads and decodes the body. Anything that is wrong with its content is in in.Decoded.Problems; the error is
// ours.
func (d *door) read(e *exchange, who intake.Caller, in *intake.Submission) (err error) {
	if n := e.r.ContentLength; n >= 0 && n <= min(smallBody, d.MaxBody) {
		err = d.readSmall(e, in, int(n))
	} else {
		err = d.readLarge(e, who, in)
	}
	if err != nil {
		return err
	}
	if in.Bytes, in.SHA256, err = in.Body.Sum(); err != nil {
		return notKept(err)
	}
	return nil
}

// notKept: there was no room to put the body; nothing was decided about it.
func notKept(err error) error { return fmt.Errorf("%w: keep the body: %w", intake.ErrUnavailable, err) }

func (d *door) readSmall(e *exchange, in *intake.Submission, n int) error {
	head := d.heads.Get().(*[smallBody]byte)
	defer d.heads.Put(head)
	buf := head[:n]
	if _, err := io.ReadFull(e.r.Body, buf); err != nil {
		in.Decoded.Problems = []api.Problem{{Code: api.InvalidJSON, Detail: "正文没有完整到达"}}
		return nil
	}
	if _, err := in.Body.Write(buf); err != nil {
		return notKept(err)
	}
	l := newLabel(e.r, in.Charset)
	l.Write(buf)
	if p := l.problem(); p != nil {
		in.Decoded.Problems = []api.Problem{*p}
		return nil
	}
	return d.decode(in, bytes.NewReader(buf))
}

// readLarge decodes the body while it arrives and reads it to its end even where the decoding has stopped. Only a
// sender that has sent more than a small body takes a slot among the large ones: the others may hold their connections
// as they like.
func (d *door) readLarge(e *exchange, who intake.Caller, in *intake.Submission) error {
	a := newArrival(e, d.MaxBody)
	defer a.rearm()
	head := d.heads.Get().(*[smallBody]byte)
	defer d.heads.Put(head)
	n, err := io.ReadFull(a, head[:])
	if err == nil {
		on, p := d.large.take(who.AppID, slotTimeout, func() {}) // none of them has sent next to nothing
		if p != nil {
			io.Copy(io.Discard, a) // many senders read no answer before they have sent everything
			return &api.Refusal{Problems: []api.Problem{*p}}
		}
		defer on.release()
	}
	kept := &keeper{r: io.MultiReader(bytes.NewReader(head[:n]), a), body: in.Body, label: newLabel(e.r, in.Charset)}
	err = d.decode(in, kept)
	if err == nil {
		_, err = io.Copy(io.Discard, kept)
	}
	switch {
	case kept.failed != nil:
		return notKept(kept.failed)
	case a.over:
		io.Copy(io.Discard, io.LimitReader(e.r.Body, d.MaxBody))
		in.Decoded.Problems = []api.Problem{{Code: api.BodyTooLarge, Detail: "上限" + megabytes(d.MaxBody)}}
	case a.err != nil:
		in.Decoded.Problems = []api.Problem{{Code: api.InvalidJSON, Detail: "正文没有完整到达"}}
	default:
		if p := kept.label.problem(); p != nil {
			in.Decoded = api.Decoded{Problems: []api.Problem{*p}}
		}
		return err
	}
	return nil
}

// decode decodes r. Bytes that are invalid in the declared charset are a problem of the content.
func (d *door) decode(in *intake.Submission, r io.Reader) (err error) {
	in.Decoded, err = api.ReadCase(in.Charset.Reader(r), d.MaxItems, nil)
	if errors.Is(err, charset.ErrInvalid) {
		in.Decoded.Problems = []api.Problem{{Code: api.InvalidJSON, Detail: "不是有效的" + string(in.Charset)}}
		return nil
	}
	return err
}

// keeper passes on what it reads and writes it to the body, and to what looks whether its charset is the one declared.
type keeper struct {
	r      io.Reader
	body   intake.Body
	label  *label
	failed error // of the body
}

func (k *keeper) Read(p []byte) (int, error) {
	n, err := k.r.Read(p)
	if n > 0 && k.failed == nil {
		k.label.Write(p[:n])
		_, k.failed = k.body.Write(p[:n])
	}
	if k.failed != nil {
		return n, k.failed
	}
	return n, err
}
