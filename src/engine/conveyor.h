/* SPDX-License-Identifier: Apache-2.0 */
/* Hands batches of events from the thread that reads to one that judges, so that both cores work. The reader fills the
 * sink; each event is judged in order, by one thread. conveyor_finish waits until all are. */
#ifndef SEKISHO_ENGINE_CONVEYOR_H
#define SEKISHO_ENGINE_CONVEYOR_H
#include "engine/engine.h"
#include "event/sink.h"

struct conveyor;

/* the engine is used by the judging thread alone until conveyor_finish */
struct conveyor *conveyor_new(struct engine *engine);
struct event_sink *conveyor_sink(struct conveyor *conveyor);
/* hands on what is in the sink, waits, ends the thread; tells how many events went by */
uint64_t conveyor_finish(struct conveyor *conveyor);
void conveyor_free(struct conveyor *conveyor);
#endif
