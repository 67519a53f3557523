#!/usr/bin/env node
// 批量吊销接口的报送示例。只用内置模块，Node 18 以上。
//
//     node diaoxiao-client.mjs URL appKey account secretFile case.json [list.csv]
//
// case.json 是整件案件；另给出 list.csv（列 pripid、uniscid、legal、enttype，UTF-8）时，case.json 只写案件本身，清单
// 逐行取自 list.csv，多长都可以。环境变量：DIAOXIAO_CA 私有 CA 证书（PEM），DIAOXIAO_ATTEMPTS 最多尝试次数（默认 8）。
// 标准输出只有业务受理号。退出码：0 已受理；1 没有送达；2 用法或文件有误；3 被拒绝；4 结果未知，须以相同内容再报。
//
// 在程序中使用：
//
//     import { Client } from './diaoxiao-client.mjs'
//     const client = new Client(url, appKey, account, secret, { ca: fs.readFileSync('ca.pem') })
//     const acceptid = await client.submit(theCase, entities)   // 可以反复调用，会话自动续期
//
// 一个 Client 同时只做一件事：等上一个 submit 有了结果，再发下一个。

import fs from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import os from 'node:os'
import path from 'node:path'
import { once } from 'node:events'
import { pipeline } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

const COLUMNS = ['pripid', 'uniscid', 'legal', 'enttype']
const RENEW = 25 * 60_000 // 毫秒：令牌自登录起 30 分钟有效，留 5 分钟余量
const LONGEST = 300 // 秒：接收方要求等得更久的，这一次就到此为止
const TIMEOUT = 120_000 // 毫秒：连接、以及每次读写停顿的上限

/** 没有送达：案件肯定没有受理。 */
export class NotSent extends Error {}

/** 结果未知：可能已受理，也可能没有。以完全相同的内容再报，得到的受理号不会重复。 */
export class Unknown extends Error {}

/** 被拒绝：案件没有受理。errors 是应答中的各条错误。 */
export class Refused extends Error {
  constructor(errors) {
    super(errors.map(describe).join('\n'))
    this.errors = errors
    this.codes = errors.map((e) => String(e.errorCode))
  }
}

/** 没有得到接口的应答。sent：请求可能已经到达；last：不必再试。 */
class Broken extends Error {
  constructor(text, sent, { wait = 0, last = false } = {}) {
    super(text)
    Object.assign(this, { sent, wait, last: last || wait > LONGEST })
  }
}

export class Client {
  /** url 是接口地址中 /security 之前的部分。 */
  constructor(url, appKey, account, appSecret, { ca, attempts = 8, log = () => {} } = {}) {
    this.base = url.replace(/\/+$/, '') + '/security/'
    this.identity = Buffer.from(JSON.stringify({ appKey, appSecret, account }))
    Object.assign(this, { ca, attempts, log, token: null, born: 0 })
  }

  /** 报送一件案件，返回业务受理号。entities：清单，可以是（异步）迭代器；不给出时用 theCase.penaltylist。 */
  async submit(theCase, entities = theCase.penaltylist) {
    const { penaltylist, ...head } = theCase
    return withTemporary(async (file) => {
      const out = fs.createWriteStream(file, { mode: 0o600 })
      await put(out, JSON.stringify(head).slice(0, -1) + ',"penaltylist":[')
      let separator = '\n'
      for await (const e of entities) {
        await put(out, separator + JSON.stringify(Object.fromEntries(COLUMNS.map((c) => [c, e[c]]))))
        separator = ',\n'
      }
      out.end(']}')
      await once(out, 'close')
      return this.send(file)
    })
  }

  /** 报送一个写好的案件文件，逐字节照原样。 */
  async submitFile(file) {
    return withTemporary(async (copy) => {
      fs.copyFileSync(file, copy) // 先存一份：重试必须逐字节相同，而文件可能中途被改
      return this.send(copy)
    })
  }

  /** 以相同的字节报送，直到有了结果。 */
  async send(file) {
    let unknown = false
    let last = new NotSent('没有尝试')
    for (let n = 1; n <= this.attempts; n++) {
      let token
      try {
        token = await this.session()
      } catch (e) { // 登录不成：前面若有一次结果不明，现在仍然不明
        throw unknown ? new Unknown(e.message) : e
      }
      try {
        const answer = await this.exchange('receiveCaseinfo', file, token)
        if (success(answer)) return either(answer, 'acceptid', 'accpetid')
        last = new Refused(answer.errors)
        if (last.codes.includes('13000')) {
          this.token = null
          await this.pause(n, 0, '令牌失效，重新登录')
          continue
        }
      } catch (e) {
        if (!(e instanceof Broken)) throw e
        unknown ||= e.sent
        last = new NotSent(e.message)
        if (e.last) break
        await this.pause(n, e.wait, e.message)
        continue
      }
      // 前面有过结果不明的尝试，只有由内容决定的拒绝才说明案件没有受理
      if (unknown && !last.codes.every((c) => /^(14\d+|1900[2345]|19012)$/.test(c))) break
      throw last
    }
    throw unknown ? new Unknown(last.message) : last
  }

