/* SPDX-License-Identifier: Apache-2.0 */
/* The pieces of an address and of names that must not stand in a password: tanaka.taro85@mail.example.jp is tanaka, taro, taro85, 85, mail,
 * example, jp. They are views of what the caller gave. What is no ASCII letter or digit parts them. */
#ifndef SEKISHO_PASSWORD_TOKENS_H
#define SEKISHO_PASSWORD_TOKENS_H
#include "password/dictionary.h"

enum {
	TOKENS_MAX = 48,
	TOKEN_LEAST = 2,      /* shorter ones are everywhere */
	TOKEN_HELD_LEAST = 4, /* so long and it may not stand anywhere in a password; shorter ones may, beside enough else */
	TOKEN_MOST = 64,
};

struct token {
	struct text text;
	bool of_name; /* else of the address */
	bool common;  /* the last of a domain: token_is_common */
};

enum { TOKEN_CHARACTERS = 36 }; /* letters and digits */

/* begins empty, all zero */
struct tokens {
	struct token items[TOKENS_MAX];
	size_t count;
	/* as bits: which of them have this character at one of their ends */
	uint64_t ends[TOKEN_CHARACTERS];
};

void tokens_of_address(struct tokens *tokens, struct text address);
/* `names` ends with NULL; NULL: none */
void tokens_of_names(struct tokens *tokens, const char *const *names);
/* jp, co, com, inc, company, mail: says little of whose it is */
bool token_is_common(const struct token *token);
/* which of them may stand where this character does, forwards or backwards, as bits: of all others it is certain that they do not */
uint64_t tokens_at(const struct tokens *tokens, char c, struct letter letter);
/* does it stand at the beginning of `text`, whose characters may stand for `letters`? Without regard to capitals; `disguised`: also with 0 for o
 * and the like. */
bool token_begins(const struct token *token, struct text text, const struct letter *letters, bool disguised);
/* the same with the token read backwards */
bool token_begins_backwards(const struct token *token, struct text text, const struct letter *letters, bool disguised);
#endif
