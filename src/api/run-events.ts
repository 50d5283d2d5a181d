import { z } from 'zod';
import { runIdSchema, tenantIdSchema } from '../kernel/ids.ts';
import { runOutcomeSchema, runPhaseSchema } from './runs.ts';

/** Data of the event `run`: its id is the run's revision, which grows with each visible change. */
export const runEventSchema = z
  .object({
    id: runIdSchema,
    tenantId: tenantIdSchema,
    type: z.string(),
    phase: runPhaseSchema,
    outcome: runOutcomeSchema.nullable(),
    revision: z.string(),
  })
  .meta({ id: 'RunEvent' });

export type RunEvent = z.infer<typeof runEventSchema>;
