/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/guessable.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/when.h"

enum { HASH_BYTES = crypto_hash_sha256_BYTES };
_Static_assert(GUESSABLE_HASH_DIGITS == 2 * HASH_BYTES, "a hash is told in hexadecimal digits");

struct trial {
	struct trial *next;
	uint32_t account;
	enum password_fault fault; /* what came of it */
	unsigned char wanted[HASH_BYTES];
	char *name, *login;
	size_t name_bytes, login_bytes;
};

struct guessable {
	uv_loop_t *loop;
	uv_work_t work;
	char nonce[GUESSABLE_NONCE_MAX];
	size_t nonce_bytes;
	unsigned char key[crypto_shorthash_KEYBYTES];
	const char *const *names;
	void (*found)(void *context, uint32_t account, enum password_fault fault);
	void *context;
	uint64_t *marks; /* by account: of the password that was tried; 0: none was */
	uint8_t *faults; /* by account, one higher; 0: none */
	size_t room;
	struct trial *first, **end, *at_work; /* those that wait, and the one that is tried */
	size_t waiting;
	atomic_bool closing;
};

struct guessable *guessable_new(uv_loop_t *loop, const char *nonce, const char *const *names,
				void (*found)(void *context, uint32_t account, enum password_fault fault), void *context)
{
	struct guessable *guessable = memory_zero(1, sizeof *guessable);

	guessable->loop = loop;
	text_copy(guessable->nonce, sizeof guessable->nonce, text_of(nonce));
	guessable->nonce_bytes = strlen(guessable->nonce);
	randombytes_buf(guessable->key, sizeof guessable->key);
	guessable->names = names;
	guessable->found = found;
	guessable->context = context;
	guessable->end = &guessable->first;
	return guessable;
}

/* ---- one trial, on a thread of the pool */

static void free_trial(struct trial *trial)
{
	sodium_memzero(trial->wanted, sizeof trial->wanted);
	free(trial->name);
	free(trial->login);
	free(trial);
}

static unsigned this_year(void)
{
	struct civil now;

	when_to_civil(clock_now(), &now);
	return (unsigned)now.year;
}

static bool is_it(const crypto_hash_sha256_state *salted, struct text word, const unsigned char wanted[HASH_BYTES])
{
	crypto_hash_sha256_state state = *salted;
	unsigned char hash[HASH_BYTES];
	bool same;

	crypto_hash_sha256_update(&state, (const unsigned char *)word.p, word.n);
	crypto_hash_sha256_final(&state, hash);
	same = memcmp(hash, wanted, sizeof hash) == 0;
	sodium_memzero(hash, sizeof hash);
	return same;
}

static void try(uv_work_t *work)
{
	struct guessable *guessable = work->data;
	struct trial *trial = guessable->at_work;
	struct likely *likely = likely_new((struct text){ trial->name, trial->name_bytes }, guessable->names, this_year());
	crypto_hash_sha256_state salted;

	crypto_hash_sha256_init(&salted);
	crypto_hash_sha256_update(&salted, (const unsigned char *)guessable->nonce, guessable->nonce_bytes);
	crypto_hash_sha256_update(&salted, (const unsigned char *)trial->login, trial->login_bytes);
	crypto_hash_sha256_update(&salted, (const unsigned char *)"", 1);
	for (size_t i = 0; i < likely_count(likely) && trial->fault == PASSWORD_FAULTS && !guessable->closing; i++)
		if (is_it(&salted, likely_word(likely, i), trial->wanted))
			trial->fault = likely_fault(likely, i);
	sodium_memzero(&salted, sizeof salted);
	likely_free(likely);
}

/* ---- in line */

static void free_guessable(struct guessable *guessable)
{
	struct trial *trial;

	while ((trial = guessable->first)) {
		guessable->first = trial->next;
		free_trial(trial);
	}
	sodium_memzero(guessable->nonce, sizeof guessable->nonce);
	sodium_memzero(guessable->key, sizeof guessable->key);
	free(guessable->marks);
	free(guessable->faults);
	free(guessable);
}

