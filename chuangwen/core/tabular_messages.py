"""The sentences for everything that `chuangwen.core.tabular` can find wrong: what it is, and how to mend it.

Called by the pages that show an import. Each code has a pair of texts whose {names} are the problem's
parameters; tests hold that every code of the package has its pair and that no text asks for a parameter
that never comes.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Pair = tuple["_StrPromise", "_StrPromise"]

_CELLS: dict[str, Pair] = {
    "blank": (_("这一格是空的"), _("补上内容；确实没有这一行，就把整行删掉")),
    "formula_error": (_("这一格是公式，结果出错：{value}"), _("改正公式，或直接填写结果")),
    "formula_without_value": (
        _("这一格是公式，文件里没有算好的结果"),
        _("用 WPS 或 Excel 打开、保存一次，再上传"),
    ),
    "not_a_date": (_("“{value}”不是日期"), _("写成 2026-04-02、2026.4.2 或 2026年4月2日 均可")),
    "no_such_date": (_("没有“{value}”这一天"), _("核对月份和日子")),
    "date_without_year": (_("“{value}”没有写年份"), _("补上年份，例如 2026年4月2日")),
    "date_too_early": (_("“{value}”早于 {earliest}"), _("核对日期，应在 {earliest} 当天或以后")),
    "date_too_late": (_("“{value}”晚于 {latest}"), _("核对日期，应在 {latest} 当天或以前")),
    "not_a_time": (_("“{value}”不是时间"), _("写成 8:30、15:00 或 下午3时 均可")),
    "not_a_number": (_("“{value}”不是数"), _("只写数，例如 12")),
    "not_whole": (_("“{value}”不是整数"), _("写成整数，例如 3")),
    "approximate": (_("“{value}”不是确数"), _("写出实际的数，不用“约”“余”“多”")),
    "number_is_date": (_("这一格应当是数，却成了日期或时间：{value}"), _("把单元格格式改为“常规”，重新填数")),
    "too_many_places": (_("“{value}”小数位数太多"), _("最多 {places} 位小数")),
    "negative": (_("“{value}”是负数"), _("不能小于 {minimum}；多记的数在原来那一行里改")),
    "below_minimum": (_("“{value}”太小"), _("不能小于 {minimum}")),
    "above_maximum": (_("“{value}”太大"), _("不能大于 {maximum}")),
    "too_long": (_("这一格有 {length} 个字，太长"), _("最多 {limit} 个字")),
    "unknown_choice": (_("没有“{value}”这个{what}"), _("可以填：{known}")),
    "unknown_choice_of_many": (_("没有“{value}”这个{what}"), _("可以填：{known}…等 {count} 个")),
    "unknown_choice_near": (_("没有“{value}”这个{what}"), _("是不是“{nearest}”？")),
    "not_a_code": (_("“{value}”不像这里用的代码"), _("照代码册上的写法填写")),
    "not_yes_no": (_("“{value}”看不出是还是否"), _("写“是”或“否”，打√或×也可以")),
}

_WORKBOOKS: dict[str, Pair] = {
    "empty_file": (_("“{name}”是空文件"), _("重新保存后再上传")),
    "too_large": (_("“{name}”有 {size} MB，太大"), _("删去图片或分成几个文件，每个不超过 {limit} MB")),
    "not_a_workbook": (_("“{name}”不是表格文件"), _("用 WPS 或 Excel 打开，另存为 .xlsx 后上传")),
    "word": (_("“{name}”是 Word 文档"), _("请传 Excel 表，不是 Word")),
    "pdf": (_("“{name}”是 PDF"), _("请传 Excel 表，不是 PDF")),
    "not_geojson": (
        _("“{name}”不是 GeoJSON"),
        _("从地图软件另存为 GeoJSON（FeatureCollection）再传"),
    ),
    "csv": (_("“{name}”是纯文本，不是 Excel 表"), _("用 WPS 打开后另存为 .xlsx 再传")),
    "xlsb": (_("“{name}”是二进制工作簿（.xlsb）"), _("用 WPS 或 Excel 打开，另存为 .xlsx 后上传")),
    "damaged": (_("“{name}”已损坏，读不完整"), _("用 WPS 或 Excel 打开、保存一次，再上传；打不开就用备份")),
    "macros": (_("“{name}”带有宏，为了安全不能接收"), _("另存为“Excel 工作簿（.xlsx）”后上传，数据不会变")),
    "encrypted": (_("“{name}”设有密码"), _("去掉打开密码，保存后再上传")),
    "bomb": (_("“{name}”展开后大得不正常"), _("把数据复制到新建的工作簿，另存为 .xlsx 后上传")),
    "doctype": (_("“{name}”里有不该有的外部定义"), _("把数据复制到新建的工作簿，另存为 .xlsx 后上传")),
    "too_wide": (
        _("“{name}”里有远处的格子，表格范围太大"),
        _("删去数据右边和下面多余的行列，另存为 .xlsx 后上传"),
    ),
    "no_sheets": (_("“{name}”里没有工作表"), _("核对是不是选错了文件")),
    "too_many_sheets": (_("“{name}”有 {count} 张工作表，太多"), _("最多 {limit} 张，分成几个文件上传")),
}

_NOTES: dict[str, Pair] = {
    "ending_xlsx": (_("文件名的后缀与内容不符，内容是 .xlsx，已照内容读取"), _("不用处理")),
    "ending_xls": (_("文件名的后缀与内容不符，内容是 .xls，已照内容读取"), _("不用处理")),
    "ending_ods": (_("文件名的后缀与内容不符，内容是 .ods，已照内容读取"), _("不用处理")),
    "xls_formulas": (_("旧格式 .xls 里，出错的公式会当作空格读取"), _("有公式的表，请另存为 .xlsx 后上传")),
}

# With one of these the file itself cannot be read: there is nothing in it to be pointed out or mended.
UNREADABLE = frozenset(_WORKBOOKS)
MESSAGES: dict[str, Pair] = {**_CELLS, **_WORKBOOKS, **_NOTES}


def explain(code: str, params: Mapping[str, str]) -> tuple[str, str]:
    """(what is wrong, how to mend it) in the reader's language. Raises KeyError for an unknown code."""
    wrong, mend = MESSAGES[code]
    return str(wrong).format_map(params), str(mend).format_map(params)
