/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/places.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "profile/profile.h"

#define STEADY_SPAN_US (14 * DAY_US)
#define SITTING_US (12 * HOUR_US) /* over midnight, and still the same day's use */
enum { ROUNDS = 5, HOME_MAX = 64, STEADY_DAYS = 5, HOME_DAYS = 2 };
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
	if (place->days && (day == place->last_day || record->t_us < place->first_us + SITTING_US))
		return;
	place->last_day = day;
	place->days++;
	place->days_before += record->t_us < alarm_us - BEFORE_US;
}

static void count_hour(struct place *place, int64_t t_us)
{
	uint32_t hour = (uint32_t)(t_us / HOUR_US);

	place->hour_messages = hour == place->last_hour ? place->hour_messages + 1 : 1;
	place->last_hour = hour;
	if (place->hour_messages > place->busiest_hour)
		place->busiest_hour = place->hour_messages;
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
		count_hour(place, record->t_us);
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
	double bounced;          /* share of finished recipients */
	struct bell messages;    /* log2(1 + messages) of a place with any */
	struct bell width;       /* log2(recipients of a message) */
	double busiest_hour, busy_hour; /* messages: of the busiest place, of the next to it */
	int64_t last_us;         /* of its places in use, those that wrote hardly anything apart */
	size_t fresh;            /* places first used since the alarm */
	bool settled;            /* some of its places were in use on several days before the alarm */
};

static bool used(const struct place *place) { return place->first_us != WHEN_NONE; }
static double messages_of(const struct place *place) { return log2(1.0 + place->messages); }
static double width_of(const struct place *place) { return log2(fmax(1, (double)place->recipients / place->messages)); }

static struct bell fit(double n, double sum, double squares, struct bell prior, double least)
{
	/* the prior weighs as much as one place */
	double mean = (prior.mean + sum) / (n + 1);
	double variance = prior.spread * prior.spread + (prior.mean - mean) * (prior.mean - mean) + squares -
			  2 * mean * sum + n * mean * mean;

	return (struct bell){ mean, fmax(least, sqrt(fmax(0, variance / (n + 1)))) };
}

/* the busiest hour of the party without that place itself */
static double busiest_elsewhere(const struct habits *habits, const struct place *place)
{
	return fmax(3, place->busiest_hour == habits->busiest_hour ? habits->busy_hour : habits->busiest_hour);
}

static void count_busy(struct habits *habits, double busiest_hour)
{
	if (busiest_hour > habits->busiest_hour) {
		habits->busy_hour = habits->busiest_hour;
		habits->busiest_hour = busiest_hour;
	} else if (busiest_hour > habits->busy_hour) {
		habits->busy_hour = busiest_hour;
	}
}

/* does it tell of its party's ways? Of an attacker whose mail bounces only places from where it did, and of any those that
 * wrote at least half as much as the usual one */
static bool typical(const struct place *place, const struct habits *habits)
{
	if (place->attacker && habits->bounced >= 0.1 && place->bounced * 20 < place->messages)
		return false;
	return messages_of(place) >= habits->messages.mean - 1;
}

static int64_t last_of(const struct places *places, bool attacker, const struct habits *habits)
{
	int64_t last_us = WHEN_NONE;

	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->items[i];

		if (used(place) && place->attacker == attacker && (!attacker || typical(place, habits)) &&
		    place->last_us > last_us)
			last_us = place->last_us;
	}
	return last_us;
}

static struct habits habits_of(const struct places *places, bool attacker, int64_t alarm_us)
{
	double n = 0, sum = 0, squares = 0, width = 0, widths = 0, bounced = attacker ? 3 : 0.2, finished = 10;
	struct habits habits = { 0 };

	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->items[i];

		if (!used(place) || place->attacker != attacker)
			continue;
		habits.fresh += place->first_us >= alarm_us - BEFORE_US;
		habits.settled |= place->days_before >= 2;
		count_busy(&habits, place->busiest_hour);
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
	habits.last_us = last_of(places, attacker, &habits);
	return habits;
}

