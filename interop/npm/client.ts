// A sender in TypeScript as its developer would write it: types from openapi.yaml by openapi-typescript, calls by openapi-fetch.
// It sends one case twice, asks for it both ways, and logs out; it prints what it was told as one line of JSON.
import createClient from "openapi-fetch";
import type { components, paths } from "./openapi.js";

const need = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

const client = createClient<paths>({ baseUrl: need("API_ROOT"), redirect: "manual" });

type Answer = components["schemas"]["Failure"];

// good returns an answer that says SUCCESS in whichever spelling, and throws what another says.
function good<T extends Answer>(data: T | undefined, error: Answer | undefined): T {
  const answer = data ?? error;
  if (!data || (data.ackCode ?? data.ack_code) !== "SUCCESS") throw new Error(`refused: ${answer?.errors.map((e) => `${e.errorCode} ${e.field ?? ""}`).join()}`);
  return data;
}

const login = await client.POST("/security/login", { body: { appKey: need("APP_KEY"), appSecret: need("APP_SECRET"), account: need("ACCOUNT") } });
const session = good(login.data, login.error);
const token = session.access_token ?? session.accessToken;
client.use({
  onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
});

const sent: components["schemas"]["CaseinfoRequest"] = {
  caseid: "TS-〔2026〕1号",
  casename: "某公司长期停业未经营案",
  caseintroduction: "长期停业未经营",
  illegality: "成立后无正当理由超过六个月未开业",
  penalty: "吊销营业执照",
  penaltydate: "2026-03-16",
  penaltyorg: "内蒙古自治区市场监督管理局",
  penaltylist: [{ pripid: "150104000022017071732290", uniscid: "91150104MA0N967166", legal: "乌云其木格𠀀", enttype: "1151" }],
};
const ids: (string | undefined)[] = [];
for (let n = 0; n < 2; n++) {
  const receipt = await client.POST("/security/receiveCaseinfo", { body: sent });
  const answer = good(receipt.data, receipt.error);
  ids.push(answer.acceptid ?? answer.accpetid);
}
const query = await client.POST("/security/queryCaseinfo", { body: { caseid: sent.caseid } });
const status = good(query.data, query.error);
const list = await client.POST("/security/listCaseinfo", { body: { limit: "10" } });
const page = good(list.data, list.error);

const refused = await client.POST("/security/receiveCaseinfo", { body: { ...sent, caseid: "　" } });
const broken = await client.POST("/security/receiveCaseinfo", { body: sent, bodySerializer: () => "{" });
const logout = await client.POST("/security/logout", {});
good(logout.data, logout.error);
const dead = await client.POST("/security/queryCaseinfo", { body: { caseid: sent.caseid } });

console.log(
  JSON.stringify({
    ids,
    state: status.state,
    items: status.items,
    listed: page.cases?.map((c) => c.acceptid),
    refused: refused.data?.errors.map((e) => e.errorCode),
    broken: [broken.response.status, ...(broken.error?.errors.map((e) => e.errorCode) ?? [])],
    dead: dead.data?.errors.map((e) => e.errorCode),
  }),
);

// What must not compile: the types are those of the description.
export function wrong() {
  // @ts-expect-error a call that is not described
  void client.POST("/security/revoke", { body: sent });
  // @ts-expect-error a member that is missing
  void client.POST("/security/login", { body: { appKey: "k", appSecret: "s" } });
  // @ts-expect-error a number for a text
  void client.POST("/security/receiveCaseinfo", { body: { ...sent, penaltydate: 20260316 } });
  // @ts-expect-error a method that is not described
  void client.GET("/security/login", {});
  // @ts-expect-error a state that is none
  const state: typeof status.state = "处理中";
  return state;
}
