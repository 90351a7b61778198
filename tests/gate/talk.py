# SPDX-License-Identifier: Apache-2.0
"""Says to the daemon what Postfix, Dovecot and people say to it, and what none of them would."""
import fcntl
import http.client
import itertools
import json
import socket
import struct
import termios
import threading
import time

KEY = "a-key-of-the-gate-test"
PATIENCE_S = 120
NUMBERS = itertools.count(1)
LETTERS = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"


def queue_id():
    """a long one, as Postfix makes them; never the same twice"""
    number, text = next(NUMBERS), ""
    for _ in range(8):
        number, rest = divmod(number, len(LETTERS))
        text = LETTERS[rest] + text
    return f"4{text}z{LETTERS[int(time.time() * 1e6) % len(LETTERS)]}"


class Policy:
    """one connection of an smtpd"""
    def __init__(self, path, patience_s=PATIENCE_S):
        self.line = socket.socket(socket.AF_UNIX)
        self.line.settimeout(patience_s)
        self.line.connect(str(path))
        self.heard = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.line.close()

    def say(self, **attributes):
        text = "request=smtpd_access_policy\nprotocol_name=ESMTP\n"
        text += "".join(f"{name}={value}\n" for name, value in attributes.items())
        self.line.sendall(text.encode("utf-8", "surrogateescape") + b"\n")

    def hear(self):
        """the action, "" where it hung up"""
        while b"\n\n" not in self.heard:
            some = self.line.recv(65536)
            if not some:
                return ""
            self.heard += some
        answer, _, self.heard = self.heard.partition(b"\n\n")
        return answer.decode(errors="replace").removeprefix("action=")

    def is_read(self):
        """has the daemon taken all that was said?"""
        return fcntl.ioctl(self.line, termios.TIOCOUTQ, bytes(4)) == bytes(4)

    def ask(self, **attributes):
        self.say(**attributes)
        return self.hear()


class Letter:
    """one message on its way in; `asked` is how often Postfix asks about each RCPT: once a list in which the service stands"""
    def __init__(self, login, ip, recipients, sender=None, asked=1, port=None):
        number = next(NUMBERS)
        self.login, self.ip, self.recipients, self.asked = login, ip, recipients, asked
        self.sender = login if sender is None else sender
        self.id, self.instance = queue_id(), f"{number:x}.{int(time.time()):x}.0"
        self.port = port or 20000 + number % 40000

    def words(self, state, recipient, count):
        return {"protocol_state": state, "helo_name": "client", "queue_id": self.id if state != "RCPT" else "", "sender": self.sender,
                "recipient": recipient, "recipient_count": count, "client_address": self.ip, "client_name": "unknown",
                "client_port": self.port, "instance": self.instance, "sasl_method": "PLAIN", "sasl_username": self.login, "sasl_sender": "",
                "size": 733 if state == "END-OF-MESSAGE" else 0, "encryption_protocol": "TLSv1.3"}

    def send(self, policy):
        """what became of it: the first answer but DUNNO, or DUNNO"""
        for recipient in self.recipients:
            for _ in range(self.asked):
                action = policy.ask(**self.words("RCPT", recipient, 0))
                if action != "DUNNO":
                    return action
        one = self.recipients[0] if len(self.recipients) == 1 else ""
        for _ in range(self.asked):
            action = policy.ask(**self.words("END-OF-MESSAGE", one, len(self.recipients)))
        return action


