/* SPDX-License-Identifier: Apache-2.0 */
/* What is known across all accounts: how usual a country is here, and which networks guess passwords.
 * Bounded: POPULATION_GUESSERS_MAX blocks, of which the least busy are forgotten first. Pure. */
#ifndef SEKISHO_PROFILE_POPULATION_H
#define SEKISHO_PROFILE_POPULATION_H
#include "base/image.h"
#include "event/event.h"

enum {
	POPULATION_GUESSERS_MAX = 200000,
	POPULATION_TRIED_MAX = 2000000,
	POPULATION_OPENED_MAX = 8,
	POPULATION_CAMPAIGNS_MAX = 200000,
};

/* one block (/24, /48) that logins failed from */
struct population_guesser {
	struct ip ip;            /* the first address seen */
	uint8_t block;           /* 1: more than one address took part */
	uint8_t sprays;          /* 1: tried many accounts, and hardly any login worked: no house of their owners */
	uint8_t opened_count;
	uint32_t attempts, accounts_tried, logins; /* logins: that worked, since the first failure */
	uint32_t opened[POPULATION_OPENED_MAX]; /* accounts that it got into, the first few */
	int64_t first_us, last_us;
};

struct population;

struct population *population_new(void);
void population_free(struct population *population);

/* a login failed; `account_key` 0 where the log does not say whose */
void population_failure(struct population *population, const struct event *event);
/* a login worked: a block that many owners are at home in, a carrier's or an office's, has failures too */
void population_success(struct population *population, const struct ip *ip);
/* did logins to this account fail from this block? */
bool population_tried(const struct population *population, const struct ip *ip, uint64_t account_key);
/* NULL where nothing failed from this block */
const struct population_guesser *population_guesser(const struct population *population, const struct ip *ip);
/* a guessing block got into an account that did not know it */
void population_opened(struct population *population, const struct ip *ip, uint32_t account);
/* an owner was at home in this country */
void population_home(struct population *population, const struct event_place *place);
/* share of owners' logins from this country, 0 to 1 */
float population_country_share(const struct population *population, const struct event_place *place);

/* A message with this subject or link (a hash; 0 says nothing) left an account from where its owner is not known, or from
 * home. Remembers POPULATION_CAMPAIGNS_MAX of them, for two days. */
void population_sent(struct population *population, uint64_t mark, const struct event *event, bool from_home);
/* how many accounts sent it so, this one included; 0 where half as many send it from home as well */
unsigned population_campaign(const struct population *population, uint64_t mark, const struct event *event);

size_t population_guessers(const struct population *population, const struct population_guesser **guessers);
size_t population_bytes(const struct population *population);

void population_save(const struct population *population, struct image_out *out);
/* into a new one; accounts have numbers up to `accounts` */
bool population_load(struct population *population, struct image_in *in, uint32_t accounts, struct error *error)
	__attribute__((warn_unused_result));
#endif
