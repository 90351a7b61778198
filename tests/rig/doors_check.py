# SPDX-License-Identifier: Apache-2.0
"""What the daemon asks of Dovecot, on a real one with the lines of share/dovecot. Each check yields (what, what is wrong with it or
nothing)."""
import imaplib
import shutil
import smtplib
import sqlite3
import subprocess
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from mailboxes import LOOK_S, Mailboxes, Passdb
from servers import MAIL_UID, Servers, Template, Wrong, free_ports

CONF = Path(__file__).with_name("conf_doors")
SHARE = Path(__file__).resolve().parents[2] / "share/dovecot"
KEY = "open sesame, doveadm"
PAUSE_S, ROUNDS = 1.5, 10  # Dovecot waits for two seconds before it says no
SEEN_S = 1.1      # after which a deny list is seen
PASSWORDS = {"taro@provider.test": "taro-sesame", "hanako@provider.test": "hanako-sesame", "ren@provider.test": "ren-sesame",
             "12345": "one", "10.0.0.1": "two", "10.0.0.2": "three", "127.0.0.1": "four"}
CACHED = {"sora@provider.test": "sora-sesame"}  # in SQLite, which Dovecot remembers
STATIC = "  driver = static\n  args = uid={uid} gid={uid} home={root}/mail/%u{more}"
USERDBS = {"static with allow_all_users": STATIC.replace("{more}", " allow_all_users=yes"),
           "passwd-file": "  driver = passwd-file\n  args = {root}/dovecot/users\n  default_fields = uid={uid} gid={uid} home={root}/mail/%u",
           "static": STATIC.replace("{more}", "")}


class Dovecot(Servers):
    def __init__(self, userdb="static with allow_all_users"):
        super().__init__(PASSWORDS, **free_ports("doveadm", "lmtp"))
        self.userdb = USERDBS[userdb]

    def furnish(self):
        self.make_folders()
        names = {**self.ports, "root": self.root, "uid": MAIL_UID, "userdb": self.userdb.format(uid=MAIL_UID, root=self.root)}
        for template in CONF.iterdir():
            (self.root / "conf" / template.name).write_text(Template(template.read_text()).substitute(names))
        self.furnish_lines()
        for name, lines in (("passwords", [f"{name}:{password}" for name, password in PASSWORDS.items()]),
                            ("users", [f"{name}::::::" for name in (*PASSWORDS, *CACHED)])):
            self.for_dovecot("dovecot", name).write_text("".join(f"{line}\n" for line in lines))
        self.database = self.for_dovecot("dovecot", "users.db")
        with sqlite3.connect(self.database) as database:
            database.execute("CREATE TABLE users (name TEXT PRIMARY KEY, password TEXT)")
            database.executemany("INSERT INTO users VALUES (?, ?)", [(name, f"{{PLAIN}}{word}") for name, word in CACHED.items()])

    def make_folders(self):
        super().make_folders()
        self.deny = self.root / "deny/logins"
        self.deny.parent.mkdir()
        shutil.chown(self.deny.parent, group="dovecot")
        self.deny.parent.chmod(0o2750)
        self.auth = self.root / "dovecot/run/auth-sekisho"

    def furnish_lines(self):
        """the lines that we hand out, at our own places"""
        places = {"/var/lib/sekisho-deny/logins": str(self.deny), "port = 8080": f"port = {self.ports['doveadm']}",
                  "/etc/dovecot/sekisho-doveadm.key": f"{self.root}/conf/key", "user = sekisho": "user = root"}
        for name in ("05-sekisho-deny.conf", "99-sekisho-doors.conf"):
            text = (SHARE / name).read_text()
            for ours, theirs in places.items():
                text = text.replace(ours, theirs)
            (self.root / "conf" / name).write_text(text)
        (self.root / "conf/key").write_text(f"doveadm_api_key = {KEY}\n")

    def for_dovecot(self, *place):
        file = self.root.joinpath(*place)
        file.touch()
        file.chmod(0o640)
        shutil.chown(file, group="dovecot")
        return file

    def start(self):
        self.child("dovecot", "-F", "-c", self.root / "conf/dovecot.conf")
        for name in ("imap", "lmtp", "doveadm"):
            self.listens(name)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.ports['doveadm']}/doveadm/v1"

    def log_in(self, account, password=None):
        """what Dovecot calls a temporary failure is tried again, as mail programs do"""
        for tries_left in range(5, -1, -1):
            session = imaplib.IMAP4("127.0.0.1", self.ports["imap"], timeout=120)
            try:
                session.login(f'"{account}"', password or {**PASSWORDS, **CACHED}[account])
                session.select()
                return session
            except imaplib.IMAP4.error as error:
                if "[UNAVAILABLE]" not in str(error) or not tries_left:
                    raise
                time.sleep(0.5)
        return None

    def lets_in(self, account, password=None):
        with suppress(imaplib.IMAP4.error):
            self.log_in(account, password).logout()
            return True
        return False

    def deliver(self, account):
        """what LMTP answers, and how many mails are stored then"""
        with smtplib.LMTP("127.0.0.1", self.ports["lmtp"], local_hostname="client.example") as lmtp:
            try:
                lmtp.sendmail("friend@home.test", [account], "Subject: hello\r\n\r\nHow are you?\r\n")
                code = 250
            except smtplib.SMTPRecipientsRefused as refused:
                code = refused.recipients[account][0]
        return code, len(list((self.root / "mail" / account / "Maildir/new").glob("*")))


