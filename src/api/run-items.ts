import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { reasonSchema } from './reason.ts';

export const itemOutcomeSchema = z.enum(['pending', 'succeeded', 'skipped', 'failed', 'unknown']);

export const runItemSchema = z
  .object({
    seq: z.int(),
    kind: z.string(),
    id: z.string(),
    /** The name as it was. */
    label: z.string(),
    outcome: itemOutcomeSchema,
    reason: reasonSchema.nullable(),
    details: z.record(z.string(), z.unknown()).nullable(),
    attempts: z.int(),
    startedAt: instantSchema.nullable(),
    endedAt: instantSchema.nullable(),
  })
  .meta({ id: 'RunItem' });

export type RunItem = z.infer<typeof runItemSchema>;
