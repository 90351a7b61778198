# SPDX-License-Identifier: Apache-2.0
"""What a small provider has in a day: owners at home and on the way who read and write, some whose password somebody else has,
and those who guess. Told to the daemon as Postfix, Dovecot and the log would."""
import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timezone

from history import HOST, friends_of

OWNERS = 2000
MESSAGES_AN_HOUR, LOGINS_AN_HOUR = 150_000 / 12, 400_000 / 12
WRITES = MESSAGES_AN_HOUR / LOGINS_AN_HOUR  # so many logins are for a message, one each; the others read
STEP_S = 20              # of the day: what happens in it is told together
HIJACKS_AN_HOUR = 4
HIJACK_S = 1200
SHORT_IDS = 40_000       # then they begin anew
LOGGED = 0.02            # of the messages nobody asks about: the log alone tells
DIGITS = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"


@dataclass
class Letter:
    queue_id: str
    account: str
    ip: str
    rcpts: list
    t: float
    number: int
    stolen: bool = False
    refused: bool = False


def owners():
    """{account: [home, phone]}"""
    return {f"user{n:04d}@d{n % 8}.test": [f"58.{80 + n // 250}.{n % 250}.7", f"27.{80 + n // 250}.{n % 250}.9"] for n in range(OWNERS)}


def long_id(number):
    text = ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return "4jXM" + text.rjust(7, "0") + "z1cs"


class Traffic:
    def __init__(self, policy, auth, log, queue, seed=1):
        self.policy, self.auth, self.log, self.queue = policy, auth, log, queue
        self.rng = random.Random(seed)
        self.homes = owners()
        self.accounts = list(self.homes)
        self.numbers, self.shorts = 0, 0
        self.count, self.thieves, self.some, self.kept = Counter(), [], [], set()

    # ---- one step of the day

    def step(self, t, seconds=STEP_S):
        rng = self.rng
        sessions = [self.session() for _ in range(self.few(LOGINS_AN_HOUR * seconds / 3600))]
        if rng.random() < HIJACKS_AN_HOUR * seconds / 3600:
            self.thieves.append((rng.choice(self.accounts), t + HIJACK_S, [self.anywhere() for _ in range(5)]))
            self.count["hijacks"] += 1
        self.thieves = [thief for thief in self.thieves if thief[1] > t]
        for account, _, places in self.thieves:
            sessions += [(account, rng.choice(places), "smtp", True) for _ in range(5)]
        opened = self.log_in(sessions)
        self.guess()
        self.post([self.letter(t, account, ip, stolen) for account, ip, protocol, stolen in opened if protocol == "smtp"], t)

    def few(self, mean):
        """about that many"""
        return int(mean) + (self.rng.random() < mean % 1)

    def anywhere(self):
        rng = self.rng
        return f"{rng.choice((5, 31, 41, 77, 91, 103, 117, 154, 177, 190, 197))}.{rng.randrange(1, 250)}.{rng.randrange(250)}.{rng.randrange(1, 250)}"

    def session(self):
        account = self.rng.choice(self.accounts)
        ip = self.homes[account][self.rng.random() < 0.3]
        return account, ip, "smtp" if self.rng.random() < WRITES else "imap", False

    def log_in(self, sessions):
        """those that were let in"""
        def ask(command, some, **more):
            return self.auth.ask([self.auth.request(command, account, ip, protocol, **more) for account, ip, protocol, _ in some])
        let_in, out = sessions, []
        for _ in range(2):  # before the password is looked at, and after
            status = ask("allow", let_in)
            out += [session for session, no in zip(let_in, status) if no]
            let_in = [session for session, no in zip(let_in, status) if not no]
        ask("report", let_in, success=True, policy_reject=False)
        ask("report", out, success=False, policy_reject=True)
        self.count["logins"] += len(let_in)
        self.count["logins_refused"] += len(out)
        return let_in

    def guess(self):
        """wrong passwords, also of names that nobody has"""
        ip = self.anywhere()
        names = [self.rng.choice(self.accounts) if self.rng.random() < 0.5 else f"x{self.rng.randrange(10 ** 9)}@d1.test" for _ in range(6)]
        status = self.auth.ask([self.auth.request("allow", name, ip, "imap") for name in names])
        self.auth.ask([self.auth.request("report", name, ip, "imap", success=False, policy_reject=bool(no)) for name, no in zip(names, status)])
        self.count["logins_refused"] += sum(map(bool, status))
        self.count["guesses"] += len(names) - sum(map(bool, status))

    # ---- messages

    def letter(self, t, account, ip, stolen):
        rng, self.numbers = self.rng, self.numbers + 1
        if stolen:
            rcpts = [f"{'nouser' if rng.random() < 0.3 else 'reader'}{rng.randrange(10 ** 9)}@world{rng.randrange(40)}.test"]
        else:
            rcpts = rng.sample(friends_of(account), rng.choice((1, 1, 1, 2)))
            if rng.random() < 0.05:
                rcpts[0] = f"{'nouser' if rng.random() < 0.1 else 'new'}{rng.randrange(10 ** 6)}@world{rng.randrange(40)}.test"
        if rng.random() < 0.2:
            self.shorts += 1
            queue_id = f"{0xA0000 + self.shorts % SHORT_IDS:X}C0DE"
        else:
            queue_id = long_id(10 ** 9 + self.numbers)
        return Letter(queue_id, account, ip, rcpts, t, self.numbers, stolen)

    def post(self, letters, t):
        quiet = [letter for letter in letters if self.rng.random() < LOGGED and not letter.stolen]
        asked = [letter for letter in letters if letter not in quiet] if quiet else letters
        for turn in range(2):
            some = [letter for letter in asked if not letter.refused and turn < len(letter.rcpts)]
            for letter, answer in zip(some, self.policy.ask([request(letter, "RCPT", letter.rcpts[turn], "" if turn == 0 else letter.queue_id)
                                                             for letter in some])):
                letter.refused = answer.startswith("421")
        self.count["turned_away"] += sum(letter.refused for letter in asked)
        asked = [letter for letter in asked if not letter.refused]
        passed = list(quiet)
        for letter in asked:
            if letter.queue_id in self.queue.hold:  # an id is not used again while its message is there
                letter.queue_id = long_id(2 * 10 ** 9 + letter.number)
        for letter, answer in zip(asked, self.policy.ask([request(letter, "END-OF-MESSAGE", "", letter.queue_id) for letter in asked])):
            if answer == "DUNNO":
                passed.append(letter)
            elif answer.startswith("HOLD"):
                self.queue.put(letter)
                self.kept.add((letter.queue_id, letter.number))
                self.count["held"] += 1
                self.count["held, stolen"] += letter.stolen
                self.log.write(lines_in(letter, t))
            else:
                self.count["refused" if answer.startswith("554") else "put_off"] += 1
        self.count["submissions"] += len(asked) + len(quiet)
        self.count["logged"] += len(quiet)
        self.count["passed"] += len(passed) - len(quiet)
        self.count["stolen, passed"] += sum(letter.stolen for letter in passed)
        if passed:
            self.some.append((self.rng.choice(passed)))
        self.log.write([line for letter in passed for line in (*lines_in(letter, t), *lines_out(letter, t))])
        self.deliver_released(t)

    def deliver_released(self, t):
        for letter in self.queue.take_released():
            self.kept.remove((letter.queue_id, letter.number))
            self.count["released"] += 1
            self.log.write(lines_out(letter, t))