class Milter:
    """one connection of a cleanup(8) of Postfix 3.7 to a milter"""
    def __init__(self, path):
        self.line = socket.socket(socket.AF_UNIX)
        self.line.settimeout(PATIENCE_S)
        self.line.connect(str(path))
        self.say(b"O", struct.pack(">III", 6, 0x1ff, 0x1fffff))
        self.hear()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.line.close()

    def say(self, command, data=b""):
        self.line.sendall(struct.pack(">I", 1 + len(data)) + command + data)

    def hear(self):
        """the command of one answer"""
        head = b""
        while len(head) < 4:
            head += self.line.recv(4 - len(head)) or b"\0\0\0\1"
        left, answer = struct.unpack(">I", head)[0], b""
        while len(answer) < left:
            answer += self.line.recv(left - len(answer))
        return answer[:1]

    def send(self, text, queue_id, login="", sender="", recipient="taro@world.test"):
        """a whole mail; is its body wanted? It is accepted in any case, or this raises."""
        head, body = text.split("\r\n\r\n", 1)
        self.say(b"D", b"M" + (f"{{auth_authen}}\0{login}\0".encode() if login else b"{mail_host}\0x\0"))
        self.say(b"M", f"<{sender}>\0".encode())
        self.say(b"R", f"<{recipient}>\0".encode())
        self.say(b"D", f"Ti\0{queue_id}\0".encode())
        for field in head.replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n"):
            name, value = field.split(":", 1)
            self.say(b"L", f"{name}\0{value}\0".encode())
        self.say(b"N")
        wanted = self.hear() == b"c"
        if wanted:
            self.say(b"B", body.encode())
            self.hear()
            self.say(b"E")
            while (answer := self.hear()) == b"i":
                pass
            if answer != b"a":
                raise ConnectionError(f"the milter said {answer}")
        return wanted


class Dovecot:
    """one connection of an auth process"""
    def __init__(self, port, key=KEY):
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        self.headers = {"Content-Type": "application/json", "X-Sekisho-Key": key}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.line.close()

    def ask(self, command, **fields):
        self.line.request("POST", f"/?command={command}", json.dumps(fields), self.headers)
        answer = self.line.getresponse()
        return answer.status, json.loads(answer.read() or b"null")

    def login(self, login, ip, right=True, protocol="imap", pwhash="1a2b", **more):
        """allow, allow again where the password was right, report; the status of allow"""
        fields = {"login": login, "remote": ip, "protocol": protocol, "pwhash": pwhash, "device_id": "", "session_id": "s", "tls": True, **more}
        status = [self.ask("allow", **fields)[1]["status"] for _ in range(1 + right)][0]
        self.ask("report", **fields, success=right and status == 0, policy_reject=status < 0)
        return status


def control(path, *requests, patience_s=PATIENCE_S):
    """the answers, each a dictionary"""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(patience_s)
        line.connect(str(path))
        heard, answers = line.makefile(), []
        for request in requests:
            line.sendall(json.dumps(request).encode() + b"\n")
            answers.append(json.loads(heard.readline()))
        return answers


class Queue:
    """the queue's helper, at its socket: what lies in the queue is given, and changes as it is asked"""
    def __init__(self, path):
        self.mail = {}  # id: [queue, seconds, login]
        self.asked, self.over, self.away = [], False, False
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        path.chmod(0o666)
        self.listener.listen(64)
        threading.Thread(target=self.serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.over = True
        self.listener.close()

    def put(self, login, count, queue="deferred"):
        """messages that lie there since a minute: their ids"""
        ids = [queue_id() for _ in range(count)]
        self.mail |= {each: [queue, int(time.time()) - 60, login] for each in ids}
        return ids

    def serve(self):
        while not self.over:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(line,), daemon=True).start()

    def answer(self, line):
        try:
            for request in line.makefile():
                if self.away:
                    return line.close()
                line.sendall("".join(f"{each}\n" for each in self.answers(*request.split())).encode())
        except OSError:
            pass

    def answers(self, verb, name="", *_):
        self.asked.append((verb, name))
        if verb == "list":
            for each, (queue, since, login) in list(self.mail.items()):
                yield f"message {each} {queue} {since} 3 <{login}> <{login}>"
            yield "end"
        elif verb == "ping":
            yield "ok"
        elif name not in self.mail:
            yield f"no {name} absent"
        else:
            self.mail[name][0] = {"hold": "hold", "release": "gone", "delete": "gone"}[verb]
            yield f"ok {name} {self.mail[name][0]}"
