# SPDX-License-Identifier: Apache-2.0
"""sekisho-passdb on Dovecot's passwd-file and on commands. Each check yields (what, what is wrong with it or nothing)."""
import fcntl
import http.server
import os
import random
import re
import shutil
import socket
import stat
import subprocess
import threading
import time
import urllib.parse
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from mailboxes import LOOK_S, Mailboxes, Passdb, quoted
from queue_check import SHARE, STRANGER, wanted
from servers import MAIL_UID, Wrong

TARO, HANAKO, JIRO = "taro@example.jp", "hanako@example.jp", "jiro@example.jp"
OLD, NEW = "old-Password.1", "new Password: <%é>"
USERS = """# the mailboxes
hanako@example.jp:{HASH}:UID:UID::/home
taro@example.jp:{HASH}:UID:UID::/home::userdb_quota_rule=*:storage=1G

jiro@example.jp:{PLAIN}old-Password.1:UID:UID::/home
nobody-without-a-field
"""
DATABASES = """
passdb {{
  driver = passwd-file
  args = {root}/users
}}
userdb {{
  driver = passwd-file
  args = {root}/users
  override_fields = home={home}
}}
"""
MANY = 20000  # lines, that writing takes its time


def doveadm_hash(password, scheme="SHA512-CRYPT"):
    return subprocess.run(["doveadm", "-O", "pw", "-s", scheme, "-p", password], capture_output=True, text=True,
                          check=True).stdout.strip()


class Rig:
    """Dovecot with a passwd-file, and sekisho-passdb beside it"""
    def __init__(self, program):
        self.mail = Mailboxes(DATABASES)
        self.root, self.program = self.mail.root, program
        self.users = self.root / "users"
        self.passdb = Passdb(program, self.root, f"backend = passwd-file\nfile = {self.users}\npatience = 4\n")

    def __enter__(self):
        try:
            self.write_users()
            self.mail.start()
            self.passdb.__enter__()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.passdb.kill()
        self.mail.__exit__()

    def write_users(self):
        self.users.write_text(USERS.replace("{HASH}", doveadm_hash(OLD)).replace("UID", str(MAIL_UID)))
        self.users.chmod(0o640)
        shutil.chown(self.users, group="dovecot")
        time.sleep(LOOK_S)

    def line(self, account):
        return next(line for line in self.users.read_text().splitlines() if line.startswith(account + ":"))

    def others(self, account):
        """all lines but that account's, and all of that but its password"""
        return [re.sub(r"^([^:]*):[^:]*", r"\1", line) if line.startswith(account + ":") else line
                for line in self.users.read_text().split("\n")]

    def opens(self, account, password):
        return self.mail.logs_in(account, password)


def looked():
    time.sleep(LOOK_S)


# ---- the passwd-file

def change(rig):
    before, others, attributes = rig.line(TARO), rig.others(TARO), rig.users.stat()
    yield "the old password opens", wanted(True, rig.opens(TARO, OLD))
    first = rig.passdb.do("fingerprint", TARO)
    yield "changed", wanted("ok", rig.passdb.do("change", TARO, NEW)[0])
    looked()
    yield "the old password is refused", wanted(False, rig.opens(TARO, OLD))
    yield "the new one opens", wanted(True, rig.opens(TARO, NEW))
    yield "the other lines are as they were", wanted(others, rig.others(TARO))
    yield "only the field is another", wanted(False, before == rig.line(TARO))
    now = rig.users.stat()
    yield "owner and mode are kept", wanted((attributes.st_uid, attributes.st_gid, attributes.st_mode),
                                            (now.st_uid, now.st_gid, now.st_mode))
    second = rig.passdb.do("fingerprint", TARO)
    yield "prints differ, and stay", wanted((True, True, second), (first[0] == "ok", first != second, rig.passdb.do("fingerprint", TARO)))
    yield "somebody else's password is what it was", wanted(True, rig.opens(HANAKO, OLD))
    yield "who is not there is absent", wanted(("no", "absent"), rig.passdb.do("change", "ghost@example.jp", NEW)[:2])
    yield "who has no field fails", wanted(("no", "failed"), rig.passdb.do("change", "nobody-without-a-field", NEW)[:2])


