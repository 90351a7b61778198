# SPDX-License-Identifier: Apache-2.0
"""The queue's helper, and the table of locks for when the daemon is away, on a real Postfix with the settings of
share/postfix. Each check yields (what, what is wrong with it or nothing)."""
import json
import os
import shutil
import smtplib
import socket
import subprocess
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from outside import World
from people import Submission
from servers import Servers, Wrong

SHARE = Path(__file__).resolve().parents[2] / "share"
STRANGER = 65534   # a uid that may not ask
SOON_S = 120       # far less than the five minutes of a queue run
MANY, ENOUGH = 1000, 10000
PAUSE_S, ROUNDS = 0.9, 10  # Postfix would wait for a second before it asks again
# what the unit of the helper leaves to root
RIGHTS = "-all,+dac_override,+dac_read_search,+fowner,+setgid,+setuid,+sys_chroot"


class CountingWorld(World):
    """how often each recipient got something, and when last"""
    def __init__(self):
        super().__init__()
        self.counts, self.lock, self.last = Counter(), threading.Lock(), 0.0

    def take(self, sender, recipients, message):
        with self.lock:
            self.counts.update(recipients)
            self.last = time.monotonic()
        return super().take(sender, recipients, message)

    def forget(self):
        with self.lock:
            self.counts.clear()


class QueueServers(Servers):
    """with sekisho's lines in main.cf and master.cf, and a door that holds what comes"""
    life_s = 1300

    def furnish(self):
        super().furnish()
        self.away = self.root / "away"
        self.away.mkdir(mode=0o750)
        (self.away / "locked").touch()
        self.postfix("postmap", f"hash:{self.away}/locked")  # `sekisho serve` does so when it starts
        shutil.chown(self.away, STRANGER, STRANGER)
        self.folder = self.root / "queue/sekisho"
        self.folder.mkdir(mode=0o750)
        shutil.chown(self.folder, group="postfix")
        for setting in settings_of(SHARE / "postfix/main.cf"):
            self.postfix("postconf", "-e", setting.replace("/var/lib/sekisho/away", str(self.away)))
        submission, door = (f"127.0.0.1:{self.ports[name]}/inet" for name in ("submission", "reinjection"))
        for setting in settings_of(SHARE / "postfix/master.cf"):
            self.postfix("postconf", "-P", f"{submission}/{setting.removeprefix('-o ')}")
        self.postfix("postconf", "-P", f"{door}/smtpd_end_of_data_restrictions=check_sender_access,static:HOLD")

    def hold_new(self, count, recipient="reader@home.test"):
        """that many messages, to recipients with a number in front; {queue id: recipient}"""
        before = set(self.queue())
        port = self.ports["reinjection"]
        subprocess.run(["smtp-source", "-m", str(count), "-s", str(min(10, count)), "-N", "-l", "300",
                        "-f", "taro@provider.test", "-t", recipient, f"127.0.0.1:{port}"], check=True)
        held = {queue_id: min(rcpts) for queue_id, (name, rcpts) in self.queue().items()
                if queue_id not in before and name == "hold"}
        if len(held) != count:
            raise Wrong(f"{len(held)} messages are held, not {count}")
        return held

    def arrivals(self):
        return {each["queue_id"]: each["arrival_time"]
                for each in map(json.loads, self.postfix("postqueue", "-j").splitlines())}

    def settle_but_held(self):
        """until nothing is on its way"""
        while any(name in ("incoming", "active") for name, _ in self.queue().values()):
            time.sleep(0.05)

    def reload(self):
        self.postfix("postfix", "reload")
        time.sleep(1)


def settings_of(file):
    """its lines, without remarks"""
    return [line.strip() for line in file.read_text().splitlines() if line.strip() and not line.startswith("#")]


