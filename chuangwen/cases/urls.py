from django.urls import path

from chuangwen.cases.views import lists, page, places, revisits, rounds

urlpatterns = [
    # list, board, one case
    path("cases/", lists.cases, name="cases"),
    path("cases/bulk/", lists.act_on_cases, name="act-on-cases"),
    path("cases/board/", lists.board, name="case-board"),
    path("cases/new/", page.new_case, name="new-case"),
    path("cases/<uuid:uid>/", page.case, name="case"),
    path("cases/<uuid:uid>/comment/", page.comment_case, name="comment-case"),
    path("cases/<uuid:uid>/do/<slug:verb>/", page.move_case, name="move-case"),
    # re-visits, relapses
    path("cases/revisits/", revisits.revisits, name="revisits"),
    path("cases/revisits/<uuid:uid>/", revisits.revisit_draw, name="revisit-draw"),
    path("cases/revisits/look/<uuid:uid>/", revisits.look, name="look-revisit"),
    path("cases/relapses/", revisits.relapses, name="relapses"),
    # rounds: cases from places, reception days, hotline, supervision
    path("cases/from-places/", places.from_places, name="cases-from-places"),
    path("cases/<uuid:uid>/notice/", places.notice, name="case-notice"),
    path("cases/reception/", rounds.reception, name="reception"),
    path("cases/reception/new/", rounds.new_matter, name="new-matter"),
    path("cases/reception/<slug:day>/", rounds.reception_day, name="reception-day"),
    path("cases/hotline/new/", rounds.new_ticket, name="new-ticket"),
    path("cases/supervision/", rounds.supervised, name="supervision"),
    path("cases/supervision/mine/", rounds.my_rounds, name="my-rounds"),
    path("cases/supervision/<uuid:uid>/end/", rounds.end_watch, name="end-watch"),
]
