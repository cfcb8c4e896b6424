"""Templates: none is left over, components say what they take, nothing needs a looser security policy."""

import ast
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from tests.architecture.files import ROOT, files, relative

# Django looks these up by name, without a call of ours.
FOUND_BY_NAME = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
NAMED_IN_TAG = re.compile(r"""{%\s*(?:extends|include)\s+["']([^"']+)["']""")
DJANGO_CODE = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
COMMENT_FIRST = re.compile(r"\A{%\s*comment\b[^%]*%}(.*?){%\s*endcomment\s*%}", re.DOTALL)


@cache
def templates() -> dict[str, Path]:
    """Template name, as a render call says it -> file."""
    found = {}
    for path in files():
        match = re.fullmatch(r"chuangwen/\w+/templates/(.+)", relative(path))
        if match:
            found[match[1]] = path
    return found


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def strings_of_python() -> set[str]:
    found = set()
    for path in files():
        if path.suffix == ".py" and relative(path).startswith("chuangwen/"):
            found |= {
                node.value
                for node in ast.walk(ast.parse(text(path), filename=relative(path)))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    return found


class Inline(HTMLParser):
    """Collects what a strict policy refuses: styles and scripts written into the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _value in attrs}
        line = self.getpos()[0]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"line {line}: <{tag}> written into the page")
        for name in sorted(names):
            if name == "style" or name.startswith(("on", "hx-on")):
                self.found.append(f"line {line}: attribute {name}")


def inline(source: str) -> list[str]:
    # Lines are kept, so that a finding can be looked up.
    parser = Inline()
    parser.feed(DJANGO_CODE.sub(lambda code: "x" + "\n" * code[0].count("\n"), source))
    parser.close()
    return parser.found


def test_every_template_is_used() -> None:
    named = strings_of_python() | FOUND_BY_NAME
    for path in templates().values():
        named |= set(NAMED_IN_TAG.findall(text(path)))
    assert sorted(set(templates()) - named) == []


def test_every_named_template_exists() -> None:
    missing = [
        f"{name}: {wanted}"
        for name, path in templates().items()
        for wanted in NAMED_IN_TAG.findall(text(path))
        if wanted not in templates() and (ROOT / "chuangwen" / wanted.split("/")[0]).is_dir()
    ]
    assert missing == []


def test_every_component_documents_its_parameters() -> None:
    silent = []
    for name, path in templates().items():
        if name.startswith("core/components/"):
            comment = COMMENT_FIRST.match(text(path))
            if not comment or not comment[1].strip():
                silent.append(name)
    assert silent == []


def test_no_style_script_or_handler_is_written_into_a_page() -> None:
    found = [f"{relative(path)} {problem}" for path in templates().values() for problem in inline(text(path))]
    assert found == []


def test_the_search_for_inline_code_finds_each_kind() -> None:
    page = """<p {% if style %}class="a"{% endif %}>on time = late</p>
<p style="x"></p><script>1</script><button onclick="f()"></button><a hx-on:click="f()"></a><style>p {}</style>
<script src="{% static 'a.js' %}"></script>"""
    assert inline(page) == [
        "line 2: attribute style",
        "line 2: <script> written into the page",
        "line 2: attribute onclick",
        "line 2: attribute hx-on:click",
        "line 2: <style> written into the page",
    ]
