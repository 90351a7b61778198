# SPDX-License-Identifier: Apache-2.0
"""What Dovecot 2.3 or 2.4 says: logins by IMAP, by POP3 and at its submission service, wrong passwords, mail put into
a mailbox."""

ADDRESS = "192.0.2.25"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class Dovecot:
    """a part of every server; it needs the server's say, rng and story"""
    def words(self, old, new):
        return new if "2.4" in self.story.settings.get("dovecot", "2.3") else old

    def login_name(self, account):
        return account.split("@")[0] if self.story.settings.get("logins") == "bare" else account

    def session_id(self):
        return "".join(self.rng.choices(BASE64, k=16))

    def login(self, t, protocol, account, ip):
        """the session's name, as its later lines have it"""
        login, session, pid = self.login_name(account), self.session_id(), self.rng.randrange(10_000, 4_000_000)
        self.say(t, "dovecot", f"{protocol}-login: {self.words('Login', 'Logged in')}: user=<{login}>, method=PLAIN, "
                               f"rip={ip}, lip={ADDRESS}, mpid={pid}, TLS, session=<{session}>")
        return f"{protocol}({login})<{pid}><{session}>"

    def read(self, t, account, ip, protocol):
        session = self.login(t, protocol, account, ip)
        if protocol == "pop3":
            figures = f"top=0/0, retr=0/0, del=0/{self.rng.randrange(99)}, size={self.rng.randrange(10**7)}"
        else:
            figures = (f"in={self.rng.randrange(99, 9000)} out={self.rng.randrange(500, 900_000)} deleted=0 expunged=0 "
                       f"trashed=0 hdr_count=3 hdr_bytes=1711 body_count=1 body_bytes=8431")
        self.say(t + self.rng.uniform(1, 300), "dovecot", f"{session}: Disconnected: Logged out {figures}")

    def wrong_login(self, t, protocol, account, ip):
        head, why = self.words(("Disconnected", ""), ("Login aborted", " (auth_failed)"))
        self.say(t + 2, "dovecot", f"{protocol}-login: {head}: Connection closed (auth failed, 1 attempts in 2 secs){why}: "
                                   f"user=<{self.login_name(account)}>, method=PLAIN, rip={ip}, lip={ADDRESS}, TLS, "
                                   f"session=<{self.session_id()}>")

    def wrong_imap(self, t, account, ip):
        self.wrong_login(t, "imap", account, ip)

    def mismatch(self, t, account, ip):
        """it can tell of a wrong password at the mail server too, before that does"""
        if self.story.settings.get("logins") == "verbose":
            self.say(t, "dovecot", f"auth: passwd-file({self.login_name(account)},{ip}): Password mismatch")

    def saved(self, t, mail, to, session):
        self.say(t, "dovecot", f"lmtp({self.login_name(to)})<{self.rng.randrange(2000, 90_000)}><{session}>: "
                               f"msgid=<{mail.message_id}>: saved mail to INBOX")
