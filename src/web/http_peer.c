/* SPDX-License-Identifier: Apache-2.0 */
#include "web/http_peer.h"

#include <netinet/in.h>

static struct ip ip_of(const struct sockaddr *address)
{
	struct ip ip = { { 0 } };

	if (address && address->sa_family == AF_INET) {
		ip.bytes[10] = ip.bytes[11] = 0xff;
		memcpy(ip.bytes + 12, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
	} else if (address && address->sa_family == AF_INET6) {
		memcpy(ip.bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, sizeof ip.bytes);
	}
	return ip;
}

static bool is_proxy(const struct config_addresses *proxies, const struct ip *ip)
{
	for (size_t i = 0; i < proxies->count; i++)
		if (ip_equal(&proxies->items[i], ip))
			return true;
	return false;
}

/* what stands behind the last comma, cut off */
static struct text last_of(struct text *list)
{
	const char *comma = list->n ? memrchr(list->p, ',', list->n) : NULL;
	struct text last = comma ? text_between(comma + 1, list->p + list->n) : *list;

	*list = comma ? text_between(list->p, comma) : TEXT_NONE;
	return text_trim(last);
}

bool http_peer_believed(const struct config_addresses *proxies, const struct sockaddr *address, bool local, struct ip *ip)
{
	*ip = ip_of(address);
	return local || is_proxy(proxies, ip);
}

void http_peer(const struct config_addresses *proxies, const struct sockaddr *address, bool local, struct text forwarded, struct ip *ip)
{
	bool believed = http_peer_believed(proxies, address, local, ip);

	while (believed && forwarded.n) {
		struct ip next;

		if (!ip_parse(last_of(&forwarded), &next))
			return;
		*ip = next;
		believed = is_proxy(proxies, ip);
	}
}
