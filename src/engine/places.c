/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/places.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "profile/profile.h"

enum { ROUNDS = 4, COUNTRIES_MAX = 64 };
#define BEFORE_US (10 * MINUTE_US) /* so long before the alarm is before the attack, as far as one can know */

void places_done(struct places *places)
{
	free(places->items);
	table_done(&places->by_block);
	*places = (struct places){ 0 };
}

struct place *places_find(const struct places *places, const struct ip *ip)
{
	uint32_t *at = table_find(&places->by_block, ip_block_key(ip));

	return at ? &places->items[*at] : NULL;
}

static struct place *place_of(struct places *places, const struct ip *ip)
{
	struct place *known = places_find(places, ip), *made;

	if (known)
		return known;
	if (places->count >= PLACES_MAX) {
		places->omitted++;
		return NULL;
	}
	MEMORY_ROOM(places->items, places->count, places->room);
	table_put(&places->by_block, ip_block_key(ip), (uint32_t)places->count, NULL);
	made = &places->items[places->count++];
	*made = (struct place){ .ip = *ip, .first_us = WHEN_NONE, .last_us = WHEN_NONE, .first_failure_us = WHEN_NONE };
	return made;
}

static void count_use(struct place *place, const struct spool_record *record, int64_t alarm_us)
{
	uint32_t day = profile_day(record->t_us);

	if (place->first_us == WHEN_NONE)
		place->first_us = record->t_us;
	place->last_us = record->t_us;
	if (day == place->last_day && place->days)
		return;
	place->last_day = day;
	place->days++;
	place->days_before += record->t_us < alarm_us - BEFORE_US;
}

void places_count(struct places *places, const struct spool_record *record, int64_t alarm_us)
{
	struct place *place = place_of(places, &record->ip);

	if (!place)
		return;
	switch (record->kind) {
	case EVENT_AUTH:
		if (record->ok) {
			count_use(place, record, alarm_us);
			place->logins++;
			place->reading += record->protocol != PROTOCOL_SMTP;
		} else {
			place->failures += record->count;
			if (place->first_us == WHEN_NONE && place->first_failure_us == WHEN_NONE)
				place->first_failure_us = record->t_us;
		}
		break;
	case EVENT_SUBMIT:
		count_use(place, record, alarm_us);
		place->messages++;
		place->recipients += record->count;
		break;
	case EVENT_OUTCOME:
		place->sent += record->result == RESULT_SENT ? record->count : 0;
		place->bounced += record->result == RESULT_BOUNCED ? record->count : 0;
		break;
	default:
		break;
	}
}

/* ---- the habits of a party */

struct bell {
	double mean, spread;
};

struct habits {
	double bounced;            /* share of finished recipients */
	struct bell messages;      /* log2(1 + messages) of a place with any */
	struct bell width;         /* log2(recipients of a message) */
	int64_t first_us, last_us; /* of its places in use */
	size_t count;
};

static bool used(const struct place *place) { return place->first_us != WHEN_NONE; }
static double messages_of(const struct place *place) { return log2(1.0 + place->messages); }
static double width_of(const struct place *place) { return log2(fmax(1, (double)place->recipients / place->messages)); }

static struct bell fit(double n, double sum, double squares, struct bell prior, double least)
{
	/* the prior weighs as much as one place */
	double mean = (prior.mean + sum) / (n + 1);
	double variance = (prior.spread * prior.spread + (prior.mean - mean) * (prior.mean - mean) + squares - 2 * mean * sum + n * mean * mean) / (n + 1);

	return (struct bell){ mean, fmax(least, sqrt(fmax(0, variance))) };
}

static struct habits habits_of(const struct places *places, bool attacker)
{
	double n = 0, sum = 0, squares = 0, width = 0, widths = 0, bounced = attacker ? 3 : 0.2, finished = 10;
	struct habits habits = { .first_us = WHEN_NONE, .last_us = WHEN_NONE };

	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->items[i];

		if (!used(place) || place->attacker != attacker)
			continue;
		habits.count++;
		if (habits.first_us == WHEN_NONE || place->first_us < habits.first_us)
			habits.first_us = place->first_us;
		if (place->last_us > habits.last_us)
			habits.last_us = place->last_us;
		bounced += place->bounced;
		finished += place->bounced + place->sent;
		if (!place->messages)
			continue;
		n++;
		sum += messages_of(place);
		squares += messages_of(place) * messages_of(place);
		width += width_of(place);
		widths += width_of(place) * width_of(place);
	}
	habits.bounced = bounced / finished;
	habits.messages = fit(n, sum, squares, (struct bell){ attacker ? 4 : 1.5, 1.5 }, 1.0);
	habits.width = fit(n, width, widths, (struct bell){ attacker ? 1.5 : 0.3, 1.0 }, 1.2);
	return habits;
}

