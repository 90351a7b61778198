# SPDX-License-Identifier: Apache-2.0
"""Real servers that keep passwords, each private: its data in a folder of its own, on unix sockets or 127.0.0.1, children of this
process that are gone at the end. Each knows the lines of passdb.conf for sekisho, and those of a Dovecot beside it.

A server that keeps passwords has: `settings()` and `dovecot()` (such lines), `fill({account: hash})`, `dump()` ({account: hash}, sorted),
`locked()` (somebody else holds the table), `kill()` and `start()`, `frozen()`."""
import base64
import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from pathlib import Path

from servers import MAIL_UID, Wrong, free_ports

LIBC, PR_SET_PDEATHSIG = ctypes.CDLL(None), 1
NEEDED = {"initdb": "postgresql", "mariadbd": "mariadb-server", "slapd": "slapd", "ldapmodify": "ldap-utils", "openssl": "openssl",
          "/usr/lib/dovecot/modules/auth/libdriver_pgsql.so": "dovecot-pgsql",
          "/usr/lib/dovecot/modules/auth/libdriver_mysql.so": "dovecot-mysql",
          "/usr/lib/dovecot/modules/auth/libdriver_sqlite.so": "dovecot-sqlite",
          "/usr/lib/dovecot/modules/auth/libauthdb_ldap.so": "dovecot-ldap"}
SECRET = "o'ne two\\three"  # the password of the databases' user: with all that has to be quoted
QUOTED = "'" + SECRET.replace("\\", "\\\\").replace("'", "\\'") + "'"
TABLE = "CREATE TABLE users (account VARCHAR(200), password VARCHAR(600), home VARCHAR(300), number INTEGER)"
STATEMENTS = {"get": "SELECT password FROM users WHERE account = :account",
              "set": "UPDATE users SET password = :password WHERE account = :account",
              "delete": "DELETE FROM users WHERE account = :account",
              "list": "SELECT account FROM users ORDER BY account"}


def postgresql_programs():
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]), default=None)


def unable(tool):
    """why the test cannot be run here, in a sentence, or nothing"""
    os.environ["PATH"] = ":".join(map(str, filter(None, [postgresql_programs(), os.environ.get("PATH", "/usr/bin:/bin"),
                                                         "/usr/sbin", "/sbin"])))
    if missing := sorted({package for program, package in NEEDED.items() if not (shutil.which(program) or Path(program).is_file())}):
        return f"Debian packages are missing: {' '.join(missing)}"
    return None if shutil.which(tool) else f"{tool} is no program that can be run"


def die_with_parent():
    """with the thread that started us, whatever ends it"""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run(*command, **how):
    """what it said; Wrong where it failed"""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, timeout=300, **how)
    if done.returncode:
        raise Wrong(f"{command[0]}: {(done.stderr + done.stdout).strip()[-400:]}")
    return done.stdout


def sql_text(text):
    return "'" + text.replace("'", "''") + "'"


class Server:
    """One child in a folder of its own below `root`. It is waited for until `answers()`."""
    user, child = "root", None

    def __init__(self, root):
        self.folder = root / self.name
        self.folder.mkdir(mode=0o755)
        shutil.chown(self.folder, self.user)

    def __enter__(self):
        try:
            self.furnish()
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_):
        self.kill()

    def spawn(self, *command):
        with open(self.folder / "said", "ab") as said:
            self.child = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                          cwd=self.folder, user=self.user, group=pwd.getpwnam(self.user).pw_gid, extra_groups=[],
                                          start_new_session=True, preexec_fn=die_with_parent)

    def start(self, patience_s=150):
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if self.child is None or self.child.poll() is not None:
                self.launch()  # PostgreSQL does not come up while a child of the killed one is still ending
            with contextlib.suppress(Wrong, OSError):
                self.answers()
                return
            time.sleep(0.05)
        raise Wrong(f"{self.name} does not come up: {(self.folder / 'said').read_text(errors='replace')[-600:]}")

    def family(self):
        """the child, and its own children"""
        pids = [self.child.pid] if self.child else []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if int(stat.read_text().rpartition(")")[2].split()[1]) in pids[:1]:
                    pids.append(int(stat.parent.name))
        return pids

    def signal(self, number):
        for pid in self.family():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self):
        if self.child:
            self.signal(signal.SIGKILL)
            self.child.wait()
            self.child = None

    @contextlib.contextmanager
    def frozen(self):
        """nobody there answers, though everything is open"""
        self.signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.signal(signal.SIGCONT)


