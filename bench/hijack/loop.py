# SPDX-License-Identifier: Apache-2.0
"""The closed loop: plays a world against a contender, and tells it what became of a message only once it let that go.

A contender answers `ask(event)` with a reply, both dictionaries in the form of `sekisho judge`: a verdict (pass, hold,
refuse) for `submit`, and with any event lock, release, discard and wake. During the warm-up it learns: what it says then
has no effect and is not scored (what it holds leaves, what it locks is verified at once). An owner whose account was locked
proves who he is eight hours later; after a hijack that is also when the thief's password is no longer good.
"""
import heapq
import itertools

from contenders import ContenderError
from score import Score
from traffic import DAY, HOUR, account_name, outcomes

WARM_DAYS = 9
VERIFIED_AFTER = 8 * HOUR
FOLLOWED_UP = 0.001  # a wake in the past comes this much later
EVERYTHING = frozenset(("auth", "submit", "outcome", "bounce", "auto_reply", "complaint", "tick"))


class Loop:
    def __init__(self, contender, world, warm=WARM_DAYS * DAY):
        self.contender, self.world, self.warm, self.end = contender, world, warm, world.days * DAY
        self.hears = getattr(contender, "hears", EVERYTHING)
        self.score = Score(contender.name, world, warm)
        self.numbers = {account_name(number): number for number in range(world.accounts)}
        self.later, self.order = [], itertools.count()
        self.held, self.wakes, self.locked, self.reset_at = {}, set(), set(), {}

    def run(self):
        later = self.later
        for number, event in enumerate(self.world.events):
            while later and later[0][0] <= event.t:
                t, _, act, what = heapq.heappop(later)
                act(t, *what)
            self.happens(number, event)
        while later and later[0][0] <= self.end:
            t, _, act, what = heapq.heappop(later)
            act(t, *what)
        for began, event in self.held.values():
            self.score.waited(event, self.end - began)
        return self.score

    def at(self, t, act, *what):
        heapq.heappush(self.later, (t, next(self.order), act, what))

    # -- what happens

    def happens(self, number, event):
        if event.hijacker and event.t >= self.reset_at.get(event.account, self.end):
            return  # the owner has a new password
        if event.kind == "submit":
            self.submit(event.t, number, event)
        elif event.kind in self.hears:
            self.tell(event.t, event.fields(f"b{number}"))

    def submit(self, t, number, event):
        key = f"m{number}"
        self.score.submitted(event)
        verdict = self.tell(t, event.fields(key)).get("verdict")
        if t < self.warm:
            verdict = "pass"
        self.score.judged(event, verdict)
        if verdict == "pass":
            self.deliver(t, number, event)
        elif verdict == "hold":
            self.held[key] = (t, event)
        elif verdict != "refuse":
            raise ContenderError(f"unknown verdict: {verdict!r}")

    def deliver(self, t, number, event):
        self.score.delivered(event)
        if "outcome" in self.hears:
            # what arrives in the same instant is told together, in one go down the pipe
            bundles = {}
            for delay, fields in outcomes(event, number):
                bundles.setdefault(delay, []).append(fields)
            for delay, bundle in bundles.items():
                self.at(t + delay, self.hear, event.account, bundle)

    def hear(self, t, account, bundle):
        account, stamp = account_name(account), round(self.world.epoch + t, 3)
        events = [{"t": stamp, "account": account, **fields} for fields in bundle if fields["ev"] in self.hears]
        for reply in self.contender.ask_all(events):
            self.obey(t, reply)

    def tell(self, t, fields):
        fields["t"] = round(self.world.epoch + t, 3)
        reply = self.contender.ask(fields)
        if reply:
            self.obey(t, reply)
        return reply

    # -- what the contender does

    def obey(self, t, reply):
        for account in reply.get("lock", ()):
            if account not in self.numbers:
                raise ContenderError(f"locks {account!r}, which is no account")
            self.lock(t, self.numbers[account])
        for key in reply.get("release", ()):
            if key in self.held:
                began, event = self.held.pop(key)
                self.score.waited(event, t - began)
                self.deliver(t, int(key[1:]), event)
        for key in reply.get("discard", ()):
            if key in self.held:
                self.score.discarded(self.held.pop(key)[1])
        wake = reply.get("wake")
        if wake is not None and wake not in self.wakes:
            self.wakes.add(wake)
            self.at(max(wake - self.world.epoch, t + FOLLOWED_UP), self.tick, wake)

    def tick(self, t, wake):
        self.wakes.discard(wake)
        self.tell(t, {"ev": "tick"})

    def lock(self, t, number):
        if t < self.warm:
            self.at(t, self.verified, number)
        elif number not in self.locked:  # saying it again changes nothing
            self.locked.add(number)
            if self.score.locked(t, number):
                self.at(t + VERIFIED_AFTER, self.reset, number)
            else:
                self.at(t + VERIFIED_AFTER, self.verified, number)

    def reset(self, t, number):
        self.reset_at.setdefault(number, t)
        self.verified(t, number)

    def verified(self, t, number):
        self.locked.discard(number)
        self.tell(t, {"ev": "verified", "account": account_name(number)})
