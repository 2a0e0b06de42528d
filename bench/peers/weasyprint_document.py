"""weasyprint: HTML with inline SVG charts to PDF/UA-1, the fonts declared once."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from bench.peers.content import Block, Content, Shape

_STYLE = """
@page { size: 612pt 792pt; margin: 24pt 48pt }
body { font: 8pt/1.25 Report; margin: 0 }
section { break-after: page; position: relative; height: 742pt }
section:last-child { break-after: auto }
h1 { font-size: 18pt; margin: 0 0 3pt } h2 { font-size: 11pt; margin: 5pt 0 2pt } h3 { font-size: 9pt; margin: 2pt 0 }
p { margin: 0 0 2pt } td, th { border: 0.5pt solid gray; padding: 3pt; text-align: start }
figure { margin: 0 0 4pt } footer { position: absolute; bottom: 0; font-size: 8pt }
"""
_FACE = "@font-face {{ font-family: Report; font-weight: {weight}; src: url({file}) }}"


class PerStudent:
    """Makes a document of HTML for every student."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = FontConfiguration()
        faces = [
            _FACE.format(weight=weight, file=(fonts / f"NotoSans-{name}.ttf").resolve().as_uri())
            for weight, name in (("normal", "Regular"), ("bold", "Bold"))
        ]
        self._style = CSS(string="\n".join([*faces, _STYLE]), font_config=self._fonts)

    def files(self, contents: Iterable[Content]) -> Iterator[bytes]:
        """Yield one document after the other."""
        for content in contents:
            document = HTML(string=_html(content))
            made = document.write_pdf(
                stylesheets=[self._style], font_config=self._fonts, pdf_variant="pdf/ua-1"
            )
            if not isinstance(made, bytes):
                raise TypeError("weasyprint gave no document")
            yield made


def printer(fonts: Path) -> PerStudent:
    """Make the peer."""
    return PerStudent(fonts)


def _html(content: Content) -> str:
    sections = "".join(
        f"<section>{''.join(map(_block, page.blocks))}<footer>{escape(' · '.join(page.foot))}</footer></section>"
        for page in content.pages
    )
    direction = "rtl" if content.right_to_left else "ltr"
    return (
        f'<!doctype html><html lang="{content.language}" dir="{direction}"><head><meta charset="utf-8">'
        f"<title>{escape(content.title)}</title></head><body>{sections}</body></html>"
    )


def _block(block: Block) -> str:
    if block.tag == "Table":
        head, *body = block.rows
        cells = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
        rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in body)
        return f"<table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>"
    if block.tag == "Figure":
        shapes = "".join(_SHAPES[str(shape["kind"])](shape) for shape in block.shapes)
        size = f'width="{block.width}pt" height="{block.height}pt" viewBox="0 0 {block.width} {block.height}"'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{shapes}</svg>'
        return f'<figure role="img" aria-label="{escape(block.text)}">{svg}</figure>'
    name = block.tag.lower()
    return f"<{name}>{escape(block.text)}</{name}>"


def _rgb(shape: Shape) -> str:
    return f"rgb({str(shape['color'])[1:-1]})"


def _rectangle(shape: Shape) -> str:
    return f'<rect {_corner(shape)} fill="{_rgb(shape)}"/>'


def _frame(shape: Shape) -> str:
    return f'<rect {_corner(shape)} fill="none" stroke="{_rgb(shape)}" stroke-width="{shape["line"]}"/>'


def _corner(shape: Shape) -> str:
    return f'x="{shape["x"]}" y="{shape["y"]}" width="{shape["width"]}" height="{shape["height"]}"'


def _line(shape: Shape) -> str:
    path = f"M{shape['x']} {shape['y']}l{shape['across']} {shape['down']}"
    return f'<path d="{path}" stroke="{_rgb(shape)}" stroke-width="{shape["line"]}"/>'


def _polygon(shape: Shape) -> str:
    steps = str(shape["steps"]).replace("[", "").replace("]", "")
    place = f'transform="translate({shape["x"]} {shape["y"]})"'
    return f'<polygon points="{steps}" fill="{_rgb(shape)}" {place}/>'


def _disc(shape: Shape) -> str:
    return f'<circle cx="{shape["x"]}" cy="{shape["y"]}" r="{shape["radius"]}" fill="{_rgb(shape)}"/>'


def _text(shape: Shape) -> str:
    style = f'font-size="{shape["size"]}" font-weight="{"bold" if shape["bold"] else "normal"}"'
    place = f'x="{shape["x"]}" y="{shape["y"]}" fill="{_rgb(shape)}"'
    return f'<text {place} font-family="Report" {style}>{escape(str(shape["text"]))}</text>'


_SHAPES: Mapping[str, Callable[[Shape], str]] = {
    "rectangle": _rectangle,
    "frame": _frame,
    "line": _line,
    "polygon": _polygon,
    "disc": _disc,
    "text": _text,
}
