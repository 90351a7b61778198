/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/population.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/table.h"

enum { LETTERS = 26, COUNTRIES = LETTERS * LETTERS, SPRAYED_ACCOUNTS = 5, SPRAYED_PER_LOGIN = 3 };

enum { CAMPAIGN_LAST = 4 };
#define CAMPAIGN_KEPT_US (2 * DAY_US)

/* accounts, of which only the last few are told apart: who comes back later counts again */
struct crowd {
	uint32_t count, last[CAMPAIGN_LAST];
};

/* one subject or link, as it went out lately */
struct campaign {
	int64_t last_us;
	struct crowd strange, home; /* who sent it from elsewhere, and from home */
};

struct population {
	struct population_guesser *guessers;
	size_t count, room;
	struct table by_block, tried; /* tried: pairs of block and account */
	struct campaign *campaigns;
	size_t campaign_count, campaign_room;
	struct table campaign_of; /* by mark */
	uint32_t homes[COUNTRIES];
	uint64_t homes_all;
};

struct population *population_new(void) { return memory_zero(1, sizeof(struct population)); }

void population_free(struct population *population)
{
	if (!population)
		return;
	table_done(&population->by_block);
	table_done(&population->tried);
	table_done(&population->campaign_of);
	free(population->campaigns);
	free(population->guessers);
	free(population);
}

/* forgets the quieter half */
static void make_room(struct population *population)
{
	uint64_t sum = 0;
	size_t kept = 0;
	uint32_t limit;

	for (size_t i = 0; i < population->count; i++)
		sum += population->guessers[i].attempts;
	limit = (uint32_t)(sum / population->count) + 1;
	table_clear(&population->by_block);
	table_clear(&population->tried);
	for (size_t i = 0; i < population->count; i++) {
		struct population_guesser *guesser = &population->guessers[i];

		if (guesser->attempts < limit && !guesser->opened_count && kept * 2 >= i)
			continue;
		table_put(&population->by_block, ip_block_key(&guesser->ip), (uint32_t)kept, NULL);
		population->guessers[kept++] = *guesser;
	}
	population->count = kept;
}

static struct population_guesser *guesser_of(struct population *population, const struct event *event)
{
	uint64_t key = ip_block_key(&event->ip);
	uint32_t *known = table_find(&population->by_block, key);
	struct population_guesser *made;

	if (known)
		return &population->guessers[*known];
	if (population->count >= POPULATION_GUESSERS_MAX)
		make_room(population);
	MEMORY_ROOM(population->guessers, population->count, population->room);
	table_put(&population->by_block, key, (uint32_t)population->count, NULL);
	made = &population->guessers[population->count++];
	*made = (struct population_guesser){ .ip = event->ip, .first_us = event->t_us };
	return made;
}

static uint64_t tried_key(const struct ip *ip, uint64_t account_key)
{
	return hash_pair(ip_block_key(ip), account_key) | 1;
}

void population_failure(struct population *population, const struct event *event)
{
	struct population_guesser *guesser;
	bool fresh = false;

	if (!ip_known(&event->ip) || event->place_silent)
		return;
	guesser = guesser_of(population, event);
	guesser->last_us = event->t_us;
	if (__builtin_add_overflow(guesser->attempts, event->count, &guesser->attempts))
		guesser->attempts = UINT32_MAX;
	guesser->block |= !ip_equal(&guesser->ip, &event->ip);
	if (!event->account_key)
		return;
	if (population->tried.count >= POPULATION_TRIED_MAX)
		table_clear(&population->tried); /* from here on who is tried again counts again */
	table_put(&population->tried, tried_key(&event->ip, event->account_key), 1, &fresh);
	guesser->accounts_tried += fresh;
	guesser->sprays |=
		guesser->accounts_tried >= SPRAYED_ACCOUNTS && guesser->attempts >= SPRAYED_PER_LOGIN * guesser->logins;
}

void population_success(struct population *population, const struct ip *ip)
{
	uint32_t *known = table_find(&population->by_block, ip_block_key(ip));

	if (known && population->guessers[*known].logins < UINT32_MAX)
		population->guessers[*known].logins++;
}

bool population_tried(const struct population *population, const struct ip *ip, uint64_t account_key)
{
	return account_key && table_find(&population->tried, tried_key(ip, account_key));
}

