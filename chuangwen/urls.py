"""The URL table: every app's addresses, the language switch, the API."""

from django.http import HttpRequest
from django.urls import include, path
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from chuangwen.cases.api import router as cases
from chuangwen.core.errors import ProductError, Refused, SignInNeeded
from chuangwen.core.middleware import as_json
from chuangwen.duties.api import router as outcomes
from chuangwen.people.access import Viewer
from chuangwen.people.queries import viewer_of_token


class Token(HttpBearer):
    """Authorization: Bearer cw_…, a token that its person made on the profile page."""

    def authenticate(self, request: HttpRequest, token: str) -> Viewer:
        return viewer_of_token(token)


api = NinjaAPI(title="Chuangwen API", version="1", auth=Token(), docs_url=None, openapi_url="/openapi.json")
api.add_router("/outcomes", outcomes)
api.add_router("/cases", cases)


@api.exception_handler(ProductError)
def answer_problem(request: HttpRequest, problem: ProductError) -> object:
    return api.create_response(request, as_json(problem), status=problem.status)


@api.exception_handler(AuthenticationError)
def answer_stranger(request: HttpRequest, _error: AuthenticationError) -> object:
    message = SignInNeeded(_("令牌不对或已收回"), mend=_("在“我的”页面重新发一个令牌"))
    return api.create_response(request, as_json(message), status=401)


@api.exception_handler(HttpError)
def answer_http_error(request: HttpRequest, error: HttpError) -> object:
    return api.create_response(request, as_json(Refused(str(error))), status=error.status_code)


@api.exception_handler(ValidationError)
def answer_bad_input(request: HttpRequest, error: ValidationError) -> object:
    first = error.errors[0]
    where = ".".join(str(step) for step in first["loc"] if step not in {"body", "query", "path"})
    return api.create_response(request, as_json(Refused(first["msg"], where=where)), status=422)


urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", api.urls),
    path("", include("chuangwen.web.urls")),
    path("", include("chuangwen.people.urls")),
    path("", include("chuangwen.places.urls")),
    path("", include("chuangwen.places.map_urls")),
    path("", include("chuangwen.evidence.urls")),
    path("", include("chuangwen.forms.urls")),
    path("", include("chuangwen.cases.urls")),
    path("", include("chuangwen.duties.urls")),
    path("", include("chuangwen.metrics.urls")),
    path("", include("chuangwen.reports.urls")),
    path("", include("chuangwen.interop.urls")),
]
