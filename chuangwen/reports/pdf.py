"""Turns a document into a PDF in which every link still opens.

Called by whoever issues documents. Always holds: wherever a hyperlink of the document is printed, there the PDF has a
link annotation with its address; the same document gives the same PDF on the same machine. Knows no Django.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    ContentStream,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
)
from pypdf.generic import TextStringObject as PdfText

from chuangwen.reports.docx import Link
from chuangwen.reports.docx.colouring import Colour, Coloured, coloured
from chuangwen.reports.docx.fonts import faces
from chuangwen.reports.docx.properties import written_moment

SECONDS = 120.0
_PROGRAMS = ("soffice", "libreoffice")
_FILTER = "pdf:writer_pdf_Export:" + json.dumps({"UseTaggedPDF": {"type": "boolean", "value": "true"}})
# A link over less than this is a stroke that rounding left over.
_LEAST = 0.5
# Two strokes on one line nearer than this are one link: the office draws a gap beside digits for itself.
_GAP = 3.0
# The line under a text lies below the baseline; the text reaches so much of its size above and below the line.
_ABOVE, _BELOW = 1.0, 0.12

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
_PLAIN: Matrix = (1, 0, 0, 1, 0, 0)


class NoOffice(RuntimeError):
    """This machine has no LibreOffice."""


class OfficeFailed(RuntimeError):
    """LibreOffice made no PDF; `said` is what it printed, or what is wrong with what it made."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True)
class Pdf:
    """A PDF; `replaced` names each face that this machine lacks with what is printed instead.

    `unlinked` are the links without printed text, such as one around a picture: they have no place on the page.
    """

    data: bytes
    replaced: tuple[tuple[str, str], ...]
    unlinked: tuple[Link, ...] = ()


def find_office() -> str | None:
    """LibreOffice on the PATH; None where there is none."""
    return next((path for name in _PROGRAMS if (path := shutil.which(name))), None)


def to_pdf(document: bytes, *, office: str | None = None, seconds: float = SECONDS) -> Pdf:
    """The PDF of a Word document. `office` is the path of LibreOffice, else it is looked for.

    Raises NoOffice, OfficeFailed, and BadTemplate for what is not a safe Word document.
    """
    program = office or find_office()
    if program is None or shutil.which(program) is None:
        raise NoOffice(program or "soffice")
    source = coloured(document)
    made = _convert(source.data, program, seconds)
    try:
        reader = PdfReader(io.BytesIO(made))
        writer = PdfWriter(clone_from=reader)
        linked = _link(writer, source)
        data = _written(writer, document)
        replaced = _replaced(faces(document), _fonts(reader))
    except PyPdfError as error:
        raise OfficeFailed(str(error)) from error
    unlinked = tuple(link for place, link in enumerate(source.links) if place not in linked)
    lost = [link for link in unlinked if link.text.strip()]
    if lost:
        raise OfficeFailed(f"{len(lost)} links have no place in the PDF, the first is {lost[0]}")
    return Pdf(data, replaced, unlinked)


def _convert(document: bytes, program: str, seconds: float) -> bytes:
    with tempfile.TemporaryDirectory(prefix="chuangwen-pdf-") as folder:
        here = Path(folder)
        (here / "document.docx").write_bytes(document)
        # A profile of its own: two runs at once would find each other's locked.
        profile = f"-env:UserInstallation={(here / 'profile').as_uri()}"
        convert = ["--convert-to", _FILTER, "--outdir", folder, str(here / "document.docx")]
        said = _run([program, profile, "--headless", "--norestore", *convert], here, seconds)
        made = here / "document.pdf"
        if not made.is_file():
            raise OfficeFailed(said or "no PDF and not a word")
        return made.read_bytes()


def _run(command: Sequence[str], folder: Path, seconds: float) -> str:
    output = folder / "said"
    # A file, not a pipe: a child that outlives the program would keep a pipe open.
    with output.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={**os.environ, "SAL_USE_VCLPLUGIN": "svp"},
            start_new_session=True,
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise OfficeFailed(f"no PDF within {seconds:g} seconds") from error
        finally:
            _end(process)
    return output.read_text(encoding="utf-8", errors="replace").strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program with all that it started: what is called soffice only starts another one."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


