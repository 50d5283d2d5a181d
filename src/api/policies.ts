import { z } from 'zod';
import { policyIdSchema } from '../kernel/ids.ts';
import { instantSchema } from './instant.ts';

export const policySortSchema = z.enum(['name', 'type']);

/** A policy as last observed in its tenant. */
export const policySchema = z
  .object({
    id: policyIdSchema,
    type: z.string(),
    /** What the admin centre calls its type. */
    typeTitle: z.string(),
    graphId: z.string(),
    name: z.string(),
    platform: z.string().nullable(),
    lastModifiedAt: z.string().nullable().meta({ description: 'As Microsoft Graph tells it' }),
    firstSeenAt: instantSchema,
    lastSeenAt: instantSchema,
    /** A complete listing of its type no longer held it. */
    missingSince: instantSchema.nullable(),
    latestVersion: z.int().nullable(),
    links: z.object({ self: z.string(), versions: z.string() }),
  })
  .meta({ id: 'Policy' });

export type Policy = z.infer<typeof policySchema>;
