/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/follow_place.h"

/* the next word, up to a blank or the end */
static struct text word_of(struct text *rest)
{
	struct text word;

	if (!text_cut(rest, ' ', &word)) {
		word = *rest;
		*rest = text_after(*rest, rest->n);
	}
	return word;
}

/* hexadecimal, for inodes may have all 64 bits */
static bool number_of(struct text *rest, uint64_t most, uint64_t *number)
{
	struct text word = word_of(rest);
	uint64_t value = 0;

	if (word.n == 0 || word.n > 16)
		return false;
	for (size_t i = 0; i < word.n; i++) {
		unsigned c = (unsigned char)word.p[i], digit = c - '0' < 10 ? c - '0' : c - 'a' < 6 ? c - 'a' + 10 : 16;

		if (digit > 15)
			return false;
		value = value << 4 | digit;
	}
	*number = value;
	return value <= most;
}

static bool parse_file(struct text rest, struct follow_place *place)
{
	struct follow_place read = { .journal = false };
	uint64_t last_us;

	if (!number_of(&rest, UINT64_MAX, &read.device) || !number_of(&rest, UINT64_MAX, &read.inode) ||
	    !number_of(&rest, INT64_MAX, &read.offset) || !number_of(&rest, FOLLOW_HEAD_MAX, &read.head_bytes) ||
	    !number_of(&rest, UINT64_MAX, &read.head_hash) || !number_of(&rest, INT64_MAX, &last_us) || rest.n)
		return false;
	read.last_us = (int64_t)last_us;
	*place = read;
	return true;
}

/* "s=…;i=…": letters, digits, '=' and ';' */
static bool parse_journal(struct text cursor, struct follow_place *place)
{
	if (cursor.n == 0 || cursor.n >= FOLLOW_PLACE_MAX - sizeof "journal ")
		return false;
	for (size_t i = 0; i < cursor.n; i++)
		if (cursor.p[i] <= ' ' || cursor.p[i] > '~')
			return false;
	*place = (struct follow_place){ .journal = true, .cursor = cursor };
	return true;
}

bool follow_place_parse(struct text text, struct follow_place *place)
{
	struct text kind = word_of(&text);

	if (text_is(kind, TEXT("file")))
		return parse_file(text, place);
	return text_is(kind, TEXT("journal")) && parse_journal(text, place);
}

const char *follow_place_write(const struct follow_place *place, char to[FOLLOW_PLACE_MAX])
{
	int n;

	if (place->journal)
		n = snprintf(to, FOLLOW_PLACE_MAX, "journal %.*s", TEXT_ARG(place->cursor));
	else
		n = snprintf(to, FOLLOW_PLACE_MAX, "file %llx %llx %llx %llx %llx %llx", (unsigned long long)place->device,
			     (unsigned long long)place->inode, (unsigned long long)place->offset,
			     (unsigned long long)place->head_bytes, (unsigned long long)place->head_hash,
			     (unsigned long long)(place->last_us > 0 ? place->last_us : 0));
	if (n < 0 || n >= FOLLOW_PLACE_MAX)
		to[0] = '\0';
	return to;
}
