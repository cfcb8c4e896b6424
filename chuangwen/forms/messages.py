"""Sentences for what is wrong with a form or with an answer: what it is, and how to mend it.

Always holds: every code that `chuangwen.forms.rules` gives has an entry here.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangwen.forms.rules.problems import Problem

Sentence = str | Promise

_GRAMMAR = _("条件里只用花括号里的题号、数、'选项'、比较、and、or、not、empty、contains、+、-、* 和括号")
_ABOVE = _("条件只能问排在前面的题")

# code: (what is wrong, how to mend it); %(…)s are the problem's params.
OF_FORMS: dict[str, tuple[Sentence, Sentence]] = {
    "not_an_object": (_("这里要写一组“名称: 内容”"), _("按表单说明的写法改")),
    "not_a_list": (_("这里要写一个列表，至少一项"), _("补上列表里的内容")),
    "too_many": (_("有 %(count)s 项，最多 %(most)s 项"), _("减少，或拆成几张表")),
    "unknown_entry": (_("没有“%(name)s”这一栏"), _("改正名称，或删去它")),
    "text_missing": (_("缺少中文文字"), _("写上 zh，可再写 en")),
    "text_long": (_("文字超过 %(most)s 个字"), _("写短一些")),
    "bad_key": (
        _("题号“%(key)s”不能用"),
        _("小写英文字母开头，只含字母、数字和单个下划线，40 个字符以内，不用条件里的词"),
    ),
    "key_twice": (_("题号“%(key)s”用了两次"), _("每题用自己的题号")),
    "choice_twice": (_("选项“%(key)s”写了两次"), _("每个选项用自己的代号")),
    "not_yes_or_no": (_("这里只能写 true 或 false"), _("改成 true 或 false")),
    "number_out": (_("这里要写 %(low)s 到 %(high)s 的整数"), _("改正这个数")),
    "unknown_word": (_("不认识“%(word)s”"), _("改成说明里列出的词；来源要先在 sources 里写明")),
    "unknown_kind": (_("没有“%(kind)s”这种题"), _("改成说明里列出的题型")),
    "bad_edition": (_("版次要是 40 个字以内的文字"), _("改短")),
    "bad_source": (_("来源写得不全，或编号重复"), _("写上编号、标题和等级 A、B、C、D")),
    "source_linked": (_("来源“%(id)s”不能带链接"), _("D 级是不明转载，只写标题；其余的链接以 http 开头")),
    "counted_rule": (_("计数题要写“至少”或“不超过”其中一个"), _("写 at_least 或 at_most")),
    "asked_rule": (_("问答题要写问几名、答对几名，答对的不能多过问的"), _("改正 asked 和 correct")),
    "share_rule": (_("比例题要写百分之几"), _("写 percent")),
    "limits_crossed": (_("最小的数比最大的还大"), _("改正 low 和 high")),
    "circle": (_("条件绕了一圈：%(path)s"), _("去掉其中一个条件")),
    "condition_unknown": (_("条件问到了没有的题“%(key)s”"), _("改正题号")),
    "condition_below": (_("条件问到了排在后面的题“%(key)s”"), _ABOVE),
    "expression_empty": (_("条件是空的"), _("写上条件，或删去 shown_if")),
    "expression_long": (_("条件超过 %(most)s 个字符"), _("写短一些，或拆成几题")),
    "expression_deep": (_("条件的括号和 not 套了 %(most)s 层以上"), _("写平一些")),
    "expression_sign": (_("条件里的“%(found)s”读不懂"), _GRAMMAR),
    "expression_divides": (
        _("条件里不能用除法（%(found)s）"),
        _("改用乘法，如 {lit} * 100 >= {lamps} * 95"),
    ),
    "expression_ends": (_("条件没有写完"), _GRAMMAR),
    "expression_no_condition": (_("这不是条件：它没有真假"), _("写成比较，如 {a} = true、{b} > 3")),
    "expression_mixed": (
        _("“%(sign)s”两边不是一类，或这类答案不能这样比"),
        _("数和数比大小，选项和选项比是否相同"),
    ),
    "expression_contains": (_("contains 用错了"), _("左边写一道多选题，右边写它的一个选项，如 {a} contains 'litter'")),
    "expression_choice": (_("题“%(key)s”没有选项“%(choice)s”"), _("改成它有的选项")),
    "expression_grows": (_("算出来的数可能超过 %(most)s"), _("给题目写上 low 和 high，或少乘几次")),
    "expression_whole": (_("加减乘只能用整数题和整数"), _("改用整数题，或直接比较")),
}

OF_ANSWERS: dict[str, tuple[Sentence, Sentence]] = {
    "answers_no_object": (_("交来的不是一份填报"), _("打开填写页再交")),
    "answers_too_many": (_("交来 %(count)s 项，最多 %(most)s 项"), _("打开填写页再交")),
    "answer_unknown": (_("这张表没有题“%(key)s”"), _("刷新填写页再交")),
    "answers_unknown_more": (_("另外还有 %(count)s 项不是这张表的题"), _("刷新填写页再交")),
    "answer_missing": (_("这题还没有填"), _("填上再交")),
    "answer_long": (_("写了 %(count)s 个字，最多 %(most)s 个"), _("写短一些")),
    "answer_many": (_("有 %(count)s 张照片，最多 %(most)s 张"), _("留下说明问题的几张")),
    "answer_small": (_("不能小于 %(low)s"), _("改正这个数")),
    "answer_large": (_("不能大于 %(high)s"), _("改正这个数")),
    "answer_over": (_("不能多过总数 %(high)s"), _("改正这个数")),
    "answer_day_out": (_("日期要在 %(first)s 到 %(last)s 之间"), _("改正日期")),
    "answer_no_text": (_("这题要填文字"), _("改填文字")),
    "answer_bad_sign": (_("文字里有不能保存的符号"), _("删去它，重新输入")),
    "answer_no_number": (_("这题要填数"), _("改填一个数")),
    "answer_not_whole": (_("这题要填整数"), _("改填整数")),
    "answer_no_truth": (_("这题只能选是或否"), _("选一个")),
    "answer_no_day": (_("这不是日期"), _("写成 2026-04-02 这样")),
    "answer_no_time": (_("这不是时间"), _("写成 15:30 这样")),
    "answer_no_choice": (_("没有选项“%(choice)s”"), _("从列出的选项里选")),
    "answer_no_list": (_("这题要选几项"), _("从列出的选项里选")),
    "answer_choice_twice": (_("同一个选项选了两次"), _("每个选项选一次")),
    "answer_no_photos": (_("这题要填照片，同一张只用一次"), _("重新选照片")),
    "photo_not_usable": (_("有 %(count)s 张照片不能用：不是您传的，或已撤回、打不开"), _("删去它，自己拍了再传")),
}

MESSAGES: Mapping[str, tuple[Sentence, Sentence]] = {**OF_FORMS, **OF_ANSWERS}


def said(problem: Problem) -> tuple[str, str]:
    """(what is wrong, how to mend it), in the language of the page."""
    what, mend = MESSAGES[problem.code]
    return str(what) % problem.params, str(mend)
