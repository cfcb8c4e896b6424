"""Addresses of cases."""

from django.urls import path

from chuangwen.cases.views import door, follow, lists, page, reporter

urlpatterns = [
    # list, board, one case
    path("cases/", lists.cases, name="cases"),
    path("cases/bulk/", lists.act_on_cases, name="act-on-cases"),
    path("cases/board/", lists.board, name="case-board"),
    path("cases/new/", page.new_case, name="new-case"),
    path("cases/<uuid:uid>/", page.case, name="case"),
    path("cases/<uuid:uid>/comment/", page.comment_case, name="comment-case"),
    path("cases/<uuid:uid>/do/<slug:verb>/", page.move_case, name="move-case"),
    # The citizens' door.
    path("report/", door.report, name="citizen-report"),
    path("report/photo/", door.photo, name="report-photo"),
    path("report/near/", door.near, name="report-near"),
    path("report/ground/", door.ground, name="report-ground"),
    path("follow/", follow.follow, name="follow"),
    path("follow/case/<uuid:uid>/", follow.public_case, name="follow-public"),
    path("follow/<slug:code>/", follow.followed, name="follow-code"),
    path("follow/<slug:code>/dispute/", follow.dispute, name="follow-dispute"),
    path("follow/<slug:code>/satisfied/", follow.satisfied, name="follow-satisfied"),
    path("follow/<slug:code>/photo/<uuid:uid>/", follow.photo, name="follow-photo"),
    path("status/", follow.status, name="city-status"),
    path("cases/<uuid:uid>/reporter/", reporter.see, name="see-reporter"),
    path("cases/<uuid:uid>/reporter/forget/", reporter.forget, name="forget-reporter"),
]