LEAKED = "leaked-Password.7"
ENDLESS = "{BLF-CRYPT}$2y$31$abcdefghijklmnopqrstuuN1Ba0WDq0l6PzTpFLSlZ4s1gWZdPGlO"  # bcrypt with a cost that takes weeks
COMPARE_S = 10  # PASSDB_COMPARE_S


def store(rig, account, stored):
    rig.users.write_text(rig.users.read_text().replace(rig.line(account).split(":")[1], stored))


def renew(rig):
    """what was the account's password is refused: before and after a scramble, in every scheme that Dovecot makes"""
    schemes = ("SHA512-CRYPT", "BLF-CRYPT", "ARGON2ID", "SSHA256", "SCRAM-SHA-256", "PBKDF2", "CRAM-MD5", "PLAIN")
    for scheme in schemes:
        store(rig, TARO, doveadm_hash(LEAKED, scheme))
        before = rig.users.read_bytes()
        yield f"{scheme}: what is stored is refused", wanted(("no", "former"), rig.passdb.do("renew", TARO, LEAKED)[:2])
        yield f"{scheme}: and nothing was changed", wanted(before, rig.users.read_bytes())
    rig.passdb.do("scramble", TARO)
    yield "refused, though something random is stored now", wanted(("no", "former"), rig.passdb.do("renew", TARO, LEAKED)[:2])
    rig.passdb.kill()
    rig.passdb.start()
    yield "also after a kill", wanted(("no", "former", "it was the password of this account before"), rig.passdb.do("renew", TARO, LEAKED))
    answer = rig.passdb.do("renew", TARO, NEW)
    yield "a new one is taken", wanted(("ok", answer), (answer[0], rig.passdb.do("fingerprint", TARO)))
    looked()
    yield "and opens", wanted((True, False), (rig.opens(TARO, NEW), rig.opens(TARO, LEAKED)))
    yield "then nothing is to be restored", wanted(("no", "cannot"), rig.passdb.do("restore", TARO)[:2])
    for number in (1, 2):
        yield f"changed {number} times more", wanted("ok", rig.passdb.do("renew", TARO, f"{NEW}{number}")[0])
    yield "the last three and that which is stored are refused", wanted(
        [("no", "former")] * 4, [rig.passdb.do("renew", TARO, each)[:2] for each in (LEAKED, NEW, NEW + "1", NEW + "2")])
    yield "another's are not", wanted("ok", rig.passdb.do("renew", JIRO, NEW)[0])
    yield "who forces may", wanted("ok", rig.passdb.do("change", TARO, LEAKED)[0])
    looked()
    yield "and comes in", wanted(True, rig.opens(TARO, LEAKED))
    kept = [each for each in rig.passdb.former.iterdir() if each.name.endswith(".past")]
    yield "hashes are kept, of two accounts, for root alone", wanted((2, {0o600}), (len(kept), {stat.S_IMODE(each.stat().st_mode) for each in kept}))
    yield "and nothing but hashes", wanted([], [word for word in (LEAKED, NEW, OLD, TARO) for each in kept if word.encode() in each.read_bytes()])
    yield "who is not there is absent", wanted(("no", "absent"), rig.passdb.do("renew", "ghost@example.jp", NEW)[:2])
    yield "deleted, nothing is kept", wanted(("ok", len(kept) - 1), (
        rig.passdb.do("delete", TARO)[0], len([each for each in rig.passdb.former.iterdir() if each.name.endswith(".past")])))


