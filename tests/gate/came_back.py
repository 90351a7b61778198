# SPDX-License-Identifier: Apache-2.0
"""Mail that comes back: bounces and complaints over LMTP and through a pipe, true ones, forged ones, and those of mail that never passed here."""
import smtplib
import subprocess
import time

from gate import OWNERS, Gate, wait_for
from talk import Letter, Policy

VICTIM, OTHER = list(OWNERS)[:2]
NEAR_HOME = "153.145.99.7"  # a place that nobody knows, of the owner's own provider
EX_TEMPFAIL = 75


def bounce(queue_id, sender, recipient, status="5.1.1"):
    """as a relay that had taken it says that it could not be delivered"""
    return (f"From: MAILER-DAEMON@relay.test\r\nTo: {sender}\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
            f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime())}\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
            f"<{recipient}>: host mx.world.test said: 550 {status} no such user\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            f"Reporting-MTA: dns; relay.test\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\n"
            f"Diagnostic-Code: smtp; 550 {status} no such user\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
            f"Received: from client by gate.provider.test (Postfix) with ESMTPSA id {queue_id};\r\n"
            f"\t{time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime())}\r\nFrom: {sender}\r\nTo: {recipient}\r\nSubject: hello\r\n\r\n--b--\r\n")


def complaint(queue_id, sender):
    """a feedback report (RFC 5965)"""
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
    return (f"From: Feedback <loop@isp.test>\r\nTo: abuse@provider.test\r\nSubject: FW: hello\r\nDate: {date}\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/report; report-type=feedback-report; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
            "This is an email abuse report.\r\n\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n"
            f"User-Agent: Loop/1.0\r\nVersion: 1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nReceived: from client by gate.provider.test\r\n"
            f"\t(Postfix) with ESMTPSA id {queue_id}; {date}\r\nFrom: {sender}\r\nSubject: hello\r\n\r\nbuy\r\n\r\n--b--\r\n")


def sends(gate, login, ip, count):
    """messages that a relay takes, every one: [(queue id, recipient)]"""
    sent = []
    with Policy(gate.policy) as policy:
        for number in range(count):
            recipient = f"stranger{number}.{login.split('@')[0]}@world{number}.test"
            letter = Letter(login, ip, [recipient])
            letter.send(policy)
            sent.append((letter.id, recipient))
    return sent


def lmtp(gate):
    return smtplib.LMTP(str(gate.root / "lmtp"))


def give(line, text, to="postmaster@provider.test"):
    """the answer's code"""
    try:
        line.sendmail("", [to], text.encode())
        return 250
    except smtplib.SMTPDataError as error:
        return error.smtp_code
    except smtplib.SMTPRecipientsRefused as error:
        return list(error.recipients.values())[0][0]


def is_written(gate, queue_id):
    return wait_for(lambda: subprocess.run([gate.binary, "whose", queue_id, "-c", gate.root / "conf"], capture_output=True, check=False).returncode == 0)


def flood_and_backscatter(note):
    """bounces of mail that went out open an incident, copies and forgeries count once or never; backscatter opens none"""
    with Gate(mode="observe") as gate:
        gate.stop()
        gate.configure(lmtp_listen=f'"unix:{gate.root}/lmtp"')
        gate.start()
        sent = sends(gate, VICTIM, NEAR_HOME, 60)
        yield "no incident before", None if VICTIM not in gate.incidents() else "there is one"
        yield "the ledger has it", None if is_written(gate, sent[-1][0]) else gate.said()[-600:]
        with lmtp(gate) as line:
            codes = {give(line, bounce(sent[0][0], VICTIM, sent[0][1])) for _ in range(30)}
            codes |= {give(line, bounce(sent[1][0], VICTIM, f"forged{n}@world.test")) for n in range(30)}
            codes |= {give(line, bounce(f"NOTOURS{n}", OTHER, f"forged{n}@world.test")) for n in range(60)}
            yield "each is taken", None if codes == {250} else codes
            yield "one bounce, forgeries and backscatter open none", None if not gate.incidents() else gate.incidents()
            told = 0
            for told, (queue_id, recipient) in enumerate(sent, 1):
                give(line, bounce(queue_id, VICTIM, recipient))
                if VICTIM in gate.incidents():
                    break
            note(f"an incident by bounce {told}")
            yield "true ones open an incident", None if VICTIM in gate.incidents() and told <= 20 else str(gate.ask("account", "show", VICTIM))[:2000]
            yield "nobody else has one", None if list(gate.incidents()) == [VICTIM] else str(gate.incidents())
        with lmtp(gate) as line:
            codes = {give(line, complaint(sent[0][0], VICTIM), "abuse@provider.test") for _ in range(2)}
        shown = gate.ask("incident", "show", "1")["complaints"]
        yield "a complaint stands with it, once", None if codes == {250} and [each["reporter"] for each in shown] == ["isp.test"] else str(shown or codes)
        (gate.root / "bounce.eml").write_text(bounce(sent[5][0], VICTIM, sent[5][1]))
        said = gate.ask("inspect", str(gate.root / "bounce.eml"))
        yield "inspect says whose it is", None if said.get("account") == VICTIM and said["attribution"]["certain"] else said
        (gate.root / "forged.eml").write_text(bounce("NOTOURS1", OTHER, "forged@world.test"))
        said = gate.ask("inspect", str(gate.root / "forged.eml"))
        yield "and which is backscatter", None if said["attribution"]["verdict"] == "spoofed" else said


