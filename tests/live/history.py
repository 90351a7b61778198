# SPDX-License-Identifier: Apache-2.0
"""The past, as Postfix would have logged it: what the daemon learns from at its first start."""
import random
from datetime import datetime, timedelta

HOST = "mx"


def log_of(owners, days, seed=1):
    """owners: {account: [addresses]}; each writes some letters a day to the same few friends"""
    rng = random.Random(seed)
    today = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
    letters = []
    for account, addresses in owners.items():
        friends = friends_of(account)
        for day in range(days, 0, -1):
            for _ in range(rng.randrange(2, 6)):
                at = today - timedelta(days=day) + timedelta(seconds=rng.randrange(7 * 3600, 23 * 3600))
                letters.append((at, account, rng.choice(addresses), rng.choice(friends)))
    letters.sort(key=lambda letter: letter[0])
    return "".join(lines_of(number, *letter) for number, letter in enumerate(letters))


def friends_of(account):
    name = account.split("@")[0]
    return [f"{friend}.of.{name}@home{number}.test" for number, friend in enumerate(("aki", "jun", "rei", "tomo", "nao", "sho"))]


def lines_of(number, at, account, ip, friend):
    queue_id, pid = f"3h{number:08d}zZ", 1000 + number % 30000
    return "".join(f"{at + timedelta(seconds=second):%b %e %H:%M:%S} {HOST} postfix/{text}\n" for second, text in (
        (0, f"submission/smtpd[{pid}]: connect from unknown[{ip}]"),
        (0, f"submission/smtpd[{pid}]: {queue_id}: client=unknown[{ip}], sasl_method=PLAIN, sasl_username={account}"),
        (0, f"cleanup[{pid + 1}]: {queue_id}: message-id=<{number}.{pid}@client.example>"),
        (0, f"qmgr[77]: {queue_id}: from=<{account}>, size=733, nrcpt=1 (queue active)"),
        (1, f"submission/smtpd[{pid}]: disconnect from unknown[{ip}] ehlo=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=6"),
        (1, f"smtp[{pid + 2}]: {queue_id}: to=<{friend}>, relay=world.test[192.0.2.9]:25, delay=0.4, delays=0.1/0/0.1/0.2, "
            "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued)"),
        (1, f"qmgr[77]: {queue_id}: removed")))