class Helper:
    def __init__(self, program, servers, user=0):
        self.program, self.servers, self.user = program, servers, user
        self.socket, self.settings = servers.root / "helper", servers.root / "queue.conf"
        self.process = None

    def __enter__(self):
        self.settings.write_text(f"user = {self.user}\npostfix = {self.servers.root}/conf\n")
        self.settings.chmod(0o644)
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()

    def start(self):
        self.process = subprocess.Popen(["setpriv", "--no-new-privs", "--bounding-set", RIGHTS, self.program,
                                         "--config", self.settings, "--listen", self.socket], start_new_session=True)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(OSError):
                return self.dial().close()
            time.sleep(0.01)
        raise Wrong("the helper does not listen")

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def dial(self):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(60)
        connection.connect(str(self.socket))
        return connection

    def ask(self, *requests):
        """the answers, a line each"""
        with closing(self.dial()) as connection:
            return say(connection, requests, len(requests))

    def list(self):
        """{queue id: (queue, arrival, recipients, login, sender)}"""
        with closing(self.dial()) as connection, connection.makefile("rwb") as lines:
            lines.write(b"list\n")
            lines.flush()
            told = iter(lambda: lines.readline().decode().split(), ["end"])
            return {words[1]: (words[2], int(words[3]), int(words[4]), words[5], words[6]) for words in told}


def say(connection, requests, wanted):
    """the first answers, as many as are wanted, or until the other side hangs up"""
    with connection.makefile("rb") as lines:
        writer = threading.Thread(target=send, args=(connection, "".join(each + "\n" for each in requests).encode()))
        writer.start()
        answers = []
        with suppress(ConnectionError):
            for _ in range(wanted):
                if not (line := lines.readline()):
                    break
                answers.append(line.decode().rstrip("\n"))
        writer.join()
        return answers


def send(connection, text):
    with suppress(OSError):
        connection.sendall(text)


def wanted(expected, came):
    return None if expected == came else f"wanted {str(expected)[:300]}, came {str(came)[:300]}"


def once_each(world, recipients, patience_s=SOON_S):
    """waits until all have got it, and a moment longer; what is wrong with that"""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and any(not world.counts[each] for each in recipients):
        time.sleep(0.05)
    time.sleep(0.3)
    odd = {each: world.counts[each] for each in recipients if world.counts[each] != 1}
    return f"of {len(recipients)}, {len(odd)} not delivered once: {str(odd)[:200]}" if odd else None


# ---- the helper

def release_and_delete(servers, world, helper):
    held = servers.hold_new(6)
    arrivals = servers.arrivals()
    out, gone = list(held)[:5], list(held)[5]
    yield "released", wanted({"ok"}, {line.split()[0] for line in
                                      helper.ask(*(f"release {each} {arrivals[each]}" for each in out))})
    yield "delivered at once", once_each(world, [held[each] for each in out])
    yield "deleted", wanted([f"ok {gone} gone"], helper.ask(f"delete {gone} {arrivals[gone]}"))
    yield "gone", wanted({}, servers.queue())
    yield "unknown", wanted([f"no {gone} absent", f"no {out[0]} absent", f"no {gone} absent"],
                            helper.ask(f"release {gone} 0", f"delete {out[0]} 0", f"hold {gone} 0"))
    yield "the deleted one never came", wanted(0, world.counts[held[gone]])


def list_all(servers, world, helper):
    servers.hold_new(3)
    sendmail_to(servers, "defer1@home.test")
    servers.settle_but_held()
    truth = {each["queue_id"]: (each["queue_name"], each["arrival_time"], len(each["recipients"]), f"<{each['sender']}>")
             for each in map(json.loads, servers.postfix("postqueue", "-j").splitlines())}
    listed = helper.list()
    yield "the list is Postfix's", wanted(truth, {key: (*each[:3], each[4]) for key, each in listed.items()})
    yield "with logins", wanted({"<taro@provider.test>", "<>"}, {each[3] for each in listed.values()})


