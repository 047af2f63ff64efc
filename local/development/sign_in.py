"""The development issuer's authorization code flow: the request, the page to choose a person, the codes."""

import base64
import hashlib
import html
import secrets
import time
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from local.development.loopback import is_loopback
from local.development.people import Person

CODE_LIFETIME = 60.0
"""Seconds for which a code can be exchanged after a person was chosen."""

PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "cache-control": "no-store",
}


class SignIn(BaseModel):
    """A client's request to the authorization endpoint. PKCE with S256 is required; clients have no secret."""

    model_config = ConfigDict(frozen=True)

    response_type: str = Field(pattern="^code$")
    client_id: str = Field(min_length=1, max_length=255)
    redirect_uri: str
    code_challenge: str = Field(pattern="^[A-Za-z0-9_-]{43}$")
    code_challenge_method: str = Field(pattern="^S256$")
    scope: str = "openid"
    state: str | None = None
    nonce: str | None = None

    @field_validator("redirect_uri")
    @classmethod
    def _leads_to_this_machine(cls, address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not is_loopback(parts.hostname or "") or parts.fragment:
            raise ValueError("a redirect_uri of the development issuer must lead to this machine")
        return address

    def answered_with(self, code: str) -> str:
        """Return the redirect address that gives the client the code."""
        query = {"code": code} | ({"state": self.state} if self.state is not None else {})
        return f"{self.redirect_uri}{'&' if urlsplit(self.redirect_uri).query else '?'}{urlencode(query)}"


class Codes:
    """Authorization codes not yet exchanged. Each works once, within `CODE_LIFETIME` seconds."""

    def __init__(self) -> None:
        self._given: dict[str, tuple[float, SignIn, str]] = {}

    def give(self, asked: SignIn, subject: str) -> str:
        """Return a code that the client can exchange for tokens for `subject`."""
        now = time.monotonic()
        self._given = {code: given for code, given in self._given.items() if given[0] > now}
        code = secrets.token_urlsafe(32)
        self._given[code] = (now + CODE_LIFETIME, asked, subject)
        return code

    def exchange(self, form: Mapping[str, str]) -> tuple[SignIn, str] | None:
        """Return a code's request and subject if the client proves that it made the request; else None."""
        ends, asked, subject = self._given.pop(form.get("code", ""), (0.0, None, ""))
        if asked is None or ends <= time.monotonic():
            return None
        proven = secrets.compare_digest(challenge(form.get("code_verifier", "")), asked.code_challenge)
        same = form.get("client_id") == asked.client_id and form.get("redirect_uri") == asked.redirect_uri
        return (asked, subject) if proven and same else None


def challenge(verifier: str) -> str:
    """Return the S256 challenge for a PKCE verifier (RFC 7636)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · 登录</title>
<style>
  body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem }}
  button {{ font: inherit; display: block; width: 100%; min-height: 3rem; margin: .5rem 0; text-align: start }}
</style>
<main>
<h1>Who are you? <span lang="zh-Hans">请选择登录身份</span></h1>
<p>This sign-in is for development only: it asks for no password.<br>
<span lang="zh-Hans">此登录页面仅供开发使用，无须输入密码。</span></p>
<form method="post">
{choices}
</form>
</main>
</html>
"""

NO_PEOPLE = '<p>There are no people yet. <span lang="zh-Hans">暂无可选身份。</span></p>'


def page(people: list[Person]) -> str:
    """Return the page with a button for each person. It posts the chosen subject to its own address."""
    return PAGE.format(choices="\n".join(map(_choice, people)) or NO_PEOPLE)


def _choice(person: Person) -> str:
    chinese = f' <span lang="zh-Hans">{html.escape(person.name.zh)}</span>' if person.name.zh else ""
    subject = html.escape(person.subject)
    return f'<button name="subject" value="{subject}">{html.escape(person.name.en)}{chinese}</button>'