def request(letter, state, recipient, queue_id):
    ends = state != "RCPT"
    return (f"request=smtpd_access_policy\nprotocol_state={state}\nprotocol_name=ESMTP\nclient_address={letter.ip}\nclient_name=unknown\n"
            f"client_port={1024 + letter.number % 60000}\nreverse_client_name=unknown\nserver_address=192.0.2.25\nserver_port=587\n"
            f"helo_name=[192.168.1.7]\nsender={letter.account}\nrecipient={recipient}\nrecipient_count={len(letter.rcpts) if ends else 0}\n"
            f"queue_id={queue_id}\ninstance={letter.number % 30000:x}.{letter.number:x}.{letter.number * 7919 % 1000003:x}.0\n"
            f"size={4321 if ends else 0}\netrn_domain=\nstress=\nsasl_method=PLAIN\nsasl_username={letter.account}\nsasl_sender=\n"
            "ccert_subject=\nccert_issuer=\nccert_fingerprint=\nccert_pubkey_fingerprint=\nencryption_protocol=TLSv1.3\n"
            "encryption_cipher=TLS_AES_256_GCM_SHA384\nencryption_keysize=256\npolicy_context=\n\n").encode()


def stamped(t, texts):
    at = datetime.fromtimestamp(t, timezone.utc).isoformat(timespec="microseconds")
    return [f"{at} {HOST} postfix/{text}\n" for text in texts]


def lines_in(letter, t):
    pid, queue_id = 1000 + letter.number % 30000, letter.queue_id
    return stamped(t, (
        f"submission/smtpd[{pid}]: {queue_id}: client=unknown[{letter.ip}], sasl_method=PLAIN, sasl_username={letter.account}",
        f"cleanup[{pid + 1}]: {queue_id}: message-id=<{letter.number}.{pid}@client.example>",
        f"qmgr[77]: {queue_id}: from=<{letter.account}>, size=733, nrcpt={len(letter.rcpts)} (queue active)",
        f"submission/smtpd[{pid}]: disconnect from unknown[{letter.ip}] ehlo=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=6"))


def lines_out(letter, t):
    pid, queue_id = 1002 + letter.number % 30000, letter.queue_id
    fate = {True: ("5.1.1", "bounced (host world.test[192.0.2.9] said: 550 5.1.1 User unknown (in reply to RCPT TO command))"),
            False: ("2.0.0", "sent (250 2.0.0 Ok: queued)")}
    return stamped(t, [f"smtp[{pid}]: {queue_id}: to=<{rcpt}>, relay=world.test[192.0.2.9]:25, delay=0.4, delays=0.1/0/0.1/0.2, "
                       f"dsn={dsn}, status={status}" for rcpt in letter.rcpts for dsn, status in [fate[rcpt.startswith("nouser")]]]
                   + [f"qmgr[77]: {queue_id}: removed"])
