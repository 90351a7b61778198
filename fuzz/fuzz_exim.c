/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as lines of exim, into a real life room. */
#include "watch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	watch_lines(data, size, &format_exim, TEXT("exim"));
	return 0;
}
