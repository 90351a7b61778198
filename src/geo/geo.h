/* SPDX-License-Identifier: Apache-2.0 */
/* Country and network of an address: any MMDB (MaxMind's format), else libloc's database, else nothing, and then
 * everything still works on /24 and /16. Only looks up; never judges. One thread at a time. */
#ifndef SEKISHO_GEO_GEO_H
#define SEKISHO_GEO_GEO_H
#include "base/error.h"
#include "event/event.h"

#define GEO_LIBLOC_DEFAULT "/usr/share/libloc-location/location.db" /* and the live one that `location update` writes */
enum { GEO_OLD_DAYS = 180, GEO_NAME_MAX = 64 };

struct geo;

/* `file`: an MMDB or libloc database, told by its content; NULL looks for libloc's own in the usual places. A file that
 * was asked for and cannot be opened is a failure; none, or none that can be read, in the usual places is not: geo_about
 * then says so. The file is mapped: replace it by renaming another over it, never by writing into it. */
struct geo *geo_new(const char *file, struct error *error);
void geo_free(struct geo *geo);

/* country and number of the network; left empty for local and unknown addresses. The last few thousand are remembered, by
 * address (IPv4) or /64 (IPv6). */
void geo_place(struct geo *geo, const struct ip *ip, struct event_place *place);
/* the network's name ("Example Telecom"), or "" */
void geo_network_name(struct geo *geo, const struct ip *ip, uint32_t asn, char name[GEO_NAME_MAX]);

struct geo_about {
	const char *file;    /* NULL: there is none */
	int64_t made_us;     /* WHEN_NONE where the database does not say */
	bool country, network;
	const char *mend;    /* the command that brings a fresh one, or NULL */
};
void geo_about(const struct geo *geo, struct geo_about *about);
#endif
