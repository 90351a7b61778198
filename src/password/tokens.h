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
	bool common;  /* jp, co, com, inc, company, mail: says little of whose it is */
	char first, last; /* small */
};

struct tokens {
	struct token items[TOKENS_MAX];
	size_t count;
};

void tokens_of_address(struct tokens *tokens, struct text address);
/* `names` ends with NULL; NULL: none */
void tokens_of_names(struct tokens *tokens, const char *const *names);
/* does it stand at the beginning of `text`, whose characters may stand for `letters`? Without regard to capitals; `disguised`: also with 0 for o
 * and the like. */
bool token_begins(const struct token *token, struct text text, const struct letter *letters, bool disguised);
/* the same with the token read backwards */
bool token_begins_backwards(const struct token *token, struct text text, const struct letter *letters, bool disguised);
#endif