/* log2 of the density, without the constant */
static double fits(struct bell bell, double x)
{
	double z = (x - bell.mean) / bell.spread;

	return -0.72 * z * z - log2(bell.spread);
}

/* ---- where the owner is at home: countries and networks of places in use before the alarm, by days */

struct home {
	struct home_row {
		uint32_t key, days, places;
		int64_t first_us, last_us;
	} rows[HOME_MAX];
	size_t count;
	uint32_t most; /* days */
	uint32_t places; /* of all rows */
};

static uint32_t country_of(const struct place *place) { return profile_country_code(&place->where); }

static uint32_t network_of(const struct place *place)
{
	return place->where.asn ? place->where.asn : (uint32_t)(ip_wide_key(&place->ip) >> 32) | 1u << 31;
}

enum whose { OWNERS_BEFORE, OWNERS_EVER, ATTACKERS, ANYBODYS };

/* of the attacker's only those from where something bounced: another may yet turn out to be the owner's */
static bool is_of(const struct place *place, enum whose whose)
{
	if (whose == ATTACKERS)
		return place->attacker && place->bounced;
	return whose == ANYBODYS || !place->attacker;
}

static struct home home_of(const struct places *places, uint32_t (*key_of)(const struct place *place), enum whose whose)
{
	struct home home = { 0 };

	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->items[i];
		uint32_t key = key_of(place), days = whose == OWNERS_BEFORE ? place->days_before : place->days;
		size_t k = 0;

		if (!used(place) || !key || !days || !is_of(place, whose))
			continue;
		while (k < home.count && home.rows[k].key != key)
			k++;
		if (k == HOME_MAX)
			continue;
		if (k == home.count)
			home.rows[home.count++] = (struct home_row){ .key = key, .first_us = place->first_us };
		if (place->last_us > home.rows[k].last_us)
			home.rows[k].last_us = place->last_us;
		if (place->first_us < home.rows[k].first_us)
			home.rows[k].first_us = place->first_us;
		home.places++;
		home.rows[k].days += days;
		home.rows[k].places++;
		home.most = home.rows[k].days > home.most ? home.rows[k].days : home.most;
	}
	return home;
}

static const struct home_row *at_home(const struct home *home, uint32_t key)
{
	for (size_t i = 0; i < home->count; i++)
		if (home->rows[i].key == key)
			return &home->rows[i];
	return NULL;
}

static uint32_t days_at_home(const struct home *home, uint32_t key)
{
	const struct home_row *row = at_home(home, key);

	return row ? row->days : 0;
}

/* ---- evidence for one place; bits for the attacker */

struct parties {
	struct habits attacker, owner;
	struct home countries, networks;
	struct home new_countries; /* of the owner's places, also since the alarm */
	struct home their_countries, their_networks; /* of the attacker's */
	struct home steady;        /* networks, whoever used them */
	uint32_t most_days; /* before the alarm, of one place */
	int64_t home_last_us; /* of places that were in use on several days before the alarm */
	double home_share;    /* of the days since the first of them: on so many the usual one was */
	int64_t alarm_us;
};

static double by_history(const struct place *place, const struct parties *parties)
{
	if (place->days_before >=
	    2) /* a bad guest may have been about for days, but where most days were spent is home */
		return place->days_before * 2 >= parties->most_days ? -30 : -10;
	if (place->days_before == 1)
		return parties->alarm_us - place->first_us > HOUR_US ? -2 : -1;
	return place->first_us < parties->alarm_us - BEFORE_US ? 0 : 2;
}

/* of so many places of the attacker's, those other than this one */
static uint32_t besides(uint32_t theirs, const struct place *place) { return theirs - is_of(place, ATTACKERS); }

/* in the owner's own country: the fewer of the attacker's many places are there, the less is this one his */
static double by_their_countries(const struct place *place, const struct parties *parties)
{
	const struct home_row *row = at_home(&parties->their_countries, country_of(place));
	double here = row ? besides(row->places, place) : 0, all = besides(parties->their_countries.places, place);

	return fmax(-4, fmin(-1, log2((here + 1) / (all + 1))));
}