@dataclass(frozen=True)
class _State:
    """What the operators of a page have set so far, as far as a place needs it."""

    matrix: Matrix = _PLAIN
    stroke: Colour | None = None
    fill: Colour | None = None
    clip: Box | None = None


@dataclass
class _Page:
    """Finds on one page whatever is drawn in one of the colours."""

    colours: dict[Colour, int]
    found: list[tuple[int, Box]] = field(default_factory=list)
    state: _State = field(default_factory=_State)
    kept: list[_State] = field(default_factory=list)
    path: list[tuple[float, float]] = field(default_factory=list)
    clipping: bool = False
    # That of the last text, whatever was restored since: a line under it is drawn after it. First: official text.
    size: float = 16.0

    def read(self, operator: str, numbers: list[float]) -> None:
        if operator == "q":
            self.kept.append(self.state)
        elif operator == "Q" and self.kept:
            self.state = self.kept.pop()
        elif operator in ("m", "l", "c", "v", "y", "re"):
            self.path += self._points(operator, numbers)
        elif operator in ("W", "W*"):
            self.clipping = True
        elif operator in _PAINTING:
            self._paint(operator)
        else:
            self._set(operator, numbers)

    def _set(self, operator: str, numbers: list[float]) -> None:
        if operator == "cm" and len(numbers) == 6:
            a, b, c, d, e, f = numbers
            self.state = replace(self.state, matrix=_times((a, b, c, d, e, f), self.state.matrix))
        elif operator in ("RG", "G"):
            self.state = replace(self.state, stroke=_colour(numbers))
        elif operator in ("rg", "g"):
            self.state = replace(self.state, fill=_colour(numbers))
        elif operator == "Tf" and numbers:
            self.size = numbers[-1]

    def _points(self, operator: str, numbers: list[float]) -> Iterator[tuple[float, float]]:
        if operator == "re":
            x, y, width, height = numbers
            numbers = [x, y, x + width, y, x, y + height, x + width, y + height]
        a, b, c, d, e, f = self.state.matrix
        for x, y in zip(numbers[::2], numbers[1::2], strict=True):
            yield a * x + c * y + e, b * x + d * y + f

    def _paint(self, operator: str) -> None:
        path, self.path = self.path, []
        clipping, self.clipping = self.clipping, False
        if not path:
            return
        box = _box(path)
        stroke, fill = operator in _STROKING, operator in _FILLING
        for colour, is_stroke in ((self.state.stroke, True), (self.state.fill, False)):
            if colour in self.colours and (stroke if is_stroke else fill):
                self._add(self.colours[colour], _cut(box, self.state.clip))
        if clipping:
            self.state = replace(self.state, clip=_cut(box, self.state.clip))

    def _add(self, place: int, box: Box) -> None:
        left, low, right, high = box
        if right - left < _LEAST:
            return
        if high - low < self.size / 2:
            # A line under the text, not the ground behind it.
            low, high = low - _BELOW * self.size, high + _ABOVE * self.size
        if self.found:
            before, (was_left, was_low, was_right, was_high) = self.found[-1]
            if before == place and abs(was_low - low) < _GAP and left - was_right < _GAP and was_left - right < _GAP:
                self.found.pop()
                left, low = min(left, was_left), min(low, was_low)
                right, high = max(right, was_right), max(high, was_high)
        self.found.append((place, (left, low, right, high)))


_STROKING = frozenset({"S", "s", "B", "B*", "b", "b*"})
_FILLING = frozenset({"f", "F", "f*", "B", "B*", "b", "b*"})
_PAINTING = _STROKING | _FILLING | {"n"}


def _colour(numbers: list[float]) -> Colour:
    red, green, blue = (round(each * 255) for each in (numbers if len(numbers) == 3 else numbers[:1] * 3))
    return red, green, blue


