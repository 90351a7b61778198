/* SPDX-License-Identifier: Apache-2.0 */
/* Geo databases of any content: the file is opened by what is in it, so libloc's format is met as well. */
#include <sys/mman.h>
#include <unistd.h>

#include "geo/geo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libmaxminddb 1.7 loses a list when metadata turn out faulty */
const char *__lsan_default_suppressions(void) { return "leak:libmaxminddb.so"; }

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const addresses[] = { "192.0.2.7", "2001:db8::7", "8.8.8.8", "255.255.255.255", "ffff::" };
	int fd = memfd_create("geo", MFD_CLOEXEC);
	char file[32], name[GEO_NAME_MAX];
	struct event_place place;
	struct geo *geo = NULL;
	struct error error;
	struct ip ip;

	snprintf(file, sizeof file, "/proc/self/fd/%d", fd);
	if (fd >= 0 && write(fd, data, size) == (ssize_t)size)
		geo = geo_new(file, &error);
	for (size_t i = 0; geo && i < sizeof addresses / sizeof *addresses; i++) {
		if (!ip_parse(text_of(addresses[i]), &ip))
			__builtin_trap();
		geo_place(geo, &ip, &place);
		geo_network_name(geo, &ip, 64500, name);
	}
	geo_free(geo);
	close(fd);
	return 0;
}