class SqlServer(Server):
    """one with `ask(statement)`, which gives lines with tabs between the columns"""
    table, people = TABLE, ""  # what is behind the definition of another table

    def settings(self):
        return {"backend": self.name, **self.reach(), **STATEMENTS}

    def add(self, account, stored):
        self.ask(f"INSERT INTO users VALUES ({sql_text(account)}, {sql_text(stored)}, {sql_text(self.home(account))}, 0)")

    @staticmethod
    def sql_text(text):
        return sql_text(text)

    def fill(self, accounts):
        self.ask("DELETE FROM users")
        for account, stored in accounts.items():
            self.add(account, stored)

    def home(self, account):
        return str(self.folder / "mail" / account)

    def dump(self):
        return sorted(tuple(line.split("\t")) for line in self.ask("SELECT account, password FROM users").splitlines())

    def dovecot(self, folder):
        (folder / "sql.conf").write_text(
            f"driver = {self.driver}\nconnect = {self.dovecot_connect()}\n"
            "password_query = SELECT account AS user, password FROM users WHERE account = '%u'\n"
            "user_query = SELECT home FROM users WHERE account = '%u'\n"
            "iterate_query = SELECT account AS user FROM users\n")
        return f"passdb {{\n driver = sql\n args = {folder}/sql.conf\n}}\nuserdb {{\n driver = sql\n args = {folder}/sql.conf\n}}\n"


class Sqlite(SqlServer):
    name = driver = "sqlite"

    def furnish(self):
        # Dovecot's auth and the mailboxes' owner have to get there
        self.file = self.folder / "users.db"
        self.ask(self.table)
        self.file.chmod(0o666)
        self.folder.chmod(0o777)

    def start(self, patience_s=0):
        pass

    def kill(self):
        pass

    def ask(self, statement):
        with contextlib.closing(sqlite3.connect(self.file, timeout=120, isolation_level=None)) as database:
            return "\n".join("\t".join(map(str, row)) for row in database.execute(statement))

    def reach(self):
        return {"file": self.file}

    def dovecot_connect(self):
        return self.file

    @contextlib.contextmanager
    def locked(self):
        with contextlib.closing(sqlite3.connect(self.file, isolation_level=None)) as database:
            database.execute("BEGIN EXCLUSIVE")
            yield
            database.execute("ROLLBACK")


