# SPDX-License-Identifier: Apache-2.0
"""The panel's word on who is logged in there: the samples of the manual, and words that are wrong."""
import re
import shutil
import subprocess
import time
from urllib.parse import quote

from pages import HERE, KEY, Site, Visitor, panel_word, wait_for

PANEL = "https://panel.test"
MANUAL = HERE.parents[1] / "man/sekisho-web.1"


def sample(language):
    """the lines of the manual between .Bd and .Ed behind the word"""
    text = MANUAL.read_text()
    found = re.search(rf"^\.\\\" sample {language}\n\.Bd.*?\n(.*?)^\.Ed", text, re.M | re.S)
    return found[1].replace("\\e", "\\").replace("\\(aq", "'").replace("\\-", "-").replace("\\&", "")


def samples(note):
    """what the manual gives panels to copy works as it stands: in Python and, where it is installed, in PHP"""
    with Site(web_frames=f'{{ "{PANEL}" }}') as site:
        account = site.accounts[0]
        Visitor(site).enter(account)  # from now on words are taken
        for language, program in (("Python", "python3"), ("PHP", "php")):
            if not shutil.which(program):
                note(f"{program} is not installed: left out")
                continue
            source = sample(language).replace("/etc/sekisho/panel.key", str(site.root / "panel.key")).replace("alice@example.org", account)
            path = site.root / f"sample.{program}"
            path.write_text(source)
            done = subprocess.run([program, path], capture_output=True, text=True, check=False)
            word = re.search(r'value="([^"]+)"', done.stdout)
            yield f"{language} makes a form", None if word else f"{done.stdout} {done.stderr}"
            visitor = Visitor(site)
            answer = visitor.post("/panel", [("token", word[1])], origin=PANEL)
            yield f"{language}'s word opens", None if answer.status == 200 and visitor.get("/account").status == 200 else f"{answer}"


def words(note):
    """good once, for a minute, for one account, with the key; who only looks uses nothing up"""
    with Site(web_frames=f'{{ "{PANEL}" }}') as site:
        account, other = site.accounts[:2]

        def opens(word):
            visitor = Visitor(site)
            answer = visitor.post("/panel", [("token", word)], origin=PANEL)
            return answer.status == 200 and visitor.get("/account").status == 200
        wait_for(lambda: opens(site.word(account)))
        word = site.word(account)
        looked = Visitor(site).get("/panel?token=" + quote(word))
        yield "a link shows a button", None if looked.status == 200 and word in looked.text else f"{looked}"
        yield "beside the account's name", None if account in looked.text else f"{looked}"
        yield "and uses nothing up", None if opens(word) else "it does"
        yield "used once it is void", None if not opens(word) else "it opens"
        now, said = int(time.time()), site.word(account)
        wrong = {
            "over": site.word(account, expires=now - 1), "of the next hour": site.word(account, expires=now + 3600),
            "of another key": panel_word(account, key="x" * 40), "with a short nonce": site.word(account, nonce="abc"),
            "with a strange nonce": site.word(account, nonce="a/../" * 6), "without an account": site.word(""),
            "cut": said[:-2], "longer": said + "00", "of another account": ".".join([site.word(other).split(".")[0], *said.split(".")[1:]]),
            "with another time": ".".join([said.split(".")[0], str(now + 61), *said.split(".")[2:]]), "empty": "", "dots": "...", "huge": "A" * 5000,
            "negative": site.word(account, expires=-now), "with a number too large": site.word(account, expires=10 ** 30),
            "of an account with a line end": site.word("a@b.test\r\nX: 1"), "of an account with a zero": site.word("a\0b@b.test"),
            "in capitals": said.upper(), "with blanks": said.replace(".", ". "), "in base64 with another end": said.replace(".", "=.", 1),
        }
        for what, each in wrong.items():
            taken = opens(each)
            if what == "of an account with a line end":
                yield what + " has no line end any more", None if "\r\nX: 1" not in site.gate.said() else "it has"
            else:
                yield what, None if not taken else "it opens"
        kept = site.word(account)
        yield "a good one opens", None if opens(kept) else "no"
        site.kill_web()
        yield "used before the process began anew it is void", None if not opens(kept) else "it opens"


STORIES = [samples, words]
