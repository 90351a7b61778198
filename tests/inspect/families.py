#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `sekisho inspect` takes out of the report of each kind of server, on the mails of fuzz/corpus/bounce: a table, which stands in
doc/returned-mail.md and must be what the program does.

  tests/inspect/families.py [--sekisho build/sekisho] [--write]"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys

TREE = pathlib.Path(__file__).resolve().parents[2]
PAGE, MAILS = TREE / "doc/returned-mail.md", TREE / "fuzz/corpus/bounce"
BEGIN, END = "<!-- made by tests/inspect/families.py -->\n", "<!-- until here -->\n"
NAMES = {
    "amazon_ses": "Amazon SES (also JSON through SNS)", "aol": "AOL", "au": "au, ezweb", "biglobe": "BIGLOBE", "communigate": "CommuniGate Pro",
    "courier": "Courier", "domino": "Lotus Domino", "dragonfly": "DragonFly Mail Agent", "exchange": "Exchange 2000 and 2003",
    "exchange2007": "Exchange 2007 to Office 365", "exchange55": "Exchange 5.5", "exim": "Exim", "facebook": "Facebook", "gmail": "Gmail",
    "google": "Google, other", "google_groups": "Google Groups", "groupwise": "GroupWise", "hmailserver": "hMailServer", "imail": "IMail",
    "interscan": "InterScan", "ionos": "IONOS", "ironport": "IronPort", "james": "Apache James", "japanese": "hosters' own Japanese words",
    "kddi": "KDDI", "lsmtp": "LSMTP", "mailfoundry": "MailFoundry", "mailmarshal": "MailMarshal", "mdaemon": "MDaemon", "mercury": "Mercury",
    "messagelabs": "MessageLabs", "messaging_server": "Sun and Oracle Messaging Server", "mimecast": "Mimecast", "mmdf": "MMDF", "mxlogic": "MX Logic",
    "netscape": "Netscape Messaging Server", "opensmtpd": "OpenSMTPD", "postfix": "Postfix (also its Japanese words)", "qmail": "qmail, netqmail",
    "rfc3464": "any that keeps to RFC 3464", "sendmail": "sendmail 5 to 8", "smail": "Smail", "smtp_service": "Microsoft SMTP service",
    "surfcontrol": "SurfControl", "verizon": "Verizon", "yahoo": "Yahoo", "zoho": "Zoho", "": "no kind that is known: by words alone",
}
COLUMNS = ("reports", "recipients", "kind of failure", "status or code", "what was said", "other server", "mail that came back")


def stated(one):
    """a status that somebody stated, not the one that such a reason usually has"""
    return "smtp_code" in one or not one.get("status", "x.0.0").endswith(".0.0")


def rows(sekisho):
    found = collections.defaultdict(lambda: [0] * len(COLUMNS))
    said = subprocess.run([sekisho, "inspect", "-f", "json", *sorted(MAILS.glob("*.eml"))], capture_output=True, text=True, check=False).stdout
    for mail in map(json.loads, said.splitlines()):
        if mail["kind"] not in ("bounce", "delay", "delivered"):
            continue
        row, recipients, original = found[mail.get("family", "")], mail.get("recipients", []), mail.get("original", {})
        tells = (True, recipients, mail["kind"] != "bounce" or any(one.get("reason", "other") != "other" for one in recipients), any(map(stated, recipients)),
                 any(one.get("diagnostic") for one in recipients), any(one.get("remote_mta") for one in recipients),
                 any(original.get(name) for name in ("message_id", "queue_id", "from")))
        for column, told in enumerate(tells):
            row[column] += bool(told)
    return found


def table(found):
    unnamed = [name for name in found if name not in NAMES]
    if unnamed:
        sys.exit(f"families.py: no name for {', '.join(unnamed)}")
    lines = ["| server | " + " | ".join(COLUMNS) + " |", "|---|" + "---|" * len(COLUMNS)]
    for name in sorted(found, key=lambda each: (not each, NAMES[each].lower())):
        all_of_it = found[name][0]
        cells = [str(all_of_it)] + [{all_of_it: "✓", 0: "—"}.get(n, f"{n} of {all_of_it}") for n in found[name][1:]]
        lines.append(f"| {NAMES[name]} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sekisho", default=TREE / "build/sekisho")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    head, rest = PAGE.read_text().split(BEGIN)
    stands, tail = rest.split(END)
    made = table(rows(pathlib.Path(options.sekisho).resolve()))
    if options.write:
        PAGE.write_text(head + BEGIN + made + END + tail)
    elif stands != made:
        print("doc/returned-mail.md is not what the program does: tests/inspect/families.py --write")
        old = stands.splitlines()
        print("\n".join(line for line in made.splitlines() if line not in old))
    failed = not options.write and stands != made
    print(f"{int(not failed)} passed, {int(failed)} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main())