def renew_in_time(rig):
    """a hash that takes for ever to compare ends in time, changes nothing, and keeps nobody else away"""
    store(rig, TARO, ENDLESS)
    before, began = rig.users.read_bytes(), time.monotonic()
    answer = rig.passdb.do("renew", TARO, NEW)
    took = time.monotonic() - began
    yield "it fails, and says why", wanted(("no", "failed", f"comparing with former passwords took more than {COMPARE_S} s"), answer)
    yield "after the time that is given to it", None if COMPARE_S <= took < COMPARE_S + 15 else f"{took:.1f} s"
    yield "nothing was changed", wanted(before, rig.users.read_bytes())
    children = Path(f"/proc/{rig.passdb.process.pid}/task/{rig.passdb.process.pid}/children").read_text().split()
    yield "and nobody is left who compares", wanted([], children)
    yield "others are answered", wanted(["ok - here"], rig.passdb.ask("ping"))
    yield "who forces may", wanted("ok", rig.passdb.do("change", TARO, NEW)[0])
    store(rig, JIRO, doveadm_hash(LEAKED, "BLF-CRYPT"))
    costly = [f"{LEAKED}{number}" for number in range(4)]
    settings = f"backend = passwd-file\nfile = {rig.users}\nscheme = BLF-CRYPT\ncost = 12\n"
    with Passdb(rig.program, rig.root, settings, name="costly") as passdb:
        for each in costly:
            passdb.do("renew", JIRO, each)
        began = time.monotonic()
        answer = passdb.do("renew", JIRO, costly[0])
        print(f"   {time.monotonic() - began:.2f} s for a renewal that is refused, with four hashes of BLF-CRYPT at cost 12")
        yield "all that are kept of the costliest usual kind are compared in time", wanted(("no", "former"), answer[:2])


def seen_at_once(rig):
    """as many changes as go into a second, each of the same size: the last must be seen"""
    for number in range(20):
        rig.passdb.do("change", TARO, f"number-{number:02}")
    looked()
    yield "the last of twenty counts", wanted((True, False, False), tuple(rig.opens(TARO, each) for each in
                                                                          ("number-19", "number-18", "number-00")))


def scramble(rig):
    before = rig.line(HANAKO)
    yield "nothing to restore yet", wanted(("no", "cannot"), rig.passdb.do("restore", HANAKO)[:2])
    first = rig.passdb.do("scramble", HANAKO)
    again = rig.passdb.do("scramble", HANAKO)
    yield "scrambled, and twice is once", wanted(("ok", first), (first[0], again))
    looked()
    yield "the password opens nothing", wanted(False, rig.opens(HANAKO, OLD))
    yield "mail is stored", wanted(True, rig.mail.delivers(HANAKO))
    former = list(rig.passdb.former.iterdir())
    yield "the former is root's alone", wanted({0o600}, {stat.S_IMODE(each.stat().st_mode) for each in former})
    yield "and its folder", wanted(0o700, stat.S_IMODE(rig.passdb.former.stat().st_mode))
    yield "nothing there names anybody", wanted([], [each.name for each in former if "hanako" in each.name])
    rig.passdb.kill()
    rig.passdb.start()
    yield "restored, after a kill", wanted("ok", rig.passdb.do("restore", HANAKO)[0])
    yield "twice is once", wanted("ok", rig.passdb.do("restore", HANAKO)[0])
    yield "every byte is back", wanted(before, rig.line(HANAKO))
    looked()
    yield "the password opens again", wanted(True, rig.opens(HANAKO, OLD))
    rig.passdb.do("scramble", HANAKO)
    rig.passdb.do("change", HANAKO, NEW)
    yield "a changed one cannot be restored", wanted(("no", "cannot"), rig.passdb.do("restore", HANAKO)[:2])
    rig.passdb.do("scramble", HANAKO)
    rig.users.write_text(rig.users.read_text().replace(rig.line(HANAKO), before))
    yield "nor one that somebody else changed", wanted(("no", "cannot"), rig.passdb.do("restore", HANAKO)[:2])


