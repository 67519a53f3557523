// node workbooks.cjs DIR: write workbooks with exceljs and SheetJS into DIR.
// node workbooks.cjs --read LIBRARY FILE...: what the library reads in each workbook, as JSON.
const path = require('path')
const ExcelJS = require('exceljs')
const XLSX = require('xlsx')

const formats = ['General', '0', '@', '000000', '0000-0000', '"呼市监处罚〔2026〕"0"号"', '0.00', '#,##0', '#,##0.00', '0,', '0%', '0"类"', '[>5]"大"0;"小"0', '0;-0;"零"', ';;;', '0_ ',
  '"150104"000000', '#', '0\\号', '[Red]0', '(0)', '00-00', '#,##0_);(#,##0)', '0.0', '# ?/?', '0.00E+00']
const numbers = [0, 3, 7, 42, 1151, 15010401, 123456789, 1234567]
const day = (y, m, d, h = 0, min = 0, s = 0) => new Date(Date.UTC(y, m - 1, d, h, min, s))
const days = [day(2026, 3, 16), day(2026, 3, 15, 16), day(2026, 3, 15, 23, 59, 17), day(2024, 2, 29), day(1999, 12, 31, 8, 30)]
const dateFormats = ['yyyy-mm-dd', 'yyyy"年"m"月"d"日"', 'yyyy/m/d h:mm', 'm/d/yy', 'dd.mm.yyyy', 'yyyy"年"m"月"', 'm"月"d"日"']
const texts = ['150104000022017071732290', '91150104MA0N967166', '赵二娃', ' 首尾空白 ', '𠮷·é', '第一行\n第二行', "'撇号", '=1+1', '<&">', '000123', '1.50102E+17', '_x0041_', '']

function sheetOf(book, name, state) { return book.addWorksheet(name, { state }) }

// exceljs
function fill(book, rich) {
  const list = sheetOf(book, '清单', 'visible')
  const put = cells => {
    const row = list.addRow(cells.map(c => (c && c.format ? c.value : c)))
    cells.forEach((c, i) => { if (c && c.format) row.getCell(i + 1).numFmt = c.format })
    return row
  }
  put(['pripid', 'uniscid', 'legal', 'enttype']).commit()
  for (const t of texts) put([t, t + '甲', t, 1151]).commit()
  for (const format of formats) put(numbers.map(value => ({ value, format }))).commit()
  for (const format of dateFormats) put(days.map(value => ({ value, format }))).commit()
  put([true, false, { error: '#N/A' }, { formula: '1+1', result: 2 }, { formula: '"a"', result: 'a' }, { formula: 'NOW()' }]).commit()
  put([null, 'x', undefined, 'y']).commit()
  if (rich) {
    put([{ richText: [{ text: '赵' }, { font: { bold: true }, text: '二娃' }] }, { text: '链接', hyperlink: 'http://example.com' }, 'z']).commit()
    const merged = put(['合并', '右', '']).number
    put(['', '下', ''])
    list.mergeCells(merged, 1, merged + 1, 1)
  }
  const hidden = put(['隐藏', '的', '行'])
  hidden.hidden = true
  hidden.commit()
  for (const state of ['hidden', 'veryHidden']) {
    const s = sheetOf(book, state, state)
    s.addRow(['看不见']).commit()
    if (s.commit) s.commit()
  }
  if (list.commit) list.commit()
}

async function writeExcelJS(dir) {
  const book = new ExcelJS.Workbook()
  fill(book, true)
  await book.xlsx.writeFile(path.join(dir, 'exceljs.xlsx'))
  for (const useSharedStrings of [true, false]) {
    const stream = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path.join(dir, `exceljs-stream-${useSharedStrings}.xlsx`), useSharedStrings, useStyles: true })
    fill(stream, false)
    await stream.commit()
  }
}