class PostgreSQL(SqlServer):
    name, driver, user, people = "postgresql", "pgsql", "postgres", "; GRANT ALL ON people TO mail"

    def furnish(self):
        run("initdb", "-D", self.folder / "data", "-A", "peer", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", user="postgres",
            group="postgres", extra_groups=[], cwd=self.folder)
        (self.folder / "data/pg_hba.conf").write_text("local all postgres peer\nlocal all all scram-sha-256\n")
        self.start()
        secret = SECRET.replace("'", "''")
        self.ask(f"CREATE ROLE mail LOGIN PASSWORD '{secret}'; {self.table}; GRANT ALL ON users TO mail")

    def launch(self):
        self.spawn("postgres", "-D", self.folder / "data", "-k", self.folder, "-c", "listen_addresses=", "-c", "fsync=off",
                   "-c", "shared_buffers=4MB", "-c", "max_connections=20", "-c", "autovacuum=off", "-c", "log_min_messages=panic")

    def answers(self):
        self.ask("SELECT 1")

    def psql(self):
        return ["psql", "-h", str(self.folder), "-d", "postgres", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"]

    def ask(self, statement):
        return run(*self.psql(), "-c", statement, user="postgres", group="postgres", extra_groups=[], cwd=self.folder)

    def reach(self):
        return {"connect": f"host={self.folder} dbname=postgres user=mail password={QUOTED}"}

    def dovecot_connect(self):
        return f"host={self.folder} dbname=postgres user=mail password={QUOTED}"

    @contextlib.contextmanager
    def locked(self):
        with somebody(self.psql(), "BEGIN; LOCK TABLE users; SELECT 'locked';\n", user="postgres", group="postgres", extra_groups=[],
                      cwd=self.folder):
            yield


class MariaDB(SqlServer):
    name, driver, user = "mysql", "mysql", "mysql"
    people = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    table = TABLE + people

    def furnish(self):
        run("mariadb-install-db", "--no-defaults", "--user=mysql", f"--datadir={self.folder}/data", "--skip-test-db",
            "--auth-root-authentication-method=socket", "--auth-root-socket-user=root", "--innodb-flush-method=nosync")
        self.start()
        secret = SECRET.replace("\\", "\\\\").replace("'", "''")
        self.ask("CREATE DATABASE mail", database="mysql")
        self.ask(f"{self.table}; CREATE USER mail@localhost IDENTIFIED BY '{secret}'; GRANT ALL ON mail.* TO mail@localhost;"
                 f"{self.table.replace('TABLE users', 'TABLE old_users')} ENGINE=MyISAM")

    def launch(self):
        self.spawn("mariadbd", "--no-defaults", f"--datadir={self.folder}/data", f"--socket={self.folder}/socket", "--skip-networking",
                   f"--pid-file={self.folder}/pid", "--innodb-buffer-pool-size=8M", "--innodb-flush-log-at-trx-commit=2",
                   "--innodb-log-file-size=4M", "--key-buffer-size=1M", "--innodb-flush-method=nosync", "--performance-schema=off")

    def answers(self):
        self.ask("SELECT 1", database="mysql")

    def client(self, database="mail"):
        return ["mariadb", "--no-defaults", f"--socket={self.folder}/socket", "-N", "-B", "--raw", "-n", "--default-character-set=utf8mb4",
                database]

    def ask(self, statement, database="mail"):
        return run(*self.client(database), "-e", statement)

    def reach(self):
        return {"connect": f"socket={self.folder}/socket dbname=mail user=mail password={QUOTED}"}

    def dovecot_connect(self):
        # Dovecot's own words have no way to quote, so it comes as somebody else
        self.ask("CREATE USER IF NOT EXISTS dovecot@localhost IDENTIFIED BY 'plain'; GRANT SELECT ON mail.* TO dovecot@localhost")
        return f"host={self.folder}/socket dbname=mail user=dovecot password=plain"

    def sql_text(self, text):
        return sql_text(text.replace("\\", "\\\\"))

    def add(self, account, stored, table="users"):
        self.ask(f"INSERT INTO {table} VALUES ({self.sql_text(account)}, {self.sql_text(stored)}, {self.sql_text(self.home(account))}, 0)")

    @contextlib.contextmanager
    def locked(self):
        with somebody(self.client(), "LOCK TABLES users WRITE; SELECT 'locked';\n"):
            yield


@contextlib.contextmanager
def somebody(command, words, **how):
    """a session of somebody else, who has said these words"""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **how) as session:
        session.stdin.write(words)
        session.stdin.flush()
        if session.stdout.readline().strip() != "locked":
            raise Wrong("the table cannot be locked")
        yield
        session.stdin.close()


