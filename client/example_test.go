package client_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/sandbox"
)

// Send one case and ask how it stands. The sandbox stands for the regulator's server.
func Example() {
	ctx := context.Background()
	server, err := sandbox.Start(ctx, sandbox.Config{})
	if err != nil {
		panic(err)
	}
	defer server.Close()

	c, err := client.New(client.Config{
		URL: server.URL, AppKey: server.AppKey, Account: server.Accounts[0],
		// in earnest: read it from a file
		Secret: func(context.Context) (string, error) { return server.AppSecret, nil },
	})
	if err != nil {
		panic(err)
	}
	defer c.Logout(ctx)

	accepted, err := c.Receive(ctx, client.Case(api.Case{
		CaseID: "呼市监处罚〔2026〕1号", CaseName: "某公司长期停业未经营案", CaseIntroduction: "长期停业未经营", Illegality: "开业后自行停业连续六个月以上",
		Penalty: "吊销营业执照", PenaltyDate: "2026-03-16", PenaltyOrg: "呼和浩特市市场监督管理局",
		PenaltyList: []api.Entity{{
			PripID:  "150102000012011031500001",
			UniscID: "91150102MA0N000246",
			Legal:   "乌云其木格",
			EntType: "1130",
		}},
	}))
	switch {
	case errors.Is(err, client.ErrUnknown):
		fmt.Println("结果未知：保留原文，稍后以完全相同的内容重发")
		return
	case errors.Is(err, api.Conflict):
		fmt.Println("同一案件编号已受理过其他内容，请人工核对")
		return
	case err != nil:
		fmt.Println("没有受理：", err)
		return
	}
	status, err := c.Query(ctx, api.QueryRequest{AcceptID: accepted.AcceptID})
	fmt.Println(len(accepted.AcceptID), status.CaseID, status.Items, err)
	// Output: 18 呼市监处罚〔2026〕1号 1 <nil>
}

// A receipt is verified by a policy that came on another way, and compared with what was sent.
func ExampleClient_Receipt() {
	ctx := context.Background()
	server, err := sandbox.Start(ctx, sandbox.Config{})
	if err != nil {
		panic(err)
	}
	defer server.Close()
	c, err := client.New(client.Config{URL: server.URL, AppKey: server.AppKey, Account: server.Accounts[0],
		Secret: func(context.Context) (string, error) { return server.AppSecret, nil }})
	if err != nil {
		panic(err)
	}
	accepted, err := c.Receive(ctx, client.Case(sandbox.Batch(1, 3)))
	if err != nil {
		panic(err)
	}
	file, err := c.Receipt(ctx, accepted.AcceptID)
	switch {
	case errors.Is(err, api.NoReceiptYet):
		fmt.Println("尚未形成，稍后再取")
		return
	case errors.Is(err, api.NoEvidenceLog), errors.Is(err, client.ErrNotOffered):
		fmt.Println("接收方不出具受理回执")
		return
	case err != nil:
		fmt.Println("没有取得：", err)
		return
	}
	// keep the file as it is, and verify it: diaoxiao verify FILE --keys POLICY
	first, _, _ := strings.Cut(string(file), "\n")
	fmt.Println(first)
	// Output: c2sp.org/tlog-proof@v1
}

// A list of any length is sent as it is read; it must give the same entities each time it is asked.
func ExampleList() {
	ctx := context.Background()
	server, err := sandbox.Start(ctx, sandbox.Config{})
	if err != nil {
		panic(err)
	}
	defer server.Close()
	secret := func(context.Context) (string, error) { return server.AppSecret, nil }
	c, err := client.New(client.Config{
		URL:     server.URL,
		AppKey:  server.AppKey,
		Account: server.Accounts[0],
		Secret:  secret,
	})
	if err != nil {
		panic(err)
	}
	head := sandbox.Batch(7, 0)
	accepted, err := c.Receive(ctx, client.List(head, func() iter.Seq2[api.Entity, error] {
		return func(yield func(api.Entity, error) bool) { // in earnest: rows of a database or a file
			for i := range 50_000 {
				e := api.Entity{
					PripID:  fmt.Sprintf("1501020000120110%08d", i),
					UniscID: "91150102MA0N000246",
					Legal:   "乌云其木格",
					EntType: "1130",
				}
				if !yield(e, nil) {
					return
				}
			}
		}
	}))
	fmt.Println(len(accepted.AcceptID), err)
	// Output: 18 <nil>
}

// Every refusal carries the codes of the interface with the field and the next step.
func ExampleError() {
	ctx := context.Background()
	server, err := sandbox.Start(ctx, sandbox.Config{})
	if err != nil {
		panic(err)
	}
	defer server.Close()
	secret := func(context.Context) (string, error) { return server.AppSecret, nil }
	c, err := client.New(client.Config{
		URL:     server.URL,
		AppKey:  server.AppKey,
		Account: server.Accounts[0],
		Secret:  secret,
	})
	if err != nil {
		panic(err)
	}
	_, err = c.Receive(ctx, client.Bytes([]byte(`{"caseid":"1","penaltydate":"2026-02-30","penaltylist":[]}`)))
	if refusal, ok := errors.AsType[*api.Refusal](err); ok {
		for _, p := range refusal.Problems {
			if p.Code == api.InvalidDate || p.Code == api.EmptyList {
				fmt.Println(p.Code, p.Field, p.Message())
			}
		}
	}
	// Output:
	// 19003 penaltydate 处罚决定日期格式错误，应为yyyy-MM-dd：实为“2026-02-30”
	// 14007 penaltylist 吊销市场主体清单不能为空
}