def disable(rig):
    before = rig.line(JIRO)
    yield "opens before", wanted(True, rig.opens(JIRO, OLD))
    first = rig.passdb.do("fingerprint", JIRO)
    yield "disabled, twice", wanted([("ok", "-")] * 2, [rig.passdb.do("disable", JIRO) for _ in range(2)])
    looked()
    yield "no password opens", wanted([False] * 4, [rig.opens(JIRO, each) for each in (OLD, "", "!", "{PLAIN}" + OLD)])
    yield "Dovecot only says that the password does not match", wanted(
        (True, False), ("Password mismatch" in rig.mail.last_words(), "Error" in rig.mail.last_words()))
    yield "mail is stored", wanted(True, rig.mail.delivers(JIRO))
    yield "its user is known", wanted(0, rig.mail.doveadm("user", JIRO).returncode)
    yield "the print is the password's", wanted(first, rig.passdb.do("fingerprint", JIRO))
    yield "a new password does not open it", wanted("ok", rig.passdb.do("change", JIRO, NEW)[0])
    looked()
    yield "as long as it is disabled", wanted(False, rig.opens(JIRO, NEW))
    yield "enabled, twice", wanted([("ok", "-")] * 2, [rig.passdb.do("enable", JIRO) for _ in range(2)])
    looked()
    yield "the new password opens", wanted((True, False), (rig.opens(JIRO, NEW), rig.opens(JIRO, OLD)))
    rig.write_users()
    yield "disabled and enabled it is what it was", wanted(
        (["ok"] * 2, before), ([rig.passdb.do(verb, JIRO)[0] for verb in ("disable", "enable")], rig.line(JIRO)))


def scrambled_while_disabled(rig):
    before = rig.line(TARO)
    answers = [rig.passdb.do(verb, TARO)[0] for verb in ("disable", "scramble", "enable")]
    looked()
    yield "scrambled while disabled", wanted((["ok"] * 3, False), (answers, rig.opens(TARO, OLD)))
    answers = [rig.passdb.do(verb, TARO)[0] for verb in ("disable", "restore", "enable")]
    yield "and restored so", wanted((["ok"] * 3, before), (answers, rig.line(TARO)))


def delete(rig):
    others = [line for line in rig.users.read_text().split("\n") if not line.startswith(TARO)]
    yield "all are listed", wanted([HANAKO, TARO, JIRO, "nobody-without-a-field"], rig.passdb.accounts())
    yield "deleted", wanted([("ok", "-"), ("no", "absent")], [rig.passdb.do("delete", TARO)[:2] for _ in range(2)])
    looked()
    yield "nobody else went", wanted(others, rig.users.read_text().split("\n"))
    yield "it is not known", wanted((False, False), (rig.opens(TARO, OLD), TARO in rig.passdb.accounts()))


def hostile(rig):
    before = rig.users.read_bytes()
    names = ["-rf", "", "a b", "a:b", "a/b", "..", "../../etc/passwd", "a\nb", "a\\b", 'a"b', "a'b", "a`id`", "%u", "#", "# the mailboxes",
             "a\x00b", "a\x7fb", "a@b@c", "@example.jp", "taro@", "taro@-rf", "taro@.", "x" * 321, "a\u00a0b", "a\u200bb", "a\u2028b", "a\x85b"]
    answers = {name: rig.passdb.do("change", name, NEW)[:3] for name in names}
    yield "names that are none", wanted({("no", "cannot", "no account")}, set(answers.values()))
    secrets = ["", "x" * 257, "a\nb", "a\x00b", "a\x1bb", "a\x7fb"]
    yield "passwords that are none", wanted({("no", "cannot", "no password")},
                                            {rig.passdb.do("change", TARO, each)[:3] for each in secrets})
    lines = ["", "change", "change <taro@example.jp>", "change taro@example.jp x", f"change {quoted(TARO)} <x> ", f"Change {quoted(TARO)} <x>",
             f"scramble  {quoted(TARO)}", f"scramble {quoted(TARO)} x", "scramble <taro@example.jp", "scramble <%>", "scramble <%4>",
             "scramble <%4g>", "scramble <%ff%fe>", "list ", "ping now", "\0", "restore <%C3>", "exec /bin/sh"]
    yield "lines that are none", wanted({("no", "-", "cannot")}, {tuple(each.split()[:3]) for each in rig.passdb.ask(*lines)})
    with closing(rig.passdb.dial()) as connection:
        with suppress(OSError):
            connection.sendall(b"change <" + b"A" * (1 << 20))
        with suppress(ConnectionError):
            yield "a line of 1 MB is cut off", wanted(True, connection.recv(99) in (b"", b"no - cannot <too%20long>\n"))
    yield "nothing was changed", wanted(before, rig.users.read_bytes())
    yield "it still answers", wanted(["ok - here"], rig.passdb.ask("ping"))


