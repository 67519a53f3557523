// Verifies receipts with sm-crypto alone: the SM2 signature of the checkpoint, and the path to its SM3 root.
// node verify-receipt.mjs VKEY FILE...   prints a line for each file: "ok SIZE" or "refused: WHY".
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { sm2, sm3 } = createRequire(import.meta.url)('sm-crypto')
const hash = (...parts) => Buffer.from(sm3(Buffer.concat(parts)), 'hex')

// signature returns the signature of a note by the key of a vkey, and the point of the key in hexadecimal digits.
function signature(vkey, lines) {
  const [name, id, ...key] = vkey.split('+') // base64 may have a plus sign too
  const type = Buffer.from('\xffSM2-with-SM3', 'latin1')
  const raw = Buffer.from(key.join('+'), 'base64')
  if (!raw.subarray(0, type.length).equals(type)) throw new Error('no key of SM2')
  for (const line of lines) {
    const [dash, signer, b64] = line.split(' ')
    const sig = Buffer.from(b64 ?? '', 'base64')
    if (dash === '—' && signer === name && sig.subarray(0, 4).toString('hex') === id)
      return [sig.subarray(4).toString('hex'), raw.subarray(type.length).toString('hex')]
  }
  throw new Error('no signature by this key')
}

// root is the root that a path leads to (RFC 9162, 2.1.3.2).
function root(leaf, index, size, path) {
  let at = index, last = size - 1, r = hash(Buffer.of(0), leaf)
  for (const p of path) {
    if (last === 0) throw new Error('the path is too long')
    if (at % 2 === 1 || at === last) {
      r = hash(Buffer.of(1), p, r)
      while (at % 2 === 0 && at !== 0) { at = Math.floor(at / 2); last = Math.floor(last / 2) }
    } else {
      r = hash(Buffer.of(1), r, p)
    }
    at = Math.floor(at / 2); last = Math.floor(last / 2)
  }
  if (last !== 0) throw new Error('the path is too short')
  return r
}

function verify(vkey, file) {
  const head = file.indexOf('\n\n'), end = file.lastIndexOf('\n\n')
  const text = file.subarray(head + 2, end + 1)
  const [sig, point] = signature(vkey, file.subarray(end + 2).toString().split('\n'))
  if (!sm2.doVerifySignature(text, sig, point, { der: true })) throw new Error('signature')
  const lines = text.toString().split('\n'), size = Number(lines[1])
  const [, extra, index] = file.subarray(0, head).toString().split('\n')
  const { leaf, sm3: path } = JSON.parse(Buffer.from(extra.slice('extra '.length), 'base64'))
  const at = Number(index.slice('index '.length))
  if (!(at < size)) throw new Error('index')
  const found = root(Buffer.from(leaf), at, size, path.map(h => Buffer.from(h, 'hex')))
  if (lines[3] !== 'sm3 ' + found.toString('base64')) throw new Error('root')
  return size
}

const [vkey, ...files] = process.argv.slice(2)
for (const name of files) {
  try {
    console.log('ok ' + verify(vkey, readFileSync(name)))
  } catch (e) {
    console.log('refused: ' + e.message)
  }
}
