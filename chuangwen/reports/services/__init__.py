"""What one can do with reports: templates, drafts, the way of a draft to the archive, and the talk about it."""

from chuangwen.reports.services.drafting import (
    add_paragraph,
    arrange,
    change_text,
    refresh,
    reissue,
    restore_text,
    write_report,
)
from chuangwen.reports.services.moving import carry_through, leads_nowhere, move, tell_of_move
from chuangwen.reports.services.talking import PDF, comment, keep_pdf, settle
from chuangwen.reports.services.templates import (
    check_template,
    keep_template,
    load_reference,
    restore_template,
    template_warnings,
)

__all__ = [
    "PDF",
    "add_paragraph",
    "arrange",
    "carry_through",
    "change_text",
    "check_template",
    "comment",
    "keep_pdf",
    "keep_template",
    "leads_nowhere",
    "load_reference",
    "move",
    "refresh",
    "reissue",
    "restore_template",
    "restore_text",
    "settle",
    "tell_of_move",
    "template_warnings",
    "write_report",
]