class Hands:
    """rig_doors; answers come as it gives them"""
    def __init__(self, tool, server, url=None, key=KEY, auth=None):
        words = [tool, url or server.url, key, auth or server.auth, server.deny]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=120)

    def say(self, *requests):
        """{request: (word, count, sentence)}, and how long all took"""
        began = time.monotonic()
        self.process.stdin.write("".join(f"{each}\n" for each in requests))
        self.process.stdin.flush()
        answers = {}
        for _ in requests:
            line = self.process.stdout.readline().rstrip("\n")
            asked = next((each for each in requests if line.startswith(f"{each} ") and each not in answers), None)
            if asked is None:
                raise Wrong(f"the tool said {line!r}")
            word, count, sentence = line.removeprefix(f"{asked} ").split(" ", 2)
            answers[asked] = (word, int(count), sentence)
        return answers, time.monotonic() - began

    def ask(self, request):
        return self.say(request)[0][request]

    def counts(self, *requests):
        return {request: answer[:2] for request, answer in self.say(*requests)[0].items()}


def wanted(expected, came):
    return None if expected == came else f"wanted {str(expected)[:300]}, came {str(came)[:300]}"


def lives(session):
    with suppress(imaplib.IMAP4.error, OSError):
        return session.noop()[0] == "OK"
    return False


@contextmanager
def sessions(server, *accounts):
    with ExitStack() as stack:
        opened = [server.log_in(each) for each in accounts]
        for each in opened:
            stack.callback(suppress_all, each.shutdown)
        yield opened


def suppress_all(act):
    with suppress(OSError):
        act()


def until_none(hands, account):
    """how long until no session is left"""
    began = time.monotonic()
    while (answer := hands.ask(f"who {account}"))[1] and time.monotonic() - began < 120:
        time.sleep(0.02)
    return answer[:2], time.monotonic() - began


# ---- sessions

def kick(tool):
    with Dovecot() as server, Hands(tool, server) as hands:
        with sessions(server, *["taro@provider.test"] * 3, "hanako@provider.test") as (*hers, other):
            yield "who", wanted({"who taro@provider.test": ("done", 3), "who hanako@provider.test": ("done", 1), "who nobody": ("done", 0)},
                                hands.counts("who taro@provider.test", "who hanako@provider.test", "who nobody"))
            answers, seconds = hands.say("kick taro@provider.test")
            print(f"   three sessions kicked in {seconds * 1000:.0f} ms")
            yield "three are kicked", wanted(("done", 3), answers["kick taro@provider.test"][:2])
            left, seconds = until_none(hands, "taro@provider.test")
            yield "and are gone", wanted(("done", 0), left)
            print(f"   and gone after {seconds * 1000:.0f} ms more")
            yield "the clients see it", wanted([False] * 3, [lives(each) for each in hers])
            yield "another's goes on", wanted(True, lives(other))
        yield "nobody to kick is fine", wanted(("done", 0), hands.ask("kick taro@provider.test")[:2])
        yield "unknown is fine", wanted(("done", 0), hands.ask("kick nobody@provider.test")[:2])


