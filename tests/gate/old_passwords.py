# SPDX-License-Identifier: Apache-2.0
"""What is seen of passwords at login, as Dovecot hands it over: a hash of what was tried."""
import hashlib
import re
import signal

from gate import COUNTRIES, OWNERS, Gate, wait_for, written_in
from talk import Dovecot

PHONE, VICTIM, CRAM, WEAK, STRONG, PART = list(OWNERS)[:6]
NONCE = "a-nonce-of-the-gate-test"
LIKELY = "1234qwer"


def pwhash(login, password, digits=64):
    return hashlib.sha256(f"{NONCE}{login}\0{password}".encode()).hexdigest()[:digits]


def with_nonce():
    gate = Gate(password_names='{ "Sakuraya" }')
    (gate.root / "nonce").write_text(NONCE + "\n")
    gate.configure(auth_policy_hash_nonce_file=f'"{gate.root}/nonce"')
    return gate


def log_in(gate, login, password, ip=None, right=True, digits=64, mech="PLAIN"):
    with Dovecot(gate.port) as dovecot:
        dovecot.login(login, ip or OWNERS[login][0], right=right, pwhash=pwhash(login, password, digits), mech=mech)


def show(gate, login):
    return gate.ask("account", "show", login)


def bits_after(gate, login, tried, mech="PLAIN"):
    """what speaks against the account when, after these, the right one comes from there"""
    for password in tried:
        log_in(gate, login, password, COUNTRIES[0], right=False, digits=4, mech=mech)
    log_in(gate, login, "right", COUNTRIES[0], digits=4)
    return show(gate, login)["bits"]


def old_passwords(note):
    """a telephone has the password of last year: that is told from guessing, wherever Dovecot says what was tried"""
    with Gate() as gate:
        of_phone = bits_after(gate, PHONE, ["last year"] * 200)
        of_nobody = bits_after(gate, STRONG, ["mistyped"])
        of_victim = bits_after(gate, VICTIM, [f"guess {number}" for number in range(200)])
        of_cram = bits_after(gate, CRAM, [""] * 200, mech="CRAM-MD5")
        note(f"{of_phone:.1f} bits after an old one, {of_victim:.1f} after guesses, {of_nobody:.1f} after a single one")
        yield "an old one, 200 times, is as one that is mistyped", None if of_phone == of_nobody else f"{of_phone}, {of_nobody}"
        yield "guesses are evidence", None if of_victim >= of_phone + 3 else f"{of_victim}"
        yield "where nobody can tell what was tried, all are guesses", None if of_cram == of_victim else f"{of_cram}"
        devices = show(gate, PHONE)["old_passwords"]
        yield "the device is named", None if [(one["ip"], one["times"]) for one in devices] == [(COUNTRIES[0], 200)] else f"{devices}"
        yield "a guesser is no device", None if not show(gate, VICTIM)["old_passwords"] else "it is"


def what_is_kept(gate):
    """all that the daemon wrote: its folder and what it said"""
    return b"".join(kept for _, kept in written_in(gate.state)) + gate.said().encode()


def guessable_passwords(note):
    """a password that works and that a guesser tries first is marked by its rule, over a restart, until it is another one"""
    with with_nonce() as gate:
        log_in(gate, WEAK, LIKELY)
        log_in(gate, STRONG, "kQ7-vmp2.xw9")
        yield "by its rule", None if wait_for(lambda: show(gate, WEAK)["guessable"] == "row") else f"{show(gate, WEAK)}"
        yield "another is not", None if show(gate, STRONG)["guessable"] is None else "it is"
        log_in(gate, PART, "Sakuraya1")
        yield "of the operator's names", None if wait_for(lambda: show(gate, PART)["guessable"] == "of_names") else f"{show(gate, PART)}"
        gate.restart(signal.SIGKILL)
        yield "known after a kill", None if show(gate, WEAK)["guessable"] == "row" else "it is not"
        log_in(gate, WEAK, "kQ7-vmp2.xw9")
        yield "until another one works", None if wait_for(lambda: show(gate, WEAK)["guessable"] is None) else "it is not"
        gate.restart(signal.SIGKILL)
        yield "for good", None if show(gate, WEAK)["guessable"] is None else "it is back"
        log_in(gate, STRONG, LIKELY, right=False)
        yield "one that does not work says nothing", None if show(gate, STRONG)["guessable"] is None else "it is marked"
        gate.stop()
        kept = what_is_kept(gate).lower()
        told = [each for login in (WEAK, STRONG, PART) for password in (LIKELY, "Sakuraya1", "kQ7-vmp2.xw9")
                for each in (password.lower(), pwhash(login, password), NONCE)]
        found = {each for each in told if each.encode() in kept or (re.fullmatch("[0-9a-f]{64}", each) and bytes.fromhex(each) in kept)}
        yield "no password, hash or nonce stays anywhere", f"{found}" if found else None


def parts_of_hashes(note):
    """of Dovecot's usual 12 bits nothing is concluded, and that is said once"""
    with with_nonce() as gate:
        for _ in range(3):
            log_in(gate, PART, LIKELY, digits=4)
        log_in(gate, PART, LIKELY, digits=63)
        log_in(gate, CRAM, "", mech="CRAM-MD5")
        said = gate.said().count("auth_policy_hash_truncate")
        yield "it is said once", None if said == 1 else f"{said} times"
        log_in(gate, WEAK, LIKELY)  # whoever came before was tried before
        yield "who tells all is tried", None if wait_for(lambda: show(gate, WEAK)["guessable"] == "row") else "not"
        yield "who does not is not", None if show(gate, PART)["guessable"] is None else f"{show(gate, PART)}"


STORIES = [old_passwords, guessable_passwords, parts_of_hashes]