  /** 有效的令牌，必要时登录。 */
  async session() {
    if (this.token && performance.now() - this.born < RENEW) return this.token
    let last
    for (let n = 1; n <= this.attempts; n++) {
      const born = performance.now() // 发出登录之前：服务端只会更晚起算
      try {
        const answer = await this.exchange('login', this.identity)
        if (!success(answer)) throw new Refused(answer.errors)
        this.token = either(answer, 'access_token', 'accessToken')
        this.born = born
        return this.token
      } catch (e) {
        if (!(e instanceof Broken)) throw e
        last = new NotSent('登录：' + e.message)
        if (e.last) break
        await this.pause(n, e.wait, last.message)
      }
    }
    throw last
  }

  /** 注销会话。不成功也无妨：会话自会到期。 */
  async logout() {
    const token = this.token
    this.token = null
    if (token) await this.exchange('logout', Buffer.from('{}'), token).catch(() => {})
  }

  /** 查询受理情况（扩展接口）：query({ acceptid }) 或 query({ caseid })。 */
  async query(which) {
    const answer = await this.exchange('queryCaseinfo', Buffer.from(JSON.stringify(which)), await this.session())
    if (!success(answer)) throw new Refused(answer.errors)
    return answer
  }

  /** 发一次请求，body 是 Buffer 或文件名。node:https 检查证书和主机名，不跟随重定向；错误信息中没有 URL，因为其中有令牌。 */
  exchange(call, body, token) {
    const url = new URL(this.base + call)
    if (token) url.searchParams.set('access_token', token)
    const size = Buffer.isBuffer(body) ? body.length : fs.statSync(body).size
    return new Promise((resolve, reject) => {
      let sent = false
      const fail = (e) => reject(broken(e, sent))
      const request = (url.protocol === 'http:' ? http : https).request(url, {
        method: 'POST', ca: this.ca, minVersion: 'TLSv1.2', agent: false, timeout: TIMEOUT,
        headers: { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': size },
      })
      request.on('socket', (s) => s.once(url.protocol === 'http:' ? 'connect' : 'secureConnect', () => { sent = true }))
      request.on('timeout', () => request.destroy(new Error('等待超时')))
      request.on('error', fail)
      request.on('response', (response) => {
        const parts = []
        response.on('data', (part) => parts.push(part))
        response.on('error', fail)
        response.on('end', () => {
          const wait = /^\d{1,6}$/.test(response.headers['retry-after']) ? Number(response.headers['retry-after']) : 0
          try {
            resolve(understand(response.statusCode, wait, Buffer.concat(parts).toString('utf8')))
          } catch (e) {
            reject(e)
          }
        })
      })
      if (Buffer.isBuffer(body)) request.end(body)
      else pipeline(fs.createReadStream(body), request, () => {}) // 出错由 request 的 error 报告
    })
  }

  /** 等待 Retry-After 的秒数，再加一段随机的时间，免得许多报送端同时回来。 */
  async pause(n, wait, why) {
    if (n >= this.attempts) return
    const ms = wait * 1000 + Math.random() * Math.min(30_000, 500 * 2 ** (n - 1))
    this.log(`第 ${n} 次：${why}；${(ms / 1000).toFixed(1)} 秒后以相同内容重试`)
    await sleep(ms)
  }
}

/** 读应答。19008、19009、5xx 和不是本接口的应答都要重试。 */
function understand(status, wait, text) {
  let answer
  let codes
  try {
    answer = JSON.parse(text)
    codes = answer.errors.map((e) => String(e.errorCode))
  } catch {
    codes = null
  }
  if (!codes || !success(answer) && codes.length === 0) {
    throw new Broken(`HTTP ${status}，不是接口的应答（检查地址，以及沿途的代理）`, true, { wait })
  }
  if (success(answer)) return answer
  if (status >= 500 || codes.includes('19008') || codes.includes('19009')) {
    throw new Broken(`HTTP ${status}，${codes[0]} ${answer.errors[0].message}`, !codes.includes('19008'), { wait })
  }
  return answer
}

/** 把网络错误说清楚。 */
function broken(e, sent) {
  const certificate = /CERT|SIGNATURE|ISSUER|ALTNAME/.test(e.code ?? '')
  if (certificate) return new Broken(`不信任服务器的证书（${e.code}）；用 DIAOXIAO_CA 指定接收方的 CA 证书`, false, { last: true })
  return new Broken(`没有收到应答（${e.code ?? e.message}）`, sent)
}

const success = (answer) => (answer.ackCode ?? answer.ack_code) === 'SUCCESS'

/** 应答中的一个值；规范有两种写法。 */
function either(answer, one, other) {
  const value = answer[one] ?? answer[other]
  if (typeof value !== 'string' || value === '') throw new Broken('应答中没有 ' + one, true)
  return value
}

function describe(e) {
  const code = String(e.errorCode)
  return `${code} ${e.message ?? ''}${e.field ? `（${e.field}）` : ''}\n      → ${advice(code)}`
}

function advice(code) {
  if (/^1200[234]$/.test(code)) return '检查 appKey、account 和密钥文件；都没有错的，联系接收方管理员'
  if (code === '13000') return '令牌失效；本程序已重新登录仍不通过，检查本机与接收方之间的代理'
  if (code === '19005') return '该案件编号已受理过另一内容；要更正的，请接收方退回原案件后重报，或改用新的案件编号'
  if (code === '19006' || code === '19012') return '拆成几件，用不同的案件编号分别报送'
  if (/^(14|1900[1234]$)/.test(code)) return '按说明改正后重新报送；整件都没有受理'
  return '见错误代码表 docs/codes.md；不能解决的，联系接收方'
}

/** 临时文件：重试必须逐字节相同，内存也不随清单增长。用完即删。 */
async function withTemporary(use) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'case-'))
  try {
    return await use(path.join(dir, 'case.json'))
  } finally {
    fs.rmSync(dir, { recursive: true })
  }
}

