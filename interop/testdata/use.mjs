// Uses the sample as a program would: CLIENT URL appKey account appSecret CA.
import fs from 'node:fs'
import { pathToFileURL } from 'node:url'

const [path, url, key, account, secret, ca] = process.argv.slice(2)
const { Client } = await import(pathToFileURL(path).href)
const client = new Client(url, key, account, secret, { ca: fs.readFileSync(ca) })
const first = { caseid: '甲', casename: '名', caseintroduction: '由', illegality: '违', penalty: '罚', penaltydate: '2026-03-16', penaltyorg: '关' }
const row = { pripid: '1', uniscid: '2', legal: '𠮷·é', enttype: '4' }
function* rows() {
  for (let i = 0; i < 20000; i++) yield { ...row, pripid: String(i) }
}
console.log(await client.submit({ ...first, penaltylist: [row] }))
const second = await client.submit({ ...first, caseid: '乙' }, rows())
console.log(second)
console.log((await client.query({ acceptid: second })).items)
await client.logout()
