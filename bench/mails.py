#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many mails a second `sekisho inspect` reads on one core: a made-up mailbox of what an owner of a hijacked account and a provider's
abuse desk get, beside GMime's parser alone on the same mails.

  mails.py --generate N [--seed S] >mbox     only the mails; the same seed makes the same ones
"""
import argparse
import base64
import collections
import email.header
import json
import quopri
import random
import subprocess
import sys

MAILS, SEED, GOAL = 20_000, 11, 10_000
WORDS = ("the meeting of next week is moved to the afternoon since the room is taken please bring the figures of last month and the plan for "
         "the new site we look forward to your answer and thank you for your patience in this matter").split()
KANA = ("いつもお世話になっております。先日お送りした見積書の件でご連絡いたしました。来週の打ち合わせは午後に変更となりましたので、"
       "ご確認のほどよろしくお願いいたします。ご不明な点がございましたらお気軽にお問い合わせください。")
REFUSALS = ("550 5.1.1 <{to}>: Recipient address rejected: User unknown", "550-5.1.1 The email account that you tried to reach does not exist.",
            "452 4.2.2 The email account that you tried to reach is over quota", "554 5.7.1 Service unavailable; Client host [{ip}] blocked using "
            "bl.example.net", "550 5.7.26 Unauthenticated email from example.jp is not accepted due to domain's DMARC policy",
            "552 5.3.4 Message size exceeds fixed limit", "550 5.4.1 Recipient address rejected: Access denied")


class Mail:
    """one made-up mail; every value comes from its own generator"""

    def __init__(self, seed, number):
        self.random = random.Random(f"{seed}/{number}")
        self.number = number
        self.to = f"{self.name()}@{self.domain()}"
        self.owner = f"{self.name()}@example.jp"
        self.ip = f"198.51.100.{self.random.randrange(1, 255)}"
        self.id = "".join(self.random.choices("BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789", k=14))
        self.refusal = self.random.choice(REFUSALS).format(to=self.to, ip=self.ip)
        self.status = next((word for word in self.refusal.replace("-", " ").split() if word.count(".") == 2), "5.0.0")

    def name(self):
        return "".join(self.random.choices("abcdefghijklmnopqrstuvwxyz", k=self.random.randrange(4, 10)))

    def domain(self):
        return f"{self.name()}.example." + self.random.choice(("com", "net", "org"))

    def words(self, count):
        words = self.random.choices(WORDS, k=count)
        return "\n".join(" ".join(words[at:at + 12]) for at in range(0, count, 12))

    def japanese(self, count):
        at = self.random.randrange(len(KANA) - 20)
        text = (KANA[at:] + KANA) * 8
        return "\n".join(text[line * 32:line * 32 + 32] for line in range(count))

    def date(self):
        return f"Sun, {self.random.randrange(1, 29)} Nov 2026 {self.random.randrange(24):02}:{self.random.randrange(60):02}:00 +0900"

    def trail(self, hops=3):
        return "".join(f"Received: from {self.domain()} ({self.domain()} [{self.ip}])\n\tby mx{hop}.example.jp (Postfix) with ESMTPS id {self.id}{hop}\n"
                       f"\tfor <{self.owner}>; {self.date()} (JST)\n" for hop in range(hops))

    def original(self, body=True):
        subject = email.header.Header(self.japanese(1), "iso-2022-jp").encode()
        head = (f"{self.trail(2)}Message-ID: <{self.id}@example.jp>\nFrom: {self.owner}\nTo: {self.to}\nSubject: {subject}\nDate: {self.date()}\n"
                f"MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n")
        return head + (f"\n{self.words(self.random.randrange(40, 200))}\nhttps://{self.domain()}/track?id={self.number}\n" if body else "")

    def head(self, sender, subject, more=""):
        return f"Return-Path: <>\n{self.trail()}From: {sender}\nTo: {self.owner}\nSubject: {subject}\nDate: {self.date()}\nMessage-ID: <{self.id}.r@{self.domain()}>\n{more}"

    # ---- delivery reports

    def report(self, sender, subject, notice, charset="us-ascii", action="failed", body=True):
        bound = f"{self.id}.{self.number}/mx.example.jp"
        yield self.head(sender, subject, f'Auto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n\tboundary="{bound}"\n')
        yield f"\nThis is a MIME-encapsulated message.\n\n--{bound}\nContent-Description: Notification\nContent-Type: text/plain; charset={charset}\n\n"
        yield notice
        yield (f"\n--{bound}\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.jp\nX-Postfix-Queue-ID: {self.id}\nArrival-Date: {self.date()}\n\n"
               f"Final-Recipient: rfc822; {self.to}\nOriginal-Recipient: rfc822;{self.to}\nAction: {action}\nStatus: {self.status}\n"
               f"Remote-MTA: dns; mx.{self.to.split('@')[1]}\nDiagnostic-Code: smtp; {self.refusal}\n\n--{bound}\n")
        yield ("Content-Type: message/rfc822\n\n" if body else "Content-Type: text/rfc822-headers\n\n") + self.original(body)
        yield f"\n--{bound}--\n"

    def postfix(self):
        notice = (f"This is the mail system at host mx.example.jp.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more "
                  f"recipients. It's attached below.\n\n                   The mail system\n\n<{self.to}>: host mx.{self.to.split('@')[1]}[{self.ip}] said: {self.refusal}\n    (in reply to RCPT TO command)\n")
        return self.report("MAILER-DAEMON@mx.example.jp (Mail Delivery System)", "Undelivered Mail Returned to Sender", notice)

    def postfix_japanese(self):
        notice = (f"これは、ホスト mx.example.jp のメールシステムです。\n\n申し訳ありませんが、あなたのメールを次の宛先に配送できませんでした。\n\n<{self.to}>: "
                  f"host mx[{self.ip}] said: {self.refusal}\n    (in reply to RCPT TO command)\n")
        return self.report("MAILER-DAEMON@mx.example.jp", "Undelivered Mail Returned to Sender", notice, "utf-8")

    def delay(self):
        notice = "THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\nYour message could not be delivered for more than 4 hour(s).\n"
        return self.report("MAILER-DAEMON@mx.example.jp", "Delayed Mail (still being retried)", notice, action="delayed", body=False)

    def sendmail(self):
        notice = (f"The original message was received at {self.date()}\nfrom [{self.ip}]\n\n   ----- The following addresses had permanent fatal errors -----\n<{self.to}>\n"
                  f"    (reason: {self.refusal})\n\n   ----- Transcript of session follows -----\n... while talking to mx.{self.to.split('@')[1]}.:\n>>> DATA\n<<< {self.refusal}\n")
        return self.report("Mail Delivery Subsystem <MAILER-DAEMON@example.jp>", "Returned mail: see transcript for details", notice)

    def exim(self):
        yield self.head("Mail Delivery System <Mailer-Daemon@example.jp>", "Mail delivery failed: returning message to sender",
                        f"X-Failed-Recipients: {self.to}\nAuto-Submitted: auto-replied\n")
        yield (f"\nThis message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\n"
               f"recipients. This is a permanent error. The following address(es) failed:\n\n  {self.to}\n    host mx.example.com [{self.ip}]\n    SMTP error from remote mail "
               f"server after RCPT TO:<{self.to}>:\n    {self.refusal}\n\n------ This is a copy of the message, including all the headers. ------\n\n{self.original()}")

    def qmail(self):
        yield self.head("MAILER-DAEMON@example.jp", "failure notice")
        yield (f"\nHi. This is the qmail-send program at example.jp.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. "
               f"Sorry it didn't work out.\n\n<{self.to}>:\n{self.ip} does not like recipient.\nRemote host said: {self.refusal}\nGiving up on {self.ip}.\n\n"
               f"--- Below this line is a copy of the message.\n\n{self.original()}")

    def exchange(self):
        html = (f"<html><body><p><b>Delivery has failed to these recipients or groups:</b></p><p><a href=\"mailto:{self.to}\">{self.to}</a><br>The email address you entered couldn't be found."
                f"</p><p>Diagnostic information for administrators:<br>Generating server: {self.domain()}<br>{self.to}<br>Remote Server returned '{self.refusal}'</p></body></html>") * 3
        yield self.head("Microsoft Outlook <postmaster@example.com>", f"Undeliverable: {self.words(4)}",
                        "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b_1\"\n")
        yield f"\n--b_1\nContent-Type: text/html; charset=\"us-ascii\"\nContent-Transfer-Encoding: quoted-printable\n\n{quopri.encodestring(html.encode()).decode()}\n"
        yield (f"--b_1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;{self.domain()}\n\nFinal-Recipient: rfc822;{self.to}\nAction: failed\nStatus: {self.status}\n"
               f"Diagnostic-Code: smtp;{self.refusal}\n\n--b_1\nContent-Type: message/rfc822\n\n{self.original()}\n--b_1--\n")

    def docomo(self):
        text = f"宛先のメールアドレスが見つかりません。\n<{self.to}>\n\nメールアドレスをご確認の上、再度送信してください。\n".encode("iso-2022-jp").decode("ascii")
        yield self.head("Mail Administrator <postmaster@example.ne.jp>", email.header.Header("メール配信エラー", "iso-2022-jp").encode(),
                        "MIME-Version: 1.0\nContent-Type: text/plain; charset=iso-2022-jp\n")
        yield f"\n{text}\n{self.refusal}\n\n{self.original()}"

    # ---- answers, complaints, other mails

    def vacation(self):
        yield self.head(self.to, "Out of office: Re: the plan", "Auto-Submitted: auto-replied\nPrecedence: bulk\n")
        yield f"\nThank you for your mail. I am away until Monday.\n\n{self.words(30)}\n"

    def vacation_japanese(self):
        body = base64.encodebytes(f"このメールは自動返信です。\n{self.japanese(5)}\n".encode()).decode()
        yield self.head(self.to, email.header.Header("【自動返信】不在のお知らせ", "utf-8").encode(),
                        "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: base64\n")
        yield f"\n{body}"

    def feedback(self):
        yield self.head("feedback@fbl.example.net", "complaint about message from 192.0.2.1", "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary=\"fb\"\n")
        yield (f"\n--fb\nContent-Type: text/plain\n\nThis is an email abuse report for an email message received from {self.ip}\n--fb\nContent-Type: message/feedback-report\n\n"
               f"Feedback-Type: abuse\nUser-Agent: SomeGenerator/1.0\nVersion: 1\nSource-IP: {self.ip}\nReported-Domain: example.jp\nArrival-Date: {self.date()}\n\n--fb\n"
               f"Content-Type: message/rfc822\n\n{self.original()}\n--fb--\n")

    def written_complaint(self):
        yield self.head(self.to, "Spam from your network", "")
        yield f"\nHello,\n\nwe received spam from your server {self.ip}. Please stop it.\n{self.words(40)}\n\nHeaders:\n" + "".join(f"> {line}\n" for line in self.original().splitlines())

    def ordinary(self):
        yield self.head(self.to, self.words(5), "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n")
        yield f"\n{self.japanese(20)}\n\n{self.words(60)}\n"

    def newsletter(self):
        links = "".join(f'<tr><td><a href="https://click.{self.domain()}/t/{number}?u={self.id}">{self.words(6)}</a></td><td>{self.words(20)}</td></tr>' for number in range(20))
        html = quopri.encodestring(f"<html><head><style>td {{ color: #333 }}</style></head><body><table>{links}</table></body></html>".encode()).decode()
        yield self.head("News <news@shop.example.com>", "This week", "List-Unsubscribe: <https://shop.example.com/u>\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=nl\n")
        yield f"\n--nl\nContent-Type: text/plain; charset=utf-8\n\n{self.words(200)}\n--nl\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n{html}\n--nl--\n"

    def attachment(self):
        data = base64.encodebytes(self.random.randbytes(12_000)).decode()
        yield self.head(self.to, "Invoice", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=at\n")
        yield f"\n--at\nContent-Type: text/plain\n\n{self.words(50)}\n--at\nContent-Type: application/pdf; name=invoice.pdf\nContent-Transfer-Encoding: base64\n\n{data}\n--at--\n"

    def phishing(self):
        yield self.head("Account Team <security@example.net>", "Your account will be suspended", "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n")
        yield f'\n<p>{self.words(30)}</p><p><a href="http://{self.ip}/login">https://www.example.com/login</a></p>\n'


SHARES = {"postfix": 26, "postfix_japanese": 6, "delay": 4, "sendmail": 8, "exim": 8, "qmail": 6, "exchange": 8, "docomo": 4, "vacation": 4, "vacation_japanese": 4,
          "feedback": 4, "written_complaint": 2, "ordinary": 8, "newsletter": 3, "attachment": 3, "phishing": 2}


# what each is to be told as; the rest are bounces
KINDS = {"delay": "delay", "vacation": "auto_reply", "vacation_japanese": "auto_reply", "feedback": "complaint", "written_complaint": "complaint", "ordinary": "other",
         "newsletter": "other", "attachment": "other", "phishing": "notice"}


def chosen(count, seed):
    return random.Random(seed).choices(list(SHARES), weights=SHARES.values(), k=count)


def generate(count, seed, to):
    for number, kind in enumerate(chosen(count, seed)):
        text = "".join(getattr(Mail(seed, number), kind)()).replace("\nFrom ", "\n>From ")
        to.write(f"From MAILER-DAEMON Sun Nov 22 00:00:00 2026\n{text}\n\n".encode())


# ---- the section of RESULTS.md

def say(words):
    print(f"bench: {words}", file=sys.stderr)


def section(work, build, rounds, when):
    """`work`: a bench.run.Work"""
    box = work.path("mails.mbox")
    with open(box, "wb") as to:
        generate(MAILS, SEED, to)
    told = subprocess.run([work.sekisho, "inspect", "-f", "json", box], capture_output=True, check=False).stdout
    told = [json.loads(line)["kind"] for line in told.splitlines()]
    if len(told) != MAILS:
        sys.exit(f"bench: inspect told of {len(told)} mails of {MAILS}")
    wrong = collections.Counter(f"{family} as {kind}" for family, kind in zip(chosen(MAILS, SEED), told) if KINDS.get(family, "bounce") != kind)
    commands = {"`sekisho inspect -f json`": [work.sekisho, "inspect", "-f", "json", box], "GMime's parser alone": [build / "bench-gmime", box]}
    seconds, peaks = {name: [] for name in commands}, {}
    for _ in range(rounds):
        for name, command in commands.items():
            cpu, _, peaks[name] = work.run("taskset", "-c", "0", *command)
            seconds[name].append(cpu)
            say(f"{name}: {MAILS / cpu:,.0f} mails a second")
    size = box.stat().st_size
    box.unlink()
    rates = {name: MAILS / sorted(found)[len(found) // 2] for name, found in seconds.items()}
    ours = rates["`sekisho inspect -f json`"]
    return "\n".join([
        "## Mails", "", f"`bench/mails.py`; {when}. {MAILS:,} made-up mails, {size / 1e6:.0f} MB in one mbox: delivery reports of eight kinds, answers of machines, complaints, ordinary "
        "mail, newsletters with twenty links, attachments, phishing. One core; processor seconds, user and system, of the whole program with reading the file; median of "
        f"{rounds} rounds in which both take turns. Sisimai (Perl) is no Debian package, so it does not take part.", "",
        "| what | mails a processor second | µs a mail | peak MB |", "|---|---:|---:|---:|",
        *(f"| {name} | {rate:,.0f} | {1e6 / rate:.1f} | {peaks[name] / 1e6:.0f} |" for name, rate in rates.items()), "",
        f"Goal: {GOAL:,} mails a second ({'held' if ours >= GOAL else '**missed**'}). {MAILS - wrong.total():,} were told as what they are"
        + (f"; not: {', '.join(f'{count} {what}' for what, count in wrong.most_common())}." if wrong else ".")])


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--generate", type=int, required=True, metavar="N")
    asked.add_argument("--seed", type=int, default=SEED)
    options = asked.parse_args()
    generate(options.generate, options.seed, sys.stdout.buffer)
