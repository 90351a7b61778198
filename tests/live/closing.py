# SPDX-License-Identifier: Apache-2.0
"""Accounts that are shut for good, and proved to be: on a live gate with every door that an account has. The passwords live in a
passwd-file, which sekisho-passdb changes as root; Dovecot has the deny list and doveadm's HTTP, by the lines that are handed out."""
import shutil
import smtplib
import time

from live import DAEMON, SHARE, Live, put
from parties import ANYTHING, raid
from people import Mailbox, Submission
from servers import free_ports
from stories import COUNTRIES, EMI, HANAKO, HOME, KENJI, MIKA, OWNERS, PHONE, REN, SORA, TARO, YUKI, bought_list, incidents_of, left, wait_for

FRESH = ["198.41.30.7", "81.2.69.142", "5.45.207.9"]  # from where nobody ever came
DOVEADM_KEY = "doveadm-of-the-live-test"
ACTIONS = ["gate", "logins", "away", "deny_list", "password", "sessions", "queue", "cache"]


class Closing(Live):
    """with every door; `settings`: further lines of sekisho.conf"""
    def __init__(self, binary, helper, accounts, owners, settings='lock_reach = account\nlock_actions = { "password" }\n', **more):
        super().__init__(binary, helper, accounts, owners, **more, **free_ports("doveadm"))
        self.passdb, self.settings = helper.with_name("sekisho-passdb"), settings

    def furnish(self):
        super().furnish()
        gate, deny = self.root / "gate", self.root / "deny"
        deny.mkdir()
        shutil.chown(deny, DAEMON, "dovecot")
        deny.chmod(0o2750)
        with open(gate / "sekisho.conf", "a") as conf:
            conf.write(f"""
doveadm_url = "http://127.0.0.1:{self.ports['doveadm']}/doveadm/v1"
doveadm_key_file = "{gate}/doveadm.key"
dovecot_auth_socket = "{self.root}/dovecot/run/auth-sekisho"
deny_file = "{deny}/logins"
passdb_socket = "{gate}/passdb"
{self.settings}""")
        self.secret(gate / "doveadm.key", DOVEADM_KEY, DAEMON)
        self.secret(gate / "passdb.conf", f"user = {DAEMON}\nbackend = passwd-file\nfile = {self.root}/dovecot/passwords\n"
                                          f"former_folder = {gate}/former\n", "root")
        self.open_dovecots_doors(gate, deny)

    def secret(self, path, text, owner):
        path.touch(0o600)
        path.write_text(text + "\n")
        shutil.chown(path, owner)

    def open_dovecots_doors(self, gate, deny):
        dovecot = self.root / "conf/dovecot.conf"
        self.secret(gate / "doveadm.dovecot", f"doveadm_api_key = {DOVEADM_KEY}", "root")
        denying = put((SHARE / "dovecot/05-sekisho-deny.conf").read_text(), {"/var/lib/sekisho-deny": str(deny)})
        doors = put((SHARE / "dovecot/99-sekisho-doors.conf").read_text(), {
            "port = 8080": f"port = {self.ports['doveadm']}", "/etc/dovecot/sekisho-doveadm.key": str(gate / "doveadm.dovecot"),
            "user = sekisho": f"user = {DAEMON}"})
        text = dovecot.read_text().replace("passdb {", denying + "\npassdb {", 1)
        home = f"home={self.root}/mail/%u"  # the trap that the lines tell of: or mail for her would bounce
        dovecot.write_text(put(text, {home: f"{home} allow_all_users=yes"}) + doors)

    def start_helper(self):
        super().start_helper()
        self.child(self.passdb, "--listen", self.root / "gate/passdb", "--config", self.root / "gate/passdb.conf")
        self.appears(self.root / "gate/passdb")

    def stored(self, account):
        """what stands in the place of the password"""
        lines = (self.root / "dovecot/passwords").read_text().splitlines()
        return next(line.split(":", 1)[1] for line in lines if line.startswith(account + ":"))


# ---- what is tried

def closure_of(rig, account):
    incidents = incidents_of(rig, account)
    return rig.ask("incident", "show", str(incidents[0]["id"]))["closure"] if incidents else None


def is_proved(rig, account):
    closure = closure_of(rig, account)
    return closure is not None and closure["proved"] is not None


