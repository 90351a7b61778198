# SPDX-License-Identifier: Apache-2.0
"""What happens beside and after a hijack. Told like stories.py."""
import time

from parties import guess, raid, refusal, send
from people import Mailbox, Submission
from stories import (COUNTRIES, EMI, HANAKO, KENJI, MIKA, OWNERS, REN, SORA, TARO, YUKI, Watch, bought_list, contained, incidents_of, is_locked, left,
                     owners_unharmed, wait_for)

CAFE = "85.17.96.99"
LOGIN_WAITS_S, ROUND_S = 0.5, 0.35  # what our lines for Dovecot promise; what a busy machine adds
TRIES, ROUNDS = 6, 10
DEAD = 4


def shut(rig, account):
    """has it locked, by a raid where nobody did it before"""
    if not is_locked(rig, account):
        raid(rig, account, COUNTRIES, bought_list(60, "shut"), sessions=2)
    return wait_for(lambda: is_locked(rig, account))


def log_is_read(rig):
    """to its end, nothing more comes, and what it told is written"""
    lines = -1
    while lines != (now := rig.servers.status())["logs"]["lines"] or now["logs"]["behind_bytes"] or now["ledger"]["waiting"]:
        lines = now["logs"]["lines"]
        time.sleep(0.6)
    time.sleep(0.6)


def wrong_passwords(rig, note):
    """emi is locked; her programs at home go on with an old password: that makes no guesser of her home"""
    locked, home = shut(rig, EMI), OWNERS[EMI][0]
    yield "emi is locked", None if locked else f"{incidents_of(rig, EMI)}"
    opened = guess(rig, EMI, home, ["an-old-one"] * 10)
    turned = sum(guess(rig, EMI, ip, [rig.accounts[EMI]] * 2) for ip in COUNTRIES[:4])
    yield "the thief's right password opens nothing", f"{turned} times" if turned or opened else None
    send(rig, YUKI, home, "aki.of.yuki@home0.test")
    log_is_read(rig)
    yield "a guest in her house is no victim of guessing", guessed(rig, YUKI, "a guest", False, note)
    for account in (TARO, KENJI, MIKA, YUKI, HANAKO):
        guess(rig, account, CAFE, ["an-old-one"] * 2)
    guess(rig, SORA, CAFE, [rig.accounts[SORA]])
    yield "where passwords are guessed it is evidence", guessed(rig, SORA, "in the cafe", True, note)


def guessed(rig, account, who, wanted, note):
    known = rig.ask("account", "show", account)
    reasons = [reason for reason in known["why"] if "guessed" in reason]
    note(f"{who}: {known['bits']:.1f} bits {known['why']}")
    return None if bool(reasons) == wanted else f"{known['why']}"


def has_password(rig, account, password):
    """from now on, as Dovecot sees within a second"""
    file = rig.servers.root / "dovecot/passwords"
    lines = [f"{account}:{password}" if line.startswith(f"{account}:") else line for line in file.read_text().splitlines()]
    file.write_text("\n".join(lines) + "\n")
    time.sleep(1.5)


def seen_at_login(rig, note):
    """what this very Dovecot hands over of passwords: a device with an old one is known, and one that works and is tried first is marked"""
    home = OWNERS[REN][0]
    tried = guess(rig, KENJI, CAFE, ["of last year"] * 6)
    devices = rig.ask("account", "show", KENJI)["old_passwords"]
    yield "a device is known by its old password, over IMAP and SMTP", None if not tried and [
        (one["ip"], one["times"]) for one in devices] == [(CAFE, 6)] else f"{tried}, {devices}"
    guess(rig, MIKA, CAFE, [f"guess {number}" for number in range(6)])
    yield "a guesser is none", None if not (devices := rig.ask("account", "show", MIKA)["old_passwords"]) else f"{devices}"
    for door in ("imap", "submission"):
        for password, rule in (("1234qwer", "row"), (rig.accounts[REN], None)):
            has_password(rig, REN, password)
            kind = Mailbox if door == "imap" else Submission
            opened = guess(rig, REN, home, [password], doors=((kind, door),))
            marked = wait_for(lambda rule=rule: rig.ask("account", "show", REN)["guessable"] == rule)
            yield f"{door}: {'marked by its rule' if rule else 'and not when it is another one'}", None if opened and marked else (
                f"{opened}, {rig.ask('account', 'show', REN)['guessable']}")
    kept = rig.servers.said() + "".join(log.read_text(errors="replace") for log in rig.servers.logs)
    yield "no log has it", None if "1234qwer" not in kept else "it is there"


