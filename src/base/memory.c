/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void *checked(void *p)
{
	if (p)
		return p;
	fputs("sekisho: out of memory\n", stderr);
	exit(4);
}

void *memory_new(size_t bytes) { return checked(malloc(bytes ? bytes : 1)); }
void *memory_zero(size_t count, size_t bytes) { return checked(calloc(count ? count : 1, bytes ? bytes : 1)); }

void *memory_resize(void *old, size_t count, size_t bytes)
{
	size_t total;

	if (__builtin_mul_overflow(count, bytes, &total))
		return checked(NULL);
	return checked(realloc(old, total ? total : 1));
}

char *memory_copy(const char *text, size_t bytes)
{
	char *copy = memory_new(bytes + 1);

	memcpy(copy, text, bytes);
	copy[bytes] = '\0';
	return copy;
}

/* mapped with one to spare, so that they can begin where a page does */
void *memory_huge(size_t pages)
{
	size_t bytes = pages * MEMORY_HUGE_PAGE, spare;
	char *map = mmap(NULL, bytes + MEMORY_HUGE_PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (map == MAP_FAILED)
		return checked(NULL);
	spare = -(uintptr_t)map % MEMORY_HUGE_PAGE;
	if (spare)
		munmap(map, spare);
	munmap(map + spare + bytes, MEMORY_HUGE_PAGE - spare);
	madvise(map + spare, bytes, MADV_HUGEPAGE);
	return map + spare;
}

void memory_huge_free(void *huge, size_t pages)
{
	if (huge)
		munmap(huge, pages * MEMORY_HUGE_PAGE);
}

static size_t huge_pages(size_t count, size_t bytes)
{
	return count * bytes < MEMORY_HUGE_PAGE ? 0 : (count * bytes + MEMORY_HUGE_PAGE - 1) / MEMORY_HUGE_PAGE;
}

void *memory_large(size_t count, size_t bytes)
{
	size_t pages = huge_pages(count, bytes);

	return pages ? memory_huge(pages) : memory_zero(count, bytes);
}

void memory_large_free(void *large, size_t count, size_t bytes)
{
	size_t pages = huge_pages(count, bytes);

	if (pages)
		memory_huge_free(large, pages);
	else
		free(large);
}
