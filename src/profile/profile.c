/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/profile.h"

#include <math.h>

/* Where no other source is named, a figure comes from the first model of the detector, tuned on simulated
 * owners whose traffic was fitted to published data; HACKING.md tells how each came about. */
#define EVIDENCE_HALF_S (3.0f * 86400)  /* evidence fades: half of it in three days */
#define DELIVERED_HALF_S (2.0f * 86400) /* bounces come in for up to five days, most of them in one */
#define OUTCOMES_HALF_S (0.5f * 86400)
#define FAILURES_HALF_S (0.5f * 86400)
enum {
	FADE_STEP_S = 1800,
	KEPT_DAYS_MAX = 60, /* of use let a place outlive places that were seen later, but less */
	YOUNG_DAYS = 2,
	WELL_DAYS = 2,      /* a block is the owner's after two days with a night and a day between them … */
	WELL_SPAN = 2,
	NETWORK_DAYS = 3,   /* … a network after three, over at least as many */
	NETWORK_SPAN = 3,
};

void profile_init(struct profile *profile)
{
	*profile = (struct profile){
		.wander_q8 = 205,
		.habit = 3.0f,
		.peak = 4.0f,
		.contacts_new = 0.6f,
		.contacts_all = 3.0f,
		.bad_habit = 0.35f,
		.outcome_habit = 25.0f,
	};
}

void profile_set_bits(struct profile *profile, unsigned signal, float bits)
{
	profile->bits_q8[signal] = (int16_t)(bits > 120 ? 120 * 256 : bits < -120 ? -120 * 256 : bits * 256);
}

bool profile_is_young(const struct profile *profile)
{
	return profile->active_days <= YOUNG_DAYS;
}

/* ---- time */

static void new_day(struct profile *profile, uint16_t day, int64_t t_us)
{
	unsigned passed = profile->active_days ? (uint16_t)(day - profile->day) : 1;
	struct profile_spread yesterday = profile_spread(profile, t_us, 24 * 60);

	profile->wander_q8 = (uint16_t)(0.9f * profile->wander_q8 + 25.6f * (float)yesterday.networks);
	profile->peak = fmaxf(4.0f, profile->peak * powf(0.985f, (float)passed));
	profile->day = day;
	if (profile->active_days < UINT16_MAX)
		profile->active_days++;
}

static void new_hour(struct profile *profile, uint16_t hour)
{
	if (profile->hour_sent) {
		profile->habit = 0.92f * profile->habit + 0.08f * (float)profile->hour_sent;
		profile->peak = fmaxf(profile->peak, (float)profile->hour_sent);
	}
	profile->hour_sent = 0;
	profile->hour = hour;
}

static void fade(struct profile *profile, float passed_s)
{
	float evidence = exp2f(-passed_s / EVIDENCE_HALF_S), half_day = exp2f(-passed_s / OUTCOMES_HALF_S);

	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		profile->bits_q8[i] = (int16_t)lroundf((float)profile->bits_q8[i] * evidence);
	profile->bad_now *= half_day;
	profile->outcomes_now *= half_day;
	profile->failures_q8 = (uint16_t)lroundf((float)profile->failures_q8 * exp2f(-passed_s / FAILURES_HALF_S));
	profile->delivered *= exp2f(-passed_s / DELIVERED_HALF_S);
	profile->returned *= exp2f(-passed_s / DELIVERED_HALF_S);
}

/* Evidence fades in steps of half an hour, so that rounding does not eat it; rates at once. */
void profile_age(struct profile *profile, int64_t t_us)
{
	uint32_t now_s = t_us > 0 ? (uint32_t)(t_us / SECOND_US) : 0,
		 before_s = profile->touched_s ? profile->touched_s : now_s;
	uint16_t day = (uint16_t)profile_day(t_us), hour = (uint16_t)(now_s / 3600);

	if (now_s < before_s)
		return; /* a clock that goes back ages nothing */
	profile->touched_s = now_s;
	if (now_s / FADE_STEP_S != before_s / FADE_STEP_S)
		fade(profile, (float)(now_s / FADE_STEP_S - before_s / FADE_STEP_S) * FADE_STEP_S);
	if (profile->rate > 0 && now_s > before_s) {
		float an_hour = expf(-(float)(now_s - before_s) / 3600.0f);

		profile->rate *= an_hour;
		profile->rate_away *= an_hour;
	}
	if (hour != profile->hour)
		new_hour(profile, hour);
	if (day != profile->day || !profile->active_days)
		new_day(profile, day, t_us);
}

/* ---- places */

static uint32_t short_key(uint64_t key)
{
	return (uint32_t)(key >> 32) | 1;
}

