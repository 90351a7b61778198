# SPDX-License-Identifier: Apache-2.0
"""The folder of imap_url over TLS, at a real Dovecot: whose certificate is believed, and who is told the password. No daemon is there, so that
a mail that was read is said to be told later."""
import contextlib
import re
import subprocess
import time

PATIENCE_S = 30
BOUNCE = """From: MAILER-DAEMON@relay.test
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.test

Final-Recipient: rfc822; nobody@world.test
Action: failed
Status: 5.1.1

--b--
"""


class Follower:
    """`sekisho inspect --follow`, as the daemon keeps it"""
    def __init__(self, servers, url, ca, login="login"):
        state = servers.root / "follow"
        state.mkdir(exist_ok=True)
        conf = servers.root / "follow.conf"
        conf.write_text(f'state_folder = "{state}"\nimap_url = "{url}"\nimap_login_file = "{servers.root / login}"\n'
                        f'control_socket = "{servers.root}/nowhere"\n' + (f'notice_ca_file = "{servers.root}/{ca}.pem"\n' if ca else ""))
        self.log = servers.root / "followed"
        self.command = [servers.tool.parent / "sekisho", "inspect", "--follow", "-c", conf]

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE_S)
        self.process.kill()

    def says(self, *words):
        """one of them, in time"""
        until = time.monotonic() + PATIENCE_S
        while not any(word in self.said() for word in words) and time.monotonic() < until and self.process.poll() is None:
            time.sleep(0.05)
        return any(word in self.said() for word in words)

    def said(self):
        return self.log.read_text(errors="replace")


def logins(servers):
    return len(re.findall(r"imap-login: .*user=<[^>]+>", servers.logs[1].read_text(errors="replace")))


def followed_folder(servers):
    """imaps and STARTTLS: our certificate is believed, nobody else's, and without belief no password is told; what comes is read"""
    for scheme, port in (("imaps", "imaps"), ("imap", "imap_starttls")):
        address = f"{scheme}://{{}}.localhost:{servers.ports[port]}/INBOX"
        with contextlib.suppress(FileNotFoundError):
            (servers.root / "follow/imap.last").unlink()
        with Follower(servers, address.format("mail"), "ours") as follower:
            yield f"{scheme}: the folder is read", None if follower.says("'INBOX' is read from now on") else follower.said()
            yield f"{scheme}: with TLS", None if ", TLS," in servers.logs[1].read_text().splitlines()[-1] else servers.logs[1].read_text()[-600:]
            servers.postfix("sendmail", "-i", "-f", "", servers.follows, input=BOUNCE)
            yield f"{scheme}: what comes is read at once", None if follower.says("it is told later") else follower.said()
        time.sleep(0.3)
        before = logins(servers)
        for what, host, ca in (("nobody's certificate", "mail", None), ("another's certificate", "mail", "others"),
                               ("a certificate of another name", "other", "ours")):
            with Follower(servers, address.format(host), ca) as follower:
                told = follower.says("cannot be read") and "certificate" in follower.said().lower()
                yield f"{scheme}: {what} is not believed", None if told and "geheim" not in follower.said() else follower.said()
        time.sleep(0.3)
        yield f"{scheme}: and nobody told a password there", None if logins(servers) == before else servers.logs[1].read_text()[-900:]
        with Follower(servers, address.format("mail"), "ours", "wrong_login") as follower:
            told = follower.says("cannot be read")
            yield f"{scheme}: a wrong password is said, and not repeated", None if told and "geheim" not in follower.said() else follower.said()
