#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes incident.log: two weeks on a small mail server in Japan, and one night of March 2026.

hanako writes to friends and customers from home and from her telephone. mika sends the tennis club's newsletter and
spends two days in Taiwan. Somebody far away uses taro's address as the sender of spam, and its bounces come back here.
In the night to the 16th a botnet that knows hanako's password sends through her account.

  make.py                        writes incident.log beside this file
  make.py --against REPORT       compares `scan -f json` with what was written; exit status 1 if they differ

All people and domains are made up (RFC 2606); the addresses belong to large carriers of the countries named.
"""
import argparse
import datetime
import json
import pathlib
import random
import sys

LOG = pathlib.Path(__file__).with_name("incident.log")
JST = datetime.timezone(datetime.timedelta(hours=9))
BEGIN = datetime.datetime(2026, 3, 2, tzinfo=JST)  # a Monday
ATTACK = datetime.datetime(2026, 3, 16, 3, 12, 5, tzinfo=JST)
END = datetime.datetime(2026, 3, 16, 8, 45, tzinfo=JST)
VICTIM = "hanako@example.jp"

BOTNET = [  # probe and flood; the country that the Debian database names
    "177.25.118.40",  # BR
    "14.161.20.77", "113.160.88.9",  # VN
    "117.195.41.203",  # IN
    "41.34.160.15",  # EG
    "181.45.77.130",  # AR
    "36.70.201.88",  # ID
    "78.165.92.54",  # TR
    "95.28.19.166",  # RU
    "105.112.20.31",  # NG
    "187.56.44.12",  # BR
    "46.118.150.97",  # UA
]
GUESSERS = ["83.8.31.7", "83.8.31.9", "179.6.12.150"]
BASE52 = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"


class Log:
    def __init__(self):
        self.dice = random.Random(20260316)
        self.lines = []
        self.ids = 0
        self.truth = dict.fromkeys(("messages", "recipients", "sent", "bounced", "deferred", "unfinished"), 0)

    def say(self, t, program, text):
        self.lines.append((t, len(self.lines), f"{t.isoformat(timespec='microseconds')} mx {program}: {text}"))

    def text(self):
        return "".join(f"{line}\n" for t, _, line in sorted(self.lines) if t <= END)

    def new_id(self):
        self.ids += 1
        number = self.ids * 7919 + 52 ** 6
        letters = ""
        while number:
            number, digit = divmod(number, 52)
            letters = BASE52[digit] + letters
        return f"4d{letters}z{BASE52[self.ids % 51]}{BASE52[self.ids // 51 % 51]}"

    def pid(self):
        return self.dice.randint(20000, 60000)

    def wait(self, least, most):
        return datetime.timedelta(seconds=self.dice.uniform(least, most))

    # ---- mailboxes
    def imap(self, t, account, ip, minutes=3):
        pid, session = self.pid(), self.new_id()
        self.say(t, "dovecot", f"imap-login: Login: user=<{account}>, method=PLAIN, rip={ip}, lip=192.0.2.25, mpid={pid}, TLS, "
                               f"session=<{session}>")
        self.say(t + self.wait(60, 60 * minutes), "dovecot",
                 f"imap({account})<{pid}><{session}>: Disconnected: Logged out in=612 out={self.dice.randint(2000, 90000)} "
                 "deleted=0 expunged=0 trashed=0 hdr_count=2 hdr_bytes=1080 body_count=1 body_bytes=4102")

    def wrong_password(self, t, account, ip):
        self.say(t, "dovecot", "imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): "
                               f"user=<{account}>, method=PLAIN, rip={ip}, lip=192.0.2.25, TLS, session=<{self.new_id()}>")

    def guess(self, t, account, ip):
        smtpd = f"postfix/submission/smtpd[{self.pid()}]"
        self.say(t, smtpd, f"connect from unknown[{ip}]")
        self.say(t + self.wait(1, 2), smtpd, f"warning: unknown[{ip}]: SASL LOGIN authentication failed: "
                                             f"(reason unavailable), sasl_username={account}")
        self.say(t + self.wait(3, 4), smtpd, f"disconnect from unknown[{ip}] ehlo=1 auth=0/1 quit=1 commands=2/3")

    def store(self, t, queue_id, account):
        self.say(t, f"postfix/lmtp[{self.pid()}]",
                 f"{queue_id}: to=<{account}>, relay=mx.example.jp[private/dovecot-lmtp], delay=0.3, delays=0.2/0/0/0.1, "
                 f"dsn=2.0.0, status=sent (250 2.0.0 <{account}> {self.new_id()} Saved)")
        self.say(t + self.wait(0.01, 0.05), "postfix/qmgr[911]", f"{queue_id}: removed")

    def inbound(self, t, host, ip, sender, account):
        smtpd, queue_id = f"postfix/smtpd[{self.pid()}]", self.new_id()
        self.say(t, smtpd, f"connect from {host}[{ip}]")
        self.say(t + self.wait(0.2, 0.3), smtpd, f"{queue_id}: client={host}[{ip}]")
        self.say(t + self.wait(0.3, 0.4), f"postfix/cleanup[{self.pid()}]", f"{queue_id}: message-id=<{self.new_id()}@{host}>")
        self.say(t + self.wait(0.5, 0.6), "postfix/qmgr[911]",
                 f"{queue_id}: from=<{sender}>, size={self.dice.randint(1500, 9000)}, nrcpt=1 (queue active)")
        self.say(t + self.wait(0.6, 0.7), smtpd, f"disconnect from {host}[{ip}] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5")
        self.store(t + self.wait(0.8, 1.2), queue_id, account)

    # ---- mail that goes out
    def submit(self, t, account, ip, host, recipients, fates=(), thief=False):
        smtpd, queue_id = f"postfix/submission/smtpd[{self.pid()}]", self.new_id()
        self.say(t, smtpd, f"connect from {host}[{ip}]")
        self.say(t + self.wait(0.5, 0.6), smtpd, f"{queue_id}: client={host}[{ip}], sasl_method=PLAIN, sasl_username={account}")
        self.say(t + self.wait(0.7, 0.8), f"postfix/cleanup[{self.pid()}]", f"{queue_id}: message-id=<{self.new_id()}@example.jp>")
        self.say(t + self.wait(0.9, 1.0), "postfix/qmgr[911]", f"{queue_id}: from=<{account}>, size={self.dice.randint(900, 30000)}, "
                                                              f"nrcpt={len(recipients)} (queue active)")
        self.say(t + self.wait(1.1, 1.2), smtpd, f"disconnect from {host}[{ip}] ehlo=2 starttls=1 auth=1 mail=1 "
                                                f"rcpt={len(recipients)} data=1 quit=1 commands={7 + len(recipients)}")
        fates = list(fates) or ["sent"] * len(recipients)
        if thief:
            self.truth["messages"] += 1
            self.truth["recipients"] += len(recipients)
            for fate in fates:
                self.truth[fate] += 1
                self.truth["unfinished"] += fate == "deferred"
        for number, (recipient, fate) in enumerate(zip(recipients, fates)):
            self.outcome(t + self.wait(1.5, 2.5) + datetime.timedelta(seconds=0.3 * number), queue_id, recipient, fate)
        t += datetime.timedelta(seconds=3 + 0.3 * len(recipients))
        if "bounced" in fates:
            self.give_back(t, queue_id, account)
        if "deferred" not in fates:
            self.say(t + self.wait(0.2, 0.3), "postfix/qmgr[911]", f"{queue_id}: removed")

    def outcome(self, t, queue_id, recipient, fate):
        domain = recipient.split("@")[1]
        host = f"mx.{domain}[203.0.113.{sum(map(ord, domain)) % 200 + 10}]"
        dsn, words = {
            "sent": ("2.0.0", f"250 2.0.0 Ok: queued as {self.new_id()}"),
            "bounced": ("5.1.1", f"host {host} said: 550 5.1.1 <{recipient}>: Recipient address rejected: User unknown "
                                 "(in reply to RCPT TO command)"),
            "deferred": ("4.7.1", f"host {host} said: 451 4.7.1 Too much mail from 192.0.2.25, try again later "
                                  "(in reply to MAIL FROM command)"),
        }[fate]
        self.say(t, f"postfix/smtp[{self.pid()}]", f"{queue_id}: to=<{recipient}>, relay={host}:25, delay=1.4, "
                                                   f"delays=0.2/0/0.6/0.6, dsn={dsn}, status={fate} ({words})")

    def give_back(self, t, queue_id, account):
        child = self.new_id()
        self.say(t, f"postfix/cleanup[{self.pid()}]", f"{child}: message-id=<{child}@mx.example.jp>")
        self.say(t + self.wait(0.01, 0.02), f"postfix/bounce[{self.pid()}]", f"{queue_id}: sender non-delivery notification: {child}")
        self.say(t + self.wait(0.03, 0.04), "postfix/qmgr[911]", f"{child}: from=<>, size=3180, nrcpt=1 (queue active)")
        self.store(t + self.wait(0.06, 0.16), child, account)


def at(day, hour, minute, dice):
    return BEGIN + datetime.timedelta(days=day, hours=hour, minutes=minute, seconds=dice.uniform(0, 59))


def home_of_hanako(day):
    ip = f"153.160.12.{34 if day < 8 else 191}"
    return ip, f"p{ip.replace('.', '-')}.home.example.net"


def life_of_hanako(log):
    friends = ["yuki@freemail.example.net", "keiko@keitai.example.net", "order@flowers.example.com", "y.mori@works.example.com",
               "mika@club.example.com", "tanaka@school.example.org"]
    for day in range(14):
        ip, host = home_of_hanako(day)
        log.imap(at(day, 7, log.dice.randint(5, 50), log.dice), VICTIM, ip)
        for hour in log.dice.sample([9, 10, 11, 14, 16, 20], log.dice.randint(1, 3)):
            log.submit(at(day, hour, log.dice.randint(0, 59), log.dice), VICTIM, ip, host,
                       log.dice.sample(friends, log.dice.choice([1, 1, 1, 2])))
        if day % 3 == 1:  # from the telephone
            log.submit(at(day, 18, log.dice.randint(0, 59), log.dice), VICTIM, f"49.98.7.{log.dice.randint(2, 250)}", "unknown",
                       [log.dice.choice(friends)])
    log.wrong_password(at(5, 7, 3, log.dice), VICTIM, home_of_hanako(5)[0])
    log.submit(at(9, 15, 21, log.dice), VICTIM, *home_of_hanako(9), ["yukii@freemail.example.net"], ["bounced"])  # a slip
    log.imap(END - datetime.timedelta(minutes=8), VICTIM, home_of_hanako(14)[0])


def life_of_mika(log):
    members = [f"{name}@{domain}" for name in ("aoki", "baba", "chiba", "doi", "endo", "fujita", "goto", "hara", "imai", "kudo")
               for domain in ("freemail.example.net", "keitai.example.net", "works.example.com")]
    for day in range(14):
        abroad = day in (10, 11)
        ip, host = ("61.216.30.77", "unknown") if abroad else (f"126.15.40.{18 if day < 7 else 203}", "unknown")
        log.imap(at(day, 12, log.dice.randint(0, 50), log.dice), "mika@example.jp", ip)
        if day % 2 == 0:
            log.submit(at(day, 21, log.dice.randint(0, 50), log.dice), "mika@example.jp", ip, host, [log.dice.choice(members)])
    for day in (3, 13):  # the newsletter
        log.submit(at(day, 19, 30, log.dice), "mika@example.jp", "126.15.40.18" if day < 7 else "126.15.40.203", "unknown", members,
                   ["bounced" if number == 17 and day == 13 else "sent" for number in range(len(members))])


def life_of_taro(log):
    for day in range(14):
        log.imap(at(day, 8, log.dice.randint(0, 50), log.dice), "taro@example.jp", "118.238.61.9")
        if day % 4 == 0:
            log.submit(at(day, 13, log.dice.randint(0, 50), log.dice), "taro@example.jp", "118.238.61.9", "unknown",
                       ["sales@parts.example.com"])
    for number in range(22):  # bounces for mail that he never wrote
        log.inbound(at(6, 1, number * 2, log.dice), f"mail{number % 7}.example.org", f"198.51.100.{20 + number % 7}", "", "taro@example.jp")


def the_world(log):
    for day in range(14):
        log.inbound(at(day, 6, log.dice.randint(0, 59), log.dice), "mail.shop.example.com", "198.51.100.80",
                    f"news-{day}@shop.example.com", log.dice.choice([VICTIM, "mika@example.jp", "taro@example.jp"]))
    for number in range(24):
        name = ["info", "admin", "mika", "sales", "taro", "test"][number % 6]
        log.guess(at(11, 2, number, log.dice), f"{name}@example.jp", GUESSERS[number % 3])


def the_night(log):
    log.submit(ATTACK, VICTIM, BOTNET[0], "unknown", ["pr0be.7731@freemail.example.net"], thief=True)
    t = ATTACK + datetime.timedelta(minutes=21)
    for number in range(56):
        t += log.wait(4, 26)
        recipients = [f"{log.dice.choice('abcdefghkmnrsty')}{log.dice.randint(1000, 99999)}@{domain}" for domain in log.dice.sample(
            ["bigmail.example.org", "freemail.example.net", "telecom.example.net", "post.example.org"], log.dice.choice([1, 1, 2]))]
        fates = [log.dice.choices(["sent", "bounced", "deferred"], [58, 34, 8])[0] for _ in recipients]
        log.submit(t, VICTIM, log.dice.choice(BOTNET) if number else BOTNET[0], "unknown", recipients, fates, thief=True)


def story():
    log = Log()
    for chapter in (life_of_hanako, life_of_mika, life_of_taro, the_world, the_night):
        chapter(log)
    return log


def against(report, truth):
    found = [i for i in report["incidents"] if i["account"] == VICTIM]
    if not found:
        return [f"{VICTIM} was not found"]
    return [f"{name}: {truth[name]} wanted, {found[0][name]} came" for name in truth if found[0][name] != truth[name]]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--against", type=pathlib.Path, metavar="REPORT")
    asked = options.parse_args()
    log = story()
    if not asked.against:
        LOG.write_text(log.text(), encoding="utf-8")
        print(json.dumps(log.truth))
        return 0
    wrong = against(json.loads(asked.against.read_text(encoding="utf-8")), log.truth)
    if LOG.read_text(encoding="utf-8") != log.text():
        wrong.append(f"{LOG.name} is not what this script writes")
    print("\n".join(wrong) or f"{VICTIM}: every count is exact")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
