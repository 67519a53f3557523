"""python3 workbooks.py DIR: write workbooks with openpyxl into DIR.
python3 workbooks.py --read openpyxl FILE...: what openpyxl reads in each workbook, as JSON."""
import datetime
import json
import os
import sys

import openpyxl
from openpyxl.styles import numbers as builtin

FORMATS = ['General', '0', '@', '000000', '0000-0000', '"呼市监处罚〔2026〕"0"号"', '0.00', '#,##0', '0,', '0%', ';;;', '0_ ', '[Red]0', '# ?/?', builtin.FORMAT_NUMBER_COMMA_SEPARATED1]
NUMBERS = [0, 3, 42, 1151, 15010401, 1234567]
DAYS = [datetime.datetime(2026, 3, 16), datetime.date(2026, 3, 16), datetime.datetime(2026, 3, 15, 16), datetime.datetime(2026, 3, 15, 23, 59, 17), datetime.datetime(1999, 12, 31, 8, 30)]
DATE_FORMATS = ['yyyy-mm-dd', 'yyyy"年"m"月"d"日"', 'yyyy/m/d h:mm', 'mm-dd-yy', 'yyyy"年"m"月"', 'm"月"d"日"']
TEXTS = ['150104000022017071732290', '91150104MA0N967166', '赵二娃', ' 首尾空白 ', '𠮷·é', '第一行\n第二行', "'撇号", '<&">', '000123', '1.50102E+17']


def fill(book, iso):
    book.iso_dates = iso
    sheet = book.create_sheet('清单')
    sheet.append(['pripid', 'uniscid', 'legal', 'enttype'])
    for text in TEXTS:
        sheet.append([text, text + '甲', text, 1151])
    for form, values in [(f, NUMBERS) for f in FORMATS] + [(f, DAYS) for f in DATE_FORMATS]:
        row = []
        for value in values:
            cell = openpyxl.cell.WriteOnlyCell(sheet, value=value)
            cell.number_format = form
            row.append(cell)
        sheet.append(row)
    sheet.append([True, False, '#N/A', '=1+1', None, 'x'])
    for state in ('hidden', 'veryHidden'):
        other = book.create_sheet(state)
        other.append(['看不见'])
        other.sheet_state = state
    return sheet


def write(folder):
    for iso in (False, True):
        book = openpyxl.Workbook(write_only=True)
        fill(book, iso)
        book.save(os.path.join(folder, 'openpyxl-stream-%s.xlsx' % iso))
        book = openpyxl.Workbook()
        del book['Sheet']
        sheet = fill(book, iso)
        sheet.append(['合并', '右'])
        sheet.append(['', '下'])
        last = sheet.max_row
        sheet.merge_cells(start_row=last - 1, end_row=last, start_column=1, end_column=1)
        sheet.append(['隐藏', '的'])
        sheet.row_dimensions[last + 1].hidden = True
        book.save(os.path.join(folder, 'openpyxl-%s.xlsx' % iso))


def cell_of(cell):
    value = cell.value
    if isinstance(value, bool):
        return {'t': 'b', 'v': str(value).lower()}
    if isinstance(value, datetime.datetime):
        return {'t': 'd', 'd': value.replace(microsecond=0).isoformat()}
    if isinstance(value, datetime.date):
        return {'t': 'd', 'd': value.isoformat() + 'T00:00:00'}
    if isinstance(value, datetime.time):
        return {'t': 'x'}  # of 1899
    if isinstance(value, (int, float)):
        return {'t': 'n', 'v': repr(value)}
    return {'t': 'e' if cell.data_type == 'e' else 's', 'v': value}


def read(name):
    book = openpyxl.load_workbook(name, data_only=True)
    sheets = []
    for sheet in book.worksheets:
        cells = {c.coordinate: cell_of(c) for row in sheet.iter_rows() for c in row if c.value is not None}
        hidden = [n for n, d in sheet.row_dimensions.items() if d.hidden]
        sheets.append({'name': sheet.title, 'hidden': sheet.sheet_state != 'visible', 'rows': hidden, 'cells': cells})
    return sheets


if sys.argv[1] == '--read':
    print(json.dumps([read(name) for name in sys.argv[3:]]))
else:
    write(sys.argv[1])
