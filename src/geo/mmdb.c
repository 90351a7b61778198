/* SPDX-License-Identifier: Apache-2.0 */
/* Any database in MaxMind's format. Its makers name the same things differently, so the names that a file uses are
 * found out when it is opened, from its first records, and only those are looked up afterwards. */
#include "geo/source.h"

#include <maxminddb.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"

#define MARKER TEXT("\xab\xcd\xefMaxMind.com")
enum {
	METADATA_MAX = 128 * 1024, /* bytes: the format's own limit */
	PROBE_NODES = 65536,       /* looked at for names before giving up */
	PROBE_RECORDS = 2048,
	TREE_DEPTH = 128,
};

struct path {
	const char *keys[3]; /* ends with NULL */
};

/* MaxMind and DB-IP; ipinfo's full and plain forms; enterprise editions */
static const struct path countries[] = { { { "country", "iso_code" } }, { { "country_code" } }, { { "country" } } };
static const struct path numbers[] = {
	{ { "autonomous_system_number" } },
	{ { "asn" } },
	{ { "traits", "autonomous_system_number" } },
	{ { "as", "number" } },
};
static const struct path names[] = {
	{ { "autonomous_system_organization" } },
	{ { "as_name" } },
	{ { "traits", "autonomous_system_organization" } },
	{ { "as", "name" } },
	{ { "name" } },
};

#define ARRAY_COUNT(array) (sizeof(array) / sizeof *(array))

struct mmdb {
	MMDB_s file;
	const struct path *country, *number, *name; /* NULL: this file has none */
};

static bool read_text(MMDB_entry_s *entry, const struct path *path, struct text *text)
{
	MMDB_entry_data_s data;

	if (MMDB_aget_value(entry, &data, path->keys) != MMDB_SUCCESS || !data.has_data ||
	    data.type != MMDB_DATA_TYPE_UTF8_STRING)
		return false;
	*text = (struct text){ data.utf8_string, data.data_size };
	return true;
}

static bool read_country(MMDB_entry_s *entry, const struct path *path, char country[2])
{
	struct text code;

	if (!read_text(entry, path, &code))
		return false;
	geo_put_country(code, country);
	return country[0] != '\0';
}

/* as a number, or as text: "AS64496", "64496" */
static bool read_number(MMDB_entry_s *entry, const struct path *path, uint32_t *asn)
{
	MMDB_entry_data_s data;
	struct text text;
	uint64_t number;

	if (read_text(entry, path, &text)) {
		if (text_starts(text, TEXT("AS")))
			text = text_after(text, 2);
		if (!text_number(text, UINT32_MAX, &number))
			return false;
		*asn = (uint32_t)number;
		return true;
	}
	if (MMDB_aget_value(entry, &data, path->keys) != MMDB_SUCCESS || !data.has_data ||
	    data.type != MMDB_DATA_TYPE_UINT32)
		return false;
	*asn = data.uint32;
	return true;
}

static struct text data_section(const MMDB_s *file)
{
	return (struct text){ (const char *)file->data_section, file->data_section_size };
}

/* notes which names this record goes by; false when nothing is left to find out */
static bool probe_record(struct mmdb *db, MMDB_entry_s *entry)
{
	char country[2] = "";
	struct text text;
	uint32_t asn;

	if (!geo_mmdb_shape(data_section(&db->file), entry->offset))
		return true;
	for (size_t i = 0; !db->country && i < ARRAY_COUNT(countries); i++)
		if (read_country(entry, &countries[i], country))
			db->country = &countries[i];
	for (size_t i = 0; !db->number && i < ARRAY_COUNT(numbers); i++)
		if (read_number(entry, &numbers[i], &asn))
			db->number = &numbers[i];
	for (size_t i = 0; !db->name && i < ARRAY_COUNT(names); i++)
		if (read_text(entry, &names[i], &text))
			db->name = &names[i];
	return !db->country || !db->number || !db->name;
}

struct probe {
	uint32_t stack[TREE_DEPTH];
	unsigned depth, records;
};

/* false when the probe is over */
static bool probe_side(struct mmdb *db, struct probe *probe, uint8_t type, uint64_t record, MMDB_entry_s *entry)
{
	if (type == MMDB_RECORD_TYPE_SEARCH_NODE && probe->depth < TREE_DEPTH)
		probe->stack[probe->depth++] = (uint32_t)record;
	return type != MMDB_RECORD_TYPE_DATA || (++probe->records <= PROBE_RECORDS && probe_record(db, entry));
}

