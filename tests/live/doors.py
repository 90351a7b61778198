# SPDX-License-Identifier: Apache-2.0
"""The sockets and the log over which a daemon is fed without a Postfix: as fast as it answers."""
import json
import os
import shutil
import socket
import threading

SESSIONS_A_CONNECTION = 500  # then it is made anew, as an smtpd ends after a hundred sessions (max_use)


class Door:
    """requests over many connections, each with one under way"""
    def __init__(self, connections):
        self.lines, self.used = [None] * connections, [0] * connections
        self.asked = 0

    def line(self, number):
        if self.used[number] >= SESSIONS_A_CONNECTION + number:
            self.lines[number].close()
            self.lines[number] = None
        if self.lines[number] is None:
            self.lines[number], self.used[number] = self.connect(), 0
        self.used[number] += 1
        return self.lines[number]

    def ask(self, requests):
        """what was answered to each, in order"""
        answers, many = [], len(self.lines)
        for at in range(0, len(requests), many):
            few = requests[at:at + many]
            lines = [self.line(number) for number in range(len(few))]
            for line, request in zip(lines, few):
                line.sendall(request)
            answers += [self.answer(line) for line in lines]
        self.asked += len(requests)
        return answers

    def whole(self, line, is_whole):
        heard = b""
        while not is_whole(heard):
            more = line.recv(65536)
            if not more:
                raise ConnectionError(f"hung up after {heard!r}")
            heard += more
        return heard

    def close(self):
        for line in filter(None, self.lines):
            line.close()


class PolicyDoor(Door):
    def __init__(self, path, connections=64):
        super().__init__(connections)
        self.path = str(path)

    def connect(self):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(60)
        line.connect(self.path)
        return line

    def answer(self, line):
        return self.whole(line, lambda heard: heard.endswith(b"\n\n"))[len(b"action="):-2].decode()


class AuthDoor(Door):
    def __init__(self, port, key, connections=32):
        super().__init__(connections)
        self.port, self.key = port, key

    def connect(self):
        line = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def request(self, command, login, ip, protocol, **more):
        body = json.dumps({"login": login, "pwhash": "00", "remote": ip, "device_id": "", "protocol": protocol, "session_id": "",
                           "tls": False, **more}).encode()
        return (f"POST /?command={command} HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\nX-Sekisho-Key: {self.key}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body

    def answer(self, line):
        def is_whole(heard):
            head, gap, body = heard.partition(b"\r\n\r\n")
            return gap and len(body) >= int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        return json.loads(self.whole(line, is_whole).partition(b"\r\n\r\n")[2])["status"]


class Log:
    """is written, renamed away, and now and then copied and cut off"""
    def __init__(self, path):
        self.path, self.lines, self.rotated = path, 0, 0
        self.file = open(path, "a")

    def write(self, lines):
        self.file.write("".join(lines))
        self.file.flush()
        self.lines += len(lines)

    def rotate(self):
        """as logrotate does, every third time with copytruncate"""
        self.rotated += 1
        for number in range(len(list(self.path.parent.glob(f"{self.path.name}.*"))), 0, -1):
            os.rename(f"{self.path}.{number}", f"{self.path}.{number + 1}")
        if self.rotated % 3 == 0:
            shutil.copyfile(self.path, f"{self.path}.1")
            os.truncate(self.path, 0)
        else:
            os.rename(self.path, f"{self.path}.1")
            self.file.close()
            self.file = open(self.path, "a")


class Queue:
    """Postfix's hold queue, as the helper of the daemon sees it (containment/queue.h)"""
    def __init__(self, path):
        self.hold, self.released, self.strange, self.mutex = {}, [], [], threading.Lock()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client = self.listener.accept()[0]
            threading.Thread(target=self.hear, args=(client,), daemon=True).start()

    def hear(self, client):
        with client, client.makefile() as lines:
            for line in lines:
                client.sendall(self.answer(*line.split()).encode())

    def answer(self, verb, queue_id="", _t=None):
        with self.mutex:
            if verb == "list":
                return "".join(f"message {each} hold {int(letter.t)} {len(letter.rcpts)} <{letter.account}> <{letter.account}>\n"
                               for each, letter in self.hold.items()) + "end\n"
            if verb == "ping":
                return "ok ping\n"
            letter = self.hold.get(queue_id)
            if not letter or verb == "hold":
                return f"ok {queue_id} hold\n" if letter else f"no {queue_id} absent\n"
            if verb == "release":
                self.released.append(self.hold.pop(queue_id))
                return f"ok {queue_id} active\n"
            self.strange.append(f"{verb} {queue_id}")
            return f"no {queue_id} failed\n"

    def put(self, letter):
        with self.mutex:
            self.hold[letter.queue_id] = letter

    def take_released(self):
        with self.mutex:
            letters, self.released = self.released, []
        return letters
