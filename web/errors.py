"""No, in words: every refusal and every error answers with a page, or with a toast where htmx asked (G4)."""

import uuid

from flask import current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from peewee import IntegrityError, InternalError, OperationalError
from werkzeug.exceptions import HTTPException

from db.base import Refused, database
from web.render import wants_part, with_toast

WORDS = {
    400: ("这个请求我们看不懂", "地址或内容不完整，请从页面上重新点一次。"),
    403: ("这里不是为您开的门", "这个操作需要别的身份。如果您觉得不对，请问问主理人。"),
    404: ("没有找到这一页", "可能已经搬走了，或者地址写错了。"),
    405: ("这个地址不能这样打开", "请从页面上的按钮进来。"),
    409: ("这一步没有走通", "这里刚刚有了变化，回去看一眼再来。"),
    413: ("东西太大了", "照片每张不超过 20 MB，请换一张小一点的。"),
    415: ("这种内容我们收不了", "请从页面上的表单提交。"),
    429: ("操作太快了", "歇一会儿再试。"),
    500: ("我们这边出了点问题", "已经记下来了，请过一会儿再试。您刚才写的内容没有发出去。"),
    503: ("暂时存不了东西", "现在可以看，但不能发。请过几分钟再试。"),
}


def answer(status, sentence=None, retry_after=None):
    """The page (or toast) for a status; `sentence` replaces the usual explanation."""
    title, words = WORDS.get(status, WORDS[400])
    words = sentence or words
    if wants_part():
        response = with_toast(make_response("", status), words, "error")
        response.headers["HX-Reswap"] = "none"  # htmx swaps 422 and 409: what she was looking at must not vanish
    else:
        response = make_response(
            render_template("errors/error.html", status=status, title=title, words=words, back=_back()), status
        )
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _back():
    """The page of ours from which a form was sent, or nothing."""
    if request.method != "POST" or not (request.referrer or "").startswith(request.host_url):
        return ""
    return "/" + request.referrer.removeprefix(request.host_url)


def said_no(response, refused):
    """A form given back after a rule said no: when to come again, and a toast, as htmx swaps in 422 and 409 only."""
    response.status_code = refused.status
    if refused.retry_after:
        response.headers["Retry-After"] = str(refused.retry_after)
    if wants_part() and refused.status != 422:
        with_toast(response, refused.sentence, "error")
    return response


def refused(error):
    return answer(error.status, error.sentence, error.retry_after)


def csrf(error):
    return answer(403, "这一页开得太久了，请返回刷新一下再试")


def http_error(error):
    if error.code is None or error.code < 400:
        return error
    response = answer(error.code)
    if error.code == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def conflict(error):
    """Two at once, and the index let one through: the other is told so, not shown an error."""
    current_app.logger.warning("integrity: %s", error)
    return answer(409, "刚刚有人和您同时操作，请刷新看看结果")


def database_trouble(error):
    """Disk full, database gone: reads go on where they can, writes say so."""
    current_app.logger.exception("database")
    if database.in_transaction():
        database.rollback()
    return answer(503)


def unexpected(error):
    number = uuid.uuid4().hex[:8]
    current_app.logger.exception("unexpected %s", number)
    try:
        return answer(500, f"已经记下来了（编号 {number}），请过一会儿再试。您刚才写的内容没有发出去。")
    except Exception:  # the error page itself may need what is broken
        return make_response(f"出了点问题（编号 {number}），请过一会儿再试。", 500)


def init_app(app):
    app.register_error_handler(Refused, refused)
    app.register_error_handler(CSRFError, csrf)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(IntegrityError, conflict)
    app.register_error_handler(OperationalError, database_trouble)
    app.register_error_handler(InternalError, database_trouble)  # PostgreSQL's word for a database that only reads
    app.register_error_handler(Exception, unexpected)