const struct population_guesser *population_guesser(const struct population *population, const struct ip *ip)
{
	uint32_t *known = table_find(&population->by_block, ip_block_key(ip));

	return known ? &population->guessers[*known] : NULL;
}

void population_opened(struct population *population, const struct ip *ip, uint32_t account)
{
	uint32_t *known = table_find(&population->by_block, ip_block_key(ip));
	struct population_guesser *guesser;

	if (!known)
		return;
	guesser = &population->guessers[*known];
	for (unsigned i = 0; i < guesser->opened_count; i++)
		if (guesser->opened[i] == account)
			return;
	if (guesser->opened_count < POPULATION_OPENED_MAX)
		guesser->opened[guesser->opened_count++] = account;
}

/* ---- campaigns */

static bool is_one_of_the_last(const struct crowd *crowd, uint32_t account)
{
	for (size_t i = 0; i < CAMPAIGN_LAST; i++)
		if (crowd->last[i] == account)
			return true;
	return false;
}

static void join(struct crowd *crowd, uint32_t account)
{
	if (is_one_of_the_last(crowd, account))
		return;
	crowd->last[crowd->count % CAMPAIGN_LAST] = account;
	crowd->count += crowd->count < UINT32_MAX;
}

static struct campaign *campaign_for(struct population *population, uint64_t mark)
{
	bool made;
	uint32_t *at;

	if (population->campaign_count >= POPULATION_CAMPAIGNS_MAX) {
		table_clear(&population->campaign_of); /* a new round: what still goes on is soon known again */
		population->campaign_count = 0;
	}
	at = table_put(&population->campaign_of, mark | 1, (uint32_t)population->campaign_count, &made);
	if (made) {
		MEMORY_ROOM(population->campaigns, population->campaign_count, population->campaign_room);
		population->campaigns[population->campaign_count++] = (struct campaign){ 0 };
	}
	return &population->campaigns[*at];
}

void population_sent(struct population *population, uint64_t mark, const struct event *event, bool from_home)
{
	struct campaign *campaign;

	if (!mark)
		return;
	campaign = campaign_for(population, mark);
	if (event->t_us - campaign->last_us > CAMPAIGN_KEPT_US)
		*campaign = (struct campaign){ 0 };
	campaign->last_us = event->t_us;
	join(from_home ? &campaign->home : &campaign->strange, event->account);
}

unsigned population_campaign(const struct population *population, uint64_t mark, const struct event *event)
{
	uint32_t *at = mark ? table_find(&population->campaign_of, mark | 1) : NULL;
	const struct campaign *campaign = at ? &population->campaigns[*at] : NULL;

	if (!campaign || event->t_us - campaign->last_us > CAMPAIGN_KEPT_US ||
	    campaign->home.count * 2 >= campaign->strange.count)
		return 0;
	return campaign->strange.count + !is_one_of_the_last(&campaign->strange, event->account);
}

/* ---- countries */

static unsigned country_index(const struct event_place *place)
{
	unsigned a = (unsigned)(place->country[0] - 'A'), b = (unsigned)(place->country[1] - 'A');

	return a < LETTERS && b < LETTERS ? a * LETTERS + b : COUNTRIES;
}

void population_home(struct population *population, const struct event_place *place)
{
	unsigned at = country_index(place);

	if (at == COUNTRIES || population->homes[at] == UINT32_MAX)
		return;
	population->homes[at]++;
	population->homes_all++;
}

float population_country_share(const struct population *population, const struct event_place *place)
{
	unsigned at = country_index(place);

	return at < COUNTRIES && population->homes_all ? (float)population->homes[at] / (float)population->homes_all
						       : 0;
}

size_t population_guessers(const struct population *population, const struct population_guesser **guessers)
{
	*guessers = population->guessers;
	return population->count;
}

size_t population_bytes(const struct population *population)
{
	return sizeof *population + population->room * sizeof *population->guessers +
	       table_bytes(&population->by_block) + table_bytes(&population->tried) +
	       population->campaign_room * sizeof *population->campaigns + table_bytes(&population->campaign_of);
}

/* ---- to a picture and back: the tables of blocks and marks are made anew */

enum { IMAGE_VERSION = 1 };

struct campaign_image {
	uint64_t mark;
	struct campaign campaign;
};

