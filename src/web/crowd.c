/* SPDX-License-Identifier: Apache-2.0 */
#include "web/crowd.h"

void crowd_enter(struct crowd *crowd, struct guest *guest)
{
	guest->before = NULL;
	guest->next = crowd->first;
	if (guest->next)
		guest->next->before = guest;
	crowd->first = guest;
	crowd->count++;
}

void crowd_leave(struct crowd *crowd, struct guest *guest)
{
	if (guest->before)
		guest->before->next = guest->next;
	else
		crowd->first = guest->next;
	if (guest->next)
		guest->next->before = guest->before;
	crowd_goes(crowd, guest);
}

void crowd_goes(struct crowd *crowd, struct guest *guest)
{
	crowd->count -= !guest->going;
	guest->going = true;
}

bool crowd_may_enter(const struct crowd *crowd, const struct ip *ip)
{
	unsigned of_address = 0, of_block = 0;

	if (!ip_known(ip))
		return true;
	for (const struct guest *one = crowd->first; one; one = one->next) {
		if (one->going || !ip_known(&one->ip))
			continue;
		of_address += ip_host_key(&one->ip) == ip_host_key(ip);
		of_block += ip_block_key(&one->ip) == ip_block_key(ip);
	}
	return of_address < CROWD_OF_ADDRESS && of_block < CROWD_OF_BLOCK;
}

static bool goes_before(const struct guest *one, const struct guest *other, uint64_t now_ms)
{
	bool one_never = !one->asked && now_ms - one->since_ms >= CROWD_GRACE_MS;
	bool other_never = !other->asked && now_ms - other->since_ms >= CROWD_GRACE_MS;

	return one_never != other_never ? one_never : one->since_ms <= other->since_ms;
}

struct guest *crowd_idlest(const struct crowd *crowd, uint64_t now_ms)
{
	struct guest *idlest = NULL;

	for (struct guest *one = crowd->first; one; one = one->next)
		if (!one->going && !one->ours && (!idlest || goes_before(one, idlest, now_ms)))
			idlest = one;
	return idlest;
}
