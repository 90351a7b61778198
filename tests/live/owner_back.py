# SPDX-License-Identifier: Apache-2.0
"""An owner's whole way back: from the hijack to the after-care, on real servers and in a real browser, in Japanese and in English.
With --write-doc it leaves itself to be read: the log of the story, the notices as they lay in the mailbox, and the pages."""
import email
import email.policy
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field

from closing import FRESH, Closing, is_proved, opens
from floods import FOLDER, folder
from live import DAEMON, HERE
from owners_told import SOON_S, Told, about, mails_in
from parties import raid, send
from people import Mailbox
from servers import free_ports
from stories import COUNTRIES, HANAKO, KENJI, LEAK_MOST, MIKA, OWNERS, YUKI, bought_list, incidents_of, is_locked, kept_of, left, wait_for

sys.path.insert(0, str(HERE.parent / "browser"))
from owner_pages import DESK, GOOD, PHONE, Owner  # noqa: E402

FLOOD = 200  # messages of the thief before anybody stops them
BOTH = ["imap", "submission"]
AT_ONCE_S = 5.0  # from the button to both doors open
OF_A_NOTICE, OF_THE_OWNER = re.compile(r"^\s*([2-9A-Z]{5}-[2-9A-Z]{5})\s*$", re.M), re.compile(r"^\s*([2-9A-Z]{4}-?[2-9A-Z]{4})\s*$", re.M)
PHRASE = "青い鳥と白い舟"
LINK = re.compile(r"https?://|<a |href=")


class Back(Told, Closing):
    """every door, notices through the same Postfix, and the owner's pages over TLS"""
    def __init__(self, *words, **more):
        super().__init__(*words, **more, **free_ports("web"))
        self.address = f"https://localhost:{self.ports['web']}"

    def furnish(self):
        super().furnish()
        gate = self.root / "gate"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-keyout", gate / "web.key", "-out", gate / "web.pem"], check=True, capture_output=True)
        for file in (gate / "web.key", gate / "web.pem"):
            shutil.chown(file, DAEMON)
        with open(gate / "sekisho.conf", "a") as conf:
            conf.write(f"""
web_listen = {{ "inet:127.0.0.1:{self.ports['web']}" }}
web_address = "{self.address}"
web_certificate = "{gate}/web.pem"
web_key = "{gate}/web.key"
official_domains = {{ "provider.test" }}
""")

    def start_daemon(self):
        super().start_daemon()
        self.listens("web")


@dataclass
class Telling:
    """one telling: who, in what language, and what has been noted so far"""
    language: str
    title: str
    account: str
    contact: str
    began: float = field(default_factory=time.time)
    lines: list = field(default_factory=list)
    headings: dict = field(default_factory=dict)  # of the pages, by their names
    notice: str = ""
    code: str = ""
    incident: int = 0
    contained: float = 0.0
    first: list = field(default_factory=list)
    stolen: list = field(default_factory=list)
    note: object = None

    def say(self, what, at=None):
        line = f"{(at or time.time()) - self.began:7.2f} s  {what}"
        self.lines.append(line)
        self.note(line)

    @property
    def name(self):
        return self.account.split("@")[0]


# ---- what is looked at

def contained_at(rig, incident):
    """when the gate was shut for the account, to the microsecond"""
    with closing(sqlite3.connect(rig.servers.root / "gate/state/desk.db")) as desk:
        return desk.execute("SELECT done_us FROM steps WHERE incident = ? AND action = 'gate'", (incident,)).fetchone()[0] / 1e6


def arrivals(rig, account):
    """when each mail became readable in that mailbox: it is renamed into the folder then"""
    return [path.stat().st_ctime for path in mails_in(rig, account)]


