"""Says in sentences what is wrong with a Word template and how to mend it.

Called by the page where a clerk uploads or edits a template. Always holds: every code that
`chuangwen.reports.docx` gives has an entry here.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise

_RESAVE = _("请在 Word 或 WPS 中打开，另存为“Word 文档（.docx）”后再上传。")
_PLAIN = _("请删去它，只保留文字、表格和网页链接。")
_ALLOWED = _("模板里只用数字名称、比较（大于、小于、等于）、加减乘除、条件和逐行列出。")

# code: (what is wrong, how to mend it); %(…)s are the problem's params.
MESSAGES: dict[str, tuple[Sentence, Sentence]] = {
    "too-large": (_("文件超过 %(limit)s MB。"), _("请删去图片等无关内容后再上传。")),
    "not-docx": (_("这不是可用的 Word 文档（.docx）。"), _RESAVE),
    "unpacked-too-large": (_("文件展开后过大，或结构异常。"), _RESAVE),
    "macro": (_("文件带有宏。"), _RESAVE),
    "embedded-object": (_("文件嵌有其他文件或控件。"), _PLAIN),
    "outside-content": (_("文件引用了外部内容，打开时会到别处取数据。"), _PLAIN),
    "dtd": (_("文件的内部结构含有不允许的声明。"), _RESAVE),
    "broken-xml": (_("文件的内部结构已损坏。"), _RESAVE),
    "forbidden-field": (
        _("文件含有不允许的域“%(name)s”。"),
        _("请选中该域，按 Ctrl+Shift+F9 转为普通文字。"),
    ),
    "tracked-changes": (_("文件还有未处理的修订。"), _("请在“审阅”中接受或拒绝全部修订后再上传。")),
    "unclosed-tag": (
        _("“%(name)s”没有配对。"),
        _("一个标记从 {{ 到 }}、从 {% 到 %}，须写在同一段里，两头都不能少。"),
    ),
    "fullwidth": (_("标记里用了全角符号“%(name)s”。"), _("请切换到英文输入法，把它改为半角。")),
    "forbidden-tag": (_("不能用“%(name)s”。"), _("条件用 if、elif、else、endif，逐行列出用 for、endfor。")),
    "tag-not-alone": (
        _("“%(name)s”所在的段落（或表格行）还有其他内容，成文时会一起消失。"),
        _("请让它独占一段（或一行）。"),
    ),
    "block-crosses": (
        _("条件的开头和结尾不在同一段。"),
        _("管几段文字的条件，开头和结尾各占一段，写作 {%p if … %} 和 {%p endif %}。"),
    ),
    "syntax": (
        _("标记写得不完整，读不懂：%(detail)s"),
        _("请检查括号、引号，以及每个 if、for 是否都有结尾。"),
    ),
    "forbidden": (_("不能用“%(name)s”。"), _ALLOWED),
    "unknown-name": (_("没有叫“%(name)s”的数字。"), _("请从数字目录中选用名称。")),
    "unknown-name-near": (_("没有叫“%(name)s”的数字。"), _("是否要写“%(nearest)s”？")),
    "unknown-field": (_("没有“%(name)s”这一项。"), _("这里可用：%(fields)s。")),
    "not-a-number": (_("“%(name)s”是文字，不能计算或比较大小。"), _("请改用对应的计数，如班级数、次数。")),
    "division-by-zero": (_("本期除数为 0，算不出来。"), _("请先用条件排除为 0 的情形。")),
    "wrong-kind": (_("这里的内容种类不对，印不出来。"), _ALLOWED),
    "unclosed-figure": (
        _("数字的标记“%(name)s”不完整。"),
        _("数字写作 ⟦名称⟧，两头的括号都不能少；要印括号本身，在它前面加 \\。"),
    ),
    "empty-figure": (_("“%(name)s”里没有写数字的名称。"), _("请写上名称，或删去这对括号。")),
    "unclosed-lead": (_("从“%(name)s”起，** 没有配对。"), _("段首语的前后各写一个 **；要印星号本身，写作 \\*。")),
    "broken-structure": (
        _("条件与表格或段落交错，成文后结构不完整。"),
        _("请让条件的开头和结尾都在表格内，或都在表格外。"),
    ),
}


def explain(code: str, params: Mapping[str, str]) -> tuple[str, str]:
    """What is wrong and how to mend it, in the reader's language. Raises KeyError for an unknown code."""
    key = "unknown-name-near" if code == "unknown-name" and params.get("nearest") else code
    filled = {"name": "", "nearest": "", "detail": "", "limit": "", "fields": "", **params}
    what, mend = (_filled(sentence, filled) for sentence in MESSAGES[key])
    return what, mend


def _filled(sentence: Sentence, params: Mapping[str, str]) -> str:
    # Not the % operator: the sentences themselves show {% … %}.
    text = str(sentence)
    for name, value in params.items():
        text = text.replace(f"%({name})s", value)
    return text
