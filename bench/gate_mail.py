# SPDX-License-Identifier: Apache-2.0
"""A real Postfix and Dovecot (tests/rig) without and with sekisho, for gate.py: how much mail they take, and what becomes of mail
and logins when the daemon is gone. Mail is discarded as soon as it is queued, so that only its submission is measured."""
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time

from gate_daemon import BUILD, HERE, say

sys.path.insert(0, str(HERE.parent / "tests/live"))
from live import Live  # noqa: E402
import servers as rig  # noqa: E402  (tests/rig)
from people import Mailbox  # noqa: E402

ACCOUNTS, MESSAGES, SESSIONS, A_LOGIN = 20_000, 1200, 10, 4
TRIES = 15  # messages and logins, one after the other
GOAL, MESSAGE_GOAL_MS, LOGIN_GOAL_S = 0.95, 5, 0.5
WAYS = {"plain": "without a policy", "echoed": "with the echo server as policy", "judged": "with sekisho's policy",
        "whole": "with sekisho's policy, and Dovecot asks too"}
AFFAIRS = {"there": "it is there", "killed": "it was killed", "silent": "it hangs (stopped)"}


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class Provider(Live):
    """`asked`: {port: what its smtpd asks}, beside the port of submission"""
    life_s = 1800

    def __init__(self, sekisho, gate, **asked):
        self.asked = asked
        accounts = {f"user{number}@provider.test": "sesame" for number in range(ACCOUNTS)}
        super().__init__(sekisho, sekisho.with_name("sekisho-queue"), accounts, {}, gate=gate, **rig.free_ports(*asked), world=9, filter=9)

    def furnish(self):
        super().furnish()
        with open(self.root / "conf/main.cf", "a", encoding="utf-8") as main:
            main.write("\nrelayhost =\ndefault_transport = discard:\nsmtpd_client_connection_count_limit = 0\n")
        with open(self.root / "conf/master.cf", "a", encoding="utf-8") as master:
            master.write("discard unix - - n - - discard\n")
            for name, policy in self.asked.items():
                master.write(f"127.0.0.1:{self.ports[name]} inet n - n - - smtpd\n  -o syslog_name=postfix/submission\n"
                             "  -o smtpd_sasl_auth_enable=yes\n  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject\n"
                             f"  -o {{smtpd_recipient_restrictions=check_policy_service {policy}}}\n"
                             f"  -o {{smtpd_end_of_data_restrictions=check_policy_service {policy}}}\n")

    def start(self):
        super().start()
        for name in self.asked:
            self.listens(name)


def smtp_load(port, messages=MESSAGES, sessions=SESSIONS, first=0):
    told = subprocess.run([BUILD / "bench-smtp-load", "-s", str(sessions), "-n", str(messages), "-k", str(A_LOGIN), "-a", str(ACCOUNTS),
                           "-f", str(first), str(port)], stdout=subprocess.PIPE, check=True)
    return json.loads(told.stdout)