def sendmail_to(servers, recipient):
    with Submission(servers.ports["submission"], "203.0.113.9") as session:
        session.opens("taro@provider.test", servers.accounts["taro@provider.test"])
        session.post("taro@provider.test", [recipient], [])


def hold_deferred(servers, world, helper):
    """deferred, so not due for minutes; held, and then let go among many: it has to leave with them"""
    for number in range(20):
        sendmail_to(servers, f"grey{number}@home.test")
    servers.settle_but_held()
    ids = {queue_id: min(rcpts) for queue_id, (name, rcpts) in servers.queue().items() if name == "deferred"}
    yield "twenty are deferred", wanted(20, len(ids))
    yield "deleted only out of hold", wanted([f"no {each} not-held" for each in ids],
                                             helper.ask(*(f"delete {each} 0" for each in ids)))
    yield "held", wanted([f"ok {each} hold" for each in ids], helper.ask(*(f"hold {each} 0" for each in ids)))
    helper.ask(*(f"release {each} 0" for each in ids))
    yield "left at once, though not due", once_each(world, list(ids.values()))


def still_coming(servers, world, helper):
    """a message of which half is there"""
    with smtplib.SMTP("127.0.0.1", servers.ports["reinjection"], "client.example") as session:
        session.ehlo()
        session.mail("taro@provider.test")
        session.rcpt("reader7@home.test")
        session.putcmd("data")
        session.getreply()
        session.send(b"Subject: half\r\n\r\n" + b"x" * 200 + b"\r\n" * 20000)
        deadline = time.monotonic() + SOON_S
        while time.monotonic() < deadline and not any((servers.root / "queue/incoming").iterdir()):
            time.sleep(0.05)
        coming = [file.name for file in (servers.root / "queue/incoming").iterdir()]
        yield "half a message is there", wanted(1, len(coming))
        yield "it is not touched", wanted([f"no {coming[0]} absent"] * 3,
                                          helper.ask(*(f"{verb} {coming[0]} 0" for verb in ("hold", "release", "delete"))))
        session.send(b"\r\n.\r\n")
        yield "and is held when it is whole", wanted(250, session.getreply()[0])
    yield "then it can be released", wanted("ok", helper.ask(f"release {coming[0]} 0")[0].split()[0])
    yield "and is delivered", once_each(world, ["reader7@home.test"])


def injections(servers, world, helper):
    held = servers.hold_new(3)
    lines = ["delete ALL 0", "release ALL 0", "delete -r 0", "release -s 0", "delete A;B 0", "delete $(id) 0",
             f"delete {min(held)}\0 0", f"delete ../hold/{min(held)} 0", f"delete {min(held)},{max(held)} 0",
             f"delete hold/{min(held)} 0", "\0" * 50, "delete", "postsuper -d ALL"]
    answers = helper.ask(*lines)
    yield "all refused", wanted([f"no - {'verb' if line in ('delete', 'postsuper -d ALL') or chr(0) * 9 in line else 'id'}"
                                 for line in lines], answers)
    with closing(helper.dial()) as connection:
        cut = say(connection, ["release " + "A" * (1 << 20)], 9)
        yield "a line of 1 MB is cut off", wanted(True, cut in ([], ["no - line"]))
    yield "all are still there", wanted(set(held), set(servers.queue()))
    yield "it still answers", wanted(["ok - here"], helper.ask("ping"))


def strangers(servers, world, helper):
    """who is neither the daemon nor root, even where the socket lets them in"""
    os.chmod(helper.socket, 0o666)
    child = ("import socket,sys\ns = socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])\n"
             "try:\n s.sendall(b'ping\\n'); print(s.recv(99))\nexcept OSError: print(b'')")
    asked = lambda uid: subprocess.run(["python3", "-c", child, helper.socket], user=uid, group=uid, extra_groups=[],
                                       capture_output=True, text=True, check=False).stdout.strip()
    yield "a stranger is not answered", wanted("b''", asked(STRANGER))
    yield "root is", wanted("b'ok - here\\n'", asked(0))
    os.chmod(helper.settings, 0o646)
    refused = subprocess.run([helper.program, "--config", helper.settings, "--listen", servers.root / "other"],
                             capture_output=True, text=True, check=False, timeout=20)
    os.chmod(helper.settings, 0o644)
    yield "settings that others can write are refused", wanted(
        (1, True), (refused.returncode, "nobody else can write" in refused.stderr))


