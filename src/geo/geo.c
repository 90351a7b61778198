/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/geo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "geo/source.h"

/* 65536 places of 16 bytes, by fours that share a line of the processor's cache: with a single slot for each key, two
 * busy addresses that meet in it would drive each other out at every event */
enum { CACHE_BITS = 14, CACHE_WAYS = 4 };

/* an empty slot has key 0, which is no address's key */
struct slot {
	uint64_t key;
	struct event_place place;
};

struct line {
	struct slot slots[CACHE_WAYS]; /* newest first */
};

struct geo {
	const struct geo_source *source; /* NULL: no database */
	void *database;
	struct geo_about about;
	char *file;
	struct line cache[1 << CACHE_BITS];
};

static const struct geo_source *const sources[] = { &geo_mmdb, &geo_libloc };
static const char *const usual_files[] = { "/var/lib/location/database.db", GEO_LIBLOC_DEFAULT };

void geo_put_country(struct text code, char country[2])
{
	char a = code.n == 2 ? code.p[0] & ~0x20 : 0, b = code.n == 2 ? code.p[1] & ~0x20 : 0;

	if (a < 'A' || a > 'Z' || b < 'A' || b > 'Z' || (a == b && (a == 'X' || a == 'Z')))
		return;
	country[0] = a;
	country[1] = b;
}

void geo_put_name(struct text from, char name[GEO_NAME_MAX])
{
	size_t n = from.n < GEO_NAME_MAX ? from.n : GEO_NAME_MAX - 1;

	if (n < from.n)
		while (n > 0 && ((uint8_t)from.p[n] & 0xc0) == 0x80)
			n--;
	for (size_t i = 0; i < n; i++)
		name[i] = (uint8_t)from.p[i] < 0x20 || from.p[i] == 0x7f ? ' ' : from.p[i];
	name[n] = '\0';
}

int64_t geo_made_us(uint64_t seconds)
{
	const uint64_t year_10000 = 253402300800;

	return seconds == 0 || seconds >= year_10000 ? WHEN_NONE : (int64_t)seconds * SECOND_US;
}

static bool open_source(struct geo *geo, const struct geo_file *file, struct error *why)
{
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		if (!sources[i]->is(file))
			continue;
		geo->database = sources[i]->open(file, &geo->about, why);
		if (!geo->database)
			return false;
		geo->source = sources[i];
		geo->about.mend = sources[i]->mend;
		geo->file = memory_copy(file->name, strlen(file->name));
		geo->about.file = geo->file;
		return true;
	}
	return error_set(why, _("it is neither an MMDB nor a database of libloc"));
}

/* without O_NONBLOCK a named pipe would keep us waiting */
static bool open_file(struct geo *geo, const char *name, struct error *why)
{
	struct geo_file file = { .name = name, .fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC) };
	struct stat about;
	bool done;

	if (file.fd < 0)
		return error_set(why, "%s", strerror(errno));
	if (fstat(file.fd, &about) == 0 && S_ISREG(about.st_mode)) {
		file.size = about.st_size;
		done = open_source(geo, &file, why);
	} else {
		done = error_set(why, _("it is not a regular file"));
	}
	close(file.fd);
	return done;
}

static void open_usual(struct geo *geo)
{
	for (size_t i = 0; i < sizeof usual_files / sizeof *usual_files; i++)
		if (open_file(geo, usual_files[i], NULL))
			return;
}

struct geo *geo_new(const char *file, struct error *error)
{
	struct geo *geo = memory_zero(1, sizeof *geo);
	struct error why;

	geo->about.made_us = WHEN_NONE;
	if (!file) {
		open_usual(geo);
	} else if (!open_file(geo, file, &why)) {
		error_set(error, _("cannot read geo database '%s': %s"), file, why.text);
		geo_free(geo);
		return NULL;
	}
	return geo;
}

void geo_free(struct geo *geo)
{
	if (!geo)
		return;
	if (geo->source)
		geo->source->close(geo->database);
	free(geo->file);
	free(geo);
}

/* The address itself for IPv4, as an impossible (multicast) network so that it meets no key of IPv6; the /64 for IPv6.
 * 0 for unknown and for ::/64, where nobody lives. */
static uint64_t key_of(const struct ip *ip)
{
	const uint8_t *b = ip->bytes;
	const uint8_t v4[8] = { 0xff, b[12], b[13], b[14], b[15] };

	return ip_is_v4(ip) ? hash_load((const char *)v4, sizeof v4) : ip_high(ip);
}

static const struct event_place *look_up(struct geo *geo, struct line *line, uint64_t key, const struct ip *ip)
{
	memmove(line->slots + 1, line->slots, (CACHE_WAYS - 1) * sizeof *line->slots);
	line->slots[0] = (struct slot){ .key = key };
	if (geo->source && !ip_is_local(ip))
		geo->source->place(geo->database, ip, &line->slots[0].place);
	return &line->slots[0].place;
}

void geo_place(struct geo *geo, const struct ip *ip, struct event_place *place)
{
	uint64_t key = key_of(ip);
	struct line *line = &geo->cache[key * 0x9e3779b97f4a7c15ull >> (64 - CACHE_BITS)];

	if (key == 0) {
		*place = (struct event_place){ 0 };
		return;
	}
	for (int i = 0; i < CACHE_WAYS; i++) {
		if (line->slots[i].key == key) {
			*place = line->slots[i].place;
			return;
		}
	}
	*place = *look_up(geo, line, key, ip);
}

void geo_network_name(struct geo *geo, const struct ip *ip, uint32_t asn, char name[GEO_NAME_MAX])
{
	name[0] = '\0';
	if (geo->source && asn && key_of(ip) && !ip_is_local(ip))
		geo->source->network_name(geo->database, ip, asn, name);
}

void geo_about(const struct geo *geo, struct geo_about *about)
{
	*about = geo->about;
}
