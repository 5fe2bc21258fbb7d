"""A mail server that does what a test says: takes mail, refuses a recipient, breaks off after the text was handed over."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Mailbox:
    """``rcpt``, ``data``: the answers to a recipient and to the text; an empty one breaks the line off, None never comes.
    ``taken``: what came."""

    port: int = 0
    rcpt: str = "250 ok"
    data: str | None = "250 ok"
    taken: list[str] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A server on this machine, as long as the block lasts."""
    box = Mailbox()

    class Session(socketserver.StreamRequestHandler):
        def say(self, words: str) -> None:
            self.wfile.write(words.encode() + b"\r\n")

        def handle(self) -> None:
            self.say("220 test")
            while line := self.rfile.readline().decode().strip():
                word = line[:4].upper()
                if word == "DATA":
                    self.say("354 go on")
                    box.taken.append(self.text())
                    if box.data is None:
                        self.rfile.readline()  # until the other side is gone
                    if not box.data:
                        return
                    self.say(box.data)
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say(box.rcpt if word == "RCPT" else "250 ok")

        def text(self) -> str:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.decode())
            return "".join(lines)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield box
        server.shutdown()
        thread.join()
