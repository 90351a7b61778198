# SPDX-License-Identifier: Apache-2.0
"""What the back ends with servers do on real servers, each beside a Dovecot that reads the same. A check yields (what, what is
wrong or nothing)."""
import json
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from mailboxes import Passdb
from passdb_servers import (SECRET, STATEMENTS, Directory, Dovecot, MariaDB, PostgreSQL, Sqlite, run)

PATIENCE_S = 3
ANNA, TARO, BODO, LAST = "anna@example.org", "太郎@例え.jp", "bodo@example.org", "o.neill+x@example.org"
ACCOUNTS = {ANNA: "old anna", TARO: "古い言葉", BODO: "old bodo", LAST: "old last"}
INJECTIONS = ["' OR '1'='1", "x'; DROP TABLE users; --", "anna@example.org'--", "\\' OR 1=1 -- ", "\" OR \"\"=\"", "%", "_____________ple.org",
              "*", "*)(uid=*", "anna*", "anna@example.org)(|(uid=*", ":account", "?", "$1", "a\\", "anna@example.org\\00",
              "\x1b[2J", "'||(SELECT password FROM users LIMIT 1)||'", "anna@example.org/*", "𝒶" * 80]


class Tool:
    """rig_passdb with these settings, kept open, so that its connections have to survive what happens"""
    def __init__(self, program, folder, **settings):
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        self.folder.chmod(0o700)
        (self.folder / "former").mkdir(mode=0o700)
        text = "".join(f"{name} = {value}\n" for name, value in settings.items() if value is not None)
        conf = self.folder / "passdb.conf"
        conf.write_text(f"user = 0\npatience = {PATIENCE_S}\nformer_folder = {self.folder}/former\n{text}")
        conf.chmod(0o600)
        self.words = [program, conf]

    def __enter__(self):
        self.said = open(self.folder / "said", "w+", encoding="utf-8")
        self.child = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said, text=True,
                                      encoding="utf-8")
        self.opened = self.line()
        return self

    def __exit__(self, *_):
        self.child.stdin.close()
        self.status = self.child.wait(timeout=120)
        self.child.stdout.close()
        self.said.seek(0)
        self.noise = self.said.read()
        self.said.close()

    def line(self):
        return self.child.stdout.readline().rstrip("\n").partition("\t")[::2]

    def ask(self, *words):
        """(result, what it says)"""
        self.child.stdin.write("\t".join(words) + "\n")
        self.child.stdin.flush()
        answer = self.line()
        while answer[0] == "account":
            self.accounts.append(answer[1])
            answer = self.line()
        return answer

    def list(self):
        self.accounts = []
        return self.ask("list")[0], sorted(self.accounts)

    def timed(self, *words):
        began = time.monotonic()
        return *self.ask(*words), time.monotonic() - began


def differs(came, wanted):
    return "" if came == wanted else f"{came!r} instead of {wanted!r}"[:600]


def hash_of(password):
    return run("doveadm", "pw", "-s", "SHA512-CRYPT", "-r", "1000", "-p", password).strip()


def in_time(answer):
    """failed, after that patience: without one it would never be answered"""
    result, says, took = answer
    return "" if result == "failed" and took < PATIENCE_S + 20 else f"{result} after {took:.1f} s: {says}"


