# SPDX-License-Identifier: Apache-2.0
"""What people send, shown to the daemon as to a milter: that a suspect's mail is phishing is evidence; nobody else's is read."""
import re
import signal
import time

from came_back import NEAR_HOME, PHISHING
from gate import OWNERS, Gate, wait_for
from talk import Letter, Milter, Policy

VICTIM, OTHER, THIRD = list(OWNERS)[:3]
ABROAD = "203.0.113.40"
LETTER = "From: {sender}\r\nTo: {recipient}\r\nSubject: Tuesday\r\n\r\nSee you on Tuesday at ten, as always.\r\n"
FIRST, ONE_IN = 20, 10  # of an hour, and then


def with_milter(**settings):
    gate = Gate(mode="observe")
    gate.configure(milter_listen=f'"unix:{gate.root}/milter"', **settings)
    return gate


def sends(gate, login, ip, form, count=1):
    """as Postfix does: the policy is asked, then the milter; how many were wanted"""
    wanted = 0
    with Policy(gate.policy) as policy, Milter(gate.root / "milter") as milter:
        for number in range(count):
            recipient = f"reader{number}@world{number}.test"
            letter = Letter(login, ip, [recipient])
            letter.send(policy)
            text = form.format(sender=login, recipient=recipient, queue_id=letter.id, date=time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime()))
            wanted += milter.send(text, letter.id, login, login, recipient)
    return wanted


def why(gate, account):
    return [each for each in gate.ask("account", "show", account)["why"] if "spam or phishing" in each]


def phishing_is_sent(note):
    """a thief sends phishing from abroad: it is read, said, and evidence; letters are read and say nothing; at home nobody reads"""
    with with_milter() as gate:
        yield "a thief's mail is read", None if sends(gate, VICTIM, ABROAD, PHISHING, 3) == 3 else gate.said()[-600:]
        yield "that it is phishing is evidence", None if wait_for(lambda: why(gate, VICTIM)) else gate.said()[-1200:]

        def said():
            return [line for line in gate.said().splitlines() if "is phishing" in line]
        named = wait_for(lambda: len(said()) == 3) and all(VICTIM in line and "link" in line for line in said())
        yield "the log names the mail and the signs", None if named else str(said())
        note(said()[0])
        yield "letters from abroad are read", None if sends(gate, OTHER, ABROAD, LETTER, 3) == 3 else "they were not"
        yield "what an owner sends from home is not", None if not sends(gate, THIRD, OWNERS[THIRD][0], PHISHING, 3) else "it was read"
        time.sleep(2)
        yield "and neither is evidence", str(why(gate, OTHER) + why(gate, THIRD)) if why(gate, OTHER) or why(gate, THIRD) else None
        with Milter(gate.root / "milter") as milter:
            text = PHISHING.format(sender=VICTIM, recipient="x@world.test", queue_id="NOTOURS1", date="")
            yield "nor is a mail that Postfix did not ask about", "it was read" if milter.send(text, "NOTOURS1", VICTIM, VICTIM) else None


def only_some(note):
    """many letters within minutes from a place of the owner's provider that nobody knows: some are read, and each is answered at once"""
    with with_milter() as gate:
        began = time.monotonic()
        read = sends(gate, VICTIM, NEAR_HOME, LETTER, 200)
        note(f"{read} of 200 read; {(time.monotonic() - began) * 5:.1f} ms a mail")
        yield "the first ones and some of the others", None if FIRST < read <= FIRST + (200 - FIRST) // ONE_IN + 1 else str(read)
        read = sends(gate, OTHER, NEAR_HOME, LETTER, 5)
        yield "of another account again the first ones", None if read == 5 else str(read)


def words_alone(note):
    """a thief at home sends nothing but phishing: it counts for little there, since owners forward it to ask what it is"""
    with with_milter() as gate:
        sends(gate, VICTIM, ABROAD, LETTER, 1)
        read = sends(gate, VICTIM, OWNERS[VICTIM][0], PHISHING, 20)
        yield "of an account against which something speaks it is read at home, too", None if read else str(gate.ask("account", "show", VICTIM))[:900]
        yield "that it is phishing counts", None if wait_for(lambda: why(gate, VICTIM)) else gate.said()[-900:]
        bits = float(re.search(r"[+]([0-9.]+)", why(gate, VICTIM)[0])[1])
        yield "a little", None if bits <= 3 else str(bits)


def nobody_reads(note):
    """where the operator does not want it, nothing that people send is read"""
    with with_milter(milter_reads="no") as gate:
        yield "no mail is wanted", "one was" if sends(gate, VICTIM, ABROAD, PHISHING, 3) else None
        gate.stop()
        gate.configure(milter_reads="everything")
        status, said = gate.fails()
        yield "a word that is none is refused by name", None if status and "milter_reads: 'everything'" in said else said
        gate.configure(milter_reads="suspects")
        gate.start()


def ends_meanwhile(note):
    """the daemon is ended, and killed, while mail waits to be read: it goes at once, and comes back"""
    with with_milter() as gate:
        for number, how in enumerate((signal.SIGTERM, signal.SIGKILL, signal.SIGTERM)):
            read = sends(gate, list(OWNERS)[number + 3], ABROAD, PHISHING, 20)
            took = gate.stop(how)
            yield f"{how.name} while mail waits: gone at once", None if read > 5 and took < 10 else f"{read} mails waited, {took:.1f} s"
            gate.start()
        sends(gate, VICTIM, ABROAD, PHISHING, 3)
        yield "then it reads on", None if wait_for(lambda: why(gate, VICTIM)) else gate.said()[-900:]


STORIES = [phishing_is_sent, only_some, words_alone, nobody_reads, ends_meanwhile]