def ids_used_again(servers, world, helper):
    """short ids; the message under an id is now another one"""
    servers.postfix("postconf", "-e", "enable_long_queue_ids=no")
    servers.reload()
    held = servers.hold_new(2)
    first, second = held
    yield "ids are short", wanted(True, all(set(each) <= set("0123456789ABCDEF") for each in held))
    listed, arrivals = helper.list(), servers.arrivals()
    yield "arrival is as Postfix has it", wanted(arrivals, {each: listed[each][1] for each in held})
    hour_ago = arrivals[first] - 3600
    yield "another message is not touched", wanted(
        [f"no {each} other" for each in (first, first, second)],
        helper.ask(f"release {first} {hour_ago}", f"delete {first} {hour_ago}", f"delete {second} {arrivals[second] + 3600}"))
    yield "both are held still", wanted({"hold"}, {name for name, _ in servers.queue().values()})
    yield "the same one is", wanted("ok", helper.ask(f"release {first} {arrivals[first]}")[0].split()[0])
    yield "and was delivered", once_each(world, [held[first]])
    servers.postfix("postconf", "-e", "enable_long_queue_ids=yes")
    servers.reload()


def hashed(servers, world, helper):
    """all queues in folders two deep, also of those ids that are there already"""
    held = servers.hold_new(20)
    servers.postfix("postconf", "-e", "hash_queue_names=hold,deferred,incoming,active", "hash_queue_depth=2")
    servers.postfix("postsuper", "-s")
    servers.reload()
    yield "found in their folders", wanted(set(held), set(helper.list()))
    helper.ask(*(f"release {each} 0" for each in held))
    yield "released from there", once_each(world, list(held.values()))
    servers.postfix("postconf", "-X", "hash_queue_names", "hash_queue_depth")
    servers.postfix("postsuper", "-s")
    servers.reload()


def kill_when(helper, servers, left):
    """once no more than that many are held"""
    hold = servers.root / "queue/hold"
    while sum(1 for _ in os.scandir(hold)) > left:
        time.sleep(0.001)
    helper.process.kill()


def killed(servers, world, helper):
    """in the middle of a thousand releases, again and again; nothing is lost, and nothing comes twice"""
    held = servers.hold_new(MANY)
    answered, unanswered = set(), []
    for left in (950, 700, 450, 200, 50):
        requests = [f"release {each} 0" for each in held if each not in answered]
        for at in range(100, len(requests), 101):
            requests.insert(at, "ping")  # another verb ends a batch
        killer = threading.Thread(target=kill_when, args=(helper, servers, left))
        with closing(helper.dial()) as connection:
            killer.start()
            answered |= {line.split()[1] for line in say(connection, requests, len(requests))} - {"-"}
        killer.join()
        unanswered.append(MANY - len(answered))
        helper.kill()
        helper.start()
    rest = [each for each in held if each not in answered]
    print(f"   killed with {', '.join(map(str, unanswered))} of {MANY} unanswered")
    yield "it was killed in the middle", wanted(True, any(0 < each < MANY for each in unanswered))
    yield "the rest is answered", wanted(rest, [line.split()[1] for line in helper.ask(*(f"release {each} 0" for each in rest))])
    yield f"each of {MANY} was delivered once", once_each(world, list(held.values()))
    yield "nothing is left", wanted({}, servers.queue())