/** 写一段，写得太快时等一等。 */
async function put(out, text) {
  if (!out.write(text)) await once(out, 'drain')
}

/** 读 UTF-8，去掉 BOM；编码有误的报错，不会变成替代字符。 */
const decoder = () => new TextDecoder('utf-8', { fatal: true })

/** 逐行读 CSV。引号中可以有逗号、换行，两个引号表示一个。 */
export async function* rows(file) {
  let columns
  let line = 0
  for await (const row of records(file)) {
    line++
    if (!columns) {
      columns = COLUMNS.map((c) => row.indexOf(c))
      if (columns.includes(-1)) throw new TypeError(`${file} 首行没有列 ${COLUMNS[columns.indexOf(-1)]}`)
    } else if (row.length > 1 || row[0] !== '') { // 空行不算
      if (columns.some((i) => i >= row.length)) throw new TypeError(`${file} 第 ${line} 行的列数不够`)
      yield Object.fromEntries(COLUMNS.map((c, i) => [c, row[columns[i]]]))
    }
  }
  if (!columns) throw new TypeError(`${file} 是空的`)
}

async function* records(file) {
  let row = []
  let cell = ''
  let state = 'plain' // plain；quoted 引号之内；closed 引号刚结束
  for await (const c of characters(file)) {
    if (state === 'quoted') {
      if (c === '"') state = 'closed'
      else cell += c
    } else if (c === '"' && state === 'closed') {
      cell += c
      state = 'quoted'
    } else if (c === '"' && cell === '') {
      state = 'quoted'
    } else if (c === ',' || c === '\n') {
      row.push(cell)
      cell = ''
      state = 'plain'
      if (c === '\n') {
        yield row
        row = []
      }
    } else if (c !== '\r') {
      cell += c
      state = 'plain'
    }
  }
  if (state === 'quoted') throw new TypeError(`${file} 的引号没有结束`)
  if (row.length || cell) yield [...row, cell]
}

async function* characters(file) {
  const d = decoder()
  for await (const part of fs.createReadStream(file)) yield* d.decode(part, { stream: true })
  yield* d.decode()
}

async function main(args) {
  const say = (text) => console.error(text)
  if (args.length !== 5 && args.length !== 6) {
    say('用法：node diaoxiao-client.mjs URL appKey account secretFile case.json [list.csv]')
    return 2
  }
  const [url, appKey, account, secretFile, caseFile, list] = args
  const read = (file) => decoder().decode(fs.readFileSync(file))
  try {
    const client = new Client(url, appKey, account, read(secretFile).trim(), {
      ca: process.env.DIAOXIAO_CA && fs.readFileSync(process.env.DIAOXIAO_CA),
      attempts: Number(process.env.DIAOXIAO_ATTEMPTS ?? 8), log: say,
    })
    const acceptid = list ? await client.submit(JSON.parse(read(caseFile)), rows(list)) : await client.submitFile(caseFile)
    console.log(acceptid)
    await client.logout()
    return 0
  } catch (e) {
    if (e instanceof NotSent) return say(`没有送达：${e.message}\n案件没有受理，排除原因后再报。`), 1
    if (e instanceof Refused) return say(`被拒绝，案件没有受理：\n${e.message}`), 3
    if (e instanceof Unknown) {
      return say(`结果未知：${e.message}\n不能当作已受理，也不能当作失败。稍后以完全相同的内容再运行一次：已受理的会得到原来的受理号。`), 4
    }
    return say(`用法或文件有误：${e.message}`), 2
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main(process.argv.slice(2))
