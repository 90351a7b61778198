# SPDX-License-Identifier: Apache-2.0
"""The flood in the owner's mailbox: what came back of an attack goes to a folder of its own, what came back of the owner's own mail
stays. The domain is only observed, so that an attack has room for a thousand bounces."""
import os
import signal
import subprocess
import threading
import time

from closing import Closing
from people import Submission
from stories import COUNTRIES, HANAKO, HOME, incidents_of, wait_for

THIEVES, BOUNCES, MANY = 6, 1000, 9000
FOLDER = "Returned mail (sekisho)"


class Observed(Closing):
    def __init__(self, *words, **more):
        super().__init__(*words, settings="", mode="observe", **more)


def folder(rig, name="INBOX", fields="guid hdr.subject", account=HANAKO):
    """a line for each mail that lies there"""
    done = subprocess.run(["doveadm", "-c", rig.servers.root / "conf/dovecot.conf", "-f", "tab", "fetch", "-u", account, fields, "mailbox", name,
                           "all"], capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[1:]


def guids(rig, name="INBOX"):
    return {line.split("\t")[0] for line in folder(rig, name)}


def post_all(rig, ip, recipients, name):
    """a message for each, with an id of its own"""
    with Submission(rig.ports["submission"], ip) as submission:
        submission.opens(HANAKO, rig.accounts[HANAKO])
        for number, recipient in enumerate(recipients):
            submission.post(HANAKO, [recipient], [f"Message-ID: <{name}{number}@client.example>"])


def answer_to(rig, who, message_id):
    rig.servers.postfix("sendmail", "-i", "-f", "", HANAKO, user=30033, group="postdrop", extra_groups=[],
                        input=f"From: {who}\nTo: {HANAKO}\nSubject: Automatic reply: hello\nAuto-Submitted: auto-replied\n"
                              f"In-Reply-To: <{message_id}>\nReferences: <{message_id}>\n\nI am away until Monday.\n")


def attack(rig, count, tag):
    """dead addresses, from many places at once"""
    parts = [[f"nouser{number}.{tag}@world{number % 40}.test" for number in range(part, count, THIEVES)] for part in range(THIEVES)]
    threads = [threading.Thread(target=post_all, args=(rig, COUNTRIES[part], recipients, f"{tag}-{part}-"))
               for part, recipients in enumerate(parts) if recipients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def flood_and_back(rig, note):
    """a thousand bounces of an attack, five of the owner's own, twenty answers of machines to the attack, three to the owner"""
    post_all(rig, HOME, [f"nouser{number}.owner@home.test" for number in range(5)], "own-dead-")
    post_all(rig, HOME, [f"reader{number}.owner@home.test" for number in range(3)], "own-")
    wait_for(lambda: len(folder(rig)) == 5)
    attack(rig, BOUNCES, "flood")
    post_all(rig, COUNTRIES[7], [f"reader{number}.flood@world1.test" for number in range(20)], "spam-")
    for number in range(20):
        answer_to(rig, f"reader{number}.flood@world1.test", f"spam-{number}@client.example")
    for number in range(3):
        answer_to(rig, f"reader{number}.owner@home.test", f"own-{number}@client.example")
    rig.servers.sendmail(30033, "friend@home.test", [HANAKO])
    whole = 5 + BOUNCES + 20 + 3 + 1
    wait_for(lambda: len(folder(rig)) >= whole)
    yield "all of it came", None if len(folder(rig)) == whole else f"{len(folder(rig))} of {whole}"
    yield "there is an incident", None if incidents_of(rig, HANAKO) else "there is none"
    before = guids(rig)
    shown = rig.ask("flood", "move", "--account", HANAKO, "--dry-run")
    yield "a look moves nothing", None if guids(rig) == before and not shown["moved"] else f"{shown}"
    before_it = whole - shown["looked_at"]  # the owner's bounces that came in before the incident began are not looked at
    yield "it knows whose they are", None if (shown["chosen"], shown["staying"]) == (BOUNCES + 20, 8 - before_it) and before_it <= 5 else f"{shown}"
    began = time.monotonic()
    done = rig.ask("flood", "move", "--account", HANAKO)
    note(f"{done['moved']} moved in {time.monotonic() - began:.2f} s")
    yield "just the attack's are moved", None if done["moved"] == BOUNCES + 20 and len(folder(rig)) == 9 else f"{done} {folder(rig)[:12]}"
    yield "they are the same mails", None if guids(rig) | guids(rig, FOLDER) == before else "some are not"
    shown = rig.ask("incident", "show", str(incidents_of(rig, HANAKO)[0]["id"]))
    yield "the incident tells of it", None if shown.get("flood", {}).get("moved") == BOUNCES + 20 else f"{shown.get('flood')}"
    again = rig.ask("flood", "move", "--account", HANAKO)
    yield "a second time there is nothing to do", None if again["moved"] == 0 else f"{again}"


def later_ones(rig, note):
    """what still comes goes there, too, by itself; the owner's does not"""
    before = len(guids(rig, FOLDER))
    attack(rig, 12, "later")
    post_all(rig, HOME, ["nouser.later.owner@home.test"], "own-later-")
    came = wait_for(lambda: len(guids(rig, FOLDER)) == before + 12, patience_s=150)
    yield "the attack's follow", None if came else f"{len(guids(rig, FOLDER)) - before} of 12; {rig.servers.said()[-300:]}"
    yield "the owner's stays", None if len(folder(rig)) == 10 else f"{len(folder(rig))}"
    everything = guids(rig) | guids(rig, FOLDER)
    done = rig.ask("flood", "undo", "--account", HANAKO)
    yield "all comes back", None if guids(rig) == everything and done["brought_back"] == BOUNCES + 32 else f"{done} {len(guids(rig))}"
    yield "the folder is gone", f"{folder(rig, FOLDER)[:3]}" if guids(rig, FOLDER) else None
    time.sleep(65)
    yield "and nothing is moved any more", None if guids(rig) == everything else f"{len(guids(rig, FOLDER))} were"


def nine_thousand(rig, note):
    """as many as in the worst week; the command is killed in the middle, and started again"""
    inbox = rig.servers.root / "mail" / HANAKO / "Maildir"
    sources = [path for path in (*inbox.glob("cur/*"), *inbox.glob("new/*")) if b"nouser" in path.read_bytes() and b".flood@" in path.read_bytes()]
    for number in range(MANY - len(folder(rig))):
        source = sources[number % len(sources)]
        copy = inbox / "new" / f"{int(time.time())}.copy{number}.test"
        copy.write_bytes(source.read_bytes())
        os.chown(copy, source.stat().st_uid, source.stat().st_gid)
    before = guids(rig)
    words = ["flood", "move", "--account", HANAKO, "--once"]
    child = subprocess.Popen([rig.servers.binary, *words, "-c", rig.servers.root / "gate/sekisho.conf"], stdout=subprocess.DEVNULL)
    killed = wait_for(lambda: child.poll() is not None or guids(rig, FOLDER), every_s=0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    lay_there = len(guids(rig, FOLDER))
    note(f"killed with {lay_there} moved")
    yield "it was killed in the middle", None if killed and 0 < lay_there < MANY - 100 else f"{lay_there} were moved already"
    yield "none is lost", None if guids(rig) | guids(rig, FOLDER) == before else "some are"
    rig.ask("flood", "undo", "--account", HANAKO)
    yield "an undo brings back what it had moved", None if guids(rig) == before else f"{len(guids(rig))} of {len(before)}"
    began = time.monotonic()
    done = rig.ask(*words)
    note(f"{done['moved']} of {done['looked_at']} moved in {time.monotonic() - began:.1f} s")
    yield "the owner's stay", None if len(folder(rig)) == 10 else f"{len(folder(rig))}"
    rig.ask("flood", "undo", "--account", HANAKO)
    yield "and all comes back once more", None if guids(rig) == before else f"{len(guids(rig))} of {len(before)}"


STORIES = [flood_and_back, later_ones, nine_thousand]
