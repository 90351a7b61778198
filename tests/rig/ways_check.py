# SPDX-License-Identifier: Apache-2.0
"""By which ways a notice leaves the house, at real programs: a Postfix that wants TLS and a login (Dovecot's), and its sendmail(1); and how
Dovecot's folder is read that what comes back lies in (imap_check). A check yields (what, what is wrong or nothing).

libcurl takes every name below .localhost for this machine; for sekisho only "localhost" itself is here, so that mail.localhost is
elsewhere, and wants TLS."""
import email
import email.policy
import subprocess
import time

import imap_check
from servers import Servers, free_ports

SENDER, READER = "support@provider.test", "hanako@provider.test"
PASSWORD = "pass word; ünser \"geheim\" \\"
LETTER = ("From: <support@provider.test>\r\nTo: <hanako@provider.test>\r\nSubject: {what}\r\nMIME-Version: 1.0\r\n"
          "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
          "first\r\n.\r\n..two\r\nFrom the middle\r\n日本語 at the end.\r\n")
SERVICES = """
127.0.0.1:@starttls inet n - n - - smtpd
  -o syslog_name=postfix/starttls
  -o smtpd_tls_security_level=encrypt
  -o smtpd_tls_auth_only=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
127.0.0.1:@implicit inet n - n - - smtpd
  -o syslog_name=postfix/implicit
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
"""
IMAP = """
  inet_listener tls {
    port = @imaps
    ssl = yes
  }
  inet_listener starttls {
    port = @starttls
  }
"""


class Encrypted(Servers):
    def __init__(self, tool):
        super().__init__({SENDER: PASSWORD, READER: "r"}, world=1, filter=1, **free_ports("starttls", "implicit", "imaps", "imap_starttls"))
        self.tool, self.follows = tool, SENDER

    def furnish(self):
        super().furnish()
        for name in ("ours", "others"):
            self.certify(name)
        master = SERVICES
        for name in ("starttls", "implicit"):
            master = master.replace(f"@{name}", str(self.ports[name]))
        with open(self.root / "conf/master.cf", "a") as services:
            services.write(master + "tlsmgr unix - - n 1000? 1 tlsmgr\n")
        with open(self.root / "conf/main.cf", "a") as main:
            main.write(f"\nsmtpd_tls_cert_file = {self.root}/ours.pem\nsmtpd_tls_key_file = {self.root}/ours.key\nsmtpd_tls_loglevel = 1\n")
        for name, password in (("login", PASSWORD), ("wrong_login", f"not {PASSWORD}")):
            (self.root / name).touch(0o600)
            (self.root / name).write_text(f"{SENDER}\n{password}\n")
        dovecot = self.root / "conf/dovecot.conf"
        text = dovecot.read_text().replace("ssl = no\n", f"ssl = yes\nssl_cert = <{self.root}/ours.pem\nssl_key = <{self.root}/ours.key\n")
        listener = IMAP.replace("@imaps", str(self.ports["imaps"])).replace("@starttls", str(self.ports["imap_starttls"]))
        dovecot.write_text(text.replace("service imap-login {\n", "service imap-login {\n" + listener))
        program = self.root / "sendmail"  # which is asked for by its path alone, and has another folder for its settings here
        program.write_text(f'#!/bin/sh\nexec sendmail -C {self.root}/conf "$@"\n')
        program.chmod(0o755)

    def certify(self, name):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                        "-addext", "subjectAltName=DNS:mail.localhost", "-keyout", self.root / f"{name}.key", "-out", self.root / f"{name}.pem"],
                       check=True, capture_output=True)

    def start(self):
        super().start()
        for name in ("starttls", "implicit", "imaps", "imap_starttls"):
            self.listens(name)

    def send(self, what, to=READER, **settings):
        """(what became of it, what was said)"""
        conf = self.root / "sekisho.conf"
        lines = {"notice_from": SENDER, **settings}
        conf.write_text("".join(f'{name} = "{value}"\n' for name, value in lines.items() if value is not None))
        done = subprocess.run([self.tool, conf, to], input=LETTER.format(what=what), capture_output=True, text=True, check=False, timeout=90)
        return done.stdout.strip("\n").partition("\t")[::2] if not done.stderr else ("broken", done.stderr[-500:])

    def smtp(self, what, service="starttls", host="mail.localhost", scheme="smtp", ca="ours", login="login", **settings):
        return self.send(what, notice_smtp=f"{scheme}://{host}:{self.ports[service]}", notice_login_file=login and self.root / login,
                         notice_ca_file=ca and self.root / f"{ca}.pem", **settings)

    def mails(self, what, wanted=1, patience_s=20):
        """with that subject, in the reader's mailbox"""
        until = time.monotonic() + patience_s
        while len(found := self.found(what)) < wanted and time.monotonic() < until:
            time.sleep(0.05)
        return found

    def found(self, what):
        folder = self.root / "mail" / READER / "Maildir/new"
        came = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in folder.glob("*")] if folder.exists() else []
        return [mail for mail in came if mail["subject"] == what]

    def log(self):
        return self.logs[0].read_text(errors="replace")


