/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/incident.h"

#include <stdlib.h>

void incident_done(struct incident *incident)
{
	for (size_t i = 0; i < incident->queue_id_count; i++)
		free(incident->queue_ids[i]);
	free(incident->queue_ids);
	free(incident->sources);
	free(incident->evidence);
	*incident = (struct incident){ 0 };
}
