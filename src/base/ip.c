/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ip.h"

#include <arpa/inet.h>
#include <stdio.h>

static bool parse_v4(struct text t, struct ip *ip)
{
	uint8_t quad[4] = { 0 };
	size_t part = 0, digits = 0;
	unsigned value = 0;

	for (size_t i = 0; i < t.n; i++) {
		unsigned digit = (unsigned)(unsigned char)t.p[i] - '0';

		if (digit <= 9 && digits < 3) {
			value = value * 10 + digit;
			digits++;
		} else if (t.p[i] == '.' && digits && value <= 255 && part < 3) {
			quad[part++] = (uint8_t)value;
			value = 0;
			digits = 0;
		} else {
			return false;
		}
	}
	if (part != 3 || digits == 0 || value > 255)
		return false;
	quad[3] = (uint8_t)value;
	*ip = (struct ip){ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, quad[0], quad[1], quad[2], quad[3] } };
	return true;
}

bool ip_parse(struct text t, struct ip *ip)
{
	char buffer[IP_TEXT_MAX];
	struct in6_addr address;

	if (parse_v4(t, ip))
		return true;
	if (text_starts(t, TEXT("IPv6:")))
		t = text_after(t, 5);
	t.n = text_find(t, '%');
	if (t.n < 2 || t.n >= sizeof buffer)
		return false;
	text_copy(buffer, sizeof buffer, t);
	if (inet_pton(AF_INET6, buffer, &address) != 1)
		return false;
	memcpy(ip->bytes, &address, sizeof ip->bytes);
	return true;
}

char *ip_format(const struct ip *ip, char to[IP_TEXT_MAX])
{
	const uint8_t *b = ip->bytes;

	if (!ip_known(ip))
		snprintf(to, IP_TEXT_MAX, "unknown");
	else if (ip_is_v4(ip))
		snprintf(to, IP_TEXT_MAX, "%u.%u.%u.%u", b[12], b[13], b[14], b[15]);
	else if (!inet_ntop(AF_INET6, b, to, IP_TEXT_MAX))
		snprintf(to, IP_TEXT_MAX, "unknown");
	return to;
}

static struct ip masked(const struct ip *ip, size_t v4_bytes, size_t v6_bytes)
{
	struct ip cut = { { 0 } };

	memcpy(cut.bytes, ip->bytes, ip_is_v4(ip) ? 12 + v4_bytes : v6_bytes);
	return cut;
}

char *ip_format_block(const struct ip *ip, char to[IP_TEXT_MAX])
{
	struct ip block = masked(ip, 3, 6);
	size_t n = strlen(ip_format(&block, to));

	if (!ip_known(ip))
		return to;
	snprintf(to + n, IP_TEXT_MAX - n, "%s", ip_is_v4(ip) ? "/24" : "/48");
	return to;
}

bool ip_is_loopback(const struct ip *ip)
{
	static const struct ip loopback6 = { { [15] = 1 } };

	return (ip_is_v4(ip) && ip->bytes[12] == 127) || ip_equal(ip, &loopback6);
}

bool ip_is_local(const struct ip *ip)
{
	const uint8_t *b = ip->bytes + 12;

	if (ip_is_loopback(ip))
		return true;
	if (!ip_is_v4(ip))
		return (ip->bytes[0] & 0xfe) == 0xfc || (ip->bytes[0] == 0xfe && (ip->bytes[1] & 0xc0) == 0x80);
	return b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168) ||
	       (b[0] == 169 && b[1] == 254) || (b[0] == 100 && (b[1] & 0xc0) == 64);
}