def intact(mails):
    """one mail with every line that went in"""
    if len(mails) != 1:
        return f"{len(mails)} mails"
    wanted = LETTER.partition("\r\n\r\n")[2].replace("\r\n", "\n")
    came = mails[0].get_content()
    return None if came.rstrip("\n") == wanted.rstrip("\n") and mails[0]["return-path"] in ("<>", None) else repr((mails[0]["return-path"], came))


def refused(came, holds=""):
    """nothing went out, it may be tried again, and the password is nobody's"""
    result, says = came
    return None if result == "later" and holds.lower() in says.lower() and "geheim" not in says else f"{came}"


def with_tls(servers):
    """STARTTLS and TLS from the first byte: our certificate is believed, nobody else's; without belief no password is told"""
    for service, scheme in (("starttls", "smtp"), ("implicit", "smtps")):
        what = f"{service} right"
        yield f"{service}: sent", None if (came := servers.smtp(what, service, scheme=scheme))[0] == "sent" else f"{came}"
        yield f"{service}: it arrives as it went, from nobody", intact(servers.mails(what))
        log = servers.log()
        yield f"{service}: with TLS, and the login", None if f"postfix/{service}/smtpd" in log and "TLS connection established" in log and \
            any(f"postfix/{service}/" in line and f"sasl_username={SENDER}" in line for line in log.splitlines()) else log[-1500:]
        before = servers.log().count("sasl_username=")
        for wrong, how in (("nobody's certificate", {"ca": None}), ("another's certificate", {"ca": "others"}),
                           ("a certificate of another name", {"host": "other.localhost"})):
            yield f"{service}: {wrong} is not believed", refused(servers.smtp(f"{service} wrong", service, scheme=scheme, **how), "certificate")
        time.sleep(0.3)
        yield f"{service}: and nobody told a password there", None if servers.log().count("sasl_username=") == before and \
            not servers.found(f"{service} wrong") else servers.log()[-1500:]


def logins(servers):
    """a wrong password, none, a server without TLS, and one that is away: said, kept for later, without the password"""
    yield "a wrong password", refused(servers.smtp("login wrong", login="wrong_login"), "535")
    yield "no password where one is wanted", None if (came := servers.smtp("login none", login=None))[0] in ("later", "refused") else f"{came}"
    yield "elsewhere without TLS", refused(servers.smtp("clear", "submission"), "SSL")
    yield "nobody there", refused(servers.send("away", notice_smtp="smtp://mail.localhost:1"))
    yield "no file with the login", None if (came := servers.smtp("no file", login="nowhere"))[0] == "settings" and "nowhere" in came[1] else f"{came}"
    time.sleep(0.3)
    yield "none of these arrived", None if not any(servers.found(each) for each in ("login wrong", "login none", "clear", "away")) else "one did"
    log = servers.log()
    yield "no password in the clear", None if not any("postfix/submission/" in line and "sasl" in line for line in log.splitlines()) else log[-1500:]


def by_sendmail(servers):
    """sendmail(1): lines with dots, no envelope sender, an address that looks like an option, a program that is away"""
    program = servers.root / "sendmail"
    yield "sent", None if (came := servers.send("by sendmail", notice_sendmail=program))[0] == "sent" else f"{came}"
    yield "it arrives as it went, from nobody", intact(servers.mails("by sendmail"))
    came = servers.send("with envelope", notice_sendmail=program, notice_envelope="bounces@provider.test")
    mails = servers.mails("with envelope")
    yield "an envelope of the settings", None if came[0] == "sent" and [mail["return-path"] for mail in mails] == ["<bounces@provider.test>"] else \
        f"{came} {[mail['return-path'] for mail in mails]}"
    came = servers.send("an option", to="-bv@provider.test", notice_sendmail=program)
    time.sleep(0.3)
    yield "an address that looks like an option is none", None if came[0] == "sent" and "-bv@provider.test" in servers.log() else f"{came}: {servers.log()[-900:]}"
    yield "no address at all", None if (came := servers.send("none", to="a b@provider.test", notice_sendmail=program))[0] == "refused" else f"{came}"
    yield "a program that is away", refused(servers.send("away", notice_sendmail="/nowhere/sendmail"), "/nowhere/sendmail")


CHECKS = [with_tls, logins, by_sendmail, imap_check.followed_folder]


def tell(tool, only):
    began = time.monotonic()
    try:
        with Encrypted(tool) as servers:
            print(f"   up after {time.monotonic() - began:.1f} s", flush=True)
            for check in CHECKS:
                if only and check.__name__ not in only:
                    continue
                began = time.monotonic()
                for what, wrong in check(servers):
                    yield f"{check.__name__.replace('_', ' ')}: {what}", wrong
                print(f"   {check.__name__.replace('_', ' ')}: {time.monotonic() - began:.1f} s", flush=True)
    except Exception as error:  # whatever it is, the servers are gone by now, and it has to be told
        yield "to the end", f"{type(error).__name__}: {error}"