/* log2 of the density, without the constant */
static double fits(struct bell bell, double x)
{
	double z = (x - bell.mean) / bell.spread;

	return -0.72 * z * z - log2(bell.spread);
}

/* ---- evidence for one place; bits for the attacker */

static double by_history(const struct place *place, int64_t alarm_us)
{
	if (place->days_before >= 2)
		return -10;
	if (place->days_before == 1)
		return alarm_us - place->first_us > HOUR_US ? -4 : -1;
	return place->first_us < alarm_us - BEFORE_US ? 0 : 2;
}

static double by_outcomes(const struct place *place, const struct habits *attacker, const struct habits *owner)
{
	double worse = fmax(attacker->bounced, owner->bounced), better = fmin(attacker->bounced, owner->bounced);
	double bits = place->bounced * log2(worse / better) + place->sent * log2((1 - worse) / (1 - better));

	bits = fmin(12, fmax(-8, bits));
	return attacker->bounced >= owner->bounced ? bits : 0;
}

static double by_volume(const struct place *place, const struct habits *attacker, const struct habits *owner)
{
	double volume, width;

	if (!place->messages)
		return place->reading && !place->logins ? 0 : place->reading == place->logins ? -0.5 : 0;
	volume = fits(attacker->messages, messages_of(place)) - fits(owner->messages, messages_of(place));
	width = fits(attacker->width, width_of(place)) - fits(owner->width, width_of(place));
	return fmin(6, fmax(-6, volume)) + fmin(3, fmax(-3, width));
}

static double by_time(const struct place *place, const struct habits *attacker)
{
	double bits = 0;

	if (attacker->first_us == WHEN_NONE || place->attacker)
		return 0;
	if (place->first_us < attacker->first_us - HOUR_US)
		bits -= 3;
	if (place->last_us > attacker->last_us + HOUR_US)
		bits -= 1;
	return bits;
}

/* one more place: of the party that has many, or of the one that keeps to few? */
static double by_number(const struct place *place, const struct habits *attacker, const struct habits *owner)
{
	double others = (double)attacker->count - place->attacker, own = (double)owner->count - !place->attacker;

	return fmin(4, fmax(-3, log2((others + 1) / (own + 1))));
}

static double by_failures(const struct place *place)
{
	return place->first_failure_us != WHEN_NONE && place->failures >= 3 ? 3 : 0;
}

/* the owner's countries: those of places in use on the most days before the alarm */
struct home {
	uint16_t codes[COUNTRIES_MAX];
	uint32_t days[COUNTRIES_MAX];
	size_t count;
	uint32_t most;
};

static struct home home_of(const struct places *places)
{
	struct home home = { 0 };

	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->items[i];
		uint16_t code = profile_country_code(&place->where);
		size_t k = 0;

		if (!used(place) || !code || !place->days_before)
			continue;
		while (k < home.count && home.codes[k] != code)
			k++;
		if (k == COUNTRIES_MAX)
			continue;
		home.count += k == home.count;
		home.codes[k] = code;
		home.days[k] += place->days_before;
		home.most = home.days[k] > home.most ? home.days[k] : home.most;
	}
	return home;
}

static double by_country(const struct place *place, const struct home *home)
{
	uint16_t code = profile_country_code(&place->where);

	if (!code || home->most < 2)
		return 0;
	for (size_t i = 0; i < home->count; i++)
		if (home->codes[i] == code)
			return home->days[i] * 5 >= home->most ? -1 : 1;
	return 4;
}

void places_divide(struct places *places, int64_t alarm_us)
{
	struct home home = home_of(places);

	for (size_t i = 0; i < places->count; i++)
		places->items[i].attacker = used(&places->items[i]) && places->items[i].days_before < 2;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct habits attacker = habits_of(places, true), owner = habits_of(places, false);
		bool moved = false;

		for (size_t i = 0; i < places->count; i++) {
			struct place *place = &places->items[i];
			bool before = place->attacker;

			if (!used(place))
				continue;
			place->bits = (float)(by_history(place, alarm_us) + by_outcomes(place, &attacker, &owner) + by_country(place, &home) +
					      by_volume(place, &attacker, &owner) + by_time(place, &attacker) + by_failures(place) +
					      by_number(place, &attacker, &owner));
			place->attacker = place->bits > 0;
			moved |= before != place->attacker;
		}
		if (!moved)
			break;
	}
}