def newest(rig, account, of):
    """over IMAP, as its reader does: the newest mail that is so"""
    with Mailbox(rig.ports["imap"], OWNERS[account][0]) as mailbox:
        mailbox.opens(account, rig.accounts[account])
        mailbox.select(readonly=True)
        for number in reversed(mailbox.search(None, "ALL")[1][0].split()):
            mail = email.message_from_bytes(mailbox.fetch(number, "(RFC822)")[1][0][1], policy=email.policy.default)
            if of(mail):
                return mail
    return None


def plain(mail):
    return mail.get_body(("plain",)).get_content()


def code_in(mail, pattern):
    found = pattern.search(plain(mail))
    return found[1] if found else ""


def opened(rig, account, password):
    """from home and from where nobody ever came"""
    return [(ip, door) for ip in (OWNERS[account][0], FRESH[0]) for door in opens(rig, account, password, ip)]


def photograph(rig, told, browser, name):
    """the page as it is now, on a telephone"""
    if rig.doc:
        to = rig.doc / "owners-story" / f"{name}-{told.language}.png"
        to.parent.mkdir(parents=True, exist_ok=True)
        browser.at(PHONE, "light")
        browser.photograph(to, PHONE, browser.script("return document.documentElement.scrollHeight"))
        browser.at(DESK, "light")
        told.headings[name] = browser.text("h1")


# ---- the story, part after part

def thiefs_slow(tag):
    """of the thief's, what the world does not take at once"""
    return [f"grey{number}.bought.{tag}@world{number}.test" for number in range(10)]


def taken(rig, told):
    """a thief sends while the domain is only observed, which gives a flood; then the domain is guarded: the account is shut, and that is proved"""
    account, tag = told.account, told.name
    rig.ask("mode", "provider.test", "observe")
    friend = f"grey.friend.of.{tag}@home0.test"
    for recipient in (friend, f"nouser.moved.away.{tag}@home0.test"):
        send(rig, account, OWNERS[account][0], recipient)
    yield "the owner's own bounce comes", None if wait_for(lambda: len(folder(rig, account=account)) == 1) else f"{folder(rig, account=account)}"
    told.began = time.time()
    told.say("A thief who knows the password begins to send, from 15 countries. The domain is only observed yet: nothing is stopped.")
    first = bought_list(FLOOD, tag) + thiefs_slow(tag)
    raid(rig, account, COUNTRIES, first)
    yield "it is seen", None if wait_for(lambda: incidents_of(rig, account)) else "no incident"
    yield "the first wave leaves", None if wait_for(lambda: len(left(rig, first)) == len(first)) else f"{len(left(rig, first))}"
    told.say(f"{FLOOD} messages have left, {len(first) - FLOOD} wait in the queue. The operator, who was told, has the domain guarded.")
    rig.ask("mode", "provider.test", "enforce")
    second = [f"reader{number}.second.{tag}@world{number % 40}.test" for number in range(200)]
    came, told.stolen = raid(rig, account, COUNTRIES, second), second
    yield "the account is locked", None if wait_for(lambda: is_locked(rig, account), every_s=0.05) else f"{incidents_of(rig, account)}"
    told.incident, told.first = incidents_of(rig, account)[0]["id"], first
    told.contained = contained_at(rig, told.incident)
    told.say(f"The thief goes on. Contained: the gate is shut for {account}.", told.contained)
    yield "the closure is proved", None if wait_for(lambda: is_proved(rig, account), every_s=0.05) else "it is not"
    gone = left(rig, second)
    told.say(f"The closure is proved at every door. Of {len(second)} more messages {len(gone)} left; {came.refused} sessions were turned away.")
    yield "at most a few left", None if len(gone) <= LEAK_MOST else f"{len(gone)}"
    yield "the old password opens nothing", f"{found}" if (found := opened(rig, account, rig.accounts[account])) else None
    held = wait_for(lambda: friend in kept_of(rig, friend)) and rig.world.results[friend] == "deferred"
    yield "the owner's letter is held", None if held else f"{rig.world.results.get(friend)}, {rig.servers.queue()}"
    slow = thiefs_slow(tag)
    yield "the thief's that were on their way are held", None if set(slow) <= set(kept_of(rig, f".bought.{tag}@")) else f"{rig.servers.queue()}"
    told.say(f"The thief's {len(slow)} messages that were still on their way are held; so is a letter that the owner had written before.")
    yield "mail for the account keeps arriving", None if rig.delivers_to(account) else "it did not"


