"""A page on loopback on which people read the mails of the local stack."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from local.mailbox import mails

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.cloud import Address
    from local.mailbox import Mail

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Mails</title>
<style>body{{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}}
th,td{{text-align:left;padding:.25rem 1.5rem .25rem 0}}</style>
<h1>Mails of the local stack</h1><p>Newest first; reload to see new ones.</p>
<table><tr><th>Subject<th>To<th>From</tr>{rows}</table></html>"""


def inbox(received: list[Mail]) -> str:
    """Return the list of mails as a page, newest first."""
    rows = [
        f'<tr><td><a href="/{number}">{escape(mail.subject)}</a><td>{escape(", ".join(mail.to))}'
        f"<td>{escape(mail.sender)}</tr>"
        for number, mail in enumerate(received)
    ]
    return PAGE.format(rows="".join(reversed(rows)))


@contextmanager
def served_mails(address: Address) -> Iterator[str]:
    """Serve the emulator's mails on a free port of loopback; yield the page's URL."""

    class MailPage(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer `/` with the list and `/<number>` with the mail's HTML."""
            received = mails(address)
            number = self.path.strip("/")
            if not number:
                self._answer(HTTPStatus.OK, inbox(received))
            elif number.isdecimal() and int(number) < len(received):
                self._answer(HTTPStatus.OK, received[int(number)].html)
            else:
                self._answer(HTTPStatus.NOT_FOUND, "There is no such mail.")

        def _answer(self, status: HTTPStatus, page: str) -> None:
            body = page.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the terminal for what matters."""

    with ThreadingHTTPServer(("127.0.0.1", 0), MailPage) as server:
        thread = threading.Thread(target=server.serve_forever, name="mail-page", daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
