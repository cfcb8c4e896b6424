"""Keeps the English messages complete, without GNU gettext.

Called as ``python -m chuangwen.core.i18n extract|check|compile``: ``extract`` by whoever adds a sentence,
``check`` by the gate and a test, ``compile`` by ``script/bootstrap``. Message ids are Chinese and need no
catalogue of their own. What always holds after ``extract``: the catalogue has every message of the sources
and no other, existing translations stay as they are, nothing is guessed (no fuzzy entry), and a moved line
changes nothing in the file.
"""

import argparse
import io
import os
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[1]
LOCALE = "en"

# Function name -> which arguments are the message, its plural and ("c") its context.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Babel's own header is a form to fill in (FULL NAME, EMAIL@ADDRESS); nothing of it would be said here.
HEADER = {
    "project": "Chuangwen",
    "version": "1",
    "header_comment": "# The English messages of Chuangwen, kept by python -m chuangwen.core.i18n.",
    "msgid_bugs_address": "none",
    "last_translator": "none",
    "language_team": "none",
}
PLACEHOLDER = re.compile(r"%\(\w+\)|\{\w*[^{}\s]*\}")


def catalogue_path(package: Path) -> Path:
    return package / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def source_files(package: Path) -> Iterator[Path]:
    """Python files but migrations, and the templates of every app, in a stable order."""
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package).parts
        if inside[0] in {"static_vendor", "locale"} or "migrations" in inside:
            continue
        if path.suffix == ".py" or ("templates" in inside and path.suffix in {".html", ".txt"}):
            yield path


def python_source(path: Path) -> str:
    """The file as something Babel's Python extractor reads; a template becomes its gettext calls."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a translators' comment amid a line is only a comment
        calls = templatize(text, origin=str(path))
    # A template's indentation is not Python's: the tokenizer would refuse it.
    return "\n".join(line.strip() for line in calls.splitlines())


def collect(package: Path) -> Catalog:
    """Every message of the sources; its place is the file alone, so that a moved line changes nothing."""
    template = Catalog(charset="utf-8")
    for path in source_files(package):
        place = path.relative_to(package.parent).as_posix()
        source = io.BytesIO(python_source(path).encode())
        for _line, message, comments, context in babel_extract(
            "python", source, keywords=KEYWORDS, comment_tags=("Translators:",), options={"encoding": "utf-8"}
        ):
            template.add(message, None, [(place, 0)], auto_comments=comments, context=context)
    return template


def load(po: Path) -> Catalog:
    if not po.exists():
        return Catalog(locale=LOCALE, domain="django", charset="utf-8", fuzzy=False, **HEADER)
    with po.open("rb") as stream:
        return read_po(stream, locale=LOCALE, domain="django", charset="utf-8")


def extract(package: Path = PACKAGE) -> Catalog:
    """Merges the sources' messages into the catalogue and writes it; what no source says any more goes."""
    po = catalogue_path(package)
    catalogue = load(po)
    catalogue.update(collect(package), no_fuzzy_matching=True, keep_user_comments=True, update_creation_date=False)
    for message in catalogue:
        if message.id:
            message.locations = sorted({(name, 0) for name, _line in message.locations})
    po.parent.mkdir(parents=True, exist_ok=True)
    with po.open("wb") as stream:
        write_po(stream, catalogue, sort_by_file=True, ignore_obsolete=True, include_lineno=False, width=0)
    return catalogue


def forms(value: str | Sequence[str] | None) -> list[str]:
    """The singular and plural of a message, or its one form; Babel writes an absent translation as None."""
    return [value or ""] if value is None or isinstance(value, str) else list(value)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def differing_placeholders(message: Message) -> bool:
    """Whether a translation lacks or invents a placeholder; a singular may leave out its number."""
    wanted = set().union(*(placeholders(form) for form in forms(message.id)))
    translated = [placeholders(form) for form in forms(message.string)]
    if any(found - wanted for found in translated):
        return True
    return translated[-1] != wanted


def problems(package: Path = PACKAGE) -> list[str]:
    """One line per fault of the catalogue, empty if English is complete."""
    catalogue, sources = load(catalogue_path(package)), collect(package)
    found = []
    for message in sources:
        if not message.id:
            continue
        name = forms(message.id)[0] if message.context is None else f"{forms(message.id)[0]} [{message.context}]"
        place = message.locations[0][0]
        known = catalogue.get(message.id, message.context)
        if known is None or forms(known.id) != forms(message.id):
            found.append(f"missing: {name} ({place})")
        elif not all(forms(known.string)):
            found.append(f"untranslated: {name} ({place})")
        elif known.fuzzy:
            found.append(f"fuzzy: {name} ({place})")
        elif differing_placeholders(known):
            found.append(f"placeholders differ: {name} -> {' | '.join(forms(known.string))}")
    found += [
        f"obsolete: {forms(message.id)[0]}"
        for message in catalogue
        if message.id and sources.get(message.id, message.context) is None
    ]
    return found


def compile_catalogues(package: Path = PACKAGE) -> list[Path]:
    """Writes each .mo that is older than its .po; returns those written. Two at once do no harm."""
    written = []
    for po in sorted((package / "locale").glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as stream:
            catalogue = read_po(stream, locale=po.parts[-3], domain=po.stem)
        draft = mo.with_suffix(f".{os.getpid()}.tmp")
        with draft.open("wb") as out:
            write_mo(out, catalogue)
        draft.replace(mo)
        written.append(mo)
    return written


def main(arguments: Sequence[str] | None = None, package: Path = PACKAGE) -> int:
    parser = argparse.ArgumentParser(prog="python -m chuangwen.core.i18n")
    parser.add_argument("action", choices=["extract", "check", "compile"])
    action = parser.parse_args(arguments).action
    if action == "compile":
        written = compile_catalogues(package)
        if written:
            sys.stdout.write(f"Compiled {len(written)} message catalogue(s).\n")
        return 0
    if action == "extract":
        catalogue = extract(package)
        empty = sum(not all(forms(message.string)) for message in catalogue if message.id)
        sys.stdout.write(f"{len(catalogue)} messages, {empty} without English: {catalogue_path(package)}\n")
        return 0
    faults = problems(package)
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    if faults:
        sys.stdout.write(f"{len(faults)} message(s) to mend: python -m chuangwen.core.i18n extract, then translate.\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
