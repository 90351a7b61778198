# SPDX-License-Identifier: Apache-2.0
"""What stands around the mail server: the rest of the world, which answers by the first letters of a recipient, and a
content filter, which hands back what it is given."""
import re
import smtplib
import socketserver
import threading
from contextlib import suppress

REFUSALS = {
    "nouser": ("bounced", "550 5.1.1 <{}>: Recipient address rejected: User unknown"),
    "spam": ("bounced", "554 5.7.1 <{}>: Message refused, the sender is listed as a source of spam"),
    "defer": ("deferred", "451 4.7.1 <{}>: Please try again later"),
    "grey": ("deferred", "451 4.7.1 <{}>: Greylisted, please try again in a minute"),  # the first time only
}
ANSWERS = {
    b"EHLO": "250-world.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES",
    b"QUIT": "221 2.0.0 Bye",
}
ADDRESS = re.compile(rb"<([^>]*)>")


class Conversation(socketserver.StreamRequestHandler):
    """one SMTP session; what becomes of recipients and messages is its server's affair"""
    disable_nagle_algorithm = True

    def handle(self):
        with suppress(OSError):  # somebody hung up, at the latest when the servers are stopped
            self.say("220 world.test ESMTP")
            while line := self.rfile.readline():
                self.say(self.answer(line[:4].upper(), line))

    def say(self, reply):
        self.wfile.write(reply.encode() + b"\r\n")

    def answer(self, verb, line):
        if verb == b"MAIL":
            self.sender, self.recipients = address_in(line), []
        elif verb == b"RCPT":
            recipient = address_in(line)
            if refusal := self.server.refusal(recipient):
                return refusal
            self.recipients.append(recipient)
        elif verb == b"DATA":
            return self.data()
        return ANSWERS.get(verb, "250 2.0.0 Ok")

    def data(self):
        if not self.recipients:
            return "554 5.5.1 No valid recipients"
        self.say("354 End with a dot")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        return self.server.take(self.sender, self.recipients, b"".join(lines))


def address_in(line):
    return ADDRESS.search(line)[1].decode()


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 100

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.port = self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def refusal(self, recipient):
        return None


class World(Server):
    """remembers what it last did with each recipient: "sent", "bounced", "deferred"; and what came last for whom"""
    def __init__(self):
        super().__init__()
        self.results, self.letters = {}, {}

    def refusal(self, recipient):
        kind = re.match("[a-z]*", recipient)[0]
        if kind not in REFUSALS or (kind == "grey" and recipient in self.results):
            return None
        self.results[recipient], reply = REFUSALS[kind]
        return reply.format(recipient)

    def take(self, sender, recipients, message):
        self.results.update(dict.fromkeys(recipients, "sent"))
        self.letters.update(dict.fromkeys(recipients, message))
        return "250 2.0.0 Ok: taken"


class Filter(Server):
    """tells under which queue id a mail went back only where no Message-ID shows that it is the same mail"""
    port_back = None

    def take(self, sender, recipients, message):
        with smtplib.SMTP("127.0.0.1", self.port_back) as back:
            back.ehlo()
            back.mail(sender)
            for recipient in recipients:
                back.rcpt(recipient)
            code, reply = back.data(message)
        return f"{code} 2.0.0 Clean" + ("" if b"\nMessage-ID:" in message else f": {reply.decode()}")
