/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/profile.h"

#include <math.h>

/* Where no other source is named, a figure comes from the first model of the detector, tuned on simulated
 * owners whose traffic was fitted to published data; HACKING.md tells how each came about. */
#define EVIDENCE_HALF_S (3.0f * 86400)  /* evidence fades: half of it in three days */
#define DELIVERED_HALF_S (2.0f * 86400) /* bounces come in for up to five days, most of them in one */
#define OUTCOMES_HALF_S (1.5f * 86400)
#define FAILURES_HALF_S (0.5f * 86400)
#define STRANGERS_HALF_S (1.0f * 86400)
#define STRANGERS_LEFT 0.7f /* of a day's, when it is over */
enum {
	FADE_STEP_S = 1800,
	KEPT_DAYS_MAX = 60, /* of use let a place outlive places that were seen later, but less */
	YOUNG_DAYS = 2,
	EARLY_DAYS = 7,
	WELL_DAYS = 2,      /* a block is the owner's after two days with a night and a day between them … */
	WELL_SPAN = 2,
	NETWORK_DAYS = 3,   /* … a network after three, over at least as many */
	NETWORK_SPAN = 3,
	SAID_DAYS = 3,      /* what a strange place says is said again after so many */
	SENDING_DAYS = 2,   /* a place is one to send from after so many, not counting today */
	ROAMING_Q8 = 384,   /* unfamiliar networks a day, in 1/256 */
	ROAMING_DAYS = 7,
	HOSTING_DAYS = 4, /* with a VPN, until that is taken for a habit */
	HOSTING_DAYS_MAX = 63,
	HOUR_TEACHES = 12,  /* recipients, whatever is usual */
	CLIENT_DAYS = 2,    /* software is the owner's when it was used on two */
};

/* what lroundf says, in place: an event asks a dozen times */
static int32_t nearest(float x) { return (int32_t)((double)x + (x < 0 ? -0.5 : 0.5)); }

/* ---- shares */

static struct profile_share share(float hits, float all)
{
	return (struct profile_share){ (uint16_t)nearest(hits * 64), (uint16_t)nearest(all * 64) };
}

void profile_share_add(struct profile_share *to, float hits, float all, float most)
{
	float fit = 1;

	all += profile_share_all(*to);
	hits += profile_share_hits(*to);
	while (all * fit > most)
		fit *= 0.5f;
	*to = share(fminf(hits * fit, 1000), all * fit);
}

static struct profile_share faded(struct profile_share old, float left)
{
	return share(profile_share_hits(old) * left, profile_share_all(old) * left);
}

static uint16_t to_u16(float value) { return (uint16_t)nearest(fminf(fmaxf(value, 0), UINT16_MAX)); }

/* ---- life */

