"""Build the fonts layer: the Noto fonts that SSRs are set in, cut to what names and texts can hold.

    python layers/fonts/build.py [--output DIR]

`DIR` (build/layers/fonts unless told) becomes the content of the Lambda layer, so a font lies at
`/opt/fonts/<file>`. The sources come from npm at the exact versions of package.json (`npm ci`). The
result is the same bytes on every machine; nothing is rebuilt while sources and recipe are unchanged.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools import version as fonttools_version
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "node_modules" / "@expo-google-fonts"
LICENCE = SOURCES / "noto-sans" / "LICENSE_FONT"

HANGUL = (
    range(0x1100, 0x1200),  # jamo: the letters that syllables are made of
    range(0x3130, 0x3190),  # compatibility jamo
    range(0xA960, 0xA980),  # old initial letters
    range(0xAC00, 0xD7A4),  # every one of the 11,172 syllables; KS X 1001 alone lacks 뷁, 똠, 펲, 쌰
    range(0xD7B0, 0xD800),  # old medial and final letters
)
HAN = (
    range(0x3400, 0x4DC0),
    range(0x4E00, 0xA000),
    range(0xF900, 0xFB00),
    range(0x20000, 0x30000),
)
PUNCTUATION = (range(0x20, 0x7F), range(0x3000, 0x3040), range(0xFF00, 0xFFF0), (0xB7, 0x2022, 0x2027))


@dataclass(frozen=True, slots=True)
class Face:
    """One font file of the layer: where it comes from and the characters it keeps (None: all)."""

    file: str
    source: str
    keep: frozenset[int] | None
    shaped: bool  # keeps the tables by which letters join and marks find their place


def _points(ranges: tuple[range | tuple[int, ...], ...]) -> frozenset[int]:
    return frozenset(point for each in ranges for point in each)


def _repertoire(codec: str) -> frozenset[int]:
    """All characters that a legacy Chinese encoding can write."""

    def writable(point: int) -> bool:
        try:
            chr(point).encode(codec)
        except UnicodeEncodeError:
            return False
        return True

    return frozenset(filter(writable, range(0xA0, 0x30000)))


def _covered(source: str) -> frozenset[int]:
    with TTFont(SOURCES / source, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _faces() -> list[Face]:
    han = _points(HAN)
    chinese_file = "noto-sans-tc/{0}/NotoSansTC_{0}.ttf"
    chinese = _repertoire("big5") | _repertoire("big5hkscs") | _points(PUNCTUATION)
    # The file has 181 further ideographs beyond both encodings; a name may hold one of them.
    chinese |= _covered(chinese_file.format("400Regular")) & han
    # Korean names are also written in Hanja, some of which the Chinese file lacks.
    korean = _points((*HANGUL, *PUNCTUATION)) | (han - chinese)
    faces = []
    for weight, folder in (("Regular", "400Regular"), ("Bold", "700Bold")):
        faces += [
            Face(f"NotoSans-{weight}.ttf", f"noto-sans/{folder}/NotoSans_{folder}.ttf", None, shaped=True),
            Face(
                f"NotoNaskhArabic-{weight}.ttf",
                f"noto-naskh-arabic/NotoNaskhArabic_{folder}.ttf",
                None,
                shaped=True,
            ),
            Face(
                f"NotoSansKR-{weight}.ttf",
                f"noto-sans-kr/{folder}/NotoSansKR_{folder}.ttf",
                korean,
                shaped=False,
            ),
            Face(f"NotoSansTC-{weight}.ttf", chinese_file.format(folder), chinese, shaped=False),
        ]
    return faces


def _write(face: Face, folder: Path) -> str:
    """Cut one font and write it; return its line of the summary."""
    options = subset.Options(
        hinting=False,  # paper and today's screens do not need it
        recalc_timestamp=False,  # head.modified stays that of the source: same bytes every time
        notdef_outline=True,
        recommended_glyphs=True,
        name_IDs=["*"],  # the copyright and licence entries travel with the font
        layout_features=["*"] if face.shaped else [],
        drop_tables=["STAT", "BASE", "vhea", "vmtx", "gasp"],
    )
    font = subset.load_font(SOURCES / face.source, options, lazy=True)
    subsetter = subset.Subsetter(options)
    covered = set(font.getBestCmap())
    subsetter.populate(unicodes=covered if face.keep is None else covered & face.keep)
    subsetter.subset(font)
    kept = len(font.getBestCmap())
    target = folder / face.file
    subset.save_font(font, target, options)
    return f"  {face.file:<28} {kept:>6,} characters {target.stat().st_size / 1e6:6.2f} MB"


def _write_licences(folder: Path, faces: list[Face]) -> None:
    """Write an OFL text per family; the licence requires it beside the font."""
    body = LICENCE.read_text(encoding="utf-8").split("\n", 1)[1]
    for face in faces:
        family, _, weight = face.file.removesuffix(".ttf").partition("-")
        if weight == "Regular":
            with TTFont(SOURCES / face.source, lazy=True) as font:
                owner = font["name"].getDebugName(0)
            if not owner.startswith("Copyright"):
                owner = f"Copyright {owner}"
            (folder / f"OFL-{family}.txt").write_text(f"{owner}\n{body}", encoding="utf-8")


def _stamp(faces: list[Face]) -> str:
    """Hash what the result depends on: the recipe, its tool and the sources."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + fonttools_version.encode())
    for face in faces:
        digest.update((SOURCES / face.source).read_bytes())
    return digest.hexdigest()


def build(output: Path) -> bool:
    """Write the layer's content to `output`; return False if it was up to date already."""
    faces = _faces()
    stamp, stamp_file = _stamp(faces), output.with_name(f"{output.name}.stamp")
    if stamp_file.is_file() and stamp_file.read_text() == stamp and (output / "fonts").is_dir():
        return False
    stamp_file.unlink(missing_ok=True)
    shutil.rmtree(output, ignore_errors=True)
    folder = output / "fonts"
    folder.mkdir(parents=True)
    # The largest first, so that two workers end at about the same time.
    faces.sort(key=lambda face: -(SOURCES / face.source).stat().st_size)
    with ProcessPoolExecutor() as workers:
        for line in workers.map(_write, faces, [folder] * len(faces)):
            print(line)
    _write_licences(folder, faces)
    stamp_file.write_text(stamp)
    return True


def main() -> int:
    """Build the layer where the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "layers" / "fonts")
    output = parser.parse_args().output
    if not SOURCES.is_dir():
        print("The fonts are not installed: run `npm ci` (or `make setup`) first.", file=sys.stderr)
        return 1
    print(f"Fonts layer in {output}" if build(output) else f"Fonts layer in {output} is up to date")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
