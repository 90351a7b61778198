/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the config room: a row of the table, and values of each type: from text, to text, and away.
 * In a file texts are quoted or plain words, lists stand in braces, numbers may carry a unit ("1.5G", "90s"). */
#ifndef SEKISHO_CONFIG_SETTING_H
#define SEKISHO_CONFIG_SETTING_H
#include "config/config.h"

enum setting_type {
	SETTING_TEXT,      /* char * */
	SETTING_NUMBER,    /* double */
	SETTING_COUNT,     /* uint64_t */
	SETTING_BYTES,     /* int64_t; k, M, G, T are powers of 1024 */
	SETTING_DURATION,  /* int64_t microseconds; s, min, h, d, w */
	SETTING_ADDRESSES, /* struct config_addresses */
	SETTING_TEXTS,     /* struct config_texts */
};

struct setting {
	const char *name;
	enum setting_type type;
	size_t offset;        /* of the field in struct config */
	const char *unit;     /* for people, or NULL */
	double least, most;   /* in the field's own unit; of no meaning to texts and lists */
	const char *usual;    /* the default, as in a file but without quotes; lists are empty by default */
	const char *sentence; /* msgid */
};

extern const struct setting settings[];
extern const size_t settings_count;

static inline bool setting_is_list(const struct setting *setting) { return setting->type >= SETTING_ADDRESSES; }
static inline void *setting_field(const struct setting *setting, struct config *config)
{
	return (char *)config + setting->offset;
}


/* sets the field, or appends to the list; on failure it stays as it was */
bool setting_take(const struct setting *setting, struct text value, void *field, struct error *error)
	__attribute__((warn_unused_result));
/* as it may stand in a file */
void setting_write(const struct setting *setting, const void *field, FILE *out);
/* "from 1M to 1T", translated */
enum { SETTING_LIMITS_MAX = 128 };
char *setting_limits(const struct setting *setting, char to[SETTING_LIMITS_MAX]);
/* frees; leaves zeroes */
void setting_clear(const struct setting *setting, void *field);
/* "text", "list of addresses", … translated */
const char *setting_type_name(enum setting_type type);
#endif