static double by_country(const struct place *place, const struct parties *parties)
{
	uint32_t days = days_at_home(&parties->countries, country_of(place));

	if (!place->attacker) /* its own do not speak for it */
		days -= days < place->days_before ? days : place->days_before;

	if (!country_of(place))
		return 0;
	if (parties->countries.most < 2) /* nothing is known from before: where else is the owner now? */
		return days_at_home(&parties->new_countries, country_of(place)) > (place->attacker ? 0 : place->days)
			       ? -2
			       : 0;
	if (days >= HOME_DAYS && days * 5 >= parties->countries.most)
		return by_their_countries(place, parties);
	return days ? 1 : 4;
}

/* a provider that the owner is with anyway, and that has given other addresses before; or one that the attacker is with, and the owner is not */
static double by_network(const struct place *place, const struct parties *parties)
{
	const struct home_row *own = at_home(&parties->networks, network_of(place)), *their = at_home(&parties->their_networks, network_of(place));
	uint32_t places = own ? own->places - (place->days_before && !place->attacker) : 0;

	if (!places)
		return their ? fmin(3, besides(their->places, place)) : 0;
	return places >= 3 ? -5 : places == 2 ? -3 : -1;
}

/* a network in use for weeks, alarm or not: a VPN, a second home */
static double by_steadiness(const struct place *place, const struct parties *parties)
{
	const struct home_row *row = at_home(&parties->steady, network_of(place));

	return row && row->days >= STEADY_DAYS && row->last_us - row->first_us >= STEADY_SPAN_US ? -5 : 0;
}

/* bounces tell of the attacker; that there are none tells little, for some have clean lists, unless this one has not */
static double by_outcomes(const struct place *place, const struct parties *parties)
{
	double worse = parties->attacker.bounced, better = fmax(0.02, fmin(0.05, parties->owner.bounced));
	double least = worse >= 0.15 && place->sent >= 5 ? -6 : -2, bits;

	if (worse <= better)
		return 0;
	bits = place->bounced * log2(worse / better) + place->sent * log2((1 - worse) / (1 - better));
	return fmin(12, fmax(least, bits));
}

/* how much went out from one place, and to how many at a time; most telling where nothing is known of the owner */
static double by_volume(const struct place *place, const struct parties *parties)
{
	const struct habits *attacker = &parties->attacker, *owner = &parties->owner;
	double most = owner->settled ? 2 : 6, volume, width;

	if (!place->messages)
		return place->reading == place->logins ? -0.5 : 0;
	volume = fits(attacker->messages, messages_of(place)) - fits(owner->messages, messages_of(place));
	width = fits(attacker->width, width_of(place)) - fits(owner->width, width_of(place));
	return fmin(most, fmax(-most, volume)) + fmin(3, fmax(-3, width));
}

static double by_pace(const struct place *place, const struct parties *parties)
{
	double usual = 2 * busiest_elsewhere(&parties->owner, place) + 3;

	return place->messages ? fmin(4, fmax(-1, 1.5 * log2(place->busiest_hour / usual))) : 0;
}

/* Silent where the owner was used to be on nearly each day, since this place came into use: that is a journey, on which a strange country is
 * no wonder. Who is robbed goes on writing at home. */
static double by_absence(const struct place *place, const struct parties *parties)
{
	double silent;

	if (parties->home_last_us == WHEN_NONE || parties->home_last_us > place->first_us + DAY_US / 2 || place->days < 2 || place->days_before >= 2)
		return 0;
	silent = (double)(place->last_us - parties->home_last_us) / (double)DAY_US;
	if (silent < 1)
		return 0;
	return fmax(-12, silent * log2(fmax(0.05, 1 - parties->home_share))) - fmax(0, by_country(place, parties) - 1);
}

