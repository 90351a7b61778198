/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of contacts as other programs wrote them. */
#include <stdlib.h>

#include "notice/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct csv csv;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *from = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
	enum csv_result result;
	struct error error;

	if (!from)
		return 0;
	csv_begin(&csv, from);
	while ((result = csv_next(&csv, &error)) != CSV_END)
		for (size_t i = 0; result == CSV_RECORD && i < csv.count; i++)
			if (csv.fields[i].n && (csv.fields[i].p < csv.bytes || csv.fields[i].p + csv.fields[i].n > csv.bytes + CSV_RECORD_MAX))
				abort();
	fclose(from);
	return 0;
}
