"""A real HTTP server on 127.0.0.1 that misbehaves on demand, for the tests of downloads."""

import contextlib
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = 1 << 14  # bytes


@dataclass
class Served:
    """A file on the server, and how it misbehaves.

    ``faults`` are used up one a request: ``("break", n)`` closes after n bytes, ``("status", code)`` answers so,
    ``("html",)`` sends a login page, ``("silent", seconds)`` stops in the middle, ``("change", content)`` replaces
    the file after half of it was sent and the connection broke.
    """

    content: bytes
    etag: str | None = '"one"'
    ranges: bool = True
    honours_if_range: bool = True
    lie: int = 0  # added to Content-Length
    length: bool = True  # send Content-Length
    chunked: bool = False
    content_type: str = "application/octet-stream"
    pause: float = 0.0  # seconds between pieces
    faults: list[tuple] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """Answers GET with what ``server.files`` says."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Serve one request."""
        served: Served | None = self.server.files.get(self.path)
        asked = self.headers.get("Range")
        self.server.seen.append((self.path, asked))
        fault = served.faults.pop(0) if served and served.faults else ("none",)
        if served is None:
            return self._plain(404, b"not here")
        if fault[0] == "status":
            return self._plain(fault[1], b"sorry")
        if fault[0] == "html":
            return self._plain(200, b"<!DOCTYPE html><title>Log in</title>", "text/html; charset=utf-8")
        start, status = self._start(served, asked)
        body, etag = served.content[start:], served.etag
        if status == 416:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(served.content)}")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        self.send_response(status)
        self.send_header("Content-Type", served.content_type)
        if etag:
            self.send_header("ETag", etag)
        if status == 206:
            self.send_header("Content-Range", f"bytes {start}-{len(served.content) - 1}/{len(served.content)}")
        if served.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif served.length:
            self.send_header("Content-Length", str(len(body) + served.lie))
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        with contextlib.suppress(OSError):  # the other side may have gone
            self._body(served, body, fault)
        return None

    def _start(self, served: Served, asked: str | None) -> tuple[int, int]:
        """Return where the answer begins, and its status."""
        if not asked or not served.ranges:
            return 0, 200
        condition = self.headers.get("If-Range")
        if condition and condition != served.etag and served.honours_if_range:
            return 0, 200
        start = int(asked.removeprefix("bytes=").rstrip("-"))
        return (start, 206) if start < len(served.content) else (start, 416)

    def _body(self, served: Served, body: bytes, fault: tuple) -> None:
        """Send the body, or as much of it as the fault allows."""
        if fault[0] == "break":
            body = body[: fault[1]]
        if fault[0] == "change":
            body, served.content, served.etag = body[: len(body) // 2], fault[1], '"two"'
        for place in range(0, len(body), PIECE):
            piece = body[place : place + PIECE]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if served.chunked else piece)
            if served.pause:
                time.sleep(served.pause)
            if fault[0] == "silent" and place >= len(body) // 2:
                time.sleep(fault[1])
                return
        if served.chunked and fault[0] == "none":
            self.wfile.write(b"0\r\n\r\n")

    def _plain(self, status: int, text: bytes, kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


class Server(ThreadingHTTPServer):
    """The server: ``files`` maps paths to what is served, ``seen`` lists the requests as (path, Range)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, Served] = {}
        self.seen: list[tuple[str, str | None]] = []
        self.address = f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> "Server":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
