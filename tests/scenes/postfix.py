# SPDX-License-Identifier: Apache-2.0
"""What Postfix 3.7 says."""
from journal import QueueIds
from people import Mail
from server import NO_ANSWER, NO_HOST, USERS, Server, host_of


def client_name(ip):
    return f"{host_of(ip) or 'unknown'}[{ip}]"


class Postfix(Server):
    port = "postfix/smtpd"

    def __init__(self, host, story, journal, rng):
        super().__init__(host, story, journal, rng)
        self.ids = QueueIds(story.settings.get("ids", "long"), f"{story.name}/ids")
        self.qmgr = f"postfix/qmgr[{rng.randrange(900, 2000)}]"
        self.filter = story.settings.get("filter", "")
        self.submission = "submission" in story.settings.get("dovecot", "")

    def wrong_smtp(self, t, account, ip):
        if self.submission:
            return self.wrong_login(t, "submission", account, ip)
        smtpd, client = self.process("postfix/submission/smtpd", t, t + 4), client_name(ip)
        self.say(t, smtpd, f"connect from {client}")
        self.mismatch(t + 0.4, account, ip)
        self.say(t + 2.5, smtpd, f"warning: {client}: SASL LOGIN authentication failed: UGFzc3dvcmQ6, "
                                 f"sasl_username={self.login_name(account)}")
        self.say(t + 2.8, smtpd, f"disconnect from {client} ehlo=1 auth=0/1 quit=1 commands=2/3")

    # ---- a message's way in
    def session(self, t, times, stop, mails, sender_of):
        ip, login, client = mails[0].ip, self.login_name(mails[0].account), client_name(mails[0].ip)
        port, method = ("smtps", "LOGIN") if len(login) % 3 == 0 else ("submission", "PLAIN")
        if self.submission:                              # Dovecot hands on who it is (XCLIENT)
            port, method, session = "relay", "XCLIENT", self.login(t - 0.2, "submission", mails[0].account, ip)
            self.say(stop + 0.1, "dovecot", f"{session}: Disconnected: Logged out in={900 * len(mails)} out=611")
        smtpd = self.process(f"postfix/{port}/smtpd", t, stop)
        self.say(t, smtpd, f"connect from {'localhost[127.0.0.1]' if self.submission else client}")
        if ":" not in ip and not self.submission:
            self.say(t + 0.3, smtpd, f"Anonymous TLS connection established from {client}: TLSv1.3 with cipher "
                                     "TLS_AES_256_GCM_SHA384 (256/256 bits)")
        for when, mail in zip(times, mails):
            self.hand_in(when, smtpd, f"client={client}, sasl_method={method}, sasl_username={login}", sender_of(mail), mail)
        count, rcpt = len(mails), sum(len(mail.recipients) for mail in mails)
        self.say(stop, smtpd, f"disconnect from {client} ehlo=2 starttls=1 auth=1 mail={count} rcpt={rcpt} data={count} "
                              f"quit=1 commands={5 + 2 * count + rcpt}")

    def hand_in(self, t, smtpd, client, sender, mail):
        queue_id = self.ids.take(t)
        if self.filter != "before the queue":
            mail.named = self.say(t, smtpd, f"{queue_id}: {client}")
            return self.accept(t, queue_id, sender, mail)
        named, back = self.say(t, smtpd, f"NOQUEUE: {client}"), self.process("postfix/10025/smtpd", t + 0.2, t + 1)
        self.say(t + 0.2, back, "connect from localhost[127.0.0.1]")
        self.say(t + 0.21, back, f"{queue_id}: client=localhost[127.0.0.1], orig_client={client_name(mail.ip)}")
        mail.named = named and self.say(
            t + self.rng.uniform(0.26, 0.4), smtpd,
            f"proxy-accept: END-OF-MESSAGE: 250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as {queue_id}; "
            f"from=<{sender}> to=<{mail.recipients[0].address}> proto=ESMTP helo=<[192.168.1.5]>")
        self.say(t + 0.41, back, "disconnect from localhost[127.0.0.1] ehlo=1 xforward=1 mail=1 rcpt=1 data=1 quit=1 commands=6")
        return self.accept(t + 0.2, queue_id, sender, mail)

    def accept(self, t, queue_id, sender, mail):
        """cleanup and qmgr take it; through the content filter where there is one, then outside"""
        mail.message_id = self.new_message_id(sender)
        size = self.rng.randrange(900, 60_000)
        queued = self.enqueue(t + 0.05, queue_id, sender, size, mail)
        if self.filter.startswith("amavis"):
            queue_id, queued = self.refile(queued, queue_id, sender, size, mail)
        elif self.filter == "a program":
            queue_id, queued = self.refile_by_program(queued, queue_id, sender, size, mail)
        self.deliver(queued, queue_id, sender, size, mail)

    def enqueue(self, t, queue_id, sender, size, mail):
        self.say(t, self.process("postfix/cleanup", t, t + 0.1), f"{queue_id}: message-id=<{mail.message_id}>")
        if self.active(t + 0.08, queue_id, sender, size, mail):
            mail.queued = mail.queued or t + 0.08
            mail.ids.append(queue_id)
        return t + 0.08

    def active(self, t, queue_id, sender, size, mail):
        return self.say(t, self.qmgr, f"{queue_id}: from=<{sender}>, size={size}, nrcpt={len(mail.recipients)} (queue active)")

    def remove(self, t, queue_id, mail):
        if self.say(t, self.qmgr, f"{queue_id}: removed") and queue_id in mail.ids:
            mail.ids.remove(queue_id)
        self.ids.give_back(t, queue_id)

    def refile(self, t, first_id, sender, size, mail):
        """amavis takes it on port 10024 and hands it back on 10025 as a new message"""
        second_id, back, said = self.ids.take(t + 0.9), t + 0.9, ""
        if "xforward" in self.filter:
            said = f", orig_queue_id={first_id}, orig_client={client_name(mail.ip)}"
        smtpd, smtp = self.process("postfix/10025/smtpd", back, back + 1), self.process("postfix/amavis/smtp", t, back + 1)
        self.say(back - 0.01, smtpd, "connect from localhost[127.0.0.1]")
        self.say(back, smtpd, f"{second_id}: client=localhost[127.0.0.1]{said}")
        queued = self.enqueue(back + 0.01, second_id, sender, size + 441, mail)
        self.say(queued + 0.01, smtpd, "disconnect from localhost[127.0.0.1] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5")
        everybody = ",".join(f"<{recipient.address}>" for recipient in mail.recipients)
        self.say(queued + 0.02, "amavis[801]",
                 f"(00801-{self.rng.randrange(99):02d}) Passed CLEAN {{RelayedOutbound}}, ORIGINATING LOCAL [{mail.ip}] "
                 f"<{sender}> -> {everybody}, Queue-ID: {first_id}, Message-ID: <{mail.message_id}>, "
                 f"mail_id: {self.session_id()[:12]}, Hits: -, size: {size}, queued_as: {second_id}, 880 ms")
        for recipient in mail.recipients:
            self.say(queued + 0.03, smtp, f"{first_id}: to=<{recipient.address}>, relay=127.0.0.1[127.0.0.1]:10024, delay=1, "
                                          "delays=0.1/0/0/0.9, dsn=2.0.0, status=sent (250 2.0.0 from "
                                          f"MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as {second_id})")
        self.remove(queued + 0.04, first_id, mail)
        return second_id, queued + 0.05

    def refile_by_program(self, t, first_id, sender, size, mail):
        """pipe gives it to a program, which hands it in by sendmail(1); pickup may be logged before, amid or after that"""
        second_id, done = self.ids.take(t + 0.5), t + 0.5
        picked_up = done + self.rng.choice((-0.02, 0.015, 0.5))
        pipe = self.process("postfix/pipe", t, done + 0.02)
        for recipient in mail.recipients:
            self.say(done, pipe, f"{first_id}: to=<{recipient.address}>, relay=filter, delay=0.5, delays=0.1/0/0/0.4, "
                                 "dsn=2.0.0, status=sent (delivered via filter service)")
        self.remove(done + 0.03, first_id, mail)
        self.say(picked_up, self.process("postfix/pickup", picked_up, picked_up + 0.1), f"{second_id}: uid=115 from=<{sender}>")
        queued = self.enqueue(picked_up + 0.01, second_id, sender, size + 397, mail)
        return second_id, queued + 0.05

    # ---- and out
    def tried(self, queue_id, mail, recipient, tried):
        relay, to = f"{tried.host}[{tried.address}]", recipient.address
        said = {NO_ANSWER: f"connect to {relay}:25: {tried.reply}", "2.0.0": tried.reply, NO_HOST: tried.reply}.get(
            tried.dsn, f"host {relay} said: {tried.reply} (in reply to {tried.command} command)")
        where = "none" if tried.dsn in (NO_ANSWER, NO_HOST) else f"{relay}:25"
        written_to = f", orig_to=<{recipient.alias}>" if recipient.alias else ""
        return self.say(tried.end, self.process("postfix/smtp", tried.began, tried.end),
                        f"{queue_id}: to=<{to}>{written_to}, relay={where}, delay={tried.end - tried.arrived:.2g}, "
                        f"delays=0.1/0.01/{tried.took / 2:.2g}/{tried.took / 2:.2g}, dsn={tried.dsn}, "
                        f"status={tried.outcome} ({said})")

    def into_mailbox(self, t, queue_id, mail, recipient):
        to, session, lmtp = recipient.address, self.session_id(), self.process("postfix/lmtp", t, t + 0.2)
        self.saved(t + 0.1, mail, to, session)
        if self.say(t + 0.12, lmtp, f"{queue_id}: to=<{to}>, relay={self.host}[private/dovecot-lmtp], delay=0.12, "
                                    f"delays=0.02/0/0/0.1, dsn=2.0.0, status=sent (250 2.0.0 <{to}> {session} Saved)"):
            recipient.outcome = "sent"
        return t + 0.13

    def bounce(self, t, queue_id, sender):
        if not sender:
            return
        child = self.ids.take(t)
        note = self.note_to(sender, child)
        self.say(t, self.process("postfix/cleanup", t, t + 0.1), f"{child}: message-id=<{note.message_id}>")
        late = self.rng.choice((0.01, 0.03))             # before or after qmgr's line
        self.say(t + late, self.process("postfix/bounce", t, t + 1),
                 f"{queue_id}: sender non-delivery notification: {child}")
        self.active(t + 0.02, child, "", 2490, note)
        self.deliver(t + 0.02, child, "", 2490, note)

    def expire(self, t, queue_id, sender, left, mail):
        if self.say(t, self.qmgr, f"{queue_id}: from=<{sender}>, status=expired, returned to sender"):
            for recipient in left:
                recipient.outcome = "bounced"
        self.bounce(t + 0.1, queue_id, sender)
        self.remove(t + 0.4, queue_id, mail)

    # ---- mail that no account handed in
    def relayed(self, t, smtpd, client, sender, size, mail):
        queue_id, client = self.ids.take(t + 0.5), f"{client[0]}[{client[1]}]"
        self.say(t, smtpd, f"connect from {client}")
        self.say(t + 0.5, smtpd, f"{queue_id}: client={client}")
        self.say(t + 0.6, self.process("postfix/cleanup", t, t + 2), f"{queue_id}: message-id=<{mail.message_id}>")
        self.active(t + 0.9, queue_id, sender, size, mail)
        self.say(t + 1, smtpd, f"disconnect from {client} ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7")
        self.deliver(t + 0.9, queue_id, sender, size, mail)

    def script(self, t, uid, recipient):
        """a program on the machine itself, through pickup"""
        queue_id, user = self.ids.take(t), USERS.get(uid, f"user{uid}")
        self.say(t, self.process("postfix/pickup", t, t + 0.1), f"{queue_id}: uid={uid} from=<{user}>")
        self.accept(t, queue_id, f"{user}@{self.host}", Mail("", False, "", [recipient]))

    def weather(self, t, ip):
        """what the Internet does to every mail server"""
        smtpd, client = self.process("postfix/smtpd", t, t + 3), f"unknown[{ip}]"
        name = self.rng.choice(("info", "test", "admin", "scan"))
        said, did = self.rng.choice((
            (f"lost connection after EHLO from {client}", "ehlo=1 commands=1"),
            (f"NOQUEUE: reject: RCPT from {client}: 554 5.7.1 <you@away.example>: Relay access denied; "
             "from=<me@away.example> to=<you@away.example> proto=ESMTP helo=<WIN-9QL4SDRB93L>",
             "ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4"),
            (f"warning: {client}: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username={name}",
             "ehlo=1 auth=0/1 quit=1 commands=2/3")))
        self.say(t, smtpd, f"connect from {client}")
        self.say(t + 2, smtpd, said)
        self.say(t + 3, smtpd, f"disconnect from {client} {did}")