static uint32_t block_key(const struct ip *ip) { return short_key(ip_block_key(ip)); }

static uint32_t network_key(const struct event *event)
{
	return event->place.asn ? (event->place.asn << 1) | 1 : short_key(ip_wide_key(&event->ip)) & ~1u;
}

static uint32_t country_key(const struct event *event) { return profile_country_code(&event->place); }

static const struct profile_place *find(const struct profile_place *places, size_t count, uint32_t key)
{
	for (size_t i = 0; i < count; i++)
		if (places[i].key == key)
			return key ? &places[i] : NULL;
	return NULL;
}

bool profile_knows_block(const struct profile *profile, const struct ip *ip)
{
	return find(profile->blocks, PROFILE_BLOCKS, block_key(ip)) != NULL;
}

bool profile_knows_network(const struct profile *profile, const struct event *event)
{
	return find(profile->networks, PROFILE_NETWORKS, network_key(event)) != NULL;
}

bool profile_lived_in_country(const struct profile *profile, const struct event *event)
{
	const struct profile_place *country = find(profile->countries, PROFILE_COUNTRIES, country_key(event));

	return country && country->days >= WELL_DAYS;
}

bool profile_was_lately_in_country(const struct profile *profile, const struct event *event)
{
	for (size_t i = 0; i < PROFILE_RECENT && profile->recent[i].network; i++)
		if (profile->recent[i].country == country_key(event))
			return true;
	return false;
}

bool profile_knows_country(const struct profile *profile, const struct event *event)
{
	return find(profile->countries, PROFILE_COUNTRIES, country_key(event)) != NULL;
}

/* a young account: what it was first seen with is taken for home, whatever network that is in */
static bool is_first_home(const struct profile *profile, const struct profile_place *block)
{
	return profile_is_young(profile) && (block == &profile->blocks[0] || !profile->blocks[0].key);
}

enum profile_familiar profile_familiar(const struct profile *profile, const struct event *event)
{
	const struct profile_place *block, *network;
	bool at_home;

	if (event->place_silent || !ip_known(&event->ip))
		return FAMILIAR_SOMEWHAT;
	block = find(profile->blocks, PROFILE_BLOCKS, block_key(&event->ip));
	if (block && block->days >= WELL_DAYS && block->span >= WELL_SPAN)
		return FAMILIAR_WELL;
	network = find(profile->networks, PROFILE_NETWORKS, network_key(event));
	if (network && network->days >= NETWORK_DAYS && network->span >= NETWORK_SPAN)
		return FAMILIAR_SOMEWHAT;
	at_home = country_key(event) == profile->countries[0].key;
	if (at_home && block && block->days >= WELL_DAYS)
		return FAMILIAR_FIRST; /* not for long yet */
	if (is_first_home(profile, block))
		return FAMILIAR_FIRST;
	/* and while it is young, so are other networks of that country */
	return profile_is_young(profile) && at_home && network ? FAMILIAR_FIRST : FAMILIAR_NOT;
}

bool profile_needs_place(const struct profile *profile, const struct event *event)
{
	const struct profile_place *block = find(profile->blocks, PROFILE_BLOCKS, block_key(&event->ip));
	bool well = block && block->days >= WELL_DAYS && block->span >= WELL_SPAN;
	bool home = is_first_home(profile, block);
	uint16_t today = (uint16_t)profile_day(event->t_us);

	if (event->kind == EVENT_OUTCOME)
		return !well && !home;
	if (!block || (!well && !home))
		return true;
	/* networks and countries of a known block were learned with it, and now and then they are seen again */
	return block->last_day != today && (!well || (block->key + today) % 4 == 0);
}

/* the day until which a place is worth keeping: long use outlives a passing acquaintance */
static unsigned kept_until(const struct profile_place *place)
{
	return place->key ? place->last_day + (place->days < KEPT_DAYS_MAX ? place->days : KEPT_DAYS_MAX) : 0;
}

static void see_again(struct profile_place *place, uint16_t day)
{
	uint16_t passed = (uint16_t)(day - place->last_day);

	if (passed == 0 || passed > INT16_MAX)
		return;
	place->days += place->days < UINT8_MAX;
	place->span = place->span + passed > UINT8_MAX ? UINT8_MAX : (uint8_t)(place->span + passed);
	place->last_day = day;
}

static void learn(struct profile_place *places, size_t count, uint32_t key, uint16_t day)
{
	struct profile_place *least = &places[0];

	for (size_t i = 0; key && i < count; i++) {
		if (places[i].key == key) {
			see_again(&places[i], day);
			return;
		}
		if (kept_until(&places[i]) < kept_until(least))
			least = &places[i];
	}
	if (key)
		*least = (struct profile_place){ .key = key, .last_day = day, .days = 1 };
}

