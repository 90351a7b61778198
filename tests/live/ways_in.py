# SPDX-License-Identifier: Apache-2.0
"""Mail that comes back, where it comes in: the real Postfix shows it to the daemon as to a milter, and sends it copies over LMTP, by the lines
that are handed out; and a folder of the real Dovecot is followed. The domain is only observed."""
import email
import re
import shutil
import smtplib
import time

from live import DAEMON, SHARE, Live, put
from people import Submission
from servers import free_ports
from stories import EMI, HANAKO, HOME, OWNERS, REN, TARO, incidents_of, wait_for

TRACE = "X-Sekisho-Trace"
ABROAD = "203.0.113.40"
NEAR_HOME = "153.145.99.7"  # nobody knows it, but it is of the owner's own provider
SPAMS, SOON_S = 30, 3.0


def lines_of_the_manual():
    """{file: its lines} for copies over LMTP"""
    text = (SHARE.parent / "man/sekisho-serve.1").read_text().split("unix:/var/spool/postfix/sekisho/lmtp")[1].split(".Bd")[1].split(".Ed")[0]
    lines, name = {}, None
    for line in text.splitlines()[1:]:
        found = re.match(r"(\S+): +(.*)", line)
        name = found[1] if found else name
        lines.setdefault(name, []).append(found[2] if found else line.strip())
    return lines


class WaysIn(Live):
    """emi's mailbox is the one of abuse@; taro's is the one that gets copies"""
    def __init__(self, *words, **more):
        super().__init__(*words, mode="observe", **more, **free_ports("plain_imap"))

    def furnish(self):
        super().furnish()
        gate, dovecot = self.root / "gate", self.root / "conf/dovecot.conf"
        with open(gate / "sekisho.conf", "a") as conf:
            conf.write(f"""
milter_listen = "unix:{self.root}/queue/sekisho/milter"
milter_trace = yes
lmtp_listen = "unix:{self.root}/queue/sekisho/lmtp"
imap_url = "imap://127.0.0.1:{self.ports['plain_imap']}/INBOX"
imap_login_file = "{gate}/imap.login"
""")
        (gate / "imap.login").touch(0o600)
        (gate / "imap.login").write_text(f"{EMI}\n{self.accounts[EMI]}\n")
        shutil.chown(gate / "imap.login", DAEMON)
        # a port on which nobody says where they come from
        listener = f"  inet_listener plain {{\n    port = {self.ports['plain_imap']}\n  }}\n"
        dovecot.write_text(put(dovecot.read_text(), {"service imap-login {\n": "service imap-login {\n" + listener}))
        with open(self.root / "conf/main.cf", "a") as main:
            main.write("\n" + (SHARE / "postfix/milter.cf").read_text())
            self.send_copies(main)

    def send_copies(self, main):
        """the manual's lines; only names and folders are ours"""
        for name, lines in lines_of_the_manual().items():
            text = "\n".join(lines).replace("/etc/postfix", f"{self.root}/conf").replace("abuse@example.jp", TARO) + "\n"
            if name == "main.cf":
                main.write("\n" + text)
            else:
                (self.root / "conf" / name).write_text(text)
                self.postfix("postmap", f"hash:{self.root}/conf/{name}")


def comes_in(rig, text, to, sender=""):
    """mail of another server, on the port where nobody logs in; how long it took"""
    began = time.monotonic()
    with smtplib.SMTP("127.0.0.1", rig.ports["reinjection"], "mx.world.test") as session:
        session.sendmail(sender, [to], text.replace("\n", "\r\n").encode())
    return time.monotonic() - began


def bounce(sender, recipient, header):
    """by a server that cuts off every id of the mail, and says its other header fields"""
    return (f"From: MAILER-DAEMON@relay.test\nTo: {sender}\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\n"
            f"<{recipient}>: 550 5.1.1 no such user\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.test\n\n"
            f"Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n\n"
            f"--b\nContent-Type: text/rfc822-headers\n\n{header}From: {sender}\nTo: {recipient}\nSubject: hello\n\n--b--\n")


def complaint(queue_id, sender=HANAKO):
    """a feedback report (RFC 5965)"""
    return ("From: Feedback <loop@isp.test>\nTo: abuse@provider.test\nSubject: FW: hello\nMIME-Version: 1.0\n"
            "Content-Type: multipart/report; report-type=feedback-report; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nSpam.\n\n"
            "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: Loop/1.0\nVersion: 1\n\n"
            "--b\nContent-Type: message/rfc822\n\nReceived: from client by mx.provider.test (Postfix) with ESMTPSA id "
            f"{queue_id};\n\t{time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime())}\nFrom: {sender}\nSubject: hello\n\nbuy\n\n--b--\n")


def trace_of(message):
    """the header as a server that sends it back writes it"""
    value = email.message_from_bytes(message)[TRACE]
    return f"{TRACE}: {value}\n" if value else ""