class Story:
    def __init__(self, programs, keeper, dovecot, folder):
        self.program, self.helper_program = programs
        self.keeper, self.dovecot, self.folder, self.state = keeper, dovecot, folder, None

    def tool(self, **changes):
        return Tool(self.program, self.folder, **{**self.keeper.settings(), **changes})

    def fill(self):
        self.keeper.fill({account: hash_of(password) for account, password in ACCOUNTS.items()})

    def accepts(self, account, password):
        """after the cache was told to forget"""
        self.dovecot.forget(account)
        return self.dovecot.accepts(account, password)

    # ---- with Dovecot

    def passwords(self, tool):
        for account in (ANNA, TARO):
            old = ACCOUNTS[account]
            yield f"{account}: the old password is accepted before", differs(self.dovecot.accepts(account, old), True)
            first, second = tool.ask("scramble", account), tool.ask("scramble", account)
            yield f"{account}: scrambled", differs(first[0], "done")
            yield f"{account}: twice is once", differs(second, first)
            yield f"{account}: the cache of Dovecot still takes the old one, which is why it is flushed", \
                differs(self.dovecot.accepts(account, old), True)
            yield f"{account}: then it is refused", differs(self.accepts(account, old), False)
            yield f"{account}: restored", differs(tool.ask("restore", account)[0], "done")
            yield f"{account}: the old one is accepted again", differs(self.accepts(account, old), True)
            yield f"{account}: changed", differs(tool.ask("change", account, "新 & new '\\\"")[0], "done")
            yield f"{account}: the new one is accepted", differs(self.accepts(account, "新 & new '\\\""), True)
            yield f"{account}: the old one is not", differs(self.accepts(account, old), False)
            yield f"{account}: nothing to restore any more", differs(tool.ask("restore", account)[0], "not")
        yield "others were left alone", differs(self.accepts(BODO, ACCOUNTS[BODO]), True)

    def renewals(self, tool):
        """what was the password before is refused, also when a scramble is stored now"""
        old, new = ACCOUNTS[ANNA], "nova & 新"
        before = self.keeper.dump()
        yield "what is stored is refused", differs(tool.ask("renew", ANNA, old), ("former", "it was the password of this account before"))
        yield "and stays", differs(self.keeper.dump(), before)
        yield "scrambled", differs(tool.ask("scramble", ANNA)[0], "done")
        yield "it is refused still", differs(tool.ask("renew", ANNA, old)[0], "former")
        yield "a new one is taken", differs(tool.ask("renew", ANNA, new)[0], "done")
        yield "and accepted", differs(self.accepts(ANNA, new), True)
        yield "neither is taken again", differs([tool.ask("renew", ANNA, each)[0] for each in (old, new)], ["former"] * 2)
        yield "nor accepted, the old one", differs(self.accepts(ANNA, old), False)
        yield "another's may be it", differs(tool.ask("renew", BODO, new)[0], "done")
        yield "who is not there is absent", differs(tool.ask("renew", "nobody@example.org", new)[0], "absent")

    def doors(self, tool):
        before = tool.ask("fingerprint", BODO)
        yield "disabled", differs(tool.ask("disable", BODO)[0], "done")
        yield "who is disabled does not come in", differs(self.accepts(BODO, ACCOUNTS[BODO]), False)
        yield "but mail to them is stored", differs(self.dovecot.stores(BODO, "while disabled"), True)
        yield "scrambled while disabled", differs(tool.ask("scramble", BODO)[0], "done")
        yield "mail is stored then, too", differs(self.dovecot.stores(BODO, "while scrambled"), True)
        yield "enabled", differs(tool.ask("enable", BODO)[0], "done")
        yield "which does not undo the scramble", differs(self.accepts(BODO, ACCOUNTS[BODO]), False)
        yield "restored", differs(tool.ask("restore", BODO)[0], "done")
        yield "all is as before", differs(tool.ask("fingerprint", BODO), before)
        yield "and the password is right", differs(self.accepts(BODO, ACCOUNTS[BODO]), True)
        self.dovecot.denied.write_text(f"{BODO}:::::::nodelay=y\n")
        time.sleep(1.1)  # Dovecot looks at the list once a second
        yield "whom the deny list has does not come in", differs(self.accepts(BODO, ACCOUNTS[BODO]), False)
        yield "mail is stored all the while", differs(self.dovecot.stores(BODO, "while denied"), True)
        self.dovecot.denied.write_text("")
        time.sleep(1.1)
        yield "taken from the list they come in again", differs(self.accepts(BODO, ACCOUNTS[BODO]), True)

    def ends(self, tool):
        yield "all are listed", differs(tool.list(), ("done", sorted(ACCOUNTS)))
        yield "deleted", differs(tool.ask("delete", LAST)[0], "done")
        yield "deleted again: absent", differs(tool.ask("delete", LAST)[0], "absent")
        yield "listed no more", differs(tool.list(), ("done", sorted(set(ACCOUNTS) - {LAST})))
        yield "and nobody comes in", differs(self.accepts(LAST, ACCOUNTS[LAST]), False)
        yield "every verb says absent", differs({tool.ask(verb, LAST)[0] for verb in ("fingerprint", "scramble", "disable")}, {"absent"})

    def helper(self, tool):
        """sekisho-passdb itself, by its socket"""
        lines = "".join(f"{name} = {value}\n" for name, value in {**self.keeper.settings(), "patience": PATIENCE_S}.items())
        with Passdb(self.helper_program, self.folder, lines, name=f"helper-{self.keeper.name}") as passdb:
            yield "all are listed", differs(sorted(passdb.accounts()), sorted(ACCOUNTS))
            yield "the old password is accepted", differs(self.accepts(TARO, ACCOUNTS[TARO]), True)
            yield "scrambled", differs(passdb.do("scramble", TARO)[0], "ok")
            yield "the old one is refused", differs(self.accepts(TARO, ACCOUNTS[TARO]), False)
            yield "restored", differs(passdb.do("restore", TARO), passdb.do("fingerprint", TARO))
            yield "the old one is accepted again", differs(self.accepts(TARO, ACCOUNTS[TARO]), True)
            yield "changed", differs(passdb.do("change", TARO, "another word")[0], "ok")
            yield "the new one is accepted", differs(self.accepts(TARO, "another word"), True)
            yield "a name that is SQL", differs(passdb.do("scramble", INJECTIONS[0])[:2], ("no", "cannot"))
            yield "deleted", differs(passdb.do("delete", LAST)[0], "ok")
            yield "absent then", differs(passdb.do("scramble", LAST)[:2], ("no", "absent"))
            said = passdb.said()
            yield "its log names what was done, and no secret", differs(
                [word for word in ("change <太郎@例え.jp>: done", "another word", "$6$", SECRET) if word in said],
                ["change <太郎@例え.jp>: done"])

    # ---- who asks ill

    def injections(self, tool):
        before = self.keeper.dump()
        for name in INJECTIONS:
            came = {tool.ask(verb, name, *more)[0] for verb, *more in (("raw_get",), ("raw_set", "{PLAIN}x"), ("raw_delete",))}
            yield f"{name!r} is the name of nobody", differs(came, {"absent"})
            came = {tool.ask(verb, name)[0] for verb in ("scramble", "disable", "delete")}
            yield f"{name!r} comes not through", "" if came <= {"absent", "not"} else f"{came}"
        yield "nothing was changed", differs(self.keeper.dump(), before)
        value = "{PLAIN}'; DROP TABLE users; -- \\ \" 太郎 :account $1 ?"
        yield "a value with all that is special is stored", differs(tool.ask("raw_set", ANNA, value)[0], "done")
        yield "byte by byte", differs(tool.ask("raw_get", ANNA), ("done", value))
        yield "for that account alone", differs([entry for entry in self.keeper.dump() if entry[0] != ANNA],
                                                  [entry for entry in before if entry[0] != ANNA])

    # ---- trouble

    def restarts(self, tool):
        yield "asked before", differs(tool.ask("fingerprint", ANNA)[0], "done")
        self.keeper.kill()
        yield "a server that is gone: said in time", in_time(tool.timed("scramble", ANNA))
        self.keeper.start()
        yield "it is asked again when it is back", differs(tool.ask("scramble", ANNA)[0], "done")
        self.keeper.kill()
        self.keeper.start()
        yield "one that was away between two questions is not even noticed", differs(tool.ask("restore", ANNA)[0], "done")
        yield "nor by a list", differs(tool.list()[0], "done")
        self.keeper.kill()
        self.keeper.start()
        yield "also when a list is first", differs(tool.list()[0], "done")

    def freezes(self, tool):
        before = self.keeper.dump()
        tool.ask("fingerprint", ANNA)
        with self.keeper.frozen(), self.tool() as other:
            yield "a server that never answers: said in time", in_time(tool.timed("raw_set", ANNA, "{PLAIN}frozen"))
            yield "and where nothing was connected", in_time(other.timed("raw_set", ANNA, "{PLAIN}frozen"))
        time.sleep(0.3)
        yield "it is asked again when it answers", differs(tool.ask("fingerprint", ANNA)[0], "done")
        yield "nothing of it was done later", differs(self.keeper.dump(), before)

    def dies_in_the_middle(self, tool):
        """while a change waits for somebody's lock"""
        before, answers = self.keeper.dump(), []
        tool.ask("fingerprint", ANNA)
        with self.keeper.locked():
            waiting = threading.Thread(target=lambda: answers.append(tool.timed("raw_set", ANNA, "{PLAIN}half")))
            waiting.start()
            time.sleep(0.4)
            yield "it waits", differs(answers, [])
            self.keeper.kill()
            waiting.join()
        yield "a server that dies meanwhile: said in time", in_time(answers[0])
        self.keeper.start()
        yield "nothing was changed", differs(self.keeper.dump(), before)
        yield "it is changed when the server is back", differs(tool.ask("raw_set", ANNA, dict(before)[ANNA])[0], "done")

    def refused(self, what, verb, changes, holds, account=ANNA, before=None):
        """with these settings, this is said; no secret in it, and nothing changed"""
        before, value = before or self.keeper.dump(), "{SHA512-CRYPT}$6$secretsecretsecret"
        words = [verb, account, *([value] if verb == "raw_set" else [])]
        with self.tool(**changes) as tool:
            result, says = tool.opened if tool.opened[0] != "done" else tool.ask(*words)
        yield what, "" if result == "failed" and holds in says else f"{result}: {says}"
        secret = [part for part in ("secretsecret", SECRET, *(stored.partition("}")[2] for _, stored in before)) if part and part in says]
        yield f"{what}: without secrets, in a line", "" if not secret and len(says) < 400 else says
        yield f"{what}: nothing was changed", differs(self.keeper.dump(), before)


