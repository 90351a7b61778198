# SPDX-License-Identifier: Apache-2.0
"""What owners are told: by a real Postfix into a real mailbox, while the account is being shut."""
import email
import email.policy
import os
import re
import sqlite3
import subprocess
import time
from contextlib import closing

from live import Live
from parties import raid
from stories import COUNTRIES, HANAKO, REN, YUKI, bought_list, incidents_of, is_locked, wait_for

SOON_S = 2.0


class Told(Live):
    """notices go through the same Postfix, over a port that this machine may use; yuki's mailbox is hanako's contact"""
    def furnish(self):
        super().furnish()
        with open(self.root / "gate/sekisho.conf", "a") as conf:
            conf.write(f"""
notice_smtp = "smtp://127.0.0.1:{self.ports['reinjection']}"
notice_from = "support@provider.test"
notice_name = "プロバイダー・サポート"
notice_operators = {{ "{REN}" }}
server_name = "sv1.provider.test"
panel_name = "サーバーパネル"
support_words = "03-0000-0000"
""")


def mails_in(rig, account):
    folder = rig.servers.root / "mail" / account / "Maildir/new"
    return sorted(folder.glob("*"), key=lambda each: each.stat().st_mtime) if folder.exists() else []


def about(path):
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def told_in_time(rig, note):
    """hanako's account is taken and locked: within two seconds a notice lies in the mailbox that she named, and none in her own"""
    binary, conf = rig.servers.binary, rig.servers.root / "gate/sekisho.conf"
    done = subprocess.run([binary, "contact", "set", HANAKO, "--mail", YUKI, "--language", "ja", "--phrase", "-c", conf], input="青い鳥と白い舟\n",
                          capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"})
    yield "her contact is known", done.stderr or None
    came = raid(rig, HANAKO, COUNTRIES, bought_list(200, "told"))
    wait_for(lambda: is_locked(rig, HANAKO))
    yield "it arrives", None if wait_for(lambda: mails_in(rig, YUKI), 30, every_s=0.05) else f"{rig.servers.said()[-800:]}"
    incident = incidents_of(rig, HANAKO)[0]
    path = mails_in(rig, YUKI)[0]
    made = rig.ask("notice", "list", "--all", "--account", HANAKO)["notices"]
    with closing(sqlite3.connect(rig.servers.root / "gate/state/desk.db")) as desk:  # where the time is in microseconds
        locked = desk.execute("SELECT made_us FROM notices WHERE incident = ? AND NOT to_operator", (incident["id"],)).fetchone()[0] / 1e6
    took = path.stat().st_mtime - locked
    note(f"in the mailbox {took:.2f} s after the account was locked; {came.refused} sessions of the thief refused")
    yield "soon", None if took < SOON_S else f"{took:.2f} s"
    mail = about(path)
    text = re.sub(r"\n *", "", mail.get_body(("plain",)).get_content())
    yield "from us, about her account, with her phrase", None if "support@provider.test" in mail["from"] and HANAKO in mail["subject"] and \
        "青い鳥と白い舟" in text else text
    code = re.search(r"(?<![A-Z])[2-9A-Z]{5}-[2-9A-Z]{5}(?![A-Z])", text)[0]
    yield "its code is ours", None if rig.ask("notice", "verify", code, YUKI)["ours"] else f"{made}"
    said = rig.ask("inspect", str(path))
    yield "inspect knows it after Postfix and Dovecot had it", None if said["kind"] == "notice" and said["notice"]["ours"] else f"{said}"
    yield "not in the locked mailbox", None if not any("Sekisho-Notice" in about(each) for each in mails_in(rig, HANAKO)) else "it is there"
    yield "the operator is told once", None if wait_for(lambda: mails_in(rig, REN), 40) and len(mails_in(rig, REN)) == 1 else "no"
    rig.ask("incident", "release", str(incident["id"]))
    yield "and of the release", None if wait_for(lambda: len(mails_in(rig, YUKI)) == 2, 30) else f"{rig.servers.said()[-500:]}"
    time.sleep(1)
    yield "nothing twice", None if len(mails_in(rig, YUKI)) == 2 else f"{len(mails_in(rig, YUKI))}"


STORIES = [told_in_time]
