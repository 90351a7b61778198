/* SPDX-License-Identifier: Apache-2.0 */
/* From which networks an account was used in the four weeks before, while nothing but the place spoke against it: more of them than the
 * few that its profile keeps, for who comes through a VPN may leave it in ten countries. Reading and sending apart: who reads somewhere
 * for weeks is not yet known to send from there.
 *
 * They stand in the filter of known recipients, a key for each account, network and two days; so it may say "often" of a strange network
 * with a probability of at most 3 in 100 where that filter is full, hardly ever else. */
#ifndef SEKISHO_STATE_VISITED_H
#define SEKISHO_STATE_VISITED_H
#include "event/event.h"
#include "state/known.h"

/* in at least two spans of two days before this one; `network` is any number that stands for the network of the event */
bool visited_often(const struct known *known, const struct event *event, uint32_t network);
void visited_note(struct known *known, const struct event *event, uint32_t network);
#endif