def strange_names(tool):
    """what doveadm would take for a mask, an address or a network: each of these names would be everybody"""
    with Dovecot() as server, Hands(tool, server) as hands:
        with sessions(server, "taro@provider.test", "12345", "10.0.0.1", "127.0.0.1") as (taro, *numbers):
            everybody = ["*", "t?ro@provider.test", "*@provider.test", "127.1 x"]
            yield "masks are not kicked", wanted(["failed"] * 4, [hands.ask(f"kick {mask}")[0] for mask in everybody])
            yield "nor counted", wanted({("done", 0)}, {*hands.counts(*[f"who {mask}" for mask in everybody]).values()})
            odd = ["127.0.0.0/8", "0/0", "1/0", "::/0", "0.0.0.0/0", "127.1", "0x7f.1", "127.0.0.2", "::1", "[::1]", "a\tb", "a\\b",
                   "太郎@provider.test", "-r", "a\"b"]
            yield "odd names are nobody's", wanted({("done", 0), ("failed", 0)}, {*hands.counts(*[f"kick {each}" for each in odd]).values()})
            yield "all go on", wanted([True] * 4, [lives(each) for each in (taro, *numbers)])
            for name in ("12345", "10.0.0.1", "127.0.0.1"):
                yield f"{name} is counted, and kicked", wanted([("done", 1)] * 2, [hands.ask(f"{verb} {name}")[:2] for verb in ("who", "kick")])
            time.sleep(0.3)
            yield "they alone", wanted([True, False, False, False], [lives(each) for each in (taro, *numbers)])
        with sessions(server, *["10.0.0.1"] * 3, "10.0.0.2") as (*hers, sibling):
            yield "a sibling is no hindrance", wanted(("done", 3), hands.ask("kick 10.0.0.1")[:2])
            time.sleep(0.3)
            yield "and stays", wanted([False, False, False, True], [lives(each) for each in (*hers, sibling)])


def many(tool):
    with Dovecot() as server, Hands(tool, server) as hands, sessions(server, "taro@provider.test"):
        names = [f"user{number}@provider.test" for number in range(999)] + ["taro@provider.test"]
        answers, seconds = hands.say(*[f"who {each}" for each in names])
        yield "a thousand asked at once", wanted((1000, 1), (len(answers), sum(each[1] for each in answers.values())))
        answers, kicked = hands.say(*[f"kick {each}" for each in names])
        yield "a thousand kicked at once", wanted((1000, {"done"}), (len(answers), {each[0] for each in answers.values()}))
        print(f"   a thousand asked in {seconds:.2f} s, kicked in {kicked:.2f} s")


# ---- the cache of passwords

def cache(tool):
    sora, old, new = "sora@provider.test", CACHED["sora@provider.test"], "something new"
    with Dovecot() as server, Hands(tool, server) as hands:
        yield "the password is right", wanted(True, server.lets_in(sora, old))
        with sqlite3.connect(server.database) as database:
            database.execute("UPDATE users SET password = ? WHERE name = ?", (f"{{PLAIN}}{new}", sora))
        yield "the old one is, too, from the cache", wanted(True, server.lets_in(sora, old))
        yield "one entry is forgotten", wanted(("done", 1), hands.ask(f"flush {sora}")[:2])
        yield "the old one is wrong", wanted(False, server.lets_in(sora, old))
        yield "the new one is right", wanted(True, server.lets_in(sora, new))
        yield "nothing to forget is fine", wanted(("done", 0), hands.ask("flush nobody@provider.test")[:2])


# ---- the deny list

def deny(tool):
    taro, hanako, ren = (f"{name}@provider.test" for name in ("taro", "hanako", "ren"))
    with Dovecot() as server, Hands(tool, server) as hands:
        yield "written, and nobody is denied", wanted(("written", 0), hands.ask(f"drop {taro}")[:2])
        state = server.deny.stat()
        yield "Dovecot's group may read it", wanted((0o640, "dovecot"), (state.st_mode & 0o777, server.deny.group()))
        yield "free", wanted(True, server.lets_in(taro))
        tried, seconds = hands.say(f"try imap {taro}")
        yield "a trial says that it is", wanted("wrong", tried[f"try imap {taro}"][0])
        print(f"   a trial of a free account: {seconds:.2f} s")
        written, seconds = hands.say(f"put {taro.upper()}")
        print(f"   a lock is on the disk after {seconds * 1000:.0f} ms")
        time.sleep(SEEN_S)
        yield "locked", wanted((False, True), (server.lets_in(taro), server.lets_in(hanako)))
        for _ in range(ROUNDS):  # who has to wait has to each time, who shares a machine has not
            tried, seconds = hands.say(*[f"try {service} {taro}" for service in ("imap", "smtp", "pop3")])
            yield "trials say so", wanted(["denied"] * 3, [each[0] for each in tried.values()])
            if seconds < PAUSE_S:
                break
        yield "without waiting", wanted(True, seconds < PAUSE_S)
        print(f"   three trials of a locked account: {seconds:.2f} s")
        tried, seconds = hands.say(*[f"try imap {each}" for each in (taro, hanako, "nobody@provider.test")])
        yield "of each its own", wanted(["denied", "wrong", "wrong"], [tried[f"try imap {each}"][0] for each in (taro, hanako, "nobody@provider.test")])
        yield "trials do not slow anybody down", wanted(True, any(logs_in_within(server, hanako, PAUSE_S) for _ in range(ROUNDS)))
        # of the same size, within a second, and each has to be seen
        hands.say(f"drop {taro}")
        hands.say(f"put ree@provider.test")
        hands.say(f"drop ree@provider.test")
        hands.say(f"put {ren}")
        time.sleep(SEEN_S)
        yield "the last of four changes counts", wanted((True, False), (server.lets_in(taro), server.lets_in(ren)))
        for _ in range(3):
            hands.say("drop ree@provider.test", f"put {ren}")
        hands.say(f"drop {ren}")
        time.sleep(SEEN_S)
        yield "unlocked", wanted(True, server.lets_in(ren))


