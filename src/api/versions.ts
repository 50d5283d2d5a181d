import { z } from 'zod';
import { policyIdSchema, runIdSchema, versionIdSchema } from '../kernel/ids.ts';
import { instantSchema } from './instant.ts';

/** A numbered snapshot of a policy. */
export const versionSchema = z
  .object({
    id: versionIdSchema,
    policyId: policyIdSchema,
    number: z.int(),
    name: z.string(),
    /** SHA-256 of the canonical body (RFC 8785), hex. */
    contentHash: z.string(),
    assignmentsHash: z.string(),
    scopeTagsHash: z.string(),
    reason: z.string(),
    madeBy: z.string(),
    runId: runIdSchema.nullable(),
    readAt: instantSchema,
    createdAt: instantSchema,
    hasMaskedSecrets: z.boolean(),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'Version' });

/** A version with its body, whose hash was verified on the way out. */
export const versionDetailSchema = versionSchema
  .extend({ body: z.unknown(), meta: z.unknown() })
  .meta({ id: 'VersionDetail' });

export type Version = z.infer<typeof versionSchema>;
