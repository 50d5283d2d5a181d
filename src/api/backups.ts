import { z } from 'zod';
import { backupIdSchema, policyIdSchema, runIdSchema, versionIdSchema } from '../kernel/ids.ts';
import { instantSchema } from './instant.ts';

export const backupSchema = z
  .object({
    id: backupIdSchema,
    name: z.string(),
    state: z.enum(['building', 'complete', 'incomplete']),
    selection: z.unknown(),
    runId: runIdSchema.nullable(),
    madeBy: z.string(),
    createdAt: instantSchema,
    completedAt: instantSchema.nullable(),
    links: z.object({ self: z.string(), items: z.string(), changes: z.string() }),
  })
  .meta({ id: 'Backup' });

/** One version in a backup. */
export const backupItemSchema = z
  .object({
    policyId: policyIdSchema,
    type: z.string(),
    name: z.string(),
    versionId: versionIdSchema,
    versionNumber: z.int(),
    contentHash: z.string(),
    /** This backup made the version; else it refers to one that was there. */
    isNew: z.boolean(),
    metadataOnly: z.boolean(),
    secretValuesMissing: z.boolean(),
    links: z.object({ version: z.string() }),
  })
  .meta({ id: 'BackupItem' });

export type Backup = z.infer<typeof backupSchema>;
export type BackupItem = z.infer<typeof backupItemSchema>;
