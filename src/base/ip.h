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
static inline bool ip_equal(const struct ip *a, const struct ip *b) { return ip_high(a) == ip_high(b) && ip_low(a) == ip_low(b); }
static inline bool ip_is_v4(const struct ip *ip) { return ip_high(ip) == 0 && ip->bytes[10] == 0xff && ip->bytes[11] == 0xff; }
bool ip_is_loopback(const struct ip *ip);
/* loopback, link-local, private (RFC 1918, 4193), shared (RFC 6598): says nothing about a country */
bool ip_is_local(const struct ip *ip);

/* keys of host, block and wide for tables; never 0 */
uint64_t ip_host_key(const struct ip *ip);
uint64_t ip_block_key(const struct ip *ip);
uint64_t ip_wide_key(const struct ip *ip);
#endif
