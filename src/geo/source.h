/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the geo room: one kind of database file. Each kind is one constant row and one file; geo.c tries the rows
 * in order. A source looks up afresh each time; remembering is geo.c's affair. What a file says is never trusted:
 * a record that cannot be understood is an unknown place, never an error. */
#ifndef SEKISHO_GEO_SOURCE_H
#define SEKISHO_GEO_SOURCE_H
#include "geo/geo.h"

/* an open regular file; the source may read it but neither keeps nor closes the descriptor */
struct geo_file {
	const char *name;
	int fd;
	int64_t size; /* bytes */
};

struct geo_source {
	const char *mend;
	bool (*is)(const struct geo_file *file);
	/* the opened database, its date and what it can tell in *about; NULL with a reason, without the file's name */
	void *(*open)(const struct geo_file *file, struct geo_about *about, struct error *why);
	void (*close)(void *database);
	/* *place comes in empty; ip is never local */
	void (*place)(void *database, const struct ip *ip, struct event_place *place);
	void (*network_name)(void *database, const struct ip *ip, uint32_t asn, char name[GEO_NAME_MAX]);
};

extern const struct geo_source geo_mmdb, geo_libloc;

/* two letters, put into upper case; anything else, and the codes for "nowhere" (XX, ZZ), leaves it empty */
void geo_put_country(struct text code, char country[2]);
/* cut between characters, without control characters */
void geo_put_name(struct text from, char name[GEO_NAME_MAX]);
/* WHEN_NONE for 0 and for years past 9999 */
int64_t geo_made_us(uint64_t seconds);

/* Whether the value at `offset` of a section of an MMDB, with all that it points to, keeps to the limits below.
 * libmaxminddb recurses as deep as a file tells it to, so ask before letting it walk. */
enum { GEO_SHAPE_DEPTH = 32, GEO_SHAPE_VALUES = 4096 };
bool geo_mmdb_shape(struct text section, uint32_t offset);
#endif