class SqlStory(Story):
    def locks(self, tool):
        before = self.keeper.dump()
        with self.keeper.locked():
            yield "a table that somebody else has locked: said in time", in_time(tool.timed("raw_set", ANNA, "{PLAIN}locked"))
        time.sleep(0.3)
        yield "and not done later", differs(self.keeper.dump(), before)
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(tool.ask("raw_set", ANNA, "{PLAIN}waited")[0]))
        with self.keeper.locked():
            waiting.start()
            time.sleep(0.4)
            yield "it waits a while", differs(answers, [])
        waiting.join()
        yield "and is done when the lock is gone", differs((answers, tool.ask("raw_get", ANNA)[1]), (["done"], "{PLAIN}waited"))

    def statements(self, tool):
        table, column = self.nowhere
        for verb, setting in (("raw_get", "get"), ("raw_set", "set")):
            wrong = STATEMENTS[setting].replace("users", "nowhere")
            yield from self.refused(f"{setting}: a table that is not there", verb, {setting: wrong}, table)
            wrong = STATEMENTS[setting].replace("account =", "nobody =")
            yield from self.refused(f"{setting}: a column that is not there", verb, {setting: wrong}, column)
            yield from self.refused(f"{setting}: no SQL", verb, {setting: "SELEKT :account, :password" if setting == "set" else "SELEKT :account"}, "yntax")
        yield from self.refused("no parameter", "raw_get", {"get": "SELECT password FROM users"}, "setting 'get': has no :account")
        yield from self.refused("no password", "raw_set", {"set": "UPDATE users SET password='x' WHERE account=:account"},
                                "setting 'set': has no :password")
        yield from self.refused("two statements", "raw_get", {"get": STATEMENTS["get"] + "; DROP TABLE users"}, "more than one statement")
        yield from self.refused("two columns", "raw_get", {"get": STATEMENTS["get"].replace("password", "password, home")},
                                "setting 'get': does not give one column")
        yield from self.refused("set gives rows", "raw_set", {"set": "SELECT account FROM users WHERE account=:account OR password=:password"},
                                "setting 'set': gives rows")
        yield from self.refused("get gives none", "raw_get", {"get": "DELETE FROM users WHERE account=:account AND 1=0"}, "setting 'get'")
        yield from self.refused("no setting", "raw_get", {"set": None}, "the setting 'set' is missing")

    def contacts(self, tool):
        """sekisho contact import --database, by sekisho-passdb"""
        owners = [(ANNA, "anna@private.test", "Anna; \"die\" Müller, née X", "o'ne blue\\bird"), (TARO, "taro@private.test b@private.test", "太郎", None),
                  (BODO, BODO, "into the mailbox itself", None), ("many@example.org", "m@private.test " * 400, "", ""), (None, "x@private.test", "", "")]
        values = ", ".join(f"({i}, " + ", ".join("NULL" if value is None else self.keeper.sql_text(value) for value in owner) + ")"
                           for i, owner in enumerate(owners))
        self.keeper.ask("CREATE TABLE people (number INTEGER, email VARCHAR(200), private TEXT, name VARCHAR(200), word VARCHAR(200))"
                        + self.keeper.people)
        self.keeper.ask(f"INSERT INTO people VALUES {values}")
        statement = "SELECT email AS account, private AS mail, name, word AS phrase, 1 AS other FROM people ORDER BY number"
        yield "an import", differs(self.imported(contacts=statement), (3, {"rows": 5, "taken": 2, "wrong": 3, "dry_run": False}))
        yield "rows that are wrong are named by their number", differs([line.partition("passdb.conf:")[2][:2] for line in self.said.splitlines()],
                                                                     ["3:", "4:", "5:"])
        for account, mail, name, phrase in owners[:2]:
            shown = self.shown(account)
            yield f"{account}: as it stands in the database", differs(
                (shown.get("mail"), shown.get("name"), shown.get("phrase"), shown.get("source")), (mail.split(), name, bool(phrase), "database"))
        yield "an empty table is none that is wrong", differs(self.imported(contacts=statement + " LIMIT 0"),
                                                            (0, {"rows": 0, "taken": 0, "wrong": 0, "dry_run": False}))
        secret = SECRET.split()[0]
        for what, holds, changes in (
                ("no such table", self.nowhere[0], {"contacts": statement.replace("people", "nowhere")}),
                ("a parameter", "takes no parameters", {"contacts": statement.replace("FROM people", "FROM people WHERE name = :account")}),
                ("columns of other names", "columns named account and mail", {"contacts": "SELECT email, private FROM people"}),
                ("no statement", "'contacts': is not named", {"contacts": None}), ("the file may be read by all", "passdb.conf", {"mode": 0o644})):
            status, answer = self.imported(**{"contacts": statement, **changes})
            yield f"{what}: refused", "" if status == 3 and answer is None and holds in self.said else f"{status} {answer}: {self.said}"
            yield f"{what}: without the password", "" if secret not in self.said and SECRET not in self.said else self.said

    def imported(self, mode=0o600, **changes):
        """(exit status, answer)"""
        self.state = self.state or Path(tempfile.mkdtemp(dir=self.folder))
        conf, main = self.state / "passdb.conf", self.state / "sekisho.conf"
        lines = {"backend": self.keeper.name, **self.keeper.reach(), "patience": PATIENCE_S, "user": 0, **changes}
        conf.write_text("".join(f"{name} = {value}\n" for name, value in lines.items() if value is not None))
        conf.chmod(mode)
        main.write_text(f'state_folder = "{self.state}"\n')
        done = subprocess.run([self.helper_program.parent / "sekisho", "contact", "import", "--database", conf, "-f", "json", "-c", main],
                              capture_output=True, text=True, check=False, timeout=60)
        self.said = done.stderr
        return done.returncode, json.loads(done.stdout) if done.stdout else None

    def shown(self, account):
        done = subprocess.run([self.helper_program.parent / "sekisho", "contact", "show", account, "-f", "json", "-c", self.state / "sekisho.conf"],
                              capture_output=True, text=True, check=False, timeout=60)
        return json.loads(done.stdout) if done.stdout else {}

    def crowds(self, tool):
        self.keeper.add(ANNA, "{PLAIN}second")
        yield from self.refused("two rows to get", "raw_get", {}, "setting 'get': gives more than one row")
        yield from self.refused("two rows to set", "raw_set", {}, "setting 'set': changed 2 rows instead of one, which was taken back")
        yield from self.refused("two rows to delete", "raw_delete", {},
                                "setting 'delete': changed 2 rows instead of one, which was taken back")
        self.fill()
        yield from self.refused("all rows", "raw_set", {"set": "UPDATE users SET password=:password WHERE account<>:account"}, "changed 3 rows")
        stored = tool.ask("raw_get", ANNA)[1]
        yield "what is stored already counts as stored", differs(tool.ask("raw_set", ANNA, stored)[0], "done")
        self.keeper.ask(f"UPDATE users SET password = NULL WHERE account = '{BODO}'")
        result, says = tool.ask("raw_get", BODO)
        yield "NULL is no password", "" if result == "not" and "NULL" in says else f"{result}: {says}"
        self.keeper.ask(f"UPDATE users SET password = '{'x' * 512}' WHERE account = '{BODO}'")
        result, says = tool.ask("raw_get", BODO)
        yield "what is too long is no hash", "" if result == "failed" and "no hash" in says else f"{result}: {says}"
        for text in self.parts:
            yield from self.refused(f"parts: {text[:30]}", "raw_get", {"get": f"SELECT password FROM users WHERE {text}"}, "no hash", account=BODO)

    def values(self, tool):
        """servers like to quote what they refuse"""
        if self.quoting:
            yield from self.refused("a value of the wrong kind", "raw_set",
                                    {"set": "UPDATE users SET number = CAST(:password AS " + self.quoting + ") WHERE account=:account"},
                                    "setting 'set'")
            yield from self.refused("what is stored is of the wrong kind", "raw_get",
                                    {"get": "SELECT CAST(password AS " + self.quoting + ") FROM users WHERE account=:account"},
                                    "setting 'get'")

    def checks(self):
        return [self.passwords, self.renewals, self.doors, self.helper, self.injections, self.ends, self.crowds, self.statements, self.values, self.locks,
                self.contacts]


