"""Addresses of cases: the list, a case and what is done with it."""

from django.urls import path

from chuangwen.cases.views import desk, door, follow, lists, maps, page, places, reporter, revisits, rounds

urlpatterns = [
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
    # The dispatch desk and routing
    path("cases/desk/", desk.case_desk, name="case-desk"),
    path("cases/desk/<uuid:uid>/<slug:act>/", desk.act, name="act-at-desk"),
    path("cases/try-routing/", desk.try_routing, name="try-routing"),
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
    # map
    path("cases/map/", maps.case_map, name="case-map"),
    path("cases/map/features/", maps.case_map_features, name="case-map-features"),
]