class Directory(Server):
    """slapd with mdb; ldapi, ldap with StartTLS on 127.0.0.1 and ldaps, by a certificate of its own for that address"""
    name, backend = "ldap", "ldap"
    base, admin, sekisho = "dc=test", "cn=admin,dc=test", "cn=sekisho,dc=test"

    def furnish(self):
        self.ports = free_ports("ldap", "ldaps")
        (self.folder / "data").mkdir()
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=directory",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem")
        (self.folder / "slapd.conf").write_text(f"""
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {self.folder}/pid
TLSCertificateFile {self.folder}/cert.pem
TLSCertificateKeyFile {self.folder}/key.pem
sizelimit size=600 size.prtotal=unlimited
database mdb
suffix {self.base}
rootdn {self.admin}
rootpw admin
directory {self.folder}/data
dbnosync
access to attrs=userPassword by dn.exact={self.sekisho} write by anonymous auth
access to * by dn.exact={self.sekisho} write by * read
""")
        text = f"dn: {self.base}\nobjectClass: domain\ndc: test\n\n" + "".join(
            f"dn: ou={unit},{self.base}\nobjectClass: organizationalUnit\nou: {unit}\n\n" for unit in ("people", "others"))
        text += f"dn: {self.sekisho}\nobjectClass: person\ncn: sekisho\nsn: sekisho\nuserPassword: {SECRET}\n"
        run("slapadd", "-q", "-f", self.folder / "slapd.conf", input=text)

    def launch(self):
        self.spawn("slapd", "-d", "0", "-f", self.folder / "slapd.conf", "-h",
                   f"{self.ldapi()} ldap://127.0.0.1:{self.ports['ldap']} ldaps://127.0.0.1:{self.ports['ldaps']}")

    def ldapi(self):
        return "ldapi://" + str(self.folder / "ldapi").replace("/", "%2F")

    def answers(self):
        self.ask("-b", self.base, "-s", "base", "dn")

    def admins(self, program):
        return [program, "-H", self.ldapi(), "-x", "-D", self.admin, "-w", "admin"]

    def ask(self, *words):
        return run(*self.admins("ldapsearch"), "-LLL", "-o", "ldif-wrap=no", *words)

    def change(self, ldif):
        run(*self.admins("ldapmodify"), "-c", input=ldif)

    def settings(self):
        return {"backend": "ldap", "connect": f"ldap://127.0.0.1:{self.ports['ldap']}", "bind_dn": self.sekisho, "bind_password": SECRET,
                "base_dn": self.base, "filter": "(&(objectClass=inetOrgPerson)(uid=%u))", "list": "uid", "delete": "entry"}

    def dn(self, account, unit="people"):
        return f"cn={account.encode().hex()},ou={unit},{self.base}"

    def add(self, account, *stored, unit="people"):
        self.change(self.entry(account, unit, *stored))

    def entry(self, account, unit, *stored):
        text = f"dn: {self.dn(account, unit)}\nchangetype: add\nobjectClass: inetOrgPerson\nsn: x\nuid:: {b64(account)}\n"
        text += f"description: {self.home(account)}\n" + "".join(
            f"userPassword:: {b64(each.replace('{SHA512-CRYPT}$6$', '{CRYPT}$6$'))}\n" for each in stored)
        return text + "\n"

    def home(self, account):
        return str(self.folder / "mail" / account.encode().hex())

    def fill(self, accounts):
        there = [line for line in self.ask("-b", self.base, "(objectClass=inetOrgPerson)", "dn").splitlines() if line]
        self.change("".join(f"{line}\nchangetype: delete\n\n" for line in there))
        self.change("".join(self.entry(account, "people", stored) for account, stored in accounts.items()))

    def dump(self):
        """crypt(3) by Dovecot's name, as the back end says it"""
        entries, account = [], None
        for line in self.ask("-b", self.base, "(objectClass=inetOrgPerson)", "uid", "userPassword").splitlines():
            name, _, value = line.partition(":")
            value = base64.b64decode(value[1:]).decode() if value.startswith(":") else value.strip()
            if name == "uid":
                account = value
            elif name == "userPassword":
                entries.append((account, value.replace("{CRYPT}$6$", "{SHA512-CRYPT}$6$")))
        return sorted(entries)

    def dovecot(self, folder):
        (folder / "ldap.conf").write_text(
            f"uris = ldap://127.0.0.1:{self.ports['ldap']}\ndn = {self.sekisho}\ndnpass = {SECRET}\nbase = {self.base}\nauth_bind = no\n"
            "pass_filter = (&(objectClass=inetOrgPerson)(uid=%u))\npass_attrs = uid=user,userPassword=password\n"
            "user_filter = (&(objectClass=inetOrgPerson)(uid=%u))\nuser_attrs = description=home\n")
        # the second asks slapd itself, as those do who bind
        (folder / "bind.conf").write_text((folder / "ldap.conf").read_text().replace("auth_bind = no", "auth_bind = yes"))
        return f"passdb {{\n driver = ldap\n args = {folder}/ldap.conf\n}}\nuserdb {{\n driver = ldap\n args = {folder}/ldap.conf\n}}\n"

    def binds(self, account, password):
        """does slapd itself let them in?"""
        done = subprocess.run(["ldapwhoami", "-H", self.ldapi(), "-x", "-D", self.dn(account), "-w", password], capture_output=True,
                              check=False, timeout=120)
        return done.returncode == 0


