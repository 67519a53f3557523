package client

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"

	"diaoxiao/api"
)

// Acceptance is what a case was accepted as.
type Acceptance struct {
	AcceptID  string // 业务受理号
	RequestID string // of the answer
	SHA256    [sha256.Size]byte
	Bytes     int64 // of the body, whose SHA-256 stands above
	Attempts  int   // exchanges it took
}

// Receive sends a case (clause 3.2) and repeats the identical body until the outcome is known or Config.Attempts are
// used up. Safe to repeat with the same body: a server gives the same acceptid. See ErrUnknown for what an error means.
func (c *Client) Receive(ctx context.Context, b Body) (Acceptance, error) {
	r := &request{call: api.Receive, body: b}
	a, last, err := c.do(ctx, r)
	if err != nil {
		return Acceptance{}, err
	}
	if !r.first.known { // answered before all of it was sent
		if r.first, err = b.sum(ctx); err != nil {
			return Acceptance{}, last.fail(fmt.Errorf("%w：%w", ErrUnknown, err))
		}
	}
	return Acceptance{a.AcceptID, last.RequestID, r.first.sum, r.first.bytes, last.Attempt}, nil
}

// Query asks how one of the app's own cases stands, by acceptid or caseid (S22). Of a returned case the reason and the
// rows it names come along, and where q.FirmCounts the firms by state, if the server tells them; it is asked for them
// by a second request where its answer to the first leaves them out. A case that is not there is refused with
// api.NoSuchCase, a server without the extension is ErrNotOffered.
func (c *Client) Query(ctx context.Context, q api.QueryRequest) (api.CaseEntry, error) {
	counts := q.FirmCounts
	q.FirmCounts = false
	e, err := c.query(ctx, q)
	more := api.QueryRequest{AcceptID: e.AcceptID, FirmCounts: counts && e.Firms == nil,
		ReturnDetails: e.State == api.StateReturned && e.Return == nil && !q.ReturnDetails}
	if err != nil || !more.FirmCounts && !more.ReturnDetails {
		return e, err
	}
	more.ReturnDetails = more.ReturnDetails || q.ReturnDetails
	with, err := c.query(ctx, more)
	if err != nil || with.AcceptID != e.AcceptID {
		return e, ctx.Err() // a server may not know the members; what it said before is true all the same
	}
	return with, nil
}

func (c *Client) query(ctx context.Context, q api.QueryRequest) (api.CaseEntry, error) {
	body := make(map[string]string, 2)
	if q.ReturnDetails {
		body["returnDetails"] = api.AskReturnDetails
	}
	if q.FirmCounts {
		body["firmCounts"] = api.AskFirmCounts
	}
	if q.AcceptID != "" {
		body["acceptid"] = q.AcceptID
	}
	if q.CaseID != "" {
		body["caseid"] = q.CaseID
	}
	a, err := c.extension(ctx, api.Query, body)
	if err != nil {
		return api.CaseEntry{}, err
	}
	return api.CaseEntry{AcceptID: a.AcceptID, CaseStatus: *a.Status}, nil
}

// Cases lists the app's own cases that q selects, in order of acceptance, page after page of q.Limit (S24). It ends
// with the first error; a server without the extension is ErrNotOffered.
func (c *Client) Cases(ctx context.Context, q api.ListRequest) iter.Seq2[api.CaseEntry, error] {
	return func(yield func(api.CaseEntry, error) bool) {
		for {
			page, err := c.extension(ctx, api.List, listBody(q))
			if err != nil {
				yield(api.CaseEntry{}, err)
				return
			}
			for _, e := range page.Cases {
				if !yield(e, nil) {
					return
				}
			}
			if page.Next == "" || page.Next == q.After && len(page.Cases) == 0 {
				return
			}
			if page.Next == q.After {
				yield(api.CaseEntry{}, fmt.Errorf("%w：next没有前进，其后的案件不得而知", api.ErrNotAnswer))
				return
			}
			q.After = page.Next
		}
	}
}

// Receipt asks for the receipt (受理回执) of one of the app's own cases (S26): the text of a file as c2sp.org/tlog-proof
// has it. It proves nothing until it was verified by a policy that came on another way, and compared with the body that
// was sent. A receipt that is not there yet is waited for, as far as Config.Attempts go, and then refused with
// api.NoReceiptYet; a case that is not there with api.NoSuchCase, a server without an evidence log with
// api.NoEvidenceLog. A server without the extension is ErrNotOffered. Safe to repeat: a later receipt proves the same
// acceptance, and later steps besides.
func (c *Client) Receipt(ctx context.Context, acceptID string) ([]byte, error) {
	a, err := c.extension(ctx, api.Receipt, map[string]string{"acceptid": acceptID})
	return []byte(a.Receipt), err
}

func listBody(q api.ListRequest) map[string]string {
	body := make(map[string]string, 4)
	for name, value := range map[string]string{"from": q.From, "to": q.To, "after": q.After} {
		if value != "" {
			body[name] = value
		}
	}
	if q.Limit > 0 {
		body["limit"] = strconv.Itoa(q.Limit)
	}
	return body
}

// extension makes a call that a server need not have.
func (c *Client) extension(ctx context.Context, call api.Call, members map[string]string) (api.Answer, error) {
	body, err := json.Marshal(members)
	if err != nil {
		return api.Answer{}, err
	}
	a, last, err := c.do(ctx, &request{call: call, body: Bytes(body)})
	if errors.Is(err, api.NoSuchCall) || err != nil && last.Status == http.StatusNotFound {
		return a, last.fail(ErrNotOffered)
	}
	return a, err
}
