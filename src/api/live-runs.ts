import { z } from 'zod';
import { runIdSchema, tenantIdSchema } from '../kernel/ids.ts';
import { instantSchema } from './instant.ts';

/** More are not told of at once. */
export const LIVE_RUNS_MAX = 50;

/** A run that is under way, on pages that show several tenants. */
export const liveRunSchema = z
  .object({
    id: runIdSchema,
    tenantId: tenantIdSchema,
    tenantName: z.string(),
    type: z.string(),
    title: z.string(),
    phase: z.enum(['queued', 'running']),
    done: z.int(),
    total: z.int(),
    isStopping: z.boolean(),
    createdAt: instantSchema,
  })
  .meta({ id: 'LiveRun' });

export const liveRunsSchema = z
  .object({ items: z.array(liveRunSchema).max(LIVE_RUNS_MAX), isCut: z.boolean() })
  .meta({ id: 'LiveRuns' });

export type LiveRun = z.infer<typeof liveRunSchema>;