class SqliteStory(SqlStory):
    nowhere, quoting = ("no such table: nowhere", "no such column: nobody"), None
    parts = ["account = :local || '@' || :domain"]

    def files(self, tool):
        moved = self.keeper.file.rename(self.keeper.file.with_suffix(".away"))
        result, says = tool.ask("fingerprint", ANNA)
        yield "a file that is away", "" if result == "failed" and str(self.keeper.file) in says else f"{result}: {says}"
        yield "is not made anew", differs(self.keeper.file.exists(), False)
        moved.rename(self.keeper.file)
        yield "it is found again", differs(tool.ask("fingerprint", ANNA)[0], "done")
        owner = self.keeper.folder.stat()
        yield "and nothing is left beside it", differs(sorted(path.name for path in owner and self.keeper.folder.glob("users.db*")), ["users.db"])

    def checks(self):
        return [*super().checks(), self.files]


class PostgreSQLStory(SqlStory):
    nowhere, quoting = ('relation "nowhere" does not exist (42P01)', 'column "nobody" does not exist (42703)'), "integer"
    parts = ["account = :local || '@' || :domain", "account = (:account)::varchar(200) /* :x */ AND $$'$$ = E'\\''"]

    def reach(self, tool):
        connect = self.keeper.reach()["connect"]
        yield from self.refused("wrong password", "raw_get", {"connect": connect.replace("three", "four")}, "password authentication failed")
        yield from self.refused("wrong folder", "raw_get", {"connect": connect.replace("host=", "host=/nowhere")}, "cannot be reached")
        yield from self.refused("no conninfo", "raw_get", {"connect": connect + " secretsecret"}, "setting 'connect'")
        yield from self.refused("unknown word", "raw_get", {"connect": connect + " secretsecret=x"}, "setting 'connect'")

    def rules(self, tool):
        self.keeper.ask("ALTER TABLE users ADD CONSTRAINT short CHECK (password NOT LIKE '%secret%')")
        yield from self.refused("a rule of the table", "raw_set", {}, "(23514)")
        self.keeper.ask("ALTER TABLE users DROP CONSTRAINT short")
        self.keeper.ask("CREATE FUNCTION cry() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE NOTICE 'notice %', NEW;"
                        "RAISE EXCEPTION 'no: %', NEW USING ERRCODE = '42000'; END$$;"
                        "CREATE TRIGGER cry BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION cry()")
        yield from self.refused("a trigger that cries", "raw_set", {}, "setting 'set'")
        self.keeper.ask("DROP TRIGGER cry ON users")

    def checks(self):
        return [*super().checks(), self.reach, self.rules, self.restarts, self.dies_in_the_middle, self.freezes]