/* walks the tree depth first, bounded, since a hostile one may go in circles */
static void probe_names(struct mmdb *db)
{
	struct probe probe = { .stack = { 0 }, .depth = 1 };
	MMDB_search_node_s node;

	for (int seen = 0; probe.depth && seen < PROBE_NODES; seen++) {
		if (MMDB_read_node(&db->file, probe.stack[--probe.depth], &node) != MMDB_SUCCESS)
			continue;
		if (!probe_side(db, &probe, node.right_record_type, node.right_record, &node.right_record_entry) ||
		    !probe_side(db, &probe, node.left_record_type, node.left_record, &node.left_record_entry))
			return;
	}
}

/* the last of the file, and what stands behind the last marker in it */
static bool read_metadata(const struct geo_file *file, char *buffer, struct text *metadata)
{
	int64_t from = file->size > METADATA_MAX ? file->size - METADATA_MAX : 0;
	ssize_t n = pread(file->fd, buffer, METADATA_MAX, from);
	struct text rest = { buffer, n > 0 ? (size_t)n : 0 };
	bool found = false;

	while (text_behind(rest, MARKER, &rest)) {
		*metadata = rest;
		found = true;
	}
	return found;
}

static bool mmdb_is(const struct geo_file *file)
{
	char *buffer = memory_new(METADATA_MAX);
	struct text metadata;
	bool is = read_metadata(file, buffer, &metadata);

	free(buffer);
	return is;
}

static bool metadata_fine(const struct geo_file *file)
{
	char *buffer = memory_new(METADATA_MAX);
	struct text metadata;
	bool fine = read_metadata(file, buffer, &metadata) && geo_mmdb_shape(metadata, 0);

	free(buffer);
	return fine;
}

/* libmaxminddb 1.7 multiplies in 32 bits, so a huge count of nodes looks like a small tree */
static bool tree_fits(const MMDB_s *file)
{
	uint64_t bytes = (uint64_t)file->metadata.node_count * file->full_record_byte_size;

	return bytes < (uint64_t)file->file_size && file->data_section > file->file_content + bytes;
}

static void mmdb_close(void *database)
{
	struct mmdb *db = database;

	MMDB_close(&db->file);
	free(db);
}

static void *mmdb_open(const struct geo_file *file, struct geo_about *about, struct error *why)
{
	struct mmdb *db;
	int status;

	if (!metadata_fine(file)) {
		error_set(why, _("its metadata is damaged"));
		return NULL;
	}
	db = memory_zero(1, sizeof *db);
	status = MMDB_open(file->name, MMDB_MODE_MMAP, &db->file);
	if (status != MMDB_SUCCESS) {
		error_set(why, "%s", MMDB_strerror(status));
		free(db);
		return NULL;
	}
	if (!tree_fits(&db->file)) {
		error_set(why, _("its search tree is damaged"));
		mmdb_close(db);
		return NULL;
	}
	probe_names(db);
	about->made_us = geo_made_us(db->file.metadata.build_epoch);
	about->country = db->country != NULL;
	about->network = db->number != NULL;
	return db;
}

static bool find_record(struct mmdb *db, const struct ip *ip, MMDB_entry_s *entry)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	bool is_v4 = ip_is_v4(ip);
	MMDB_lookup_result_s found;
	int status;

	memcpy(&v4.sin_addr, ip->bytes + 12, 4);
	memcpy(&v6.sin6_addr, ip->bytes, 16);
	found = MMDB_lookup_sockaddr(&db->file, is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6, &status);
	if (status != MMDB_SUCCESS || !found.found_entry)
		return false;
	*entry = found.entry;
	return geo_mmdb_shape(data_section(&db->file), entry->offset);
}

static void mmdb_place(void *database, const struct ip *ip, struct event_place *place)
{
	struct mmdb *db = database;
	MMDB_entry_s entry;

	if (!find_record(db, ip, &entry))
		return;
	if (db->country)
		read_country(&entry, db->country, place->country);
	if (db->number)
		read_number(&entry, db->number, &place->asn);
}

static void mmdb_network_name(void *database, const struct ip *ip, uint32_t asn, char name[GEO_NAME_MAX])
{
	struct mmdb *db = database;
	MMDB_entry_s entry;
	struct text text;

	if (db->name && find_record(db, ip, &entry) && read_text(&entry, db->name, &text))
		geo_put_name(text, name);
}

const struct geo_source geo_mmdb = {
	.mend = NULL,
	.is = mmdb_is,
	.open = mmdb_open,
	.close = mmdb_close,
	.place = mmdb_place,
	.network_name = mmdb_network_name,
};
