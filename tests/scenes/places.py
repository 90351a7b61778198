# SPDX-License-Identifier: Apache-2.0
"""Where somebody is: addresses out of the networks of places.txt, by the words of a scene.

    one address of ocn                             always the same
    40 addresses of 12 countries                   taken in turn, a session each
    12 addresses of one /24 of hetzner
    a new address of docomo every hour             (or 3 hours, day; without: every session)
    a new address of one /48 of ocn over IPv6 every day
    one address of 192.0.2.5/32
"""
import random
import re
from ipaddress import ip_address, ip_network
from pathlib import Path

SPAN = {"hour": 3600, "day": 86400}
WORDS = re.compile(
    r"(?:one address|(?P<many>\d+) addresses|(?P<new>a new address)) of (?:one /(?P<prefix>\d+) of )?"
    r"(?P<source>.+?)(?P<ipv6> over IPv6)?(?: every (?:(?P<count>\d+) )?(?P<span>hour|day)s?)?")


def table(path=Path(__file__).with_name("places.txt")):
    """name: (kind, country, number, networks)"""
    rows = (line.split() for line in path.read_text().splitlines() if not line.startswith("#"))
    return {name: (kind, country, int(number), [*map(ip_network, networks)])
            for name, kind, country, number, *networks in rows}


class Place:
    def __init__(self, words, seed, networks=None):
        said = WORDS.fullmatch(words)
        if not said:
            raise ValueError(f"place: {words}")
        self.seed, self.rng = seed, random.Random(seed)
        self.blocks = self.find(said["source"], 6 if said["ipv6"] else 4, networks or table())
        if said["prefix"]:
            self.blocks = [self.block_in(self.blocks[0], int(said["prefix"]))]
        self.period = SPAN[said["span"]] * int(said["count"] or 1) if said["span"] else None
        self.pool = [] if said["new"] else self.draw(int(said["many"] or 1))
        self.turn = -1

    def find(self, source, version, networks):
        if "/" in source:
            return [ip_network(source)]
        if countries := re.fullmatch(r"(\d+) countries", source):
            abroad = [name for name, (kind, country, *_) in networks.items() if kind == "isp" and len(name) == 2]
            source = " and ".join(self.rng.sample(abroad, int(countries[1])))
        return [net for name in source.split(" and ") for net in networks[name][3] if net.version == version]

    def block_in(self, net, prefix):
        step = 1 << (net.max_prefixlen - prefix)
        return ip_network((int(net.network_address) + step * self.rng.randrange(net.num_addresses // step), prefix))

    def draw(self, count):
        """different addresses, in each block as many as in the others"""
        found = {}
        while len(found) < count:
            found[self.host_in(self.blocks[len(found) % len(self.blocks)], self.rng)] = True
        found = [*found]
        self.rng.shuffle(found)
        return found

    @staticmethod
    def host_in(net, rng):
        while True:
            host = net.network_address + rng.randrange(net.num_addresses)
            if net.prefixlen == net.max_prefixlen or host.packed[-1] not in (0, 255):
                return str(ip_address(host))

    def address(self, t):
        if self.pool:
            self.turn += 1
            return self.pool[self.turn % len(self.pool)]
        rng = random.Random(f"{self.seed}/{int(t // self.period)}") if self.period else self.rng
        return self.host_in(rng.choice(self.blocks), rng)