def by_the_daemons_hands(servers, world, helper, tool):
    """the asking side, while its helper is killed and started again"""
    held = servers.hold_new(MANY)
    asking = subprocess.Popen([tool, "queue", helper.socket], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    killer = threading.Timer(0.03, lambda: (helper.kill(), time.sleep(0.5), helper.start()))
    killer.start()
    told, _ = asking.communicate("".join(f"release {each} 0\n" for each in held), timeout=300)
    killer.join()
    results = dict(line.split() for line in told.splitlines())
    yield "each is answered once", wanted((list(held), MANY), (list(results), len(told.splitlines())))
    yield "done, or done before", wanted(set(), set(results.values()) - {"done", "absent"})
    yield f"each of {MANY} was delivered once, by the asking side", once_each(world, list(held.values()))


def ten_thousand(servers, world, helper):
    held = servers.hold_new(ENOUGH)
    began = time.monotonic()
    yield "all are listed", wanted(set(held), set(helper.list()))
    print(f"   {ENOUGH} listed in {time.monotonic() - began:.2f} s")
    began = time.monotonic()
    answers = helper.ask(*(f"release {each} 0" for each in held))
    answered = time.monotonic() - began
    yield "all released", wanted({"ok"}, {line.split()[0] for line in answers})
    yield f"each of {ENOUGH} was delivered once", once_each(world, list(held.values()), 300)
    print(f"   {ENOUGH} released in {answered:.2f} s, the last delivered after {world.last - began:.1f} s")


class Activated:
    """a helper that was given its socket, as systemd does, and that nobody asks any more"""
    def __init__(self, helper):
        self.listener, self.path = socket.socket(socket.AF_UNIX), helper.servers.root / "activated"
        self.listener.bind(str(self.path))
        self.listener.listen()
        words = ["sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@" 3<&"$0"', str(self.listener.fileno()),
                 helper.program, "--config", helper.settings]
        self.process = subprocess.Popen(words, pass_fds=[self.listener.fileno()])
        self.answers, self.began = self.ask(), time.monotonic()

    def ask(self):
        with closing(socket.socket(socket.AF_UNIX)) as connection:
            connection.settimeout(120)
            connection.connect(str(self.path))
            return say(connection, ["ping"], 1)


def activated(servers, world, helper):
    """the last: it is waited for until a minute is over"""
    idle = servers.activated
    yield "it answers", wanted(["ok - here"], idle.answers)
    status = idle.process.wait(timeout=300)
    yield "and ends by itself, after a minute", wanted((0, True), (status, time.monotonic() - idle.began > 59))


# ---- the table of locks

class Daemon:
    """a policy service that says DUNNO, or, hanging, nothing"""
    def __init__(self, servers, hangs=False):
        self.path, self.hangs = servers.folder / "policy", hangs
        self.listener, self.connections, self.asked = socket.socket(socket.AF_UNIX), [], 0

    def __enter__(self):
        self.listener.bind(str(self.path))
        shutil.chown(self.path, group="postfix")
        self.path.chmod(0o660)
        self.listener.listen()
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        """as when it is killed: Postfix keeps its connections otherwise"""
        for each in (self.listener, *self.connections):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.path.unlink()

    def serve(self):
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections.append(connection)
                threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        with suppress(OSError), connection, connection.makefile("rwb") as lines:
            for line in lines:
                if line == b"\n" and not self.hangs:
                    self.asked += 1
                    lines.write(b"action=DUNNO\n\n")
                    lines.flush()


def attempt(servers, account):
    """a message by that account; (what the server said, seconds)"""
    with Submission(servers.ports["submission"], "203.0.113.9") as session:
        session.opens(account, servers.accounts[account])
        began = time.monotonic()
        try:
            session.post(account, ["reader1@home.test"], [])
            code = 250
        except smtplib.SMTPResponseException as refusal:
            code = refusal.smtp_code
        with suppress(OSError, smtplib.SMTPException):
            session.quit()
        session.close()
        return code, time.monotonic() - began


@contextmanager
def table(servers, tool):
    """says a word to the table's keeper, and waits until it was told"""
    keeper = subprocess.Popen([tool, "away", servers.away, shutil.which("postmap")], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True, user=STRANGER, group=STRANGER, extra_groups=[])

    def tell(word):
        keeper.stdin.write(word + "\n")
        keeper.stdin.flush()
        return keeper.stdout.readline().strip()
    yield tell
    keeper.stdin.close()
    keeper.wait()


def away(servers, world, helper, tool):
    taro, hanako = "taro@provider.test", "hanako@provider.test"
    for file in servers.away.iterdir():
        file.unlink()
    servers.reload()
    yield "without any table all are put off", wanted((451, 451), (attempt(servers, taro)[0], attempt(servers, hanako)[0]))
    with table(servers, tool) as tell:
        yield "an empty table is made, by who is not root", wanted("told", tell("set"))
        servers.reload()
        slowest = PAUSE_S
        for _ in range(ROUNDS):  # who has to wait has to each time, who shares a machine has not
            times = [attempt(servers, taro) for _ in range(10)]
            yield "away, nobody is locked: mail flows", wanted({250}, {code for code, _ in times})
            slowest = max(seconds for _, seconds in times)
            if slowest < PAUSE_S:
                break
        yield "with no delay", None if slowest < PAUSE_S else f"{slowest:.2f} s"
        print(f"   a message while the daemon is away: {sum(t for _, t in times) / len(times) * 1000:.1f} ms, "
              f"at most {slowest * 1000:.1f} ms")
        yield "a lock is told", wanted("told", tell(f"put {taro.upper()}"))
        yield "away, taro is locked: he is turned away, she is not", wanted(
            (421, 250), (attempt(servers, taro)[0], attempt(servers, hanako)[0]))
        with Daemon(servers) as daemon:
            yield "there: the table does not count", wanted((250, 250), (attempt(servers, taro)[0], attempt(servers, hanako)[0]))
            yield "the daemon was asked at RCPT and at the end", wanted(4, daemon.asked)
        yield "gone again: locked again", wanted(421, attempt(servers, taro)[0])
        with Daemon(servers, hangs=True):
            (code, seconds), (locked, _) = attempt(servers, hanako), attempt(servers, taro)
            yield "hanging: as if it were away", wanted((250, 421), (code, locked))
            print(f"   a message while the daemon hangs: {seconds:.1f} s")
        yield "unlocked", wanted("told", tell(f"drop {taro}"))
        yield "away, taro is free", wanted(250, attempt(servers, taro)[0])
    yield "Postfix has nothing against the folder in its queue", wanted("", servers.postfix("postfix", "check").strip())


# ---- Dovecot's lines

def dovecot(servers, world, helper):
    key = servers.root / "sekisho.key"
    key.write_text("auth_policy_server_api_header = X-Sekisho-Key: sesame\nauth_policy_hash_nonce = long and random\n")
    conf = servers.root / "dovecot-sekisho.conf"
    conf.write_text((servers.root / "conf/dovecot.conf").read_text() +
                    (SHARE / "dovecot/99-sekisho.conf").read_text().replace("/etc/dovecot/sekisho.key", str(key)))
    shown = subprocess.run(["doveconf", "-n", "-P", "-c", conf], capture_output=True, text=True, check=False)
    yield "Dovecot takes them", wanted((0, ""), (shown.returncode, shown.stderr.strip()))
    yield "and waits half a second at most", wanted(True, "auth_policy_server_timeout_msecs = 450\n" in shown.stdout)


CHECKS = [release_and_delete, list_all, hold_deferred, still_coming, injections, strangers, ids_used_again, hashed, killed,
          ten_thousand, dovecot]
TOOL_CHECKS = [by_the_daemons_hands, away]
LAST_CHECKS = [activated]