def b64(text):
    return base64.b64encode(text.encode()).decode()


class Dovecot(Server):
    """IMAP on 127.0.0.1 and LMTP on a unix socket, with a cache of logins, beside one server that keeps passwords"""
    def __init__(self, root, keeper):
        self.name, self.keeper = f"dovecot-{keeper.name}", keeper
        super().__init__(root)

    def furnish(self):
        self.ports = free_ports("imap")
        (self.folder / "conf").mkdir(mode=0o755)
        (self.folder / "mail").mkdir(mode=0o755)
        mail = self.keeper.folder / "mail"
        mail.mkdir(exist_ok=True)
        shutil.chown(mail, MAIL_UID, MAIL_UID)
        self.denied = self.folder / "deny/logins"  # whom sekisho locks
        self.denied.parent.mkdir()
        self.denied.touch()
        (self.folder / "conf/dovecot.conf").write_text(f"""
passdb {{
  driver = passwd-file
  deny = yes
  args = {self.denied}
}}
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
auth_username_chars =
auth_verbose = yes
auth_cache_size = 1M
auth_cache_ttl = 1 hour
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_uid = {MAIL_UID}
mail_gid = {MAIL_UID}
first_valid_uid = {MAIL_UID}
{self.keeper.dovecot(self.folder / "conf")}
service imap-login {{
  inet_listener imap {{
    port = {self.ports["imap"]}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  unix_listener {self.folder}/lmtp {{
    mode = 0600
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
""")

    def launch(self):
        self.spawn("dovecot", "-F", "-c", self.folder / "conf/dovecot.conf")

    def answers(self):
        socket.create_connection(("127.0.0.1", self.ports["imap"]), timeout=1).close()

    def kill(self):
        """gently: its children would stay"""
        if self.child:
            self.child.terminate()
            self.child.wait()
            self.child = None

    def forget(self, account):
        run("doveadm", "-c", self.folder / "conf/dovecot.conf", "auth", "cache", "flush", account)

    def accepts(self, account, password):
        """a login over IMAP; anything but yes and no is an error"""
        words = base64.b64encode(f"\0{account}\0{password}".encode()).decode()
        with socket.create_connection(("127.0.0.1", self.ports["imap"]), timeout=120) as door, door.makefile("rb") as lines:
            lines.readline()
            door.sendall(f"a AUTHENTICATE PLAIN {words}\r\n".encode())
            for line in lines:
                if line.startswith(b"a "):
                    break
            else:
                raise Wrong("Dovecot hung up")
        if line.startswith(b"a OK"):
            return True
        if b"AUTHENTICATIONFAILED" in line or b"[AUTHORIZATIONFAILED]" in line:
            return False
        raise Wrong(f"Dovecot says {line.decode(errors='replace').strip()}")

    def stores(self, account, text):
        """hands a mail over by LMTP; whether it lies in the mailbox then"""
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(120)
            door.connect(str(self.folder / "lmtp"))
            with door.makefile("rb") as lines:
                said = [lines.readline()]
                for words in ("LHLO here", "MAIL FROM:<>", f"RCPT TO:<{account}>", "DATA"):
                    door.sendall(words.encode() + b"\r\n")
                    said.append(self.reply(lines))
                if not said[-1].startswith(b"354"):
                    return False
                door.sendall(f"Subject: {text}\r\n\r\n{text}\r\n.\r\n".encode())
                if not self.reply(lines).startswith(b"250"):
                    return False
        mails = (Path(self.keeper.home(account)) / "Maildir/new").glob("*")
        return any(text in mail.read_text(errors="replace") for mail in mails)

    @staticmethod
    def reply(lines):
        while (line := lines.readline())[3:4] == b"-":
            pass
        return line
