// node tables.cjs exceljs FILE: the first sheet of a workbook as exceljs reads it, as JSON.
// node tables.cjs sheetjs FILE: the first sheet of a workbook or a CSV file as SheetJS reads it, which guesses what is a
// number as spreadsheets do.
const fs = require('fs')

async function exceljs(file) {
  const book = new (require('exceljs').Workbook)()
  await book.xlsx.readFile(file)
  const s = book.worksheets[0]
  const rows = []
  s.eachRow({ includeEmpty: true }, r => rows.push(r.values.slice(1).map(v => (v === undefined ? null : v))))
  const p = s.pageSetup
  return {
    name: s.name, rows, frozen: s.views[0].state === 'frozen' ? s.views[0].ySplit : 0, filter: s.autoFilter,
    widths: s.columns.map(c => c.width),
    page: [p.orientation, p.paperSize, p.fitToWidth, p.fitToHeight, p.printTitlesRow].join(' '),
    foot: s.headerFooter.oddFooter,
  }
}

function sheetjs(file) {
  const book = require('xlsx').read(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, ''), { type: 'string' })
  return { rows: require('xlsx').utils.sheet_to_json(book.Sheets[book.SheetNames[0]], { header: 1, raw: true }) }
}

Promise.resolve({ exceljs, sheetjs }[process.argv[2]](process.argv[3]))
  .then(got => process.stdout.write(JSON.stringify(got)))