def opens(rig, account, password, ip):
    """which doors that password opens from there: of imap and submission"""
    found = []
    try:
        with Mailbox(rig.ports["imap"], ip) as mailbox:
            found += ["imap"] if mailbox.opens(account, password) else []
    except Exception:  # an IMAP server that hangs up raises what it likes
        pass
    try:
        with Submission(rig.ports["submission"], ip) as submission:
            if submission.opens(account, password):
                submission.post(account, ["reader.of.a.closed.account@world1.test"], [])
                found.append("submission")
    except ANYTHING:
        pass
    return found


def last_words(rig, account):
    """why a door may be shut still"""
    log = rig.servers.logs[1].read_text(errors="replace").splitlines()
    return f"{[(each['id'], each['state']) for each in incidents_of(rig, account)]}; {[line for line in log if account in line][-4:]}; {rig.servers.said()[-400:]}"


def every_step(closure, states=("done",), but=()):
    return [f"{step['action']} {step['state']}: {step['says']}" for step in closure["steps"]
            if step["action"] not in but and (step["state"] not in states or not step["proof"])]


# ---- the stories

def closed_and_proved(rig, note):
    """hanako's password is known to a botnet: the account is shut at every door, and nobody has to believe it"""
    recipients = bought_list(300, "closed")
    before = rig.servers.stored(HANAKO)
    thief = Mailbox(rig.ports["imap"], FRESH[0])
    yield "the thief reads her mail", None if thief.opens(HANAKO, rig.accounts[HANAKO]) else "no"
    came = raid(rig, HANAKO, COUNTRIES, recipients)
    began = time.monotonic()
    proved = wait_for(lambda: is_proved(rig, HANAKO), every_s=0.05)
    took = time.monotonic() - began
    closure = closure_of(rig, HANAKO)
    yield "the closure is proved", None if proved else f"{closure}"
    yield "every step is done and proved", f"{every_step(closure)}" if every_step(closure) else None
    yield "all of them", None if [step["action"] for step in closure["steps"]] == ACTIONS else f"{closure['steps']}"
    try:
        thief.noop()
        yield "the thief's session is over", "it is not"
    except Exception:
        yield "the thief's session is over", None
    gone = left(rig, recipients)
    note(f"{len(gone)} of {len(recipients)} left, {came.refused} sessions refused; proved {took:.1f} s after the raid")
    yield "another password is stored", None if rig.servers.stored(HANAKO) != before else before
    for ip in (*FRESH, HOME):
        yield f"the old password opens nothing from {ip}", (opens(rig, HANAKO, rig.accounts[HANAKO], ip) or None)
    yield "mail for her keeps arriving", None if rig.delivers_to(HANAKO) else "it did not"
    yield "others are not touched", None if opens(rig, TARO, rig.accounts[TARO], OWNERS[TARO][0]) == ["imap", "submission"] else "they are"


def back_again(rig, note):
    """it was hanako after all: everything is undone, her old password too"""
    incident = incidents_of(rig, HANAKO)[0]
    kept = [each for recipients in rig.held().values() for each in recipients if ".closed@" in each]
    rig.ask("incident", "release", str(incident["id"]), "--false-alarm")
    undone = wait_for(lambda: all(step["state"] in ("undone", "not_set_up") for step in
                                  rig.ask("incident", "show", str(incident["id"]))["closure"]["steps"]))
    yield "every step is undone", None if undone else f"{rig.ask('incident', 'show', str(incident['id']))['closure']}"
    time.sleep(1.1)  # Dovecot looks at its lists once a second
    found = opens(rig, HANAKO, rig.accounts[HANAKO], PHONE)
    yield "her password opens everything again", None if found == ["imap", "submission"] else f"{found}; {last_words(rig, HANAKO)}"
    wait_for(lambda: all(each in rig.world.results for each in kept))
    missing = [each for each in kept if each not in rig.world.results]
    yield "what was held goes out", f"{len(missing)} of {len(kept)} did not" if missing else None