class MariaDBStory(SqlStory):
    nowhere, quoting = ("nowhere' doesn't exist (1146)", "Unknown column 'nobody'"), None
    parts = ["account = CONCAT(:local, '@', :domain) # :x"]

    def reach(self, tool):
        connect = self.keeper.reach()["connect"]
        yield from self.refused("wrong password", "raw_get", {"connect": connect.replace("three", "four")}, "Access denied")
        yield from self.refused("wrong socket", "raw_get", {"connect": connect.replace("socket=", "socket=/nowhere")}, "Can't connect")
        yield from self.refused("no pairs", "raw_get", {"connect": connect + " secretsecret"}, "setting 'connect'")
        yield from self.refused("unknown word", "raw_get", {"connect": connect + " secretsecret=x"}, "setting 'connect'")
        yield from self.refused("no encryption to be had", "raw_get", {"connect": connect + " ssl=yes"}, "TLS/SSL error")

    def old_tables(self, tool):
        for _ in range(2):
            self.keeper.add(ANNA, "{PLAIN}old", table="old_users")
        with self.tool(set=STATEMENTS["set"].replace("users", "old_users")) as other:
            result, says = other.ask("raw_set", ANNA, "{PLAIN}new")
        yield "a table without transactions is told of", "" if result == "failed" and "could not be taken back" in says else f"{result}: {says}"

    def numbers(self, tool):
        yield from self.refused("a value of the wrong kind", "raw_set",
                                {"set": "UPDATE users SET number = :password WHERE account=:account"}, "setting 'set'")

    def checks(self):
        return [*super().checks(), self.reach, self.old_tables, self.numbers, self.restarts, self.dies_in_the_middle, self.freezes]