PHISHING = """From: "Amazon.co.jp" <{sender}>\r
To: {recipient}\r
Subject: =?utf-8?B?44CQ6YeN6KaB44CR44Ki44Kr44Km44Oz44OI44KS5YGc5q2i44GX44G+44GX44Gf?=\r
Received: from client by gate.provider.test (Postfix) with ESMTPSA id {queue_id}; {date}\r
MIME-Version: 1.0\r
Content-Type: text/html; charset=utf-8\r
\r
<p>Your account was suspended. Verify your password within 24 hours.</p><a href="http://amazon.co.jp.evil-login.example/signin">https://www.amazon.co.jp/</a>\r
"""


def with_content(text, sender, recipient, queue_id):
    """the same bounce, with the whole mail instead of its header"""
    head, _ = text.split("Content-Type: text/rfc822-headers\r\n\r\n")
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime())
    return head + "Content-Type: message/rfc822\r\n\r\n" + PHISHING.format(sender=sender, recipient=recipient, queue_id=queue_id, date=date) + "\r\n--b--\r\n"


def phishing_comes_back(note):
    """three bounces bring the thief's mail along: that it is phishing is evidence, and said; a forged one is none"""
    with Gate(mode="observe") as gate:
        gate.stop()
        gate.configure(lmtp_listen=f'"unix:{gate.root}/lmtp"')
        gate.start()
        sent = sends(gate, VICTIM, "203.0.113.40", 4)

        def said():
            return [each for each in gate.ask("account", "show", VICTIM)["why"] if "spam or phishing" in each]
        with lmtp(gate) as line:
            give(line, with_content(bounce("NOTOURS9", VICTIM, "x@world.test"), VICTIM, "x@world.test", "NOTOURS9"))
            give(line, bounce(sent[3][0], VICTIM, sent[3][1]))
            yield "a forged one is no evidence, nor is one without the mail", None if not said() else str(said())
            for queue_id, recipient in sent[:3]:
                give(line, with_content(bounce(queue_id, VICTIM, recipient), VICTIM, recipient, queue_id))
        yield "phishing that came back is evidence", None if wait_for(said) else str(gate.ask("account", "show", VICTIM))[:1500]
        note(said()[0])


def at_once(note):
    """bounces that come back in the moment in which the mail was sent: the ledger has it before anybody calls it forged"""
    with Gate(mode="observe") as gate:
        gate.stop()
        gate.configure(lmtp_listen=f'"unix:{gate.root}/lmtp"')
        gate.start()
        found, asked = [], []
        for number in range(6):
            queue_id, recipient = sends(gate, VICTIM, OWNERS[VICTIM][0], 1)[0]
            (gate.root / "bounce.eml").write_text(bounce(queue_id, VICTIM, recipient))
            if number % 2:
                found.append(gate.ask("inspect", str(gate.root / "bounce.eml")).get("account"))
            else:
                asked.append(gate.ask("whose", queue_id)["message"]["account"])
            time.sleep(0.3)
        yield "each is known by its bounce", None if set(found) == {VICTIM} else str(found)
        yield "and by its queue id", None if set(asked) == {VICTIM} else str(asked)
        began = time.monotonic()
        gate.ask("whose", "NOTOURS1", status=1)
        yield "of what never was there nothing is waited for", None if time.monotonic() - began < 1 else f"{time.monotonic() - began:.1f} s"


def hostile_mail(note):
    """junk, a bomb of multiparts, a client that stops in the middle: the gate goes on, and the next mail is read"""
    with Gate() as gate:
        gate.stop()
        gate.configure(lmtp_listen=f'"unix:{gate.root}/lmtp"')
        gate.start()
        nested = "".join(f"Content-Type: multipart/mixed; boundary=\"b{n}\"\r\n\r\n--b{n}\r\n" for n in range(20000))
        with lmtp(gate) as line:
            for what, text in (("junk", "\x01\x02\x7f" * 100000), ("a bomb", "From: a@b.test\r\n" + nested), ("nothing", "")):
                code = give(line, text)
                yield f"{what} is taken", None if code == 250 else code
        half = lmtp(gate)
        half.ehlo()
        half.mail("")
        half.rcpt("abuse@provider.test")
        half.putcmd("DATA")
        half.getreply()
        half.send(b"Subject: half")
        half.close()
        lines = []

        def another():
            """until it has noticed that the one before is gone, twenty are one too many"""
            try:
                lines.append(lmtp(gate))
            except (OSError, smtplib.SMTPException):
                return False
            return True

        while len(lines) < 20 and wait_for(another):
            pass
        refused = not another()
        yield "the twenty-first client is turned away", None if refused else "it is not"
        for line in lines:
            line.close()
        began = time.monotonic()
        answer = gate.owner_sends(OTHER)
        yield "mail passes meanwhile", None if answer == "DUNNO" and time.monotonic() - began < 5 else answer


def pipe(note):
    """a pipe tells the daemon, and tries again later where it is away"""
    def tell(text):
        return subprocess.run([gate.binary, "inspect", "--tell", "-c", gate.root / "conf", "-"], input=text.encode(), capture_output=True, check=False)
    with Gate() as gate:
        queue_id, recipient = sends(gate, OTHER, OWNERS[OTHER][0], 1)[0]
        yield "the ledger has it", None if is_written(gate, queue_id) else gate.said()[-600:]
        done = tell(bounce(queue_id, OTHER, recipient))
        yield "it is told, and nothing said", None if done.returncode == 0 and not done.stdout and not done.stderr else done
        done = tell("From: a@b.test\nSubject: lunch\n\nAt noon?\n")
        yield "an ordinary mail is none", None if done.returncode == 0 else done
        gate.stop()
        done = tell(bounce(queue_id, OTHER, recipient))
        yield "nobody is there: later", None if done.returncode == EX_TEMPFAIL and b"away" in done.stderr else done
        gate.start()


STORIES = [flood_and_backscatter, phishing_comes_back, at_once, hostile_mail, pipe]
