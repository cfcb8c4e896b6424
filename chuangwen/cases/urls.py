from django.urls import path

from chuangwen.cases.views import lists, maps, page

urlpatterns = [
    # list, board, one case
    path("cases/", lists.cases, name="cases"),
    path("cases/bulk/", lists.act_on_cases, name="act-on-cases"),
    path("cases/board/", lists.board, name="case-board"),
    path("cases/new/", page.new_case, name="new-case"),
    path("cases/<uuid:uid>/", page.case, name="case"),
    path("cases/<uuid:uid>/comment/", page.comment_case, name="comment-case"),
    path("cases/<uuid:uid>/do/<slug:verb>/", page.move_case, name="move-case"),
    # map
    path("cases/map/", maps.case_map, name="case-map"),
    path("cases/map/features/", maps.case_map_features, name="case-map-features"),
]