class DirectoryStory(Story):
    def settings_of_it(self, tool):
        yield from self.refused("wrong password", "raw_get", {"bind_password": "secretsecret"}, "'bind_dn' and 'bind_password'")
        yield from self.refused("no filter", "raw_get", {"filter": "(uid=x)"}, "setting 'filter': has no %u")
        yield from self.refused("broken filter", "raw_get", {"filter": "((uid=%u)"}, "setting 'filter'")
        yield from self.refused("wrong base", "raw_get", {"base_dn": "ou=nowhere,dc=test"}, "setting 'base_dn'")
        yield from self.refused("in the clear", "raw_get", {"connect": "ldap://192.0.2.1"}, "in the clear")
        yield from self.refused("not its own entry", "raw_set", {"bind_dn": self.keeper.dn(ANNA), "bind_password": ACCOUNTS[ANNA],
                                                                 "attribute": "description"}, "does not change the entry")
        self.keeper.add(ANNA, "{PLAIN}second", unit="others")
        yield from self.refused("two entries", "raw_set", {}, "more than one entry")
        self.fill()
        self.keeper.add("zwei@example.org", "{PLAIN}one value", "{PLAIN}other value")
        yield from self.refused("two values", "raw_set", {}, "2 values of 'userPassword'", account="zwei@example.org")
        self.keeper.add("ohne@example.org")
        yield "no value", differs(tool.ask("raw_get", "ohne@example.org")[0], "not")
        with self.tool(attribute="nowhere") as other:
            yield "no such attribute", differs(other.ask("raw_get", ANNA)[0], "not")
        with self.tool(delete=None) as other:
            yield "nothing is deleted unless it may be", differs(other.ask("raw_delete", ANNA)[0], "not")
        self.fill()

    def encryption(self, tool):
        port, cert = self.keeper.ports, self.keeper.folder / "cert.pem"
        for what, connect, more in (("StartTLS", f"ldap://127.0.0.1:{port['ldap']}", {"start_tls": "yes"}),
                                    ("ldaps", f"ldaps://127.0.0.1:{port['ldaps']}", {}), ("ldapi", self.keeper.ldapi(), {})):
            with self.tool(connect=connect, ca_file=cert, **more) as other:
                result, says = other.ask("raw_get", ANNA)
            yield f"over {what}", differs(result, "done") and says
        for what, connect, more in (("StartTLS", f"ldap://127.0.0.1:{port['ldap']}", {"start_tls": "yes"}),
                                    ("ldaps", f"ldaps://127.0.0.1:{port['ldaps']}", {})):
            yield from self.refused(f"{what}, a certificate of nobody's", "raw_get", {"connect": connect, **more}, "cannot be reached")
        yield from self.refused("a certificate of another name", "raw_get",
                                {"connect": f"ldaps://localhost:{port['ldaps']}", "ca_file": cert}, "cannot be reached")

    def itself(self, tool):
        """slapd understands what was stored, too"""
        yield "slapd lets in by the old password", differs(self.keeper.binds(ANNA, ACCOUNTS[ANNA]), True)
        tool.ask("scramble", ANNA)
        yield "not after a scramble", differs(self.keeper.binds(ANNA, ACCOUNTS[ANNA]), False)
        tool.ask("restore", ANNA)
        yield "again after the restore", differs(self.keeper.binds(ANNA, ACCOUNTS[ANNA]), True)
        tool.ask("disable", ANNA)
        yield "not while disabled", differs(self.keeper.binds(ANNA, ACCOUNTS[ANNA]), False)
        stored = dict(self.keeper.dump())[ANNA]
        yield "nor by what is stored", differs(self.keeper.binds(ANNA, stored), False)
        tool.ask("enable", ANNA)
        tool.ask("change", ANNA, "new anna")
        yield "and by the new one", differs(self.keeper.binds(ANNA, "new anna"), True)
        self.keeper.fill({ANNA: "{SSHA}" + "3FgIRaQ0sU7yGgEAvnJ8tRmuuGZzYWx0", **{name: "{PLAIN}x" for name in list(ACCOUNTS)[1:]}})
        before = self.keeper.dump()
        tool.ask("scramble", ANNA)
        tool.ask("restore", ANNA)
        yield "{SSHA} comes back as it was", differs(self.keeper.dump(), before)

    def many(self, tool):
        names = {f"n{i:04}@example.org": "{PLAIN}x" for i in range(700)}
        self.keeper.fill(names)
        result, came = tool.list()
        yield "more than a page, and more than the server gives at once", differs((result, len(came)), ("done", len(names)))
        yield "each of them once", differs(came, sorted(names))

    def checks(self):
        return [self.passwords, self.renewals, self.doors, self.helper, self.injections, self.ends, self.settings_of_it, self.encryption, self.itself, self.restarts,
                self.freezes, self.many]