def queue_is_held(rig, note):
    """what the thief sent before anybody noticed, and nobody took yet, does not leave any more"""
    with Submission(rig.ports["submission"], OWNERS[REN][0]) as submission:
        submission.opens(REN, rig.accounts[REN])
        for number in range(5):
            submission.post(REN, [f"grey{number}.queue@world{number}.test"], [])
    wait_for(lambda: sum(name == "deferred" for name, _ in rig.servers.queue().values()) >= 5)
    rig.ask("account", "lock", REN, "--scope", "sending")
    wait_for(lambda: is_proved(rig, REN))
    kept = [each for recipients in rig.held().values() for each in recipients if ".queue@" in each]
    yield "it is held", None if len(kept) == 5 else f"{kept}"
    closure = closure_of(rig, REN)
    yield "and that is proved", f"{every_step(closure)}" if every_step(closure) else None
    yield "she may read", None if opens(rig, REN, rig.accounts[REN], OWNERS[REN][0]) == ["imap"] else "she may not"
    rig.ask("account", "unlock", REN, "--false-alarm")
    rig.servers.flush()
    wait_for(lambda: all(rig.world.results.get(each) == "sent" for each in kept))
    missing = [each for each in kept if rig.world.results.get(each) != "sent"]
    yield "unlocked, it goes out", f"{missing}" if missing else None


def killed_between_steps(rig, note):
    """the daemon is killed after each step of a closure: it goes on where it was, and the proof is whole"""
    for place, (action, account) in enumerate(zip(ACTIONS, [KENJI, MIKA, YUKI, EMI, SORA, KENJI, MIKA, YUKI])):
        if incidents_of(rig, account) and incidents_of(rig, account)[0]["state"] == "contained":
            rig.ask("account", "unlock", account, "--false-alarm")
            wait_for(lambda account=account: opens(rig, account, rig.accounts[account], OWNERS[account][0]) == ["imap", "submission"], every_s=1)
        rig.ask("account", "lock", account, "--password", "--no-wait")
        wait_for(lambda account=account, action=action: any(step["action"] == action and step["state"] == "done" for step in
                                                            (closure_of(rig, account) or {"steps": []})["steps"]), every_s=0.01)
        rig.servers.kill_daemon()
        refused = opens(rig, account, rig.accounts[account], FRESH[0]) if place >= ACTIONS.index("deny_list") else []
        rig.servers.start_daemon()
        proved = wait_for(lambda account=account: is_proved(rig, account))
        closure = closure_of(rig, account)
        yield f"after {action}: the closure is whole", None if proved and not every_step(closure) else f"{every_step(closure)} {closure}"
        yield f"after {action}: the old password opens nothing", (opens(rig, account, rig.accounts[account], FRESH[1]) or None)
        if "imap" in refused and place > ACTIONS.index("sessions"):
            yield f"after {action}: nor while the daemon was away", f"{refused}"


def whole_domain(rig, note):
    """nobody knows whose account it was: all of a domain can be shut, those that were never seen, too"""
    with open(rig.servers.root / "dovecot/passwords", "a") as passwords:
        passwords.write("quiet@provider.test:never-used\nother@elsewhere.test:never-used\n")
    shown = rig.ask("account", "lock", "--domain", "Provider.TEST", "--dry-run")
    names = {each["account"] for each in shown["accounts"]}
    yield "all are named", None if names == {*rig.accounts, "quiet@provider.test"} else f"{names ^ {*rig.accounts}}"
    yield "nobody is locked by that", f"{closure_of(rig, SORA)}" if closure_of(rig, SORA) else None
    done = rig.ask("account", "lock", "--domain", "provider.test", "--yes", "--rate", "0")
    yield "all are shut", None if len(done["accounts"]) == len(names) and all(each["settled"] for each in done["accounts"]) else f"{done}"
    found = opens(rig, "quiet@provider.test", "never-used", FRESH[0])
    yield "also who was never seen", f"{found}" if found else None
    yield "mail for them keeps arriving", None if rig.delivers_to(MIKA) else "it did not"
    rig.ask("account", "unlock", "--bulk", str(done["bulk"]), "--yes", "--false-alarm")
    time.sleep(1.1)
    found = opens(rig, YUKI, rig.accounts[YUKI], OWNERS[YUKI][0])
    yield "and there is a way back", None if found == ["imap", "submission"] else f"{found}"


STORIES = [whole_domain, closed_and_proved, back_again, queue_is_held, killed_between_steps]