def told_of_it(rig, told):
    """the notice, in a mailbox of its own"""
    yield "a notice comes", None if wait_for(lambda: mails_in(rig, told.contact), 30, every_s=0.05) else rig.servers.said()[-500:]
    came = arrivals(rig, told.contact)[0]
    took = came - told.contained
    told.say(f"The notice lies in the mailbox of {told.contact}, the owner's contact address: {took:.2f} s after containment.", came)
    yield f"within {SOON_S:.0f} s", None if 0 <= took < SOON_S else f"{took:.2f} s"
    mail = newest(rig, told.contact, lambda mail: "Sekisho-Notice" in mail)
    told.notice = f"From: {mail['from']}\nTo: {mail['to']}\nSubject: {mail['subject']}\n\n{plain(mail)}"
    told.code = code_in(mail, OF_A_NOTICE)
    yield "about this account, with the owner's phrase", None if told.account in mail["subject"] and PHRASE in told.notice else told.notice
    bodies = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    yield "in words and as a page, without a link", None if len(bodies) == 2 and not any(LINK.search(body) for body in bodies) else f"{bodies}"
    yield "and none in the locked mailbox", None if not any("Sekisho-Notice" in about(each) for each in mails_in(rig, told.account)) else "it is there"


def proves_it(rig, told, browser):
    """in the browser: is the notice ours, and who am I"""
    site = rig.servers.address
    browser.at(DESK, "light")
    browser.go(site + "/")
    browser.go(f"{site}/?lang={told.language}")
    browser.go(f"{site}/notice")
    browser.write("#code", told.code)
    browser.write("#address", told.contact)
    browser.press("main button.main")
    yield "the page knows the notice", None if told.account in browser.text() or browser.text(".message.good") else browser.text()
    photograph(rig, told, browser, "notice-ours")
    told.say("In the browser: the owner asks whether the notice is real. It is.")
    browser.go(site + "/")
    photograph(rig, told, browser, "start")
    browser.write("#address", told.account)
    asked = time.time()
    browser.press("main button")
    photograph(rig, told, browser, "sent")
    codes = []

    def came():
        mail = newest(rig, told.contact, lambda mail: code_in(mail, OF_THE_OWNER))
        codes[:] = [code_in(mail, OF_THE_OWNER)] if mail else []
        return codes
    yield "a code comes", None if wait_for(came, 30, every_s=0.1) else f"{[about(each)['subject'] for each in mails_in(rig, told.contact)]}"
    told.say(f"A one-time code comes to the contact address, {arrivals(rig, told.contact)[-1] - asked:.2f} s after it was asked for.")
    browser.write("#address", told.account)
    browser.write("#code", codes[0].lower())
    browser.press("main button")
    yield "it opens the owner's page", None if browser.path() == "/account" else browser.path()
    said = browser.text()
    shown = rig.ask("incident", "show", str(told.incident))
    yield "which tells what happened", None if str(shown["messages"]) in said and shown["messages"] >= FLOOD else f"{shown['messages']}: {said}"
    heading = browser.text("h1")
    yield "in the owner's language", None if heading.isascii() == (told.language == "en") else heading
    photograph(rig, told, browser, "account")
    told.say("With the code the owner is in, and reads what happened.")


