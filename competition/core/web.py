"""The edge that every page shares: headers, sizes, errors as sentences, health."""

import uuid
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request, session
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy import text
from werkzeug.exceptions import HTTPException, SecurityError, Unauthorized
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from competition.core.access import must_sign_in
from competition.core.config import ROOT, Settings
from competition.core.database import db
from competition.core.errors import RuleBroken
from competition.core.intake import init_intake
from competition.core.kept import init_kept, is_shown_only, leads_back, typed
from competition.core.languages import of_browser, speaking

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
csrf = CSRFProtect()
log = structlog.get_logger()


def init_web(app: Flask, settings: Settings) -> None:
    """Configure sizes, cookies, headers, static files and error pages."""
    is_secure = settings.is_https or settings.behind_proxy or not settings.is_loopback
    name = "comp_demo" if settings.demo else "comp"
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_secure,
        SESSION_COOKIE_PATH="/",
        # The prefix makes browsers refuse a cookie that another host of the domain, or plain http, has set.
        SESSION_COOKIE_NAME=f"__Host-{name}" if is_secure else name,
        WTF_CSRF_TIME_LIMIT=None,
        TRUSTED_HOSTS=settings.own_hosts,
    )
    init_intake(app)
    csrf.init_app(app)
    init_kept(app)
    app.after_request(_headers)
    app.register_error_handler(RuleBroken, rule_broken)
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, server_error)
    app.add_url_rule("/healthz", "core.health", health)
    app.add_url_rule("/readyz", "core.ready", ready)
    wrap(app, settings)


def wrap(app: Flask, settings: Settings) -> None:
    """Static files in front; the proxy's headers only when a proxy is declared."""
    build = ROOT / "static" / "build"
    build.mkdir(parents=True, exist_ok=True)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(build), prefix="static/", autorefresh=app.debug,
        immutable_file_test=r"-[A-Z0-9]{8}\.", add_headers_function=_static_headers,
    )
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]


def _static_headers(headers: Any, _path: str, _url: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value


def _headers(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if "Cache-Control" not in answer.headers:
        answer.headers["Cache-Control"] = "no-store"
    settings: Settings = current_app.extensions["settings"]
    if request.is_secure or settings.is_https:
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return answer


def wants_json() -> bool:
    """Is this a program that asks?"""
    return request.path.startswith("/api/")


def answer_error(status: int, code: str, message: Any, details: dict[str, Any] | None = None) -> Response:
    """The same refusal as a page or as ``{code, message, details}``."""
    g.refusal = code
    if wants_json():
        return make_response(jsonify(code=code, message=str(message), details=details or {}), status)
    page = render_template(f"errors/{_page_of(status)}.html", status=status, message=message, details=details or {},
                           request_id=request_id(), kept=typed() if _may_try_again(status) else None)
    return make_response(page, status)


def _may_try_again(status: int) -> bool:
    """Was it a form of ours, and would it be shown again if it were asked for?"""
    return bool(session) and leads_back(status) and not is_shown_only()


def _page_of(status: int) -> int:
    if status in PAGES:
        return status
    return 500 if status >= 500 else 400


def request_id() -> str:
    """A name for this request that a person can read out to an administrator."""
    if "request_id" not in g:
        g.request_id = uuid.uuid4().hex[:8]
    found: str = g.request_id
    return found


def rule_broken(error: RuleBroken) -> Response:
    """A rule refused: say which, in the person's words."""
    return answer_error(error.status, error.code, error.message, error.details)


def csrf_error(_error: CSRFError) -> Response:
    """The form belongs to another session than the one that sends it. What was typed goes back into a fresh form."""
    if must_sign_in():
        return current_app.handle_http_exception(Unauthorized())  # type: ignore[return-value]
    g.refusal = "form_expired"
    kept = typed()
    if kept is None or wants_json():
        message = _("这个页面已失效（可能在别处退出或重新登录了），刚才的操作没有办理。请返回上一页，刷新后再办理。")
        return answer_error(400, "form_expired", message)
    return make_response(render_template("core/kept.html", kept=kept, at_once=not is_shown_only(), reason="form"), 400)


PAGES = frozenset({400, 401, 403, 404, 409, 413, 422, 429, 500})
SENTENCES = {
    400: _("请求的格式不对，请返回上一页检查后再试。"),
    401: _("请先登录，再继续刚才的操作。"),
    403: _("您的账号没有这项操作的权限。"),
    404: _("没有找到这个页面。它可能已被移走，或者网址有误。"),
    405: _("这个地址不支持这种操作，请返回上一页。"),
    413: _("提交的内容过大：单个文件不超过 20 MB，全部文字不超过 2 MB，没有办理。放得下的文字都会保留，请回到表单，缩短后再提交。"),
    414: _("网址太长了，请缩短搜索的文字后再试。"),
    415: _("不支持这种内容格式。"),
    429: _("操作过于频繁，请稍等片刻再试。"),
}


def http_error(error: HTTPException) -> Response:
    """Errors that the framework raises, in our words."""
    if isinstance(error, SecurityError):
        # Another host's name: a page of ours would link to it, and so would an error page.
        words = str(_("这个网址不属于本系统，请检查网址中的主机名。"))
        return make_response(f"{words}\n", 400, {"Content-Type": "text/plain; charset=utf-8"})
    status = error.code or 500
    if error.response is not None and status < 400:
        return error.get_response()  # type: ignore[return-value]
    answer = answer_error(status, f"http_{status}", SENTENCES.get(status, _("请求无法完成，请返回上一页再试。")))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def server_error(error: Exception) -> Response:
    """What nobody foresaw: logged with its trace, answered without details and without the database."""
    if current_app.testing:
        raise error
    db.session.rollback()
    log.error("unhandled", request_id=request_id(), endpoint=request.endpoint, error=type(error).__name__, exc_info=True)
    if wants_json():
        return make_response(jsonify(code="server_error", message=str(_("服务器出错，已记录。")), details={"id": request_id()}), 500)
    # Not render_template: its context asks the database who is here.
    with speaking(of_browser()):
        page = current_app.jinja_env.get_template("errors/500.html").render(request_id=request_id(), kept=typed())
    return make_response(page, 500)


def health() -> Response:
    """The process answers."""
    return make_response("ok\n", 200, {"Content-Type": "text/plain"})


def ready() -> Response:
    """The database answers too."""
    db.session.execute(text("SELECT 1"))
    return make_response("ready\n", 200, {"Content-Type": "text/plain"})


health.__act__ = "core.health"  # type: ignore[attr-defined]
ready.__act__ = "core.health"  # type: ignore[attr-defined]
