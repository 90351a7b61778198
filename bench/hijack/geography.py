# SPDX-License-Identifier: Apache-2.0
"""Countries, their networks, and addresses in them.

Every network owns one public IPv4 /12 (4,096 blocks of 256 addresses) and one IPv6 /32; which, is shuffled by the seed,
so that neighbouring addresses say nothing about countries. The counts of networks are assumptions: enough that a
stranger rarely shares a network with the owner by accident, few enough that an owner's countrymen often do.
"""
import ipaddress
from random import Random

from chance import one_of

# The operator's own country goes by the seed, from the second: {country: (hours from UTC, the neighbour where commuters work)}
HOMES = {"PL": (1, "CZ"), "JP": (9, "KR"), "DE": (1, "FR"), "BR": (-3, "AR"), "CA": (-5, "US"), "KR": (9, "JP")}

# Roughly by how much unwanted mail and guessing they send (assumption, after the usual lists of botnet countries)
COUNTRIES = ("US CN RU BR IN VN ID TH KR TW DE FR GB IT ES PL UA TR IR PK BD NG ZA EG MA MX AR CO PE CL VE PH MY SG HK "
             "AU CA NL SE RO BG CZ HU GR RS KZ SA AE IQ KE GH CI LK NP EC JP CH").split()
VPN_COUNTRIES = ("US", "NL", "SG", "GB", "DE", "SE", "CH")
TRAVEL_COUNTRIES = "US FR IT ES DE GB TH KR TW SG AU CN VN ID TR GR MX NL AE CH".split()

# how many networks of each sort a country has: at home the detector sees many of them, abroad a few are enough
AT_HOME = {"isp": 8, "mobile": 3, "hosting": 4, "office": 2, "small": 14}
ABROAD = {"isp": 5, "mobile": 2, "hosting": 3, "small": 3}
UNLISTED = 0.2  # networks that lists of mobile and hosting networks do not know (assumption)
SPECIAL = {0, 10, 100, 127, 169, 172, 192, 198, 203}  # first octets with blocks that are not public


class Place:
    """One address, with what a geo database says of it."""
    __slots__ = ("network", "ip", "fields")

    def __init__(self, network, ip):
        self.network, self.ip = network, ip
        self.fields = {"ip": ip, "asn": network.asn, "country": network.country}
        if network.listed:
            self.fields["net"] = "isp" if network.sort == "small" else network.sort


class Network:
    """An autonomous system: a provider, a carrier, a cloud, or an office with its own."""

    def __init__(self, number, asn, country, sort, listed, base):
        self.number, self.asn, self.country, self.sort, self.listed = number, asn, country, sort, listed
        self.base, self.places = base, {}

    def place(self, block, host):
        """address `host` of the /24 `block` of this network"""
        key = (block % 4096) << 8 | host % 256
        if key not in self.places:
            self.places[key] = Place(self, str(ipaddress.IPv4Address(self.base | key)))
        return self.places[key]

    def place6(self, subnet, host):
        """an IPv6 address; `subnet` numbers the /64s of this network"""
        key = (subnet, host)
        if key not in self.places:
            groups = 0x2A0A, self.number, subnet >> 16 & 0xFFFF, subnet & 0xFFFF, host * 40503 & 0xFFFF, host & 0xFFFF
            self.places[key] = Place(self, str(ipaddress.IPv6Address("%x:%x:%x:%x::%x:%x" % groups)))
        return self.places[key]

    def anywhere(self, random, blocks=4096):
        return self.place(random.randrange(blocks), random.randrange(1, 255))


class Geography:
    """All networks of one world; `home` is the operator's country."""

    def __init__(self, seed):
        random = Random(f"{seed}/geography")
        self.home = list(HOMES)[seed % len(HOMES)]
        self.utc_hours, self.neighbour = HOMES[self.home]
        self.foreign = [country for country in COUNTRIES if country != self.home]
        self.networks = {}  # {(country, sort): [Network…]}
        bases = [first << 24 | part << 20 for first in range(1, 224) if first not in SPECIAL for part in range(16)]
        random.shuffle(bases)
        numbers = iter(random.sample(range(1000, 64000), len(bases)))
        for country in [self.home, *self.foreign]:
            for sort, count in (AT_HOME if country == self.home else ABROAD).items():
                self.networks[country, sort] = [
                    Network(len(bases), next(numbers), country, sort, random.random() > UNLISTED, bases.pop())
                    for _ in range(count)]
        # one big provider of VPNs: an exit network in each of these countries
        self.vpn = [self.networks[country, "hosting"][0] for country in (self.home, *VPN_COUNTRIES)]

    def of(self, country, *sorts):
        """the networks of a country, of these sorts or of all where people and bots are"""
        return [n for sort in sorts or ("isp", "mobile", "hosting", "small") for n in self.networks.get((country, sort), ())]

    def provider(self, random, country):
        """a household's provider: the largest has most customers (assumption: shares as 1, 1/2, 1/3…)"""
        providers = self.networks[country, "isp"]
        return providers[one_of(random, {rank: 1 / (rank + 1) for rank in range(len(providers))})]

    def carrier(self, random, country):
        return random.choice(self.networks[country, "mobile"])