def strangers(rig):
    os.chmod(rig.passdb.socket, 0o666)
    child = ("import socket,sys\ns = socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])\n"
             "try:\n s.sendall(b'ping\\n'); print(s.recv(99))\nexcept OSError: print(b'')")
    asked = {uid: subprocess.run(["python3", "-c", child, rig.passdb.socket], user=uid, group=uid, extra_groups=[], capture_output=True,
                                 text=True, check=False).stdout.strip() for uid in (STRANGER, 0)}
    yield "a stranger is not answered, root is", wanted({STRANGER: "b''", 0: "b'ok - here\\n'"}, asked)
    for mode, why in ((0o640, "chmod 0600"), (0o606, "nobody else can write"), (0o604, "chmod 0600")):
        rig.passdb.conf.chmod(mode)
        refused = subprocess.run([rig.program, "--config", rig.passdb.conf, "--listen", rig.root / "other"], capture_output=True,
                                 text=True, check=False, timeout=120, env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
        yield f"settings of mode {mode:o} are refused", wanted((1, True), (refused.returncode, why in refused.stderr))
    rig.passdb.conf.chmod(0o600)
    limits = (rig.root.__class__("/proc") / str(rig.passdb.process.pid) / "limits").read_text()
    yield "no core is left", wanted(["0", "0"], re.search(r"Max core file size +(\S+) +(\S+)", limits).groups() and
                                    list(re.search(r"Max core file size +(\S+) +(\S+)", limits).groups()))


def busy_file(rig):
    """somebody else has the lock, or writes without one"""
    before = rig.users.read_bytes()
    with open(rig.users, "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        began = time.monotonic()
        answer, took = rig.passdb.do("change", TARO, NEW), time.monotonic() - began
        yield "a lock is waited for as long as was said", wanted((("no", "failed"), True, before),
                                                                 (answer[:2], 1.5 < took < 60, rig.users.read_bytes()))
        threading.Timer(0.5, lambda: fcntl.flock(held, fcntl.LOCK_UN)).start()
        yield "and no longer than it is held", wanted("ok", rig.passdb.do("change", TARO, NEW)[0])
    link, real = rig.users, rig.root / "etc"
    real.mkdir()
    link.rename(real / "users")
    link.symlink_to(real / "users")
    yield "a link is followed, and stays one", wanted(("ok", True), (rig.passdb.do("change", TARO, OLD)[0], link.is_symlink()))
    looked()
    yield "and the password counts", wanted(True, rig.opens(TARO, OLD))
    link.unlink()
    (real / "users").rename(link)
    link.rename(real / "users")
    yield "without a file it fails", wanted(("no", "failed"), rig.passdb.do("change", TARO, OLD)[:2])
    (real / "users").rename(link)
    real.rmdir()


def killed(rig):
    """in the middle of it, again and again: the file is whole each time"""
    sound = re.compile(r"(user\d{6}@example\.jp):(\{SHA512-CRYPT\}\$6\$[^:]+|\{PLAIN\}x):1:1::/home:")
    accounts = [f"user{number:06}@example.jp" for number in range(MANY)]
    rig.users.write_text("".join(f"{name}:{{PLAIN}}x:1:1::/home:\n" for name in accounts))
    chance, cut, done = random.Random(7), 0, 0
    fresh = rig.root / ".users.sekisho"
    for number in range(24):
        with closing(rig.passdb.dial()) as connection, connection.makefile("rb") as lines:
            connection.sendall("".join(f"scramble {quoted(chance.choice(accounts))}\n" for _ in range(60)).encode())
            lines.readline()
            until = time.monotonic() + chance.random() * 0.15
            while time.monotonic() < until or (number % 2 and not fresh.exists()):
                pass
            rig.passdb.kill()
            with suppress(ConnectionError):
                done += sum(1 for _ in lines)
        found = [sound.fullmatch(line) for line in rig.users.read_text().splitlines()]
        if [each and each[1] for each in found] != accounts:
            yield "the file is whole", f"{found.count(None)} of {len(found)} lines are not"
            break
        cut += fresh.exists()
        rig.passdb.start()
    print(f"   killed 24 times, {cut} times while the new file was written; {done} were answered after the first")
    yield "it was killed in the middle of writing", wanted(True, cut > 0)
    yield "what is left behind does not hinder", wanted("ok", rig.passdb.do("scramble", accounts[0])[0])
    yield "and is gone", wanted(False, fresh.exists())
    answers = [rig.passdb.do("restore", name) for name in accounts[:1]]
    yield "it is restored", wanted(["ok"], [each[0] for each in answers])
    rig.write_users()


@contextmanager
def small_disk(folder):
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", folder], capture_output=True, check=False).returncode:
        raise Wrong("no small disk can be made: this needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        folder.rmdir()


def full_disk(rig):
    """beside the file, and where what was stored before is kept"""
    disk = rig.root / "disk"
    with small_disk(disk):
        users, other = disk / "users", disk / "other"
        users.write_bytes(rig.users.read_bytes() + b"# " + b"x" * 60000 + b"\n")
        before = users.read_bytes()
        settings = f"backend = passwd-file\nfile = {users}\n"
        with Passdb(rig.program, rig.root, settings, name="full") as passdb:
            with suppress(OSError), open(other, "wb", buffering=0) as file:
                while file.write(b"x" * 4096):
                    pass
            answer = passdb.do("scramble", TARO)
            yield "a full disk is said", wanted(("no", "failed", True), (*answer[:2], "No space left" in answer[2]))
            yield "the old file is there", wanted((before, ["other", "users"]), (users.read_bytes(), sorted(os.listdir(disk))))
            other.unlink()
            yield "with room it is done", wanted(["ok"] * 2, [passdb.do(verb, TARO)[0] for verb in ("scramble", "restore")])
            yield "and every byte is back", wanted(before, users.read_bytes())
        (disk / "former").mkdir(mode=0o700)
        with Passdb(rig.program, rig.root, f"backend = passwd-file\nfile = {rig.users}\n", name="full2") as passdb:
            passdb.kill()
            passdb.former = disk / "former"
            passdb.write_settings(passdb.settings)
            passdb.start()
            before = rig.users.read_bytes()
            with suppress(OSError), open(other, "wb", buffering=0) as file:
                while file.write(b"x" * 4096):
                    pass
            yield "nothing is scrambled that could not be restored", wanted((("no", "failed"), before),
                                                                          (passdb.do("scramble", TARO)[:2], rig.users.read_bytes()))
            yield "nothing is renewed that could not be noted", wanted((("no", "failed"), before),
                                                                     (passdb.do("renew", TARO, NEW)[:2], rig.users.read_bytes()))
            yield "but forced", wanted("ok", passdb.do("change", TARO, NEW)[0])
            yield "which is said", wanted(True, f"change <{TARO}>: done: former_folder cannot be written" in passdb.said())
            passdb.kill()


# ---- commands

PANEL = """#!/bin/sh
# a panel's command: writes down what it was given
{ echo "words $#:$*"; echo "secret ${PASSWORD-none}"; echo "input $(cat)"; env | grep -v ^PASSWORD= | sort; } >> "${0%/*}/told"
case $2 in
slow*) sleep 1 ;;
hangs*) sleep 500 ;;
ghost*) exit 67 ;;
broken*) exit 1 ;;
esac
[ "$1" != list ] || printf 'a@example.jp\\nb@example.jp\\r\\n\\n-rf\\nc d\\nlast@example.jp'
"""


def panel_settings(program, secret_in):
    words = [("change", "pass", "%u", "%n at %d", "100%%"), ("disable", "off", "%n", "%d"), ("enable", "on", "%n", "%d"),
             ("delete", "drop", "%u"), ("list", "list")]
    return f"backend = command\nsecret_in = {secret_in}\npatience = 3\nrandom_length = 20\n" + "".join(
        f"{verb}_command = {word}\n" for verb, *rest in words for word in (program, *rest))


def commands(rig):
    program, told = rig.root / "panel", rig.root / "told"
    program.write_text(PANEL)
    program.chmod(0o755)
    secret = "se$(id)cret; 'x' \"é"
    for way in ("stdin", "environment"):
        with Passdb(rig.program, rig.root, panel_settings(program, way), name=way) as passdb:
            yield f"{way}: changed", wanted(("ok", "-"), passdb.do("change", TARO, secret))
            words, environment, given, *others = told.read_text().splitlines()
            yield f"{way}: words are words", wanted(f"words 4:pass {TARO} taro at example.jp 100%", words)
            yield f"{way}: the secret is nowhere else", wanted(
                (f"secret {secret if way == 'environment' else 'none'}", f"input {secret if way == 'stdin' else ''}"), (environment, given))
            yield f"{way}: no other environment", wanted({"LC_ALL", "PATH", "PWD"}, {each.split("=")[0] for each in others} - {"_", "SHLVL", "OLDPWD"})
            told.unlink()
            passdb.do("scramble", TARO)
            made = told.read_text().splitlines()[1 if way == "environment" else 2].split(" ", 1)[1]
            yield f"{way}: a random one of twenty", wanted(True, bool(re.fullmatch(r"[a-zA-Z0-9.,-]{20}", made)))
            told.unlink()
            yield f"{way}: nothing of it is written down", wanted([], [each for each in (secret, made) if each in passdb.said()])
    with Passdb(rig.program, rig.root, panel_settings(program, "stdin"), name="panel-socket") as passdb:
        yield "a renewal is a change: there is nothing to compare with", wanted([("ok", "-")] * 2, [passdb.do("renew", TARO, secret) for _ in range(2)])
        told.unlink()
        yield "the other verbs", wanted([("ok", "-")] * 3, [passdb.do(verb, TARO) for verb in ("disable", "enable", "delete")])
        yield "were these words", wanted(["words 3:off taro example.jp", "words 3:on taro example.jp", f"words 2:drop {TARO}"],
                                         [line for line in told.read_text().splitlines() if line.startswith("words")])
        yield "the list, without what is no name", wanted(["a@example.jp", "b@example.jp", "last@example.jp"], passdb.accounts())
        yield "no fingerprint, nothing to restore", wanted([("ok", "-"), ("no", "cannot")],
                                                           [passdb.do(verb, TARO)[:2] for verb in ("fingerprint", "restore")])
        yield "absent and failed", wanted([("no", "absent"), ("no", "failed")],
                                          [passdb.do("change", f"{name}@example.jp", secret)[:2] for name in ("ghost", "broken")])
        yield "a name without domain, where one is needed", wanted(("no", "cannot"), passdb.do("change", "taro", secret)[:2])
        yield from slow(passdb, secret)


def slow(passdb, secret):
    began = time.monotonic()
    yield "a command that hangs is killed", wanted((("no", "failed"), True), (
        passdb.do("change", "hangs@example.jp", secret)[:2], 2.5 < time.monotonic() - began < 500))
    with closing(passdb.dial()) as busy, busy.makefile("rb") as answers:
        busy.sendall(f"change <slow@example.jp> {quoted(secret)}\n".encode() * 5)
        answers.readline()
        turn, done = passdb.ask("ping"), 0
        with suppress(BlockingIOError):
            done = busy.recv(65536, socket.MSG_PEEK | socket.MSG_DONTWAIT).count(b"\n")
        yield "another has his turn", wanted((["ok - here"], True), (turn, done < 4))
        yield "and the rest is done", wanted({"ok"}, {answers.readline().split()[0].decode() for _ in range(4)})


class Panel(http.server.BaseHTTPRequestHandler):
    """says what WHM says, and keeps what it was told"""
    told = []

    def do_POST(self):
        fields = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.told.append((self.headers["Authorization"], fields))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"metadata":{"result":1},"data":{"uapi":{"status":%d,"errors":null}}}' % (fields["email"] != "broken"))

    def log_message(self, *_):
        pass


def panel_by_http(rig):
    """the script for cPanel: what it posts is what it was given, whatever letters that has"""
    users, token, secret = rig.root / "userdomains", rig.root / "token", "a\"b\\c d%é&='$(id)+"
    users.write_text("example.jp: owner\nother.example: somebody\n")
    token.write_text("TOKEN\n")
    with http.server.HTTPServer(("127.0.0.1", 0), Panel) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        script = rig.root / "cpanel"
        script.write_text(f"#!/bin/sh\nSEKISHO_WHM=http://127.0.0.1:{server.server_port} SEKISHO_USERDOMAINS={users} SEKISHO_TOKEN={token}\n"
                          f"export SEKISHO_WHM SEKISHO_USERDOMAINS SEKISHO_TOKEN\nexec {SHARE}/passdb/cpanel \"$@\"\n")
        script.chmod(0o755)
        settings = (SHARE / "passdb/cpanel.conf").read_text().replace("user = sekisho", "").replace("/usr/share/sekisho/passdb/cpanel", str(script))
        with Passdb(rig.program, rig.root, settings, name="cpanel-passdb") as passdb:
            yield "done, absent, failed", wanted(["ok", "no absent", "no failed"], [
                " ".join(each[:1] if each[0] == "ok" else each[:2]) for each in (
                    passdb.do("change", TARO, secret), passdb.do("change", "taro@nowhere.example", secret),
                    passdb.do("change", "broken@example.jp", secret))])
            yield "what was posted", wanted(
                ("whm root:TOKEN", {"api.version": "1", "cpanel.user": "owner", "cpanel.module": "Email", "cpanel.function": "passwd_pop",
                                    "domain": "example.jp", "email": "taro", "password": secret}), Panel.told[0])
            Panel.told.clear()
            yield "the other verbs", wanted((["ok"] * 3, ["suspend_login", "unsuspend_login", "delete_pop"]), (
                [passdb.do(verb, TARO)[0] for verb in ("disable", "enable", "delete")], [fields["cpanel.function"] for _, fields in Panel.told]))
        server.shutdown()


def written_down(rig):
    """the last: what was said all the time"""
    said = rig.passdb.said()
    yield "each change is told", wanted([], [each for each in (f"change <{TARO}>: done", f"renew <{TARO}>: done", f"scramble <{HANAKO}>: done",
                                                               f"renew <{TARO}>: former: it was the password of this account before", f"delete <{TARO}>: done",
                                                               "change <ghost@example.jp>: absent", "a request was refused: no account") if each not in said])
    yield "no secret is", wanted([], [each for each in (OLD, NEW, LEAKED, "number-", "$6$", "{SHA512-CRYPT}", "{PLAIN}") if each in said])
    print(f"   {len(said.splitlines())} lines written down")


CHECKS = [change, renew, renew_in_time, seen_at_once, scramble, disable, scrambled_while_disabled, delete, hostile, strangers, busy_file, killed, full_disk,
          commands, panel_by_http, written_down]