static void begin_next(struct guessable *guessable);

static void tried(uv_work_t *work, int status)
{
	struct guessable *guessable = work->data;
	struct trial *trial = guessable->at_work;

	guessable->at_work = NULL;
	if (guessable->closing) {
		free_trial(trial);
		free_guessable(guessable);
		return;
	}
	if (trial->fault != guessable_fault(guessable, trial->account)) {
		guessable_note(guessable, trial->account, trial->fault);
		guessable->found(guessable->context, trial->account, trial->fault);
	}
	free_trial(trial);
	begin_next(guessable);
}

static void begin_next(struct guessable *guessable)
{
	struct trial *trial = guessable->first;

	if (guessable->at_work || !trial)
		return;
	guessable->first = trial->next;
	guessable->end = guessable->first ? guessable->end : &guessable->first;
	guessable->waiting--;
	guessable->at_work = trial;
	guessable->work.data = guessable;
	uv_queue_work(guessable->loop, &guessable->work, try, tried);
}

static void put(struct guessable *guessable, uint32_t account, struct text name, struct text login, const unsigned char wanted[HASH_BYTES])
{
	struct trial *trial = memory_zero(1, sizeof *trial);

	*trial = (struct trial){ .account = account, .fault = PASSWORD_FAULTS, .name = memory_copy(name.p, name.n),
				 .name_bytes = name.n, .login = memory_copy(login.p, login.n), .login_bytes = login.n };
	memcpy(trial->wanted, wanted, HASH_BYTES);
	*guessable->end = trial;
	guessable->end = &trial->next;
	guessable->waiting++;
}

static void make_room(struct guessable *guessable, uint32_t account)
{
	size_t room = guessable->room ? guessable->room : 1024;

	if (account < guessable->room)
		return;
	while (room <= account)
		room *= 2;
	guessable->marks = memory_resize(guessable->marks, room, sizeof *guessable->marks);
	guessable->faults = memory_resize(guessable->faults, room, sizeof *guessable->faults);
	memset(guessable->marks + guessable->room, 0, (room - guessable->room) * sizeof *guessable->marks);
	memset(guessable->faults + guessable->room, 0, (room - guessable->room) * sizeof *guessable->faults);
	guessable->room = room;
}

bool guessable_login(struct guessable *guessable, uint32_t account, struct text name, struct text login, struct text pwhash)
{
	unsigned char hash[HASH_BYTES];
	size_t n = 0;
	uint64_t mark;

	if (pwhash.n != GUESSABLE_HASH_DIGITS || sodium_hex2bin(hash, sizeof hash, pwhash.p, pwhash.n, NULL, &n, NULL) != 0 || n != sizeof hash)
		return false;
	crypto_shorthash((unsigned char *)&mark, hash, sizeof hash, guessable->key);
	mark |= 1;
	make_room(guessable, account);
	if (guessable->marks[account] != mark && guessable->waiting < GUESSABLE_WAITING_MAX) {
		guessable->marks[account] = mark;
		put(guessable, account, name, login, hash);
		begin_next(guessable);
	}
	sodium_memzero(hash, sizeof hash);
	return true;
}

void guessable_note(struct guessable *guessable, uint32_t account, enum password_fault fault)
{
	make_room(guessable, account);
	guessable->faults[account] = fault == PASSWORD_FAULTS ? 0 : (uint8_t)(fault + 1);
}

enum password_fault guessable_fault(const struct guessable *guessable, uint32_t account)
{
	return account < guessable->room && guessable->faults[account] ? (enum password_fault)(guessable->faults[account] - 1) : PASSWORD_FAULTS;
}

void guessable_close(struct guessable *guessable)
{
	if (!guessable)
		return;
	guessable->closing = true;
	if (!guessable->at_work)
		free_guessable(guessable);
}