void profile_learn_place(struct profile *profile, const struct event *event)
{
	uint16_t day = (uint16_t)profile_day(event->t_us);
	bool located = profile_needs_place(profile, event);
	const struct profile_place *block = find(profile->blocks, PROFILE_BLOCKS, block_key(&event->ip));
	bool new_abroad = !profile_is_young(profile) && country_key(event) && !profile_knows_country(profile, event) &&
			  (!block || block->last_day == day);

	learn(profile->blocks, PROFILE_BLOCKS, block_key(&event->ip), day);
	if (!located)
		return; /* nobody looked up where it is */
	if (new_abroad)
		return; /* not before it is used again another day */
	learn(profile->networks, PROFILE_NETWORKS, network_key(event), day);
	learn(profile->countries, PROFILE_COUNTRIES, country_key(event), day);
}

/* never 0: that is a free place */
static uint16_t shorter_key(uint32_t key)
{
	uint16_t shorter = (uint16_t)(key >> 1 ^ key >> 17);

	return shorter ? shorter : 1;
}

void profile_note_recent(struct profile *profile, const struct event *event)
{
	struct profile_recent made = {
		.network = shorter_key(network_key(event)),
		.country = (uint16_t)country_key(event),
		.ten_minutes = (uint16_t)(event->t_us / (10 * MINUTE_US)),
	};
	size_t at = 0;

	/* newest first; one that is here already only moves to the front */
	while (at < PROFILE_RECENT - 1 &&
	       (profile->recent[at].network != made.network || profile->recent[at].country != made.country))
		at++;
	for (; at > 0; at--)
		profile->recent[at] = profile->recent[at - 1];
	profile->recent[0] = made;
}

struct profile_spread profile_spread(const struct profile *profile, int64_t t_us, unsigned minutes)
{
	uint16_t now = (uint16_t)(t_us / (10 * MINUTE_US)), first = now;
	struct profile_spread spread = { 0 };

	for (size_t i = 0; i < PROFILE_RECENT; i++) {
		const struct profile_recent *recent = &profile->recent[i];
		bool country = recent->country != 0;

		if (!recent->network || (uint16_t)(now - recent->ten_minutes) > minutes / 10)
			break;
		for (size_t k = 0; k < i; k++)
			country &= profile->recent[k].country != recent->country;
		spread.networks++;
		spread.countries += country;
		first = recent->ten_minutes;
	}
	spread.minutes = (uint16_t)(now - first) * 10u;
	return spread;
}

/* ---- volumes and recipients */

void profile_count_sent(struct profile *profile, uint32_t recipients, enum profile_familiar familiar)
{
	static const float away[] = { 1.0f, 0.0f, 0.35f, 0.0f };
	float n = recipients > 10000 ? 10000.0f : (float)recipients;

	profile->rate = fminf(profile->rate + n, 1e6f);
	profile->rate_away = fminf(profile->rate_away + n * away[familiar], 1e6f);
	if (familiar == FAMILIAR_WELL || familiar == FAMILIAR_FIRST)
		profile->hour_sent = (uint16_t)fminf((float)profile->hour_sent + n, UINT16_MAX);
}

/* what an unfamiliar source does hardly changes the habit: nobody may teach it in a hurry */
static const float learn_weight[] = { 0.05f, 0.4f, 0.4f, 1.0f };

void profile_learn_contact(struct profile *profile, bool first_contact, enum profile_familiar familiar)
{
	profile->contacts_all += learn_weight[familiar];
	profile->contacts_new += first_contact ? learn_weight[familiar] : 0;
	if (profile->contacts_all > 60) {
		profile->contacts_all *= 0.5f;
		profile->contacts_new *= 0.5f;
	}
}

void profile_learn_outcome(struct profile *profile, bool bad, enum profile_familiar familiar)
{
	profile->outcome_habit += learn_weight[familiar];
	profile->bad_habit += bad ? learn_weight[familiar] : 0;
	if (profile->outcome_habit > 600) {
		profile->outcome_habit *= 0.5f;
		profile->bad_habit *= 0.5f;
	}
}

void profile_absolve(struct profile *profile)
{
	memset(profile->bits_q8, 0, sizeof profile->bits_q8);
	memset(profile->recent, 0, sizeof profile->recent);
	profile->rate = profile->rate_away = 0;
	profile->failures_q8 = 0;
	profile->bad_now = profile->outcomes_now = 0;
	profile->away = 0;
}
