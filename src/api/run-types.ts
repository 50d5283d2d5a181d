import { z } from 'zod';
import { capabilitySchema } from './tenants.ts';

/** A kind of run that can be started, with the JSON schema of its input. */
export const runTypeSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    capability: capabilitySchema,
    graph: z.enum(['none', 'read', 'write']),
    input: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'RunType' });

export type RunTypeInfo = z.infer<typeof runTypeSchema>;
