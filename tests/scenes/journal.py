# SPDX-License-Identifier: Apache-2.0
"""The log itself: lines in the order of time, clipped to what the log files hold, in the forms that logs have; queue
ids and process ids as Postfix gives them out."""
import heapq
import random
import re
from datetime import datetime

BASE52 = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
PROGRAM = re.compile(r"(.+?)(?:\[(\d+)\])?")
DAY = 86400
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def base52(number, least):
    digits = ""
    while number or len(digits) < least:
        number, digit = divmod(number, 52)
        digits = BASE52[digit] + digits
    return digits


class Journal:
    """collects lines; `say` answers whether the line is in the log, for what is not is not true for its reader"""
    def __init__(self, begins, ends, stamps):
        self.first, self.end, self.zone = begins.timestamp(), ends, begins.tzinfo
        self.shape = {"rfc3339": self.rfc3339, "bsd": self.bsd, "rfc5424": self.rfc5424, "tai64n": self.tai64n,
                      "journal": self.export}[stamps]
        self.lines, self.seconds = [], {}

    def say(self, t, host, program, text, log=""):
        """`log`: the program writes into one of its own, in its own way"""
        if not self.first <= t < self.end:
            return False
        self.lines.append((t, len(self.lines), host, program, text, log))
        return True

    # ---- a line as there are many
    def local(self, t):
        second = int(t)
        if second not in self.seconds:
            self.seconds[second] = datetime.fromtimestamp(second, self.zone)
        return self.seconds[second]

    def precise(self, t):
        text = self.local(t).isoformat()
        return f"{text[:19]}.{int(t % 1 * 1e6):06d}{text[19:]}"

    def rfc3339(self, t, host, program, text):
        return f"{self.precise(t)} {host} {program}: {text}\n"

    def bsd(self, t, host, program, text):
        when = self.local(t)
        return f"{MONTHS[when.month - 1]} {when.day:2d} {when:%H:%M:%S} {host} {program}: {text}\n"

    def rfc5424(self, t, host, program, text):
        name, pid = PROGRAM.fullmatch(program).groups()
        return f"<22>1 {self.precise(t)} {host} {name} {pid or '-'} - - {text}\n"

    def tai64n(self, t, host, program, text):
        return f"@{2**62 + 10 + int(t):016x}{int(t % 1 * 1e6) * 1000:08x} {program}: {text}\n"

    def export(self, t, host, program, text):
        name, pid = PROGRAM.fullmatch(program).groups()
        fields = {"__CURSOR": f"s=1;i={int(t * 1e6):x}", "__REALTIME_TIMESTAMP": int(t * 1e6), "_BOOT_ID": "7" * 32,
                  "_TRANSPORT": "syslog", "PRIORITY": 6, "SYSLOG_FACILITY": 2, "SYSLOG_IDENTIFIER": name,
                  "SYSLOG_PID": pid, "_HOSTNAME": host, "MESSAGE": text}
        return "".join(f"{key}={value}\n" for key, value in fields.items() if value is not None) + "\n"

    def exim(self, t, host, program, text):
        return f"{self.local(t):%Y-%m-%d %H:%M:%S} {text}\n"

    # ---- files
    def text(self):
        """the whole of it in one form"""
        return "".join(self.rfc3339(*line[:1], *line[2:5]) for line in sorted(self.lines) if line[5] != "rejectlog")

    def parts(self, parted):
        """name: (time of its last line, text); `parted` is "daily", "by program" or "by host", or some of them"""
        last, files = int((self.end - 1 - self.first) // DAY), {}
        for t, _, host, program, text, log in sorted(self.lines):
            stem = log or ("dovecot.log" if "by program" in parted and program == "dovecot" else "mail.log")
            age = last - int((t - self.first) // DAY) if "daily" in parted else 0
            name = f"{host}." * ("by host" in parted) + stem + f".{age}" * (age > 0)
            _, said = files.get(name, (0, []))
            said.append((self.exim if log else self.shape)(t, host, program, text))
            files[name] = t, said
        return {name: (t, "".join(said)) for name, (t, said) in files.items()}


class QueueIds:
    """long: time and inode; short: microseconds and inode; short, reused: few, and each soon taken again"""
    def __init__(self, kind, seed):
        self.kind, self.rng, self.free = kind, random.Random(seed), []
        self.pool = iter([self.short(self.rng.random()) for _ in range(400)])

    def short(self, t):
        return f"{int(t % 1 * 1e6):05X}{self.rng.randrange(0x2000, 0x3fff):X}"

    def take(self, t):
        if self.kind == "long":
            inode = base52(self.rng.randrange(7_600_000, 380_000_000), 5)
            return f"{base52(int(t), 6)}{base52(int(t % 1 * 1e6), 4)}z{inode}"
        if self.kind == "short":
            return self.short(t)
        if self.free and self.free[0][0] < t:
            return heapq.heappop(self.free)[1]
        return next(self.pool, None) or self.short(t)

    def give_back(self, t, queue_id):
        if "reused" in self.kind:
            heapq.heappush(self.free, (t + 0.01, queue_id))


class Processes:
    """process ids of one service: nobody else has one while it is in use; retired after a hundred uses"""
    def __init__(self, rng):
        self.rng, self.idle, self.given = rng, [], set()

    def take(self, start, stop):
        if self.idle and self.idle[0][0] < start:
            _, pid, uses = heapq.heappop(self.idle)
        else:
            pid, uses = self.rng.randrange(2000, 4_000_000), 0
            while pid in self.given:
                pid = self.rng.randrange(2000, 4_000_000)
            self.given.add(pid)
        if uses < 100:
            heapq.heappush(self.idle, (stop + 0.01, pid, uses + 1))
        return pid
