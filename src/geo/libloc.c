/* SPDX-License-Identifier: Apache-2.0 */
/* The database of libloc, which Debian packages. The library believes every offset in its file: one that points
 * past the end, or a tree that goes in circles, would end the program. So the header is checked here once, and the
 * path through the tree before each look-up. */
#include "geo/source.h"

#include <endian.h>
#include <libloc/as.h>
#include <libloc/database.h>
#include <libloc/libloc.h>
#include <libloc/network.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"

#define MAGIC TEXT("LOCDBXX\x01")
enum { PAGE = 4096, NODE_BYTES = 12, AS_BYTES = 8, TREE_DEPTH = 128 };

/* <libloc/format.h> keeps these to itself; big-endian, versions other than 1 have another magic */
struct section {
	uint32_t offset, length;
};

struct header {
	char magic[8];
	uint64_t created_at;
	uint32_t vendor, description, license;
	struct section systems, networks, tree, countries, pool;
	uint16_t signature_lengths[2];
	char signatures[2][2048];
	char padding[32];
} __attribute__((packed));

struct node {
	uint32_t child[2], network;
};

struct libloc {
	struct loc_ctx *context;
	struct loc_database *database;
	const struct node *tree;
	size_t nodes;
};

static bool libloc_is(const struct geo_file *file)
{
	char magic[8];

	return pread(file->fd, magic, sizeof magic, 0) == sizeof magic &&
	       text_is((struct text){ magic, sizeof magic }, MAGIC);
}

static bool section_fits(struct section section, int64_t size)
{
	int64_t offset = be32toh(section.offset), length = be32toh(section.length);

	return offset % PAGE == 0 && offset + length <= size;
}

/* names are read up to their NUL, so the last of them must have one */
static bool pool_ends(const struct geo_file *file, struct section pool)
{
	int64_t end = (int64_t)be32toh(pool.offset) + be32toh(pool.length);
	char last;

	return pool.length == 0 || (pread(file->fd, &last, 1, end - 1) == 1 && last == '\0');
}

static bool header_fine(const struct geo_file *file, const struct header *header)
{
	return section_fits(header->systems, file->size) && section_fits(header->networks, file->size) &&
	       section_fits(header->tree, file->size) && section_fits(header->countries, file->size) &&
	       section_fits(header->pool, file->size) && pool_ends(file, header->pool) &&
	       be32toh(header->tree.length) >= NODE_BYTES;
}

/* Whether the library's own descent stays inside the tree. A node at full depth must have no children, since there is
 * no bit left to choose one by. */
static bool path_ends(const struct libloc *libloc, const struct ip *ip)
{
	const struct node *node = libloc->tree;
	uint32_t next;

	for (unsigned depth = 0; depth < TREE_DEPTH; depth++) {
		next = be32toh(node->child[ip->bytes[depth / 8] >> (7 - depth % 8) & 1]);
		if (next == 0)
			return true;
		if (next >= libloc->nodes)
			return false;
		node = libloc->tree + next;
	}
	return node->child[0] == 0 && node->child[1] == 0;
}

/* by itself the library writes to standard error */
static void say_nothing(struct loc_ctx *context, int priority, const char *file, int line, const char *function,
			const char *format, va_list args)
{
}

static bool open_database(struct libloc *libloc, int fd)
{
	FILE *stream = fdopen(dup(fd), "r");

	if (!stream)
		return false;
	if (loc_new(&libloc->context) == 0) {
		loc_set_log_priority(libloc->context, 0);
		loc_set_log_fn(libloc->context, say_nothing);
		if (loc_database_new(libloc->context, &libloc->database, stream) != 0)
			libloc->database = NULL;
	}
	fclose(stream);
	return libloc->database != NULL;
}

static bool map_tree(struct libloc *libloc, int fd, struct section tree)
{
	size_t bytes = be32toh(tree.length);
	void *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, be32toh(tree.offset));

	if (map == MAP_FAILED)
		return false;
	libloc->tree = map;
	libloc->nodes = bytes / NODE_BYTES;
	return true;
}

static void libloc_close(void *database)
{
	struct libloc *libloc = database;

	if (libloc->tree)
		munmap((void *)libloc->tree, libloc->nodes * NODE_BYTES);
	if (libloc->database)
		loc_database_unref(libloc->database);
	if (libloc->context)
		loc_unref(libloc->context);
	free(libloc);
}

static void *libloc_open(const struct geo_file *file, struct geo_about *about, struct error *why)
{
	struct libloc *libloc;
	struct header header;

	if (pread(file->fd, &header, sizeof header, 0) != sizeof header || !header_fine(file, &header)) {
		error_set(why, _("it is damaged or cut short"));
		return NULL;
	}
	libloc = memory_zero(1, sizeof *libloc);
	if (!map_tree(libloc, file->fd, header.tree) || !open_database(libloc, file->fd)) {
		error_set(why, _("libloc does not take it"));
		libloc_close(libloc);
		return NULL;
	}
	about->made_us = geo_made_us((uint64_t)loc_database_created_at(libloc->database));
	about->country = true;
	about->network = be32toh(header.systems.length) >= AS_BYTES;
	return libloc;
}

static void libloc_place(void *database, const struct ip *ip, struct event_place *place)
{
	struct libloc *libloc = database;
	struct loc_network *network = NULL;
	/* for a network of a single address the library looks one bit past the end */
	struct {
		struct in6_addr address;
		uint8_t past[8];
	} padded = { 0 };

	memcpy(&padded.address, ip->bytes, sizeof padded.address);
	if (!path_ends(libloc, ip))
		return;
	if (loc_database_lookup(libloc->database, &padded.address, &network) == 0 && network) {
		geo_put_country(text_of(loc_network_get_country_code(network)), place->country);
		place->asn = loc_network_get_asn(network);
	}
	/* left behind also by a look-up that failed half-way */
	if (network)
		loc_network_unref(network);
}

static void libloc_network_name(void *database, const struct ip *ip, uint32_t asn, char name[GEO_NAME_MAX])
{
	struct libloc *libloc = database;
	struct loc_as *owner = NULL;
	const char *text;

	if (loc_database_get_as(libloc->database, &owner, asn) != 0 || !owner)
		return;
	text = loc_as_get_name(owner);
	if (text)
		geo_put_name(text_of(text), name);
	loc_as_unref(owner);
}

const struct geo_source geo_libloc = {
	.mend = "location update",
	.is = libloc_is,
	.open = libloc_open,
	.close = libloc_close,
	.place = libloc_place,
	.network_name = libloc_network_name,
};
