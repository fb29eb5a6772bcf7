"""The same house under other settings: behind TLS, under its own names only, after a change of its secret."""

import pytest

from tests.blueprints.answers import is_whole, toast

SECURE = "max-age=31536000"


def test_behind_tls_every_answer_asks_for_tls_and_cookies_travel_by_it_only(another_house, cast):
    app = another_house(behind_tls=True)
    client = app.test_client()
    style = app.jinja_env.globals["asset"]("css/app.css")
    for path in ("/n/cuihu/", "/n/cuihu/", "/signin", "/no/such/page", style, "/n/cuihu/me/"):
        assert client.get(path).headers["Strict-Transport-Security"] == SECURE, path
    given = app.test_client().get("/signin", base_url="https://localhost").headers.getlist("Set-Cookie")
    assert given and all("Secure" in cookie and "HttpOnly" in cookie for cookie in given)


def test_without_tls_nobody_is_promised_any(web, cast):
    assert "Strict-Transport-Security" not in web.guest().get("/n/cuihu/").headers


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "[::1", "localhost:abc", ""])
def test_who_asks_for_another_host_is_not_answered(another_house, cast, host):
    client = another_house(trusted_hosts=["localhost", "linli.example"]).test_client()
    for host_asked in ("localhost", "linli.example:8000", host):
        for path in ("/n/cuihu/", "/n/cuihu/", "/signin", "/n/cuihu/join.png", "/n/cuihu/me/"):
            answer = client.get(path, headers={"Host": host_asked})
            assert (answer.status_code == 400) == (host_asked == host), (host_asked, path, answer.status_code)
            assert host_asked != host or is_whole(answer)
        answer = client.post("/signout", headers={"Host": host_asked, "HX-Request": "true"})
        assert answer.status_code == (400 if host_asked == host else 403)


def test_a_cookie_signed_with_the_old_secret_still_opens_and_a_strangers_does_not(another_house, web, cast):
    wang = web.as_(cast.wang)
    cookie = next(each.value for each in wang.client._cookies.values() if each.key == "linli")
    old = wang.client.application.secret_key
    for old_keys, status in (([old], 200), ([], 303)):
        client = another_house(secret_key="another secret, also long enough", old_secret_keys=old_keys).test_client()
        client.set_cookie("linli", cookie)
        assert client.get("/n/cuihu/me/").status_code == status


def test_without_its_database_the_house_says_so_on_every_page(another_house, web, cast):
    assert web.guest().get("/n/cuihu/").status_code == 200  # kept for the next guest
    client = another_house(database_url="postgresql://nobody@127.0.0.1:1/none").test_client()
    for path in ("/n/cuihu/", "/", "/signin", "/n/cuihu/me/", "/healthz", "/readyz", "/no/such/page"):
        answer = client.get(path)
        assert answer.status_code == 503 and is_whole(answer) and "暂时" in answer.get_data(as_text=True), path
    answer = client.post("/signout", headers={"HX-Request": "true"})
    assert answer.status_code == 503 and "请过几分钟再试" in toast(answer)