def logs_in_within(server, account, seconds):
    began = time.monotonic()
    return server.lets_in(account) and time.monotonic() - began < seconds


def mail_goes_on(tool):
    """to a locked account, for each kind of user database; and the trap of share/dovecot, without which nobody would need to know it"""
    taro = "taro@provider.test"
    for userdb in USERDBS:
        with Dovecot(userdb) as server, Hands(tool, server) as hands:
            yield f"{userdb}: free, mail is stored", wanted((250, 1), server.deliver(taro))
            hands.say(f"put {taro}")
            time.sleep(SEEN_S)
            yield f"{userdb}: locked", wanted("denied", hands.ask(f"try imap {taro}")[0])
            expected = (550, 1) if userdb == "static" else (250, 2)
            yield f"{userdb}: locked, mail is {'turned away: the trap' if userdb == 'static' else 'stored'}", wanted(expected, server.deliver(taro))


# ---- when something is not as it should be

def faults(tool):
    taro = "taro@provider.test"
    with Dovecot() as server:
        for what, how, part in (("a wrong key", {"key": "guess"}, "does not take the key"),
                                ("a wrong path", {"url": server.url + "x"}, "no API at this path"),
                                ("nobody there", {"url": "http://127.0.0.1:1/doveadm/v1"}, "cannot be asked"),
                                ("no URL", {"url": "file:///etc/passwd"}, "is no URL of doveadm"),
                                ("no HTTP", {"url": f"http://127.0.0.1:{server.ports['imap']}/doveadm/v1"}, "cannot be asked")):
            with Hands(tool, server, **how) as hands:
                word, _, sentence = hands.ask(f"kick {taro}")
            yield what, wanted(("failed", True, False), (word, part in sentence, KEY in sentence or "guess" in sentence))
        with Hands(tool, server, auth=server.root / "nothing") as hands:
            yield "no auth socket", wanted(("failed", True), (lambda answer: (answer[0], "nothing" in answer[2]))(hands.ask(f"try imap {taro}")))
        with Hands(tool, server) as hands:
            server.stop()
            server.children.clear()
            answers, seconds = hands.say(f"kick {taro}", f"try imap {taro}")
            yield "Dovecot is away", wanted(({"failed"}, True), ({each[0] for each in answers.values()}, seconds < 9))
            server.start()
            yield "and back", wanted(("done", 0), hands.ask(f"kick {taro}")[:2])


# ---- passwords

DATABASES = """
passdb {{
  driver = passwd-file
  args = {root}/users
}}
userdb {{
  driver = passwd-file
  args = {root}/users
  override_fields = uid={uid} gid={uid} home={home}
}}
"""


def keys(tool):
    """the asking side beside the real sekisho-passdb, which is killed once"""
    taro, old, new = "taro@x.test", "old <%> sesame", "new sésame"
    with Mailboxes(DATABASES) as mail:
        users = mail.root / "users"
        users.write_text(f"{taro}:{{PLAIN}}{old}::::::\nhanako@x.test:{{PLAIN}}hers::::::\n")
        users.chmod(0o640)
        shutil.chown(users, group="dovecot")
        mail.start()
        with Passdb(tool.with_name("sekisho-passdb"), mail.root, f"backend = passwd-file\nfile = {users}\n") as passdb:
            asking = subprocess.Popen([tool.with_name("rig_containment"), "keys", passdb.socket], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)

            def ask(request):
                asking.stdin.write(f"{request}\n")
                asking.stdin.flush()
                return asking.stdout.readline().rstrip("\n").split(" ", 1)

            before = ask(f"fingerprint {taro}")
            yield "a fingerprint", wanted(("done", True), (before[0], len(before[1]) > 8))
            scrambled = ask(f"scramble {taro}")
            time.sleep(LOOK_S)
            yield "scrambled: another print", wanted(("done", True), (scrambled[0], scrambled[1] != before[1]))
            yield "the old password is wrong", wanted(False, mail.logs_in(taro, old))
            passdb.kill()
            passdb.start()
            answers = [ask(f"restore {taro}") for _ in range(2)]
            time.sleep(LOOK_S)
            yield "restored by the next helper", wanted(["done", before[1]], answers[1])
            yield "the old password is right", wanted(True, mail.logs_in(taro, old))
            yield "changed", wanted("done", ask(f"change {taro} {new}")[0])
            time.sleep(LOOK_S)
            yield "the new one alone is right", wanted((False, True), (mail.logs_in(taro, old), mail.logs_in(taro, new)))
            yield "nobody's", wanted("absent", ask("scramble nobody@x.test")[0])
            asking.stdin.write("list\n")
            told, _ = asking.communicate(timeout=120)
            yield "all are listed", wanted([f"account {taro}", "account hanako@x.test", "end"], told.splitlines())