def away(rig, note):
    """the daemon is killed while emi is locked: she stays out, also from home, and nobody else waits; then what it missed is known"""
    yield "emi is locked", None if shut(rig, EMI) else f"{incidents_of(rig, EMI)}"
    usual, _ = timings(rig, TARO)
    rig.servers.kill_daemon()
    try:
        codes = [refusal(rig, EMI, ip) for ip in (OWNERS[EMI][0], COUNTRIES[0], COUNTRIES[1])]
        without, sent = timings(rig, TARO)
        for _ in range(ROUNDS):  # who has to wait has to each time, who shares a machine has not
            if not late(usual, without):
                break
            again, more = timings(rig, TARO)
            without, sent = {what: min(without[what], again[what]) for what in without}, sent + more
        thief = raid(rig, REN, COUNTRIES, bought_list(60, "meanwhile"), sessions=2)
    finally:
        rig.servers.start_daemon()
    yield "the locked account is refused with 421, from home too", None if codes == [421] * 3 else f"{codes}"
    note("seconds with and without the daemon: " + ", ".join(f"{what} {usual[what]:.3f} and {without[what]:.3f}" for what in usual))
    yield "nobody else waits", f"{late(usual, without)}: {without}" if late(usual, without) else None
    yield "everything else is taken", None if len(thief.accepted) == 60 else f"{len(thief.accepted)} of 60"
    log_is_read(rig)
    owners = [rig.ask("whose", queue_id)["message"] for queue_id in sent]
    note(f"{len(owners)} letters of that time are in the ledger; {rig.servers.status()['ledger']}")
    yield "whose they were is known", None if {each["account"] for each in owners} == {TARO} else f"{owners[:1]}"
    yield "the thief of that time is found", None if wait_for(lambda: is_locked(rig, REN)) else f"{incidents_of(rig, REN)}"
    yield "the owner of that time is not", f"{incidents_of(rig, TARO)}" if incidents_of(rig, TARO) else None


def late(usual, without):
    return [what for what in usual if without[what] > usual[what] + (0 if what == "a letter" else LOGIN_WAITS_S) + ROUND_S]


def timings(rig, account):
    """{what: seconds, the least}, the queue ids of what was sent"""
    ids, smtp, posts, imap = [], [], [], []
    for number in range(TRIES):
        queue_id, login_s, post_s = send(rig, account, OWNERS[account][0], f"aki.of.{account.split('@')[0]}{number}@home0.test")
        ids, smtp, posts = ids + [queue_id], smtp + [login_s], posts + [post_s]
        with Mailbox(rig.ports["imap"], OWNERS[account][0]) as mailbox:
            began = time.monotonic()
            mailbox.opens(account, rig.accounts[account])
            imap.append(time.monotonic() - began)
    return {"a login for SMTP": min(smtp), "for IMAP": min(imap), "a letter": min(posts)}, ids


