# SPDX-License-Identifier: Apache-2.0
"""What stands around the mail server: the rest of the world, which answers by the first letters of a recipient, and a
content filter, which hands back what it is given."""
import re
import smtplib
import socketserver
import threading

REFUSALS = {
    "nouser": ("bounced", "550 5.1.1 <{}>: Recipient address rejected: User unknown"),
    "spam": ("bounced", "554 5.7.1 <{}>: Message refused, the sender is listed as a source of spam"),
    "defer": ("deferred", "451 4.7.1 <{}>: Please try again later"),
}
GREYLISTED = "451 4.7.1 <{}>: Greylisted, please try again in a minute"  # "grey…": the first time only
ADDRESS = re.compile(rb"<([^>]*)>")


class Conversation(socketserver.StreamRequestHandler):
    """one SMTP session; what becomes of recipients and messages is decided by its server"""
    disable_nagle_algorithm = True

    def say(self, reply):
        self.wfile.write(reply.encode() + b"\r\n")

    def handle(self):
        sender, recipients = "", []
        self.say("220 world.test ESMTP")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                self.say("250-world.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES")
            elif verb == b"MAIL":
                sender, recipients = address_in(line), []
                self.say("250 2.1.0 Ok")
            elif verb == b"RCPT":
                refusal = self.server.refusal(address_in(line))
                recipients += [] if refusal else [address_in(line)]
                self.say(refusal or "250 2.1.5 Ok")
            elif verb == b"DATA" and recipients:
                self.say("354 End with a dot")
                self.say(self.server.take(sender, recipients, self.message()))
            elif verb == b"DATA":
                self.say("554 5.5.1 No valid recipients")
            elif verb == b"QUIT":
                return self.say("221 2.0.0 Bye")
            else:
                self.say("250 2.0.0 Ok" if verb in (b"RSET", b"NOOP") else "502 5.5.2 Unknown command")
        return None

    def message(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)


def address_in(line):
    return ADDRESS.search(line)[1].decode()


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 100

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.lock = threading.Lock()

    @property
    def port(self):
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class World(Server):
    """remembers what it last did with every recipient: `results`"""
    def __init__(self):
        super().__init__()
        self.results = {}

    def refusal(self, recipient):
        kind = re.match("[a-z]*", recipient)[0]
        with self.lock:
            first = recipient not in self.results
            result, reply = REFUSALS.get(kind) or (("deferred", GREYLISTED) if kind == "grey" and first else (None, None))
            if result:
                self.results[recipient] = result
        return reply and reply.format(recipient)

    def take(self, sender, recipients, message):
        with self.lock:
            self.results.update(dict.fromkeys(recipients, "sent"))
        return "250 2.0.0 Ok: taken"


class Filter(Server):
    """names the queue id of the mail that it hands back only where no Message-ID could tell that it is the same"""
    def __init__(self):
        super().__init__()
        self.port_back = None

    def refusal(self, recipient):
        return None

    def take(self, sender, recipients, message):
        with smtplib.SMTP("127.0.0.1", self.port_back) as back:
            back.ehlo()
            back.mail(sender)
            for recipient in recipients:
                back.rcpt(recipient)
            code, reply = back.data(message)
        named = f" {reply.decode()}" if b"\nMessage-ID:" not in message else ""
        return f"{code} 2.0.0 Clean{named}"
