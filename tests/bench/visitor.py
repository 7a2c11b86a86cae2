"""One person at a browser that shows nothing: follows links, fills forms, counts requests."""

import html
import http.client
import re
import threading
from collections import defaultdict
from dataclasses import dataclass
from http.cookies import SimpleCookie
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from tests.mailbox import Letter, Mailbox

SECONDS = 120.0  # a browser's own patience
STEPS = 8  # pages a person acts upon before giving up
HOSPITAL = "198.51.100.7"  # a whole hospital leaves by one address
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
INPUT = re.compile(r"<input\b([^>]*)>")
ATTRIBUTE = re.compile(r"""([\w-]+)="([^"]*)\"""")
CHOICE = re.compile(r'\btype="(?:radio|checkbox)"')
CHECKED = re.compile(r"\schecked\b")
CODE = re.compile(r"^\s*(\d{6})\s*$", re.MULTILINE)


class LostError(Exception):
    """The site did not lead where a person goes; the text says where it ended."""


class Letterbox(Mailbox):
    """A mail server that hands each letter to whoever waits for it, without searching."""

    def __init__(self) -> None:
        super().__init__()
        self._boxes: defaultdict[str, SimpleQueue[Letter]] = defaultdict(SimpleQueue)
        self._lock = threading.Lock()

    def _box(self, address: str) -> "SimpleQueue[Letter]":
        with self._lock:
            return self._boxes[address]

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keeps the letter, then delivers it."""
        answer = await super().handle_DATA(server, session, envelope)
        for address in envelope.rcpt_tos:
            self._box(address).put(self.letters[-1])
        return answer

    def code_for(self, address: str) -> str:
        """The sign-in code in the next letter to that address."""
        found = CODE.search(self._box(address).get(timeout=SECONDS).text)
        if found is None:
            raise LostError("the letter holds no code")
        return found[1]


@dataclass(frozen=True)
class Form:
    """Where a form is sent, the values it stands with, and the page it stands on."""

    action: str
    values: dict[str, str]
    page: str


@dataclass(frozen=True)
class Page:
    """What the server answered at last, redirects followed."""

    path: str
    status: int
    text: str

    def forms(self) -> list[Form]:
        """Every POST form of the page."""
        found = []
        for attributes, content in FORM.findall(self.text):
            told = _attributes(attributes)
            if told.get("method", "").lower() != "post":
                continue
            fields = [_attributes(each) for each in INPUT.findall(content) if _is_sent(each)]
            values = {each["name"]: each.get("value", "") for each in fields if "name" in each}
            action = urljoin(self.path, told.get("action") or self.path)
            found.append(Form(action, values, self.path))
        return found

    def form_to(self, path: str) -> Form | None:
        return next((form for form in self.forms() if urlsplit(form.action).path == path), None)

    def form_with(self, field: str) -> Form | None:
        return next((form for form in self.forms() if field in form.values), None)

    def leads_to(self, path: str) -> bool:
        return f'href="{path}"' in self.text


def _is_sent(attributes: str) -> bool:
    """Whether a browser sends this field when nobody touches it."""
    return not CHOICE.search(attributes) or bool(CHECKED.search(attributes))


def _attributes(text: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in ATTRIBUTE.findall(text)}


class Visitor:
    """A person with an address, and a session cookie when already signed in."""

    def __init__(self, site: str, address: str, mails: Letterbox, *, cookie: str = "") -> None:
        parts = urlsplit(site)
        self._host, self._port = parts.hostname or "", parts.port
        self.address, self._mails = address, mails
        self.signs_in = not cookie
        self.cookies = {"sessionid": cookie} if cookie else {}
        self.requests = 0

    # ------------------------------------------------------------------ walking
    def get(self, path: str) -> Page:
        return self._ask("GET", path)

    def send(self, form: Form, **values: str) -> Page:
        return self._ask("POST", form.action, form.values | values, form.page)

    def _ask(
        self, method: str, path: str, data: dict[str, str] | None = None, origin: str = "/"
    ) -> Page:
        """One request and the redirects that follow, each on a connection of its own, as a proxy
        in front of the site would make them.
        """
        for _ in range(STEPS):
            status, location, text = self._exchange(method, path, data, origin)
            if not location:
                return Page(path, status, text)
            there = urlsplit(urljoin(path, location))
            method, data = "GET", None
            path = there.path + (f"?{there.query}" if there.query else "")
        raise LostError(f"redirected for ever to {path}")

    def _exchange(
        self, method: str, path: str, data: dict[str, str] | None, origin: str
    ) -> tuple[int, str, str]:
        self.requests += 1
        headers = {
            "Host": f"{self._host}:{self._port}",
            "Accept": "text/html",
            "Accept-Language": "fr-CA,fr",
            "Connection": "close",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": HOSPITAL,
        }
        body = None
        if data is not None:
            body = urlencode(data)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Referer"] = f"http://{headers['Host']}{origin}"
        connection = http.client.HTTPConnection(self._host, self._port, timeout=SECONDS)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer.status, answer.headers.get("Location", ""), text

    # ------------------------------------------------------------------ what people come for
    def take_seat(self, session_path: str, enrol_path: str) -> Page:
        """From the page of a session to its answer: a seat or a rank. Signs in where it is asked.

        Does what the pages offer: the button of the seat, the link to it, the address, the code.
        """
        page = self.get(session_path)
        for _ in range(STEPS):
            if page.status >= 400:
                break
            if seat := page.form_to(enrol_path):
                page = self.send(seat)
                if page.status < 400 and not (page.form_with("email") or page.form_with("code")):
                    return page
            elif code := page.form_with("code"):
                page = self.send(code, code=self._mails.code_for(self.address))
            elif entrance := page.form_with("email"):
                page = self.send(entrance, email=self.address)
            elif page.leads_to(enrol_path):
                page = self.get(enrol_path)
            else:
                break
        raise LostError(f"{page.status} at {page.path}")

    def read_constant(self, path: str, times: int) -> None:
        """As many requests to a page that never changes; the last is a POST that writes one row."""
        token = self.cookies.setdefault("csrftoken", "a" * 32)
        for number in range(times):
            last = number == times - 1
            form = Form(path, {"csrfmiddlewaretoken": token}, path)
            page = self.send(form) if last else self.get(path)
            if page.status != 200:
                raise LostError(f"{page.status} at {page.path}")