def _times(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _box(points: list[tuple[float, float]]) -> Box:
    across, up = [x for x, _ in points], [y for _, y in points]
    return min(across), min(up), max(across), max(up)


def _cut(box: Box, clip: Box | None) -> Box:
    if clip is None:
        return box
    return max(box[0], clip[0]), max(box[1], clip[1]), min(box[2], clip[2]), min(box[3], clip[3])


def _link(writer: PdfWriter, source: Coloured) -> set[int]:
    """Put an annotation over every place of a link; returns the numbers of the links that have one."""
    linked: set[int] = set()
    for page in writer.pages:
        # Some offices write links and some leave them out; those they write are ours, so none is there twice.
        own = [each for each in page.get("/Annots", ArrayObject()) if not _is_link(each.get_object())]
        found = _places(page, writer, source.places)
        linked |= {place for place, _ in found}
        added = [writer._add_object(_annotation(place, source.links[place], box)) for place, box in found]
        if own or added:
            page[NameObject("/Annots")] = ArrayObject([*own, *added])
    return linked


def _written(writer: PdfWriter, document: bytes) -> bytes:
    """The bytes, with moment and identifier taken from the document and not from the hour of printing."""
    moment = written_moment(document)
    if moment:
        writer.add_metadata({"/CreationDate": moment, "/ModDate": moment})
    writer._ID = ArrayObject([ByteStringObject(hashlib.sha256(document).digest()[:16])] * 2)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _places(page: PageObject, writer: PdfWriter, colours: dict[Colour, int]) -> list[tuple[int, Box]]:
    contents = page.get_contents()
    if contents is None:
        return []
    reading = _Page(colours)
    for operands, operator in ContentStream(contents, writer).operations:
        numbers = [float(each) for each in operands if isinstance(each, NumberObject | FloatObject)]
        reading.read(operator.decode("latin-1"), numbers)
    return reading.found


def _is_link(annotation: object) -> bool:
    return isinstance(annotation, DictionaryObject) and annotation.get("/Subtype") == "/Link" and "/A" in annotation


def _annotation(place: int, link: Link, box: Box) -> DictionaryObject:
    action = DictionaryObject({NameObject("/S"): NameObject("/URI"), NameObject("/URI"): PdfText(link.url)})
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject([FloatObject(round(each, 2)) for each in box]),
            NameObject("/Border"): ArrayObject([NumberObject(0)] * 3),
            # Printed with the page, as PDF/A asks of every annotation.
            NameObject("/F"): NumberObject(4),
            NameObject("/NM"): PdfText(f"link{place}"),
            NameObject("/Contents"): PdfText(link.text),
            NameObject("/A"): action,
        }
    )


def _fonts(reader: PdfReader) -> list[str]:
    """The names of the fonts with which the PDF prints, without the mark of a subset."""
    found: dict[str, None] = {}
    for page in reader.pages:
        resources = page.get("/Resources")
        fonts = resources.get_object().get("/Font") if resources is not None else None
        for font in fonts.get_object().values() if fonts is not None else ():
            name = str(font.get_object().get("/BaseFont", "")).lstrip("/")
            found[name.split("+", 1)[-1].removesuffix("-VKana")] = None
    return list(found)


def _replaced(asked: Sequence[str], printed: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Each face that is not on this machine, with the families in the PDF that nobody asked for."""
    families, by_name = _installed()
    missing = [face for face in asked if face.lower() not in families]
    here = {family for face in asked if face.lower() in families for family in families[face.lower()]}
    used = dict.fromkeys(by_name.get(name, name) for name in printed)
    instead = "、".join(name for name in used if name.lower() not in here)
    return tuple((face, instead) for face in missing)


def _installed() -> tuple[dict[str, set[str]], dict[str, str]]:
    """What fontconfig knows: all names of the family that has this name, and the family of a PostScript name."""
    program = shutil.which("fc-list")
    if program is None:
        return {}, {}
    listed = subprocess.run(  # noqa: S603
        [program, "--format", "%{family}\t%{postscriptname}\n"], capture_output=True, text=True, timeout=30, check=False
    )
    families: dict[str, set[str]] = {}
    by_name: dict[str, str] = {}
    for line in listed.stdout.splitlines():
        names, _, own = line.partition("\t")
        family = names.split(",")
        for name in family:
            families.setdefault(name.lower(), set()).update(each.lower() for each in family)
        by_name[own] = family[0]
    return families, by_name