// SheetJS
function writeSheetJS(dir) {
  const rows = [['pripid', 'uniscid', 'legal', 'enttype']]
  for (const t of texts) rows.push([t, t + '甲', t, 1151])
  for (const z of formats) rows.push(numbers.map(v => ({ t: 'n', v, z })))
  for (const z of dateFormats) rows.push(days.map(d => ({ t: 'n', v: d / 864e5 + 25569, z })))
  const formulas = rows.length
  rows.push([true, false, { t: 'e', v: 0x2a }, { t: 'n', f: '1+1', v: 2 }, { t: 's', f: '"a"', v: 'a' }])
  rows.push([null, 'x', undefined, 'y'])
  rows.push(['合并', '右', ''], ['', '下', ''], ['隐藏', '的', '行'])
  for (const bookSST of [false, true]) {
    for (const cellDates of [false, true]) {
      if (bookSST) delete rows[formulas][4].f // exceljs does not read a formula whose text is shared
      const sheet = XLSX.utils.aoa_to_sheet(rows.concat(cellDates ? [[new Date(2026, 2, 16), 'd']] : []), { cellDates })
      sheet['!merges'] = [{ s: { r: rows.length - 3, c: 0 }, e: { r: rows.length - 2, c: 0 } }]
      sheet['!rows'] = []
      sheet['!rows'][rows.length - 1] = { hidden: true }
      const book = XLSX.utils.book_new()
      XLSX.utils.book_append_sheet(book, sheet, '清单')
      for (const name of ['hidden', 'veryHidden']) XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([['看不见']]), name)
      book.Workbook = { Sheets: [{ Hidden: 0 }, { Hidden: 1 }, { Hidden: 2 }] }
      XLSX.writeFile(book, path.join(dir, `sheetjs-${bookSST}-${cellDates}.xlsx`), { bookSST, cellDates, compression: true })
    }
  }
}

const iso = d => d.toISOString().slice(0, 19)

function readSheetJS(file) {
  const book = XLSX.readFile(file, { cellNF: true, cellStyles: true, cellFormula: true })
  return book.SheetNames.map((name, i) => {
    const sheet = book.Sheets[name]
    const cells = {}
    for (const [at, c] of Object.entries(sheet)) {
      if (at[0] === '!' || c.t === 'z') continue
      const out = { t: c.t, v: String(c.v), w: c.w }
      if (c.t === 'n' && c.z && XLSX.SSF.is_date(c.z)) {
        const p = XLSX.SSF.parse_date_code(c.v)
        out.d = iso(day(p.y, p.m, p.d, p.H, p.M, p.S))
      }
      if (c.t === 'e') out.v = c.w
      if (c.t !== 's' || c.v !== '') cells[at] = out
    }
    const hidden = (sheet['!rows'] || []).flatMap((r, i) => (r && r.hidden ? [i + 1] : []))
    return { name, hidden: ((book.Workbook.Sheets[i] || {}).Hidden || 0) > 0, rows: hidden, cells }
  })
}

async function readExcelJS(file) {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(file)
  return book.worksheets.map(sheet => {
    const cells = {}
    const rows = []
    sheet.eachRow((row, number) => {
      if (row.hidden) rows.push(number)
      row.eachCell(c => {
        if (c.master !== c) return
        let v = c.value
        if (v && typeof v === 'object' && (v.formula || v.sharedFormula)) v = v.result
        if (v && v.richText) v = v.richText.map(r => r.text).join('')
        if (v && v.hyperlink) v = v.text
        if (v === null || v === undefined || v === '') return
        if (v instanceof Date) cells[c.address] = { t: 'd', d: iso(v) }
        else if (v.error) cells[c.address] = { t: 'e', v: v.error }
        else cells[c.address] = { t: { string: 's', number: 'n', boolean: 'b' }[typeof v], v: String(v) }
      })
    })
    return { name: sheet.name, hidden: sheet.state !== 'visible', rows, cells }
  })
}

async function main(args) {
  if (args[0] === '--read') {
    const read = args[1] === 'exceljs' ? readExcelJS : readSheetJS
    const all = []
    for (const file of args.slice(2)) all.push(await read(file))
    console.log(JSON.stringify(all))
    return
  }
  await writeExcelJS(args[0])
  writeSheetJS(args[0])
}

main(process.argv.slice(2))
