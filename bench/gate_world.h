/* SPDX-License-Identifier: Apache-2.0 */
/* Those whom the benchmark of the gate sends as: numbered owners with two addresses at one provider and three friends each,
 * and now and then a stranger. The same number is always the same owner, in the past as in what is asked. */
#ifndef SEKISHO_BENCH_GATE_WORLD_H
#define SEKISHO_BENCH_GATE_WORLD_H
#include <stddef.h>
#include <stdint.h>

enum { WORLD_PLACES = 2, WORLD_FRIENDS = 3, WORLD_STRANGERS = 500000, WORLD_NAME_MAX = 64 };

uint64_t world_random(uint64_t *state);
void world_account(uint32_t account, char name[WORLD_NAME_MAX]);
void world_address(uint32_t account, uint32_t place, char address[WORLD_NAME_MAX]);
void world_friend(uint32_t account, uint32_t number, char name[WORLD_NAME_MAX]);
void world_stranger(uint32_t number, char name[WORLD_NAME_MAX]);

/* prints the log of Postfix of so many days before today, in which everybody wrote to each friend twice */
void world_history(uint32_t accounts, uint32_t days);
#endif