def chooses(rig, told, browser):
    """one password that is refused, one that is taken; the account is open at once"""
    account, old, new, weak = told.account, rig.accounts[told.account], GOOD[told.language], told.name + "2026"
    browser.press("a.button.main")
    photograph(rig, told, browser, "password")
    set_password(browser, weak)
    reasons = browser.script("return [...document.querySelectorAll('.message.bad li')].map(e => e.textContent)")
    yield "a weak one is refused, with reasons", None if reasons and all(len(each) > 10 for each in reasons) else browser.text()
    yield "which do not repeat it", None if not any(weak in each for each in reasons) else f"{reasons}"
    photograph(rig, told, browser, "password-refused")
    yield "and changes nothing", None if is_locked(rig, account) and not (found := opened(rig, account, weak)) else f"{found}"
    told.say(f"\u201c{weak}\u201d is refused: {' '.join(reasons)}")
    pressed = time.time()
    set_password(browser, new)
    yield "a good one is taken", None if browser.text(".message.good") else browser.text()
    photograph(rig, told, browser, "done")
    yield "it opens both doors, at home", None if wait_for(lambda: opens(rig, account, new, OWNERS[account][0]) == BOTH, 20, 0.05) else "no"
    took = time.time() - pressed
    told.say(f"A good one is taken. {took:.2f} s later IMAP and SMTP are open with it.")
    yield "at once", None if took < AT_ONCE_S else f"{took:.1f} s"
    friend = f"grey.friend.of.{told.name}@home0.test"
    yield "the held letter is delivered", None if wait_for(lambda: rig.world.results[friend] == "sent", every_s=0.05) else f"{rig.servers.queue()}"
    told.say("The owner's letter that was held has been delivered.")
    yield "the old one opens nothing", f"{found}" if (found := opened(rig, account, old)) else None
    yield "nor the weak one", f"{found}" if (found := opened(rig, account, weak)) else None
    yield "the lock is off, nobody had to do anything", None if not is_locked(rig, account) else f"{incidents_of(rig, account)}"
    told.say("The old password opens nothing, from home and from elsewhere.")


def set_password(browser, password):
    browser.write("#password", password)
    browser.write("#again", password)
    browser.press("main button.main")


def brought_back(rig, told):
    """what stays held, and what came back of the attack"""
    account, slow = told.account, thiefs_slow(told.name)
    stay = {rig.world.results[each] for each in slow} == {"deferred"} and set(slow) <= set(kept_of(rig, f".bought.{told.name}@"))
    yield "the thief's stay held", None if stay else f"{rig.servers.queue()}"
    told.say(f"The thief's {len(slow)} stay held, to be deleted after seven days.")
    bounces = sum(rig.world.results.get(each) == "bounced" for each in told.first)
    inbox = 2 + bounces  # with the owner's own bounce, and a friend's letter
    yield "there is a flood", None if bounces and wait_for(lambda: len(folder(rig, account=account)) == inbox) else f"{folder(rig, account=account)}"
    done = rig.ask("flood", "move", "--account", account)
    lies, stays = folder(rig, FOLDER, account=account), folder(rig, account=account)
    yield "it lies in its folder", None if len(lies) == done["moved"] == bounces else f"{done} {lies}"
    yield "what is the owner's stays", None if len(stays) == 2 else f"{stays}"
    told.say(f"Support has the flood moved: {len(lies)} bounces of the attack lie in \u201c{FOLDER}\u201d; the owner's own bounce stays in the INBOX.")
    yield "nothing of the thief's left since", None if len(left(rig, told.stolen)) <= LEAK_MOST else f"{left(rig, told.stolen)}"


