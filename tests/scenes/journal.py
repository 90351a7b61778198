# SPDX-License-Identifier: Apache-2.0
"""The log itself: lines in the order of time, clipped to what the log file holds; queue ids and process ids as
Postfix gives them out. Every line is shaped like one that Postfix 3.7 or Dovecot 2.3 wrote."""
import heapq
import random
from datetime import datetime

BASE52 = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
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
        self.first, self.end, self.zone, self.stamps = begins.timestamp(), ends, begins.tzinfo, stamps
        self.lines = []

    def say(self, t, host, program, text):
        if not self.first <= t < self.end:
            return False
        self.lines.append((t, len(self.lines), host, program, text))
        return True

    def stamp(self, t, seconds={}):
        key = int(t), self.stamps, self.zone
        if key not in seconds:
            when = datetime.fromtimestamp(int(t), self.zone)
            seconds[key] = when.isoformat() if self.stamps == "iso" else \
                f"{MONTHS[when.month - 1]} {when.day:2d} {when:%H:%M:%S}"
        text = seconds[key]
        return text if self.stamps == "bsd" else f"{text[:19]}.{int(t % 1 * 1e6):06d}{text[19:]}"

    def text(self):
        return "".join(f"{self.stamp(t)} {host} {program}: {text}\n" for t, _, host, program, text in sorted(self.lines))


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