/* still in use long after everybody else of the attacker's has gone, or the only one in use from then on */
static double by_time(const struct place *place, const struct parties *parties)
{
	const struct habits *attacker = &parties->attacker;
	double bits = 0;

	if (attacker->last_us != WHEN_NONE && place->last_us > attacker->last_us + HOUR_US)
		bits -= place->last_us > attacker->last_us + 6 * HOUR_US ? 4 : 2;
	if (attacker->last_us != WHEN_NONE && place->first_us > attacker->last_us + HOUR_US)
		bits -= 2; /* came only afterwards */
	if (attacker->last_us != WHEN_NONE && place->days >= 3 && place->last_us > attacker->last_us + 2 * DAY_US)
		bits -= 6; /* and stays */
	return bits;
}

/* thieves try the door a few hours or days before, with a message or two and no look at the mailbox */
static double by_probe(const struct place *place, const struct parties *parties)
{
	bool before =
		place->first_us < parties->alarm_us - BEFORE_US && place->first_us > parties->alarm_us - 4 * DAY_US;

	return before && place->days_before == 1 && place->messages && place->messages <= 2 && !place->reading &&
			       by_country(place, parties) > 1 ? 3 : 0;
}

/* who reads much more than he writes is at home */
static double by_reading(const struct place *place)
{
	if (place->reading < 5 || place->reading < 2 * place->messages)
		return 0;
	return place->reading < 20 ? -2 : -4;
}

static double by_failures(const struct place *place)
{
	return place->first_failure_us != WHEN_NONE && place->failures >= 3 ? 3 : 0;
}

/* one more new place: of the party that has many, or of the one that keeps to few? */
static double by_number(const struct place *place, const struct parties *parties)
{
	double others = (double)parties->attacker.fresh - place->attacker,
	       own = (double)parties->owner.fresh - !place->attacker;

	if (place->first_us < parties->alarm_us - BEFORE_US)
		return 0;
	return fmin(4, fmax(-3, log2((others + 1) / (own + 1))));
}

static double weigh(const struct place *place, const struct parties *parties)
{
	return by_history(place, parties) + by_country(place, parties) + by_network(place, parties) +
	       by_steadiness(place, parties) + by_outcomes(place, parties) + by_volume(place, parties) +
	       by_pace(place, parties) + by_time(place, parties) + by_absence(place, parties) + by_failures(place) + by_reading(place) +
	       by_probe(place, parties) + by_number(place, parties);
}

/* places that were in use on several days before the alarm: how often, and until when */
static void look_at_home(const struct places *places, struct parties *parties)
{
	int64_t first_us = parties->alarm_us;

	parties->home_last_us = WHEN_NONE;
	for (size_t i = 0; i < places->count; i++) {
		const struct place *place = &places->items[i];

		if (place->days_before > parties->most_days)
			parties->most_days = place->days_before;
		if (!used(place) || place->days_before < 2)
			continue;
		first_us = place->first_us < first_us ? place->first_us : first_us;
		parties->home_last_us = place->last_us > parties->home_last_us ? place->last_us : parties->home_last_us;
	}
	parties->home_share = parties->most_days / (2 + (double)(parties->alarm_us - first_us) / (double)DAY_US);
}

void places_divide(struct places *places, int64_t alarm_us)
{
	for (size_t i = 0; i < places->count; i++)
		places->items[i].attacker = used(&places->items[i]) && places->items[i].days_before < 2;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct parties parties = {
			.attacker = habits_of(places, true, alarm_us),
			.owner = habits_of(places, false, alarm_us),
			.countries = home_of(places, country_of, OWNERS_BEFORE),
			.networks = home_of(places, network_of, OWNERS_BEFORE),
			.steady = home_of(places, network_of, ANYBODYS),
			.new_countries = home_of(places, country_of, OWNERS_EVER),
			.their_networks = home_of(places, network_of, ATTACKERS),
			.their_countries = home_of(places, country_of, ATTACKERS),
			.alarm_us = alarm_us,
		};
		bool moved = false;

		look_at_home(places, &parties);
		for (size_t i = 0; i < places->count; i++) {
			struct place *place = &places->items[i];
			bool before = place->attacker;

			if (!used(place))
				continue;
			place->bits = (float)weigh(place, &parties);
			place->attacker = place->bits > 0;
			moved |= before != place->attacker;
		}
		if (!moved)
			break;
	}
}