def behind_a_filter(rig, note):
    """what is sent goes through a content filter that hands it back: each message is one, and sora's thief is caught there too"""
    before = counted(rig)
    recipients = [f"aki{number}.of.taro@home.test" for number in range(6)] + [f"nouser{number}.taro@home.test" for number in range(DEAD)]
    ids = [send(rig, TARO, OWNERS[TARO][0], recipient, "filtered")[0] for recipient in recipients]
    arrived = wait_for(lambda: len(left(rig, recipients)) == len(recipients))
    log_is_read(rig)
    after, known = counted(rig), rig.ask("account", "show", TARO)
    note(f"{len(ids)} letters: submissions {before} to {after}; {known['bits']:.1f} bits {known['why']}")
    yield "all goes out", None if arrived else f"{left(rig, recipients)}"
    yield "each is one submission", None if after - before == len(ids) else f"{after - before}"
    rows = rig.servers.status()["ledger"]
    yield "and one row", None if (rows["written"], rows["filled"]) == (after, 0) else f"{rows}"
    words = f"{DEAD} of {len(ids)} new recipients do not exist"
    yield "each is judged once, and bounces once", None if any(words in reason for reason in known["why"]) else f"{known['why']}"
    yield "whose each was is known", None if all(rig.ask("whose", queue_id)["message"]["account"] == TARO for queue_id in ids) else "no"
    stolen = bought_list(60, "filtered")
    with Watch(rig, TARO) as watch:
        came = raid(rig, SORA, COUNTRIES, stolen, sessions=2, port="filtered")
    yield from contained(rig, SORA, came, stolen, note)
    yield from owners_unharmed(rig, watch, note)


def counted(rig):
    return rig.servers.status()["mail"]["submissions"]


def two_of_a_name(rig, note):
    """short queue ids, which are used again: what is released is what was held, and no other message of that name"""
    # nobody dead among them: what bounced after the release would lock the account again, and rightly
    recipients = [f"reader{number}.named@world{number % 40}.test" for number in range(60)]
    came = raid(rig, EMI, COUNTRIES, recipients, sessions=2)
    yield from contained(rig, EMI, came, recipients, note)
    held = set(rig.held())
    note(f"held: {' '.join(sorted(held))}")
    yield "the ids are short", None if held and all(len(each) < 14 and set(each) <= set("0123456789ABCDEF") for each in held) else f"{held}"
    taken = min(held)
    kept = {each for queue_id, recipients in rig.held().items() if queue_id in held - {taken} for each in recipients}
    stranger, _, _ = send(rig, TARO, OWNERS[TARO][0], "defer.of.taro@home.test")
    wait_for(lambda: rig.servers.queue().get(stranger, ("",))[0] == "deferred")
    rig.servers.postfix("postsuper", "-d", taken)
    rig.servers.named_like(stranger, taken)
    incident = incidents_of(rig, EMI)[0]
    rig.ask("incident", "release", str(incident["id"]), "--false-alarm")
    gone = wait_for(lambda: all(each in rig.world.results for each in kept) and not any(
        rig.servers.status()["held"][word] for word in ("waiting", "releasing", "condemned")))
    yield "what was held goes out", None if gone else f"{[each for each in kept if each not in rig.world.results]}, {rig.servers.status()['held']}"
    yield "the other of that name stays", None if taken in rig.held() else f"{rig.servers.queue()}"
    log_is_read(rig)
    owners = {rig.ask("whose", queue_id)["message"]["account"] for queue_id in held}
    yield "whose they were is known", None if owners == {EMI} else f"{owners}"


def named_groups(rig, _note):
    """who is in the group for support may look, and change nothing; who is in none may not even look"""
    looked = rig.ask("incident", "list", user="games")
    yield "support may look", None if "incidents" in looked else f"{looked}"
    rig.ask("mode", "provider.test", "observe", user="games", status=1)
    rig.ask("incident", "list", user="nobody", status=1)
    mode = rig.ask("mode", "provider.test", user="games")
    yield "and changes nothing", None if mode["mode"] == "enforce" else f"{mode}"
    rig.ask("mode", "elsewhere.test", "learn", user="news")
    mode = rig.ask("mode", "elsewhere.test", user="news")
    yield "operators may change", None if mode["mode"] == "learn" else f"{mode}"