void profile_init(struct profile *profile)
{
	*profile = (struct profile){
		.wander_q8 = 205,
		.habit_q5 = 3 * 32,
		.peak_q1 = 4 * 2,
		.contacts = share(0.6f, 3),
		.dead = share(0.35f, 25),
		.foreign = share(0.05f, 4),
		.flagged = share(0.06f, 6),
		.strangers_habit_q4 = 10,
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

static bool is_early(const struct profile *profile) { return profile->active_days <= EARLY_DAYS; }

/* ---- time */

static float busiest_hour(const struct profile *profile)
{
	bool none = profile->busiest_q3 == 0 || profile->busiest_q3 == PROFILE_SPOILED;

	return none ? 0 : exp2f((float)profile->busiest_q3 / 8);
}

static void teach_hour(struct profile *profile, float sent)
{
	profile->habit_q5 = to_u16(32 * (0.92f * profile_habit(profile) + 0.08f * sent));
	profile->peak_q1 = to_u16(2 * fmaxf(profile_peak(profile), sent));
}

/* A burst shall not be usual in its second hour: at once an hour teaches little more than what was usual … */
static float at_once(const struct profile *profile) { return 4 * profile_habit(profile) + HOUR_TEACHES; }

static void new_hour(struct profile *profile)
{
	float sent = (float)profile->hour_sent, q3 = fminf(8 * log2f(fmaxf(sent, 1)), PROFILE_SPOILED - 1);

	profile->hour_sent = 0;
	if (sent <= 0 || profile->busiest_q3 == PROFILE_SPOILED)
		return;
	profile->busiest_q3 = (uint8_t)fmaxf(profile->busiest_q3, q3);
	teach_hour(profile, fminf(sent, at_once(profile)));
}

/* … and all only when the day is over, and nothing spoke against it */
static void learn_day(struct profile *profile)
{
	float strangers = (float)profile->strangers_q4, busiest = busiest_hour(profile);

	if (busiest > at_once(profile))
		teach_hour(profile, busiest);
	if (profile->busiest_q3 == PROFILE_SPOILED) /* more strangers than usual do not become usual while they are judged */
		strangers = fminf(strangers, (float)profile->strangers_habit_q4 / STRANGERS_LEFT);
	profile->strangers_habit_q4 = to_u16(0.94f * profile->strangers_habit_q4 + 0.06f * STRANGERS_LEFT * strangers);
	profile->busiest_q3 = 0;
}

static void new_day(struct profile *profile, unsigned passed, int64_t t_us)
{
	struct profile_spread yesterday = profile_spread(profile, t_us, 24 * 60);

	profile->wander_q8 = (uint16_t)(0.9f * profile->wander_q8 + 25.6f * (float)yesterday.networks);
	profile->peak_q1 = to_u16(2 * fmaxf(4.0f, profile_peak(profile) * powf(0.985f, (float)passed)));
	learn_day(profile);
	profile->hosting_days += profile->hosted_today && profile->hosting_days < HOSTING_DAYS_MAX;
	profile->hosted_today = 0;
	if (profile->active_days < UINT16_MAX)
		profile->active_days++;
}

static void fade(struct profile *profile, float passed_s)
{
	float evidence = exp2f(-passed_s / EVIDENCE_HALF_S);

	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		profile->bits_q8[i] = (int16_t)nearest((float)profile->bits_q8[i] * evidence);
	profile->dead_now = faded(profile->dead_now, exp2f(-passed_s / OUTCOMES_HALF_S));
	profile->returned = faded(profile->returned, exp2f(-passed_s / DELIVERED_HALF_S));
	profile->failures_q8 = to_u16((float)profile->failures_q8 * exp2f(-passed_s / FAILURES_HALF_S));
	profile->strangers_q4 = to_u16((float)profile->strangers_q4 * exp2f(-passed_s / STRANGERS_HALF_S));
}

/* Evidence fades in steps of half an hour, so that rounding does not eat it; rates at once. */
void profile_age(struct profile *profile, int64_t t_us)
{
	uint32_t now_s = t_us > 0 ? (uint32_t)(t_us / SECOND_US) : 0,
		 before_s = profile->touched_s ? profile->touched_s : now_s;

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
	if (now_s / 3600 != before_s / 3600)
		new_hour(profile);
	if (now_s / 86400 != before_s / 86400 || !profile->active_days)
		new_day(profile, profile->active_days ? now_s / 86400 - before_s / 86400 : 1, t_us);
}

/* ---- places */

static uint32_t short_key(uint64_t key)
{
	return (uint32_t)(key >> 32) | 1;
}

static uint32_t block_key(const struct ip *ip) { return short_key(ip_block_key(ip)); }

uint32_t profile_network_key(const struct event *event)
{
	return event->place.asn ? (event->place.asn << 1) | 1 : short_key(ip_wide_key(&event->ip)) & ~1u;
}

/* never 0: that is a free place */
static uint16_t shorter_key(uint32_t key)
{
	uint16_t shorter = (uint16_t)(key >> 1 ^ key >> 17);

	return shorter ? shorter : 1;
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
	return find(profile->networks, PROFILE_NETWORKS, profile_network_key(event)) != NULL;
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

static bool is_well(const struct profile_place *block)
{
	return block && block->days >= WELL_DAYS && block->span >= WELL_SPAN;
}

static enum profile_familiar familiar_by_reading(const struct profile *profile, const struct event *event,
						 const struct profile_place *block, const struct profile_place *network)
{
	bool at_home;

	if (is_well(block))
		return FAMILIAR_WELL;
	if (network && network->days >= NETWORK_DAYS && network->span >= NETWORK_SPAN)
		return FAMILIAR_SOMEWHAT;
	if (profile_is_on_vpn(profile, event) || profile_roams_at_home(profile, event))
		return FAMILIAR_SOMEWHAT;
	at_home = country_key(event) == profile->countries[0].key;
	if (at_home && block && block->days >= WELL_DAYS)
		return FAMILIAR_FIRST; /* not for long yet */
	if (is_first_home(profile, block))
		return FAMILIAR_FIRST;
	/* and while it is young, so are other networks of that country */
	return profile_is_young(profile) && at_home && network ? FAMILIAR_FIRST : FAMILIAR_NOT;
}

/* ---- places to send from */

static bool was_sent_from(const struct profile_place *place) { return place && (place->sent || place->sent_last); }

bool profile_sent_from_country(const struct profile *profile, const struct event *event)
{
	return was_sent_from(find(profile->countries, PROFILE_COUNTRIES, country_key(event)));
}

bool profile_sent_from_network(const struct profile *profile, const struct event *event)
{
	return was_sent_from(find(profile->networks, PROFILE_NETWORKS, profile_network_key(event)));
}

static unsigned sent_before(const struct profile_place *place, uint16_t today)
{
	return place ? place->sent + (place->sent_last && place->last_day != today) : 0;
}

static bool has_a_place_to_send_from(const struct profile *profile, uint16_t today)
{
	bool has = false;

	for (size_t i = 0; i < PROFILE_BLOCKS; i++)
		has |= sent_before(&profile->blocks[i], today) >= SENDING_DAYS;
	for (size_t i = 0; i < PROFILE_NETWORKS; i++)
		has |= sent_before(&profile->networks[i], today) >= SENDING_DAYS;
	return has;
}

static enum profile_familiar at_most(enum profile_familiar familiar, enum profile_familiar most)
{
	return familiar < most ? familiar : most;
}

/* sent from on enough days, or on most of the few on which it was seen at all */
static bool is_sent_from(const struct profile_place *place, uint16_t today)
{
	unsigned sent = sent_before(place, today);

	return sent >= SENDING_DAYS || (sent && place->days <= 2 * sent + 1);
}

bool profile_sends_from_network(const struct profile *profile, const struct event *event)
{
	const struct profile_place *network = find(profile->networks, PROFILE_NETWORKS, profile_network_key(event));

	return network && (network->early || is_sent_from(network, (uint16_t)profile_day(event->t_us)));
}

/* Who has hardly ever sent anything may read and send where they like, and so may anybody in networks of their first week; else a
 * place must have been sent from. Another one in a country that mail was sent from is half a stranger's. */
static enum profile_familiar familiar_for_sending(const struct profile *profile, const struct event *event,
						  enum profile_familiar reading, const struct profile_place *block,
						  const struct profile_place *network)
{
	uint16_t today = (uint16_t)profile_day(event->t_us);
	const struct profile_place *country = find(profile->countries, PROFILE_COUNTRIES, country_key(event));
	bool at_home = country && (country->early || is_sent_from(country, today));

	if ((network && network->early) || is_sent_from(block, today) ||
	    (is_sent_from(network, today) && sent_before(block, today)))
		return reading;
	if (is_sent_from(network, today) || !has_a_place_to_send_from(profile, today) ||
	    profile_is_on_vpn(profile, event) || profile_roams_at_home(profile, event))
		return at_most(reading, FAMILIAR_SOMEWHAT);
	if (profile_is_young(profile))
		return at_most(reading, FAMILIAR_FIRST);
	return at_home && reading >= FAMILIAR_SOMEWHAT ? FAMILIAR_SOMEWHAT : FAMILIAR_NOT;
}

enum profile_familiar profile_familiar_place(const struct profile *profile, const struct event *event)
{
	const struct profile_place *block, *network;
	enum profile_familiar reading;

	if (event->place_silent || !ip_known(&event->ip))
		return FAMILIAR_SOMEWHAT;
	block = find(profile->blocks, PROFILE_BLOCKS, block_key(&event->ip));
	network = find(profile->networks, PROFILE_NETWORKS, profile_network_key(event));
	reading = familiar_by_reading(profile, event, block, network);
	return event->kind == EVENT_AUTH || reading == FAMILIAR_NOT
		       ? reading
		       : familiar_for_sending(profile, event, reading, block, network);
}

static bool was_lately_here(const struct profile *profile, const struct event *event)
{
	uint16_t now = (uint16_t)(event->t_us / (10 * MINUTE_US));

	for (size_t i = 0; i < PROFILE_RECENT; i++)
		if (profile->recent[i].network == shorter_key(profile_network_key(event)) &&
		    (uint16_t)(now - profile->recent[i].ten_minutes) < SAID_DAYS * 24 * 6)
			return true;
	return false;
}

bool profile_only_read_here(const struct profile *profile, const struct event *event)
{
	uint16_t today = (uint16_t)profile_day(event->t_us);
	const struct profile_place *block, *network;

	if (event->kind != EVENT_SUBMIT || event->place_silent || !ip_known(&event->ip))
		return false;
	block = find(profile->blocks, PROFILE_BLOCKS, block_key(&event->ip));
	if (!block || is_sent_from(block, today) || is_first_home(profile, block))
		return false;
	network = find(profile->networks, PROFILE_NETWORKS, profile_network_key(event));
	return !was_sent_from(network) && !(network && network->early) && has_a_place_to_send_from(profile, today) &&
	       !profile_is_on_vpn(profile, event) && !was_lately_here(profile, event);
}

/* Other software on a machine that stands in the owner's own place: a new device, or somebody behind the same door. */
enum profile_familiar profile_familiar(const struct profile *profile, const struct event *event)
{
	enum profile_familiar familiar = profile_familiar_place(profile, event);

	if (familiar == FAMILIAR_NOT || familiar == FAMILIAR_FIRST || profile_knows_client(profile, event))
		return familiar;
	return familiar == FAMILIAR_WELL ? FAMILIAR_SOMEWHAT : FAMILIAR_NOT;
}

bool profile_needs_place(const struct profile *profile, const struct event *event)
{
	const struct profile_place *block = find(profile->blocks, PROFILE_BLOCKS, block_key(&event->ip));
	uint16_t today = (uint16_t)profile_day(event->t_us);
	bool well = is_well(block) && (event->kind == EVENT_AUTH || sent_before(block, today) >= SENDING_DAYS);
	bool home = is_first_home(profile, block), seen;

	if (event->kind != EVENT_AUTH && event->kind != EVENT_SUBMIT) /* of a message that was told: nothing is learnt of its place */
		return !well && !home;
	if (!block || (!well && !home))
		return true;
	seen = block->last_day == today && (event->kind == EVENT_AUTH || block->sent_last);
	/* networks and countries of a known block were learned with it, and now and then they are seen again */
	return !seen && (!well || (block->key + today) % 4 == 0);
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
	place->days += place->days < PROFILE_DAYS_MAX;
	place->span = place->span + passed > PROFILE_SPAN_MAX ? PROFILE_SPAN_MAX
							      : (uint16_t)(place->span + passed) & PROFILE_SPAN_MAX;
	place->sent += place->sent_last && place->sent < PROFILE_DAYS_MAX;
	place->sent_last = 0;
	place->last_day = day;
}

static void learn(struct profile_place *places, size_t count, uint32_t key, uint16_t day, bool early)
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
		*least = (struct profile_place){ .key = key, .last_day = day, .days = 1, .early = early };
}

void profile_learn_place(struct profile *profile, const struct event *event)
{
	uint16_t day = (uint16_t)profile_day(event->t_us);
	bool located = profile_needs_place(profile, event), early = is_early(profile);
	const struct profile_place *block = find(profile->blocks, PROFILE_BLOCKS, block_key(&event->ip));
	bool new_abroad = !profile_is_young(profile) && country_key(event) && !profile_knows_country(profile, event) &&
			  (!block || block->last_day == day);

	learn(profile->blocks, PROFILE_BLOCKS, block_key(&event->ip), day, early);
	if (!located)
		return; /* nobody looked up where it is */
	if (new_abroad)
		return; /* not before it is used again another day */
	learn(profile->networks, PROFILE_NETWORKS, profile_network_key(event), day, early);
	learn(profile->countries, PROFILE_COUNTRIES, country_key(event), day, early);
}

static void mark_sent(struct profile_place *places, size_t count, uint32_t key, uint16_t day)
{
	for (size_t i = 0; key && i < count; i++)
		if (places[i].key == key && places[i].last_day == day)
			places[i].sent_last = 1;
}

void profile_learn_sending(struct profile *profile, const struct event *event)
{
	uint16_t day = (uint16_t)profile_day(event->t_us);
	bool located = profile_needs_place(profile, event);

	mark_sent(profile->blocks, PROFILE_BLOCKS, block_key(&event->ip), day);
	if (!located)
		return;
	mark_sent(profile->networks, PROFILE_NETWORKS, profile_network_key(event), day);
	mark_sent(profile->countries, PROFILE_COUNTRIES, country_key(event), day);
}

void profile_learn_network(struct profile *profile, const struct event *event)
{
	learn(profile->networks, PROFILE_NETWORKS, profile_network_key(event), (uint16_t)profile_day(event->t_us),
	      is_early(profile));
}

/* ---- data centres */

bool profile_is_on_vpn(const struct profile *profile, const struct event *event)
{
	return event->detail && event->detail->net == NET_HOSTING && profile->hosting_days >= HOSTING_DAYS;
}

/* ---- many people */

/* Six people with one mailbox come from more networks than there is room for: where ever new ones are the habit, another
 * one in their country is no news. */
bool profile_roams_at_home(const struct profile *profile, const struct event *event)
{
	return event->detail && profile->wander_q8 >= ROAMING_Q8 && profile->active_days >= ROAMING_DAYS &&
	       profile_lived_in_country(profile, event);
}

/* ---- client software */

static uint16_t client_key(const struct event *event)
{
	uint32_t client = event->detail ? event->detail->client : 0;
	uint16_t key = (uint16_t)(client >> 16 ^ client);

	return client && !key ? 1 : key;
}

static struct profile_client *find_client(const struct profile *profile, uint16_t key)
{
	for (size_t i = 0; key && i < PROFILE_CLIENTS; i++)
		if (profile->clients[i].key == key)
			return (struct profile_client *)&profile->clients[i];
	return NULL;
}

bool profile_knows_client(const struct profile *profile, const struct event *event)
{
	const struct profile_client *client = find_client(profile, client_key(event));
	unsigned known = 0;

	for (size_t i = 0; i < PROFILE_CLIENTS; i++)
		known += profile->clients[i].days >= CLIENT_DAYS;
	/* without one nothing is strange yet; who uses four of them uses a fifth */
	return !client_key(event) || (client && client->days >= CLIENT_DAYS) || known == 0 || known == PROFILE_CLIENTS ||
	       profile_roams_at_home(profile, event);
}

/* the one used on the fewest days makes room */
void profile_learn_client(struct profile *profile, const struct event *event)
{
	uint16_t key = client_key(event);
	uint8_t today = (uint8_t)profile_day(event->t_us);
	struct profile_client *client = find_client(profile, key), *least = &profile->clients[0];

	if (!key)
		return;
	for (size_t i = 1; i < PROFILE_CLIENTS; i++)
		if (profile->clients[i].days < least->days)
			least = &profile->clients[i];
	if (!client && least->days > 1)
		least->days /= 2; /* not at once: a thief shall not push out the owner's own in a minute */
	else if (!client)
		*least = (struct profile_client){ .key = key, .days = 1, .last_day = today };
	else if (client->last_day != today) {
		client->days += client->days < UINT8_MAX;
		client->last_day = today;
	}
}

/* ---- places of late */

void profile_note_recent(struct profile *profile, const struct event *event)
{
	struct profile_recent made = {
		.network = shorter_key(profile_network_key(event)),
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

void profile_count_sent(struct profile *profile, float recipients, enum profile_familiar familiar)
{
	static const float away[] = { 1.0f, 0.0f, 0.35f, 0.0f };
	float n = fminf(recipients, 10000);

	profile->rate = fminf(profile->rate + n, 1e6f);
	profile->rate_away = fminf(profile->rate_away + n * away[familiar], 1e6f);
	if (familiar == FAMILIAR_WELL || familiar == FAMILIAR_FIRST)
		profile->hour_sent = (uint16_t)fminf((float)profile->hour_sent + n, UINT16_MAX);
}

void profile_spoil_day(struct profile *profile)
{
	profile->hour_sent = 0;
	profile->busiest_q3 = PROFILE_SPOILED;
}

/* what an unfamiliar source does hardly changes the habit: nobody may teach it in a hurry */
static const float learn_weight[] = { 0.05f, 0.4f, 0.4f, 1.0f };

void profile_count_strangers(struct profile *profile, float strangers, enum profile_familiar familiar)
{
	static const float away[] = { 1.0f, 0.7f, 0.7f, STRANGERS_AT_HOME };
	float n = fminf(strangers, 1000);

	profile->strangers_q4 = to_u16((float)profile->strangers_q4 + 16 * n * away[familiar]);
}

/* who writes fast does not teach fast: nobody shall make a habit of it within the hour */
static float weight_of(const struct profile *profile, enum profile_familiar familiar)
{
	return learn_weight[familiar] / (1 + profile->rate / 4);
}

bool profile_in_burst(const struct profile *profile)
{
	return profile->rate > PROFILE_BURST && profile->rate > 1.5f * profile_peak(profile);
}

void profile_learn_contact(struct profile *profile, bool first_contact, enum profile_familiar familiar)
{
	float weight = weight_of(profile, familiar);

	profile_share_add(&profile->contacts, first_contact ? weight : 0, weight, 60);
}

void profile_learn_outcome(struct profile *profile, bool bad, enum profile_familiar familiar)
{
	profile_share_add(&profile->dead, bad ? learn_weight[familiar] : 0, learn_weight[familiar], 600);
}

void profile_learn_message(struct profile *profile, const struct event *event, enum profile_familiar familiar)
{
	float weight = weight_of(profile, familiar);
	uint8_t *part = &profile->day_parts[(uint64_t)event->t_us / (3 * HOUR_US) % PROFILE_DAY_PARTS];

	if (!profile_in_burst(profile))
		profile_share_add(&profile->foreign, event->detail->foreign_from ? weight : 0, weight, 200);
	if (event->detail->filtered && !profile_in_burst(profile))
		profile_share_add(&profile->flagged, event->spam ? weight : 0, weight, 200);
	if (familiar == FAMILIAR_NOT)
		return;
	for (size_t i = 0; *part == UINT8_MAX && i < PROFILE_DAY_PARTS; i++)
		profile->day_parts[i] /= 2;
	++*part;
}

void profile_absolve(struct profile *profile)
{
	memset(profile->bits_q8, 0, sizeof profile->bits_q8);
	memset(profile->recent, 0, sizeof profile->recent);
	profile->rate = profile->rate_away = 0;
	profile->failures_q8 = 0;
	profile->dead_now = (struct profile_share){ 0 };
	profile->strangers_q4 = 0;
	profile->away = profile->hosted_today = 0;
}