def letters_of(rig, account):
    return list((rig.servers.root / "mail" / account / "Maildir/new").glob("*"))


def milter(rig, note):
    """a relay takes a thief's spam and sends it back with no id, but with our header; a complaint comes in; the daemon is killed"""
    recipients = [f"reader{number}.milter@world{number}.test" for number in range(SPAMS)]
    with Submission(rig.ports["submission"], NEAR_HOME) as submission:
        submission.opens(HANAKO, rig.accounts[HANAKO])
        ids = [submission.post(HANAKO, [recipient], [f"Message-ID: <{recipient}>"]) for recipient in recipients]
    wait_for(lambda: all(each in rig.world.letters for each in recipients))
    headers = [trace_of(rig.world.letters[each]) for each in recipients]
    yield "what people send has the header", None if all(headers) and len(set(headers)) == SPAMS else headers[:2]
    yield "nobody reads it", "it names the account" if any("hanako" in header for header in headers) else None
    sent = [len(re.findall(rb"How are you", rig.world.letters[each])) for each in recipients]
    yield "and it is the same mail", None if set(sent) == {1} else sent
    yield "there is no incident yet", incidents_of(rig, HANAKO) or None
    took = [comes_in(rig, bounce(HANAKO, f"nobody{n}@world.test", f"{TRACE}: 1 {'QUFB' * 40}\n"), HANAKO) for n in range(SPAMS)]
    took += [comes_in(rig, bounce(HANAKO, f"nobody{n}@world.test", headers[0]), HANAKO) for n in range(SPAMS)]
    time.sleep(1)
    yield "forged headers and copied ones prove nothing", incidents_of(rig, HANAKO) or None
    took += [comes_in(rig, bounce(HANAKO, recipient, header), HANAKO) for recipient, header in zip(recipients, headers)]
    opened = wait_for(lambda: incidents_of(rig, HANAKO), patience_s=30)
    yield "true ones open an incident", None if opened else str(rig.ask("account", "show", HANAKO))[:900]
    yield "of nobody else", incidents_of(rig, TARO) or None
    yield "all of it arrives", None if wait_for(lambda: len(letters_of(rig, HANAKO)) == 3 * SPAMS) else len(letters_of(rig, HANAKO))
    ours = [path for path in letters_of(rig, HANAKO) if TRACE in email.message_from_bytes(path.read_bytes())]
    yield "with no header of ours in front", ours or None
    comes_in(rig, complaint(ids[0]), "abuse@provider.test", "loop@isp.test")
    incident = str(incidents_of(rig, HANAKO)[0]["id"])
    heard = wait_for(lambda: rig.ask("incident", "show", incident)["complaints"], patience_s=30)
    yield "a complaint to abuse@ stands with it", None if heard else rig.servers.said()[-500:]
    note(f"mail came in {max(took) * 1000:.0f} ms at most, {sorted(took)[len(took) // 2] * 1000:.0f} ms as a rule")
    yield "nobody waits", None if max(took) < SOON_S else f"{max(took):.1f} s"
    rig.servers.kill_daemon()
    alone = comes_in(rig, bounce(TARO, "nobody@world.test", ""), TARO)
    rig.servers.start_daemon()
    yield "while the daemon is away mail comes in", None if alone < SOON_S and wait_for(lambda: letters_of(rig, TARO)) else f"{alone:.1f} s"


def posts_here(rig, text, to, sender):
    """by sendmail(1), which no milter sees: only the folder can tell of it"""
    rig.servers.postfix("sendmail", "-i", "-f", sender, to, user=30033, group="postdrop", extra_groups=[], input=text)


def complaints_of(rig, account):
    """who complained, as it stands with the account's last incident, without the one of the other story"""
    incidents = incidents_of(rig, account)
    shown = rig.ask("incident", "show", str(incidents[0]["id"])) if incidents else {"complaints": []}
    return [each["reporter"] for each in shown["complaints"] if each["reporter"] != "isp.test"]


