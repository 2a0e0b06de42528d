"""One list as an Excel workbook that grows: texts stay texts, so that codes keep their leading zeros.

Source: ECMA-376, SpreadsheetML, sections 18.2 and 18.3. Rows are compressed as they come, so that a list of a million
rows takes the memory of its compressed bytes. The same rows give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_ROWS = 1_048_576
"""Of one sheet; what does not fit goes on in the next."""

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f"{_HEAD}<styleSheet {_MAIN}>"
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf xfId="0"/><xf xfId="0" numFmtId="49" applyNumberFormat="1"/>'
    '<xf xfId="0" fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_TEXT, _HEADING = 1, 2  # positions in cellXfs; 49 is the format of texts
_LEVEL = 1
_TOGETHER = 1000


class Spreadsheet:
    """A workbook of one list: its headings, which stay in sight, and rows of texts and numbers."""

    def __init__(self, title: str, columns: Sequence[tuple[str, int]], most_rows: int = MOST_ROWS) -> None:
        """Begin the list; `columns` are headings and widths in characters. Close it, whatever happens."""
        self._title = title
        self._columns = columns
        self._most_rows = most_rows
        self._bytes = io.BytesIO()
        self._zip = zipfile.ZipFile(self._bytes, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        self._sheets = 0
        self._begin_sheet()

    def add(self, rows: Iterable[Sequence[str | int]]) -> None:
        """Add rows."""
        rows = iter(rows)
        while some := [*islice(rows, min(_TOGETHER, self._most_rows - self._rows))]:
            self._sheet.write("".join(_row(row, _TEXT) for row in some).encode())
            self._rows += len(some)
            if self._rows == self._most_rows:
                self._end_sheet()
                self._begin_sheet()

    def finish(self) -> bytes:
        """Return the file, to which nothing can be added any more."""
        self._end_sheet()
        numbers = range(1, self._sheets + 1)
        sheets = "".join(
            f'<sheet name="{_text(self._title)}{"" if number == 1 else f" {number}"}" sheetId="{number}" '
            f'r:id="rId{number}"/>'
            for number in numbers
        )
        self._write(
            "xl/workbook.xml",
            f'<workbook {_MAIN} xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
        )
        self._write("xl/styles.xml", _STYLES.removeprefix(_HEAD))
        self._write_relations(
            "xl/_rels/workbook.xml.rels",
            [
                *(("worksheet", f"worksheets/sheet{number}.xml") for number in numbers),
                ("styles", "styles.xml"),
            ],
        )
        self._write_relations("_rels/.rels", [("officeDocument", "xl/workbook.xml")])
        parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
        parts += [(f"/xl/worksheets/sheet{number}.xml", "worksheet") for number in numbers]
        overrides = "".join(
            f'<Override PartName="{part}" ContentType="{_TYPES}.{kind}+xml"/>' for part, kind in parts
        )
        self._write(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f"{overrides}</Types>",
        )
        self.close()
        return self._bytes.getvalue()

    def close(self) -> None:
        """Let go of a file that may be unfinished."""
        self._sheet.close()
        self._zip.close()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._sheet = self._zip.open(_entry(f"xl/worksheets/sheet{self._sheets}.xml"), "w", force_zip64=False)
        widths = "".join(
            f'<col min="{at}" max="{at}" width="{width}" customWidth="1" style="{_TEXT}"/>'
            for at, (_, width) in enumerate(self._columns, start=1)
        )
        self._sheet.write(
            f'{_HEAD}<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f"<cols>{widths}</cols><sheetData>{_row([heading for heading, _ in self._columns], _HEADING)}".encode()
        )
        self._rows = 1

    def _end_sheet(self) -> None:
        last = chr(ord("A") + len(self._columns) - 1)
        self._sheet.write(
            f'</sheetData><ignoredErrors><ignoredError sqref="A1:{last}{self._most_rows}" numberStoredAsText="1"/>'
            "</ignoredErrors></worksheet>".encode()
        )
        self._sheet.close()

    def _write(self, name: str, content: str) -> None:
        self._zip.writestr(_entry(name), f"{_HEAD}{content}")

    def _write_relations(self, name: str, targets: Sequence[tuple[str, str]]) -> None:
        links = "".join(
            f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
            for number, (kind, target) in enumerate(targets, start=1)
        )
        self._write(name, f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>')


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)  # dated 1980
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _row(cells: Iterable[str | int], style: int) -> str:
    return f"<row>{''.join(_cell(cell, style) for cell in cells)}</row>"


def _cell(value: str | int, style: int) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'


def _text(value: str) -> str:
    """Return a text as XML has it; what XML cannot hold is in no name."""
    return escape(value, quote=True)
