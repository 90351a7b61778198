/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/harm.h"

#include <math.h>

#include "profile/profile.h"

enum { COUNTRIES_MAX = 64 };

void harm_count(struct harm *harm, const struct spool_record *submit, bool attacker)
{
	struct harm_party *party = attacker ? &harm->attacker : &harm->owner;
	uint32_t hour = (uint32_t)(submit->t_us / HOUR_US), day = profile_day(submit->t_us);
	uint32_t recipients = submit->count ? submit->count : 1;

	party->recipients += recipients;
	party->in_hour = hour == party->hour ? party->in_hour + recipients : recipients;
	party->hour = hour;
	if (party->in_hour > party->busiest_hour)
		party->busiest_hour = party->in_hour;
	party->days += day != party->last_day;
	party->last_day = day;
}

static double clamp(double x, double least, double most)
{
	return fmin(most, fmax(least, x));
}

/* dead and refusing recipients, against the owner's own share of them */
static double by_bounces(const struct places *places)
{
	double bounced = 0, sent = 0, own_bounced = 0.2, own = 10, usual;

	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->items[i];

		if (place->attacker)
			bounced += place->bounced, sent += place->sent;
		else
			own_bounced += place->bounced, own += place->bounced + place->sent;
	}
	usual = clamp(own_bounced / own, 0.01, 0.15);
	return clamp(bounced * log2(0.28 / usual) + sent * log2(0.72 / (1 - usual)), -1,
		     20); /* some have clean lists */
}

/* more in an hour, and in a day, than the owner ever sent */
static double by_pace(const struct harm *harm)
{
	return clamp(3 * log2((double)harm->attacker.busiest_hour / (2.0 * harm->owner.busiest_hour + 8)), -3, 12);
}

static double by_volume(const struct harm *harm)
{
	double a_day = (double)harm->attacker.recipients / fmax(1, harm->attacker.days);
	double usual = (double)harm->owner.recipients / fmax(1, harm->owner.days);

	return clamp(2 * log2(fmax(0.1, a_day) / (2 * usual + 8)), -2, 8);
}

static bool owner_was_in(const struct place *place, uint16_t country)
{
	return !place->attacker && place->days && profile_country_code(&place->where) == country;
}

/* many countries that are not the owner's */
static double by_countries(const struct places *places)
{
	uint16_t foreign[COUNTRIES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < places->count && count < COUNTRIES_MAX; i++) {
		uint16_t code = profile_country_code(&places->items[i].where);
		bool fresh = code != 0 && places->items[i].attacker;

		for (size_t k = 0; fresh && k < count; k++)
			fresh = foreign[k] != code;
		for (size_t k = 0; fresh && k < places->count; k++)
			fresh = !owner_was_in(&places->items[k], code);
		if (fresh)
			foreign[count++] = code;
	}
	return count > 1 ? clamp(3.0 * (double)(count - 1), 0, 12) : 0;
}

/* ever another address: a new one for nearly every session */
static double by_rotation(const struct places *places)
{
	double fresh = 0, days = 0;
	int64_t first_us = WHEN_NONE, last_us = WHEN_NONE;

	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->items[i];

		if (!place->attacker)
			continue;
		fresh++;
		first_us = first_us == WHEN_NONE || place->first_us < first_us ? place->first_us : first_us;
		last_us = place->last_us > last_us ? place->last_us : last_us;
	}
	if (fresh < 2)
		return 0;
	days = fmax(1, (double)(last_us - first_us) / (double)DAY_US);
	return clamp(2 * log2(fresh / days / 4), 0, 8);
}

double harm_bits(const struct harm *harm, const struct places *places)
{
	double bits = by_countries(places) + by_rotation(places);

	if (harm->attacker.recipients)
		bits += by_bounces(places) + by_pace(harm) + by_volume(harm);
	return bits;
}