def after_care(rig, told, browser):
    browser.go(rig.servers.address + "/care")
    items = browser.script("return [...document.querySelectorAll('main input[name=done]')].map(e => e.value)")
    for item in items:
        browser.tick(f"input[name={'idle' if item == 'web_space' else 'done'}][value={item}]")
    browser.press("main button.main")
    photograph(rig, told, browser, "care")
    care = {each["item"]: (each["state"], each["who"]) for each in rig.ask("incident", "show", str(told.incident))["care"]}
    wanted = {item: ("not_applicable" if item == "web_space" else "done", "owner") for item in items}
    yield "the after-care is ticked, and support sees it", None if items and care == wanted else f"{care}"
    browser.go(rig.servers.address + "/account")
    photograph(rig, told, browser, "account-open")
    told.say(f"The after-care is ticked: {len(items)} things, one of which does not concern the owner.")
    browser.press(".owner button")
    yield "whoever leaves is gone", None if browser.path() == "/" else browser.path()
    released = wait_for(lambda: newest(rig, told.contact, lambda mail: mail["Sekisho-Notice"] and code_in(mail, OF_A_NOTICE) != told.code), 30)
    yield "the owner is told that it is open again", None if released else f"{[about(each)['subject'] for each in mails_in(rig, told.contact)]}"
    yield "the thief finds the door shut", f"{found}" if (found := opened(rig, told.account, rig.accounts[told.account])) else None


# ---- what is left to be read

PAGES = {"notice-ours": "Is this notice real?", "start": "The way in", "sent": "A code is on its way", "account": "What happened",
         "password": "A new password", "password-refused": "One that is refused", "done": "It is set, and the account is open",
         "care": "After-care", "account-open": "Afterwards"}
ALL_TOLD = {}  # language: what was told in it
HEAD = """<!-- Written by `tests/live/run --only owner_back_in_japanese --only owner_back_in_english --write-doc doc`: not to be edited. -->
# An owner's way back, as it went

One run of the test `tests/live/owner_back.py`: a real Postfix and Dovecot, the daemon with its helpers, and Chromium. The story is told
twice, in Japanese and in English. Seconds count from the thief's first message; between the owner's steps there is no person who reads, so
only what the server does takes the time that it takes.
"""


def write(doc):
    """once it was told in both languages"""
    text = [HEAD]
    for told in ALL_TOLD.values():
        text += [f"## {told.title}\n", "```text", *sorted(told.lines), "```\n"]
    text.append("## The notices, as they lay in the mailboxes\n")
    for told in ALL_TOLD.values():
        text += ["```text", told.notice.strip(), "```\n"]
    text += ["## The pages, in the order in which the owner saw them\n", "| page | Japanese | English |", "|---|---|---|"]
    text += [f"| {words} | " + " | ".join(f"![{told.headings[name]}](owners-story/{name}-{told.language}.png)" for told in ALL_TOLD.values()) + " |"
             for name, words in PAGES.items()]
    (doc / "owners-story.md").write_text("\n".join(text) + "\n")


def tell(rig, note, told):
    told.note = note
    binary, conf = rig.servers.binary, rig.servers.root / "gate/sekisho.conf"
    subprocess.run([binary, "contact", "set", told.account, "--mail", told.contact, "--language", told.language, "--phrase", "-c", conf],
                   input=PHRASE + "\n", text=True, check=True, capture_output=True, env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"})
    yield from taken(rig, told)
    yield from told_of_it(rig, told)
    with Owner() as browser:  # of which Debian's chromium and chromium-driver have to be there
        yield from proves_it(rig, told, browser)
        yield from chooses(rig, told, browser)
        yield from brought_back(rig, told)
        yield from after_care(rig, told, browser)
    ALL_TOLD[told.language] = told
    if rig.doc and len(ALL_TOLD) == 2:
        write(rig.doc)


def owner_back_in_japanese(rig, note):
    """hanako, in Japanese: hijacked, held, locked, told, proved who she is, with a new password, and all of hers delivered"""
    yield from tell(rig, note, Telling("ja", "In Japanese: hanako", HANAKO, YUKI))


def owner_back_in_english(rig, note):
    """the same of kenji, in English"""
    yield from tell(rig, note, Telling("en", "In English: kenji", KENJI, MIKA))


STORIES = [owner_back_in_japanese, owner_back_in_english]