static uint64_t key_in(const struct table_slot *slot) { return (uint64_t)slot->high << 32 | slot->low; }
static size_t slots_of(const struct table *table) { return table->slots ? table->mask + 1 : 0; }

static void save_tried(const struct table *tried, struct image_out *out)
{
	image_begin(out, "tried", IMAGE_VERSION, sizeof(uint64_t), tried->count);
	for (size_t i = 0; i < slots_of(tried); i++) {
		uint64_t key = key_in(&tried->slots[i]);

		if (key)
			image_put(out, &key, sizeof key);
	}
}

static void save_campaigns(const struct population *population, struct image_out *out)
{
	const struct table *of = &population->campaign_of;

	image_begin(out, "campaigns", IMAGE_VERSION, sizeof(struct campaign_image), of->count);
	for (size_t i = 0; i < slots_of(of); i++) {
		struct campaign_image image = { .mark = key_in(&of->slots[i]) };

		if (!image.mark)
			continue;
		image.campaign = population->campaigns[of->slots[i].value];
		image_put(out, &image, sizeof image);
	}
}

void population_save(const struct population *population, struct image_out *out)
{
	image_begin(out, "guessers", IMAGE_VERSION, sizeof *population->guessers, population->count);
	image_put(out, population->guessers, population->count * sizeof *population->guessers);
	save_tried(&population->tried, out);
	save_campaigns(population, out);
	image_begin(out, "homes", IMAGE_VERSION, sizeof *population->homes, COUNTRIES);
	image_put(out, population->homes, sizeof population->homes);
}

static bool is_guesser(const struct population_guesser *guesser, uint32_t accounts)
{
	if (guesser->opened_count > POPULATION_OPENED_MAX || !image_is_time(guesser->first_us) || !image_is_time(guesser->last_us))
		return false;
	for (unsigned i = 0; i < guesser->opened_count; i++)
		if (guesser->opened[i] > accounts)
			return false;
	return true;
}

static bool load_guessers(struct population *population, struct image_in *in, uint32_t accounts, struct error *error)
{
	uint64_t left;

	if (!image_open(in, "guessers", IMAGE_VERSION, sizeof *population->guessers, POPULATION_GUESSERS_MAX, &left, error))
		return false;
	for (bool made; left; left--) {
		struct population_guesser *guesser;

		MEMORY_ROOM(population->guessers, population->count, population->room);
		guesser = &population->guessers[population->count];
		if (!image_get(in, guesser, 1, error))
			return false;
		table_put(&population->by_block, ip_block_key(&guesser->ip), (uint32_t)population->count, &made);
		if (!made || !is_guesser(guesser, accounts))
			return image_wrong(in, error);
		population->count++;
	}
	return true;
}

static bool load_tried(struct population *population, struct image_in *in, struct error *error)
{
	uint64_t left, key;

	if (!image_open(in, "tried", IMAGE_VERSION, sizeof key, POPULATION_TRIED_MAX, &left, error))
		return false;
	for (; left; left--) {
		if (!image_get(in, &key, 1, error))
			return false;
		table_put(&population->tried, key | 1, 1, NULL);
	}
	return true;
}

static bool load_campaigns(struct population *population, struct image_in *in, struct error *error)
{
	struct campaign_image image;
	uint64_t left;

	if (!image_open(in, "campaigns", IMAGE_VERSION, sizeof image, POPULATION_CAMPAIGNS_MAX, &left, error))
		return false;
	for (; left; left--) {
		if (!image_get(in, &image, 1, error))
			return false;
		if (!image_is_time(image.campaign.last_us))
			return image_wrong(in, error);
		*campaign_for(population, image.mark) = image.campaign;
	}
	return true;
}

static bool load_homes(struct population *population, struct image_in *in, struct error *error)
{
	uint64_t count;

	if (!image_open(in, "homes", IMAGE_VERSION, sizeof *population->homes, COUNTRIES, &count, error) ||
	    !image_get(in, population->homes, (size_t)count, error))
		return false;
	for (size_t i = 0; i < COUNTRIES; i++)
		population->homes_all += population->homes[i];
	return true;
}

bool population_load(struct population *population, struct image_in *in, uint32_t accounts, struct error *error)
{
	return load_guessers(population, in, accounts, error) && load_tried(population, in, error) &&
	       load_campaigns(population, in, error) && load_homes(population, in, error);
}
