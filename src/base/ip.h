/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of clients, IPv4 as IPv4-mapped IPv6 (RFC 4291, 2.5.5.2). All zero means unknown.
 * The units in which places are compared, here and everywhere:
 *              host      block     wide
 *   IPv4       address   /24       /16
 *   IPv6       /64       /48       /32 */
#ifndef SEKISHO_BASE_IP_H
#define SEKISHO_BASE_IP_H
#include "base/hash.h"
#include "base/text.h"

struct ip {
	uint8_t bytes[16];
};

enum { IP_TEXT_MAX = 48 };

/* dotted IPv4 or any IPv6 text, also "IPv6:…" as mail logs write it; a zone ("%eth0") is dropped */
bool ip_parse(struct text text, struct ip *ip) __attribute__((warn_unused_result));
char *ip_format(const struct ip *ip, char to[IP_TEXT_MAX]);
/* the block in CIDR form: 203.0.113.0/24, 2001:db8:1::/48 */
char *ip_format_block(const struct ip *ip, char to[IP_TEXT_MAX]);

static inline uint64_t ip_high(const struct ip *ip) { return hash_load((const char *)ip->bytes, 8); }
static inline uint64_t ip_low(const struct ip *ip) { return hash_load((const char *)ip->bytes + 8, 8); }
static inline bool ip_known(const struct ip *ip) { return (ip_high(ip) | ip_low(ip)) != 0; }
static inline bool ip_equal(const struct ip *a, const struct ip *b)
{
	return ip_high(a) == ip_high(b) && ip_low(a) == ip_low(b);
}
static inline bool ip_is_v4(const struct ip *ip)
{
	return ip_high(ip) == 0 && ip->bytes[10] == 0xff && ip->bytes[11] == 0xff;
}
/* of eight bytes as ip_high and ip_low load them, the first `bytes` */
static inline uint64_t ip_mask(unsigned bytes)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return bytes >= 8 ? ~0ull : (1ull << 8 * bytes) - 1;
#else
	return bytes >= 8 ? ~0ull : ~(~0ull >> 8 * bytes);
#endif
}
bool ip_is_loopback(const struct ip *ip);
/* loopback, link-local, private (RFC 1918, 4193), shared (RFC 6598): says nothing about a country */
bool ip_is_local(const struct ip *ip);

/* keys of host, block and wide for tables; never 0. An IPv4 address stands in the last four bytes. */
static inline uint64_t ip_key(const struct ip *ip, unsigned v4_bytes, unsigned v6_bytes, uint64_t salt)
{
	uint64_t high = ip_high(ip), low = ip_low(ip);

	if (ip_is_v4(ip))
		low &= ip_mask(4 + v4_bytes);
	else
		high &= ip_mask(v6_bytes), low = 0;
	return hash_mix(high ^ salt, low ^ 0x9fb21c651e98df25ull) | 1;
}

static inline uint64_t ip_host_key(const struct ip *ip) { return ip_key(ip, 4, 8, 0xa0761d6478bd642full); }
static inline uint64_t ip_block_key(const struct ip *ip) { return ip_key(ip, 3, 6, 0xe7037ed1a0b428dbull); }
static inline uint64_t ip_wide_key(const struct ip *ip) { return ip_key(ip, 2, 4, 0x8ebc6af09c88c6e3ull); }
#endif
