"""Tables to take along, for Excel and WPS: the one writer of spreadsheets. What people typed never becomes a formula (S19)."""

import io
from urllib.parse import quote

import xlsxwriter
from flask import Response

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def disarmed(text):
    """The same words, with a mark before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def xlsx(name, columns, rows):
    """An answer with one sheet: `columns` are [(heading, width)], and a cell is a number or words."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True, "bottom": 1})
    for at, (heading, width) in enumerate(columns):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, heading, bold)
    for line, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(line, at, cell)
            else:
                sheet.write_string(line, at, disarmed(cell))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_paper(9)  # A4
    book.close()
    headers = {"Content-Disposition": f"attachment; filename=sheet.xlsx; filename*=UTF-8''{quote(name)}.xlsx"}
    return Response(out.getvalue(), mimetype=KIND, headers=headers)