# ---- a script of Dovecot's that asks about passwords

GUESSED, GOOD = {"sakura@provider.test": "Sakura-2026"}, {"mei@provider.test": 'kX"7.\\pQ2-zLw'}


class Asking(Dovecot):
    """with share/dovecot/ask-password.lua behind the passdb that knows the passwords, and `sekisho password serve`"""
    def __init__(self, sekisho, refuses):
        super().__init__()
        self.sekisho, self.refuses = sekisho, refuses

    def furnish(self):
        super().furnish()
        socket, script, conf = self.root / "run/socket", self.root / "conf/ask-password.lua", self.root / "conf/dovecot.conf"
        socket.parent.mkdir()
        self.deny.touch()
        self.deny.chmod(0o644)
        script.write_text((SHARE / "ask-password.lua").read_text().replace("/run/sekisho-password/socket", str(socket)))
        ours = (SHARE / "zz-sekisho-ask.conf").read_text().replace("/usr/share/sekisho/dovecot/ask-password.lua", str(script))
        if self.refuses:
            ours = ours.replace("result_failure = continue", "result_failure = return-fail")
        known = f"passdb {{\n  driver = passwd-file\n  args = scheme=PLAIN {self.root}/dovecot/passwords\n"
        text = conf.read_text()
        assert known in text
        conf.write_text(text.replace(known, f"{known}  result_success = continue-ok\n") + ours)
        (self.root / "dovecot/passwords").write_text("".join(f"{name}:{word}\n" for name, word in {**GUESSED, **GOOD}.items()))
        (self.root / "conf/sekisho.conf").write_text(f'password_listen = "unix:{socket}"\n')

    def start(self):
        self.child(self.sekisho, "password", "serve", "--config", self.root / "conf/sekisho.conf")
        for _ in range(1000):
            if (self.root / "run/socket").exists():
                break
            time.sleep(0.02)
        super().start()

    def logged(self):
        return (self.root / "log/dovecot.log").read_text()


def asks_about_passwords(tool):
    """a right password that the policy refuses is logged, or turned away, as the operator wants; a wrong one is not even asked about"""
    sekisho = Path(tool).resolve().with_name("sekisho")
    [(guessed, word)], [(good, other)] = GUESSED.items(), GOOD.items()
    with Asking(sekisho, False) as server:
        yield "it gets in", None if server.lets_in(guessed, word) else server.logged()[-800:]
        yield "and is logged", None if f"Warning: the password of {guessed} is right, but the policy refuses it: of_address\n" in server.logged() else server.logged()[-800:]
        yield "a good one too", None if server.lets_in(good, other) else server.logged()[-800:]
        yield "of which nothing is logged", None if server.logged().count("the policy refuses it") == 1 else server.logged()[-800:]
        yield "a wrong one does not", None if not server.lets_in(guessed, "sakura2025") else "it does"
        yield "and is not asked about", None if server.logged().count("the policy refuses it") == 1 else server.logged()[-800:]
        yield "no password is logged", None if not any(each in server.logged() for each in (word, other, "sakura2025")) else server.logged()
        server.children[0].terminate()
        server.children[0].wait()
        yield "where nobody answers all get in", None if server.lets_in(good, other) and server.lets_in(guessed, word) else server.logged()[-800:]
        yield "which is logged", None if "sekisho says nothing of the password" in server.logged() else server.logged()[-800:]
    with Asking(sekisho, True) as server:
        yield "it is turned away", None if not server.lets_in(guessed, word) else server.logged()[-800:]
        yield "a good one is not", None if server.lets_in(good, other) else server.logged()[-800:]


CHECKS = [kick, strange_names, many, cache, deny, mail_goes_on, faults, keys, asks_about_passwords]