def submissions(doors, rounds):
    """{way: (messages a second, ÷ the rate without a policy of the same round)}, medians; each session is of another account"""
    turns = {way: [] for way in doors}
    for port in doors.values():
        smtp_load(port, 4 * SESSIONS)  # the processes are there
    for number in range(rounds):
        for way, port in (doors.items() if number % 2 else reversed(doors.items())):
            turns[way].append(smtp_load(port, first=(number + 1) * MESSAGES // A_LOGIN)["messages_a_second"])
            say(f"submissions, {WAYS[way]}: {turns[way][-1]:.0f} a second")
    return {way: (statistics.median(rates), statistics.median(rate / plain for rate, plain in zip(rates, turns["plain"])))
            for way, rates in turns.items()}


def imap_login_ms(provider):
    began = time.monotonic()
    with Mailbox(provider.ports["imap"], "203.0.113.7") as mailbox:
        if not mailbox.opens("user7@provider.test", "sesame"):
            raise rig.Wrong("an IMAP login was refused")
    return 1000 * (time.monotonic() - began)


def waits(provider):
    """ms, one after the other: a message's median and p99, an SMTP login's median and longest, an IMAP login's"""
    mail = smtp_load(provider.ports["submission"], TRIES * A_LOGIN, sessions=1)
    logins = sorted(imap_login_ms(provider) for _ in range(TRIES))
    return mail["message_ms"], mail["message_ms_p99"], mail["login_ms"], mail["login_ms_most"], statistics.median(logins), logins[-1]


def away(provider):
    """{affair: waits}"""
    found = {"there": waits(provider)}
    provider.daemon.send_signal(signal.SIGSTOP)
    found["silent"] = waits(provider)
    provider.daemon.send_signal(signal.SIGCONT)
    provider.kill_daemon()
    found["killed"] = waits(provider)
    return {affair: found[affair] for affair in AFFAIRS}


def measure(sekisho, rounds):
    if why := rig.unable(sekisho):
        return why
    with Provider(sekisho, True) as whole:
        policy = f"unix:{whole.root}/queue/sekisho/policy"
        echo = whole.root / "echo"
        server = subprocess.Popen([BUILD / "bench-policy-load", "--echo", f"unix:{echo}"])
        try:
            while not echo.exists():
                time.sleep(0.02)
            os.chmod(echo, 0o666)
            with Provider(sekisho, False, echoed=f"unix:{echo}", judged=policy) as plain:
                doors = {"plain": plain.ports["submission"], "echoed": plain.ports["echoed"], "judged": plain.ports["judged"],
                         "whole": whole.ports["submission"]}
                rates = submissions(doors, 2 * rounds + 1)
        finally:
            server.terminate()
            server.wait()
        mail = whole.status()["mail"]
        return rates, away(whole), mail


def lines(found):
    if isinstance(found, str):
        yield f"Nothing is known of the real Postfix here: {found}."
        return
    rates, affairs, mail = found
    yield "| a real Postfix takes | messages a second | × without |"
    yield "|---|---:|---:|"
    for way, (rate, ratio) in rates.items():
        yield f"| {WAYS[way]} | {rate:.0f} | {ratio:.3f} |"
    yield ""
    yield (f"{SESSIONS} sessions at once, {A_LOGIN} messages of 4 kB a login, {MESSAGES:,} messages a turn, {ACCOUNTS:,} accounts. Of "
           f"{mail['submissions']:,} messages that sekisho was asked about {mail['passed']:,} passed, {mail['held']:,} were held, {mail['refused']:,} "
           "refused.")
    yield ""
    yield "| the daemon | a message, ms: median, p99 | an SMTP login, ms: median, longest | an IMAP login, ms: median, longest |"
    yield "|---|---:|---:|---:|"
    for affair, (message, p99, smtp, smtp_most, imap, imap_most) in affairs.items():
        yield (f"| {AFFAIRS[affair]} | {message:.1f}, {p99:.1f} | {smtp:.0f}, {smtp_most:.0f} | {imap:.0f}, {imap_most:.0f} |")
    yield ""
    yield f"One session alone, with the lines of `share/`; {TRIES * A_LOGIN} messages, {TRIES} logins of each kind."


def goals(found):
    if isinstance(found, str):
        return
    rates, affairs, _ = found
    yield "submissions through Postfix with policy ÷ without", rates["judged"][1], "≥", GOAL
    yield "a message while the daemon is killed, longer by ms (median)", affairs["killed"][0] - affairs["there"][0], "≤", MESSAGE_GOAL_MS
    for kind, number in (("SMTP", 2), ("IMAP", 4)):
        longer_s = (affairs["killed"][number] - affairs["there"][number]) / 1000
        yield f"{kind} login while the daemon is killed, longer by s (median)", round(longer_s, 2), "≤", LOGIN_GOAL_S
