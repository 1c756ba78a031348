"""Draws the icons of the Teams app from Moi's own mark, `bot/web/static/moi.svg`: `uv run docs/icons.py`.

Teams asks for a full square of 192 pixels with the mark inside the middle 120, a white outline of 32 pixels on nothing,
and for Outlook and Microsoft 365 the mark in colour at 32 pixels.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import resvg_py

PROJECT = Path(__file__).parents[1]
MARK = PROJECT / "bot" / "web" / "static" / "moi.svg"
FOLDER = PROJECT / "bot" / "teams_app"
SVG = "{http://www.w3.org/2000/svg}path"
SQUARE, SMALL = 192, 32  # pixels
MARK_WIDTH = 42  # units of its drawing
SAFE = 120  # Pixels in the middle of the square that no mask of Teams cuts off.
WHITE = "#ffffff"


def drawings() -> dict[str, tuple[int, str]]:
    """Every icon by its file name: its size in pixels and what is drawn, as SVG."""
    bubble, letter, leaf = ElementTree.parse(MARK).iterfind(SVG)  # noqa: S314  (our own file)
    green = bubble.attrib["fill"]

    def path(part: ElementTree.Element, **look: str) -> str:
        attributes = " ".join(f'{name.replace("_", "-")}="{value}"' for name, value in look.items())
        return f'<path {attributes} d="{part.attrib["d"]}"/>'

    def stroke(part: ElementTree.Element, colour: str, width: float) -> str:
        return path(
            part,
            fill="none",
            stroke=colour,
            stroke_width=str(width),
            stroke_linecap="round",
            stroke_linejoin="round",
        )

    wide = MARK_WIDTH * SQUARE / SAFE
    edge = (wide - 48) / 2  # The mark is drawn on a paper of 48 by 48.
    white_mark = path(bubble, fill=WHITE) + stroke(letter, green, 4) + path(leaf, fill=green)
    return {
        "kleur.png": (
            SQUARE,
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-edge} {-edge} {wide} {wide}">'
            f'<rect x="{-edge}" y="{-edge}" width="{wide}" height="{wide}" fill="{green}"/>{white_mark}</svg>',
        ),
        "omtrek.png": (
            SMALL,
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="1 2 46 46">'
            + stroke(bubble, WHITE, 3)
            + stroke(letter, WHITE, 3.6)
            + path(leaf, fill=WHITE)
            + "</svg>",
        ),
        "klein.png": (SMALL, MARK.read_text()),
    }


def draw(size: int, drawing: str) -> bytes:
    """The drawing as a PNG of so many pixels wide and high."""
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing, width=size, height=size, skip_system_fonts=True))


if __name__ == "__main__":
    for name, (size, drawing) in drawings().items():
        (FOLDER / name).write_bytes(draw(size, drawing))