def imap_folder(rig, note):
    """somebody complains to a mailbox that is followed; Dovecot is asked anew after a restart of the daemon, and nothing is told twice"""
    ours = wait_for(lambda: "INBOX' is read from now on" in rig.servers.said(), patience_s=60)
    yield "the folder is followed", None if ours else rig.servers.said()[-600:]
    with Submission(rig.ports["submission"], HOME) as submission:
        submission.opens(HANAKO, rig.accounts[HANAKO])
        ids = [submission.post(HANAKO, [f"reader{number}.imap@world1.test"], []) for number in range(3)]
    wait_for(lambda: all(f"reader{number}.imap@world1.test" in rig.world.letters for number in range(3)))
    rig.ask("account", "lock", HANAKO)
    began = time.monotonic()
    posts_here(rig, complaint(ids[0]).replace("isp.test", "one.test"), EMI, "loop@one.test")
    heard = wait_for(lambda: "one.test" in complaints_of(rig, HANAKO), patience_s=30, every_s=0.05)
    note(f"told after {time.monotonic() - began:.1f} s")
    yield "a complaint is told while it comes", None if heard and time.monotonic() - began < 10 else rig.servers.said()[-600:]
    rig.servers.kill_daemon()
    posts_here(rig, complaint(ids[1]).replace("isp.test", "two.test"), EMI, "loop@two.test")
    wait_for(lambda: len(letters_of(rig, EMI)) == 2)
    rig.servers.start_daemon()
    yield "what came meanwhile is told, too", None if wait_for(lambda: "two.test" in complaints_of(rig, HANAKO), patience_s=40) else rig.servers.said()[-600:]
    yield "each once", None if sorted(complaints_of(rig, HANAKO)) == ["one.test", "two.test"] else complaints_of(rig, HANAKO)
    yield "all of it is still new", None if len(letters_of(rig, EMI)) == 2 else [path.name for path in letters_of(rig, EMI)]


def copies(rig, note):
    """somebody complains to an address of which the daemon gets a copy; while it is away the mail arrives, and the copy waits"""
    with Submission(rig.ports["submission"], HOME) as submission:
        submission.opens(TARO, rig.accounts[TARO])
        ids = [submission.post(TARO, [f"reader{number}.copies@world1.test"], []) for number in range(2)]
    wait_for(lambda: all(f"reader{number}.copies@world1.test" in rig.world.letters for number in range(2)))
    rig.ask("account", "lock", TARO)
    before = len(letters_of(rig, TARO))
    began = time.monotonic()
    posts_here(rig, complaint(ids[0], TARO).replace("isp.test", "three.test"), TARO, "loop@three.test")
    heard = wait_for(lambda: "three.test" in complaints_of(rig, TARO), patience_s=30, every_s=0.05)
    note(f"told after {time.monotonic() - began:.1f} s")
    yield "a complaint is told by its copy", None if heard else rig.servers.logs[0].read_text(errors="replace")[-900:]
    yield "and the mail itself arrives", None if wait_for(lambda: len(letters_of(rig, TARO)) == before + 1) else letters_of(rig, TARO)
    rig.servers.kill_daemon()
    posts_here(rig, complaint(ids[1], TARO).replace("isp.test", "four.test"), TARO, "loop@four.test")
    yield "while the daemon is away the mail arrives", None if wait_for(lambda: len(letters_of(rig, TARO)) == before + 2) else letters_of(rig, TARO)
    waits = wait_for(lambda: any("returns@sekisho.invalid" in recipients for _, recipients in rig.servers.queue().values()))
    yield "its copy waits in the queue", None if waits else str(rig.servers.queue())
    rig.servers.start_daemon()
    rig.servers.flush()
    yield "and is told then", None if wait_for(lambda: "four.test" in complaints_of(rig, TARO), patience_s=40) else rig.servers.said()[-600:]


def sent(rig, note):
    """phishing that a thief sends passes, since the domain is only observed, but it is read; what the owner sends from home is not"""
    link = '<p>Your account was suspended. Verify your password within 24 hours.</p><a href="http://amazon.co.jp.evil.example/in">https://www.amazon.co.jp/</a>'
    took = []
    for ip, who in ((OWNERS[REN][0], "friend"), (ABROAD, "victim")):
        with Submission(rig.ports["submission"], ip) as submission:
            submission.opens(REN, rig.accounts[REN])
            for number in range(3):
                began = time.monotonic()
                submission.post(REN, [f"{who}{number}@world.test"], ["Content-Type: text/html"], link)
                took.append(time.monotonic() - began)

    def said():
        return re.findall(rf"of {re.escape(REN)} is phishing: .*link_text", rig.servers.said())
    yield "each of the thief's is said to be phishing", None if wait_for(lambda: len(said()) >= 3) else rig.servers.said()[-900:]
    yield "and none of the owner's, which nobody read", None if len(said()) == 3 else str(said())
    why = [each for each in rig.ask("account", "show", REN)["why"] if "spam or phishing" in each]
    yield "that is evidence", None if why else str(rig.ask("account", "show", REN))[:900]
    passed = wait_for(lambda: all(f"{who}{number}@world.test" in rig.world.letters for who in ("victim", "friend") for number in range(3)))
    yield "the mail passes as it is", None if passed and link.encode() in rig.world.letters["victim0@world.test"] else "some did not"
    note(f"{why[0]}; a submission took {max(took) * 1000:.0f} ms at most")
    yield "and nobody waits", None if max(took) < SOON_S else f"{max(took):.1f} s"


STORIES = [milter, imap_folder, copies, sent]