KINDS = {"sqlite": (Sqlite, SqliteStory), "postgresql": (PostgreSQL, PostgreSQLStory), "mysql": (MariaDB, MariaDBStory),
         "ldap": (Directory, DirectoryStory)}


def tell(programs, kind, root, only, say):
    """all checks with that server; `say` takes (what, what is wrong)"""
    server, story = KINDS[kind]
    began = time.monotonic()
    with server(root) as keeper, Dovecot(root, keeper) as dovecot:
        told = story(programs, keeper, dovecot, root)
        print(f"   {kind}: up after {time.monotonic() - began:.1f} s", flush=True)
        for check in told.checks():
            if only and check.__name__ not in only:
                continue
            told.fill()
            began = time.monotonic()
            with told.tool() as tool:
                for what, wrong in check(tool):
                    say(f"{kind}, {check.__name__}: {what}", wrong)
            say(f"{kind}, {check.__name__}: ends well", differs((tool.status, tool.noise), (0, "")))
            print(f"   {kind}, {check.__name__}: {time.monotonic() - began:.1f} s", flush=True)


def tell_all(programs, kinds, root, only, say):
    """side by side: they mostly wait"""
    def one(kind):
        try:
            tell(programs, kind, root, only, say)
        except Exception as error:  # whatever it is, the servers are gone by now, and it has to be told
            say(f"{kind}: to the end", f"{type(error).__name__}: {error}")
    threads = [threading.Thread(target=one, args=(kind,), daemon=True) for kind in kinds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
