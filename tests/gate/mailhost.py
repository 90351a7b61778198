# SPDX-License-Identifier: Apache-2.0
"""A mail server that only takes mail (RFC 5321), says no where a test wants it, and keeps what it took."""
import email
import email.policy
import socket
import threading
import time


class Taken:
    def __init__(self, sender, recipients, raw, at):
        self.sender, self.recipients, self.raw, self.at = sender, recipients, raw, at
        self.mail = email.message_from_bytes(raw, policy=email.policy.default)

    def text(self, kind="plain"):
        return self.mail.get_body((kind,)).get_content()


class MailHost:
    """`answers` maps a command ("RCPT alice@example.org", "DATA", "END") to what is said instead of yes; None closes the connection"""

    def __init__(self, slow_s=0):
        self.taken, self.answers, self.slow_s = [], {}, slow_s
        self.busy = threading.Event()  # set while a mail's last dot is in our hands
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"smtp://127.0.0.1:{self.port}"
        threading.Thread(target=self.listen, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    def listen(self):
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection, connection.makefile("rb") as lines:
            try:
                self.talk(connection, lines)
            except (OSError, ValueError):
                pass

    def talk(self, connection, lines):
        sender, recipients = "", []
        connection.sendall(b"220 mail.test ESMTP\r\n")
        for line in lines:
            word, rest = line.decode().strip().partition(" ")[::2]
            word = word.upper()
            about = rest.partition(":")[2].strip().split(" ")[0].strip("<>")
            answer = self.answers.get(f"{word} {about}", self.answers.get(word, "250 ok"))
            if answer is None:
                return
            if word == "MAIL":
                sender, recipients = about, []
            elif word == "RCPT" and answer.startswith("2"):
                recipients.append(about)
            elif word == "DATA" and answer.startswith("2"):
                connection.sendall(b"354 go on\r\n")
                answer = self.take(sender, recipients, lines)
                if answer is None:
                    return
            elif word == "QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            connection.sendall(answer.encode() + b"\r\n")

    def take(self, sender, recipients, lines):
        text = []
        for line in lines:
            if line == b".\r\n":
                break
            text.append(line[1:] if line.startswith(b".") else line)
        else:
            return None
        answer = self.answers.get("END", "250 taken")
        if answer is None or answer.startswith("2"):
            self.taken.append(Taken(sender, recipients, b"".join(text), time.time()))
        self.busy.set()
        time.sleep(self.slow_s)
        self.busy.clear()
        return answer

    def to(self, address):
        return [mail for mail in self.taken if address in mail.recipients]
