import { z } from 'zod';
import { backupIdSchema, connectionIdSchema, tenantIdSchema } from '../kernel/ids.ts';
import { instantSchema } from './instant.ts';
import { capabilitySchema, roleSchema } from './tenants.ts';

/** More tenants than this are not told of on one page. */
export const OVERVIEW_TENANTS_MAX = 1_000;
/** Changes of a tenant are counted up to this. */
export const CHANGES_COUNTED_MAX = 100;

/** What is the matter with a tenant, worst first. */
export const attentionSchema = z.enum([
  'not_connected',
  'backup_failed',
  'backup_absent',
  'not_verified',
  'backup_stale',
  'backup_incomplete',
  'runs_failed',
  'none',
]);

const overviewBackupSchema = z.object({
  id: backupIdSchema,
  state: z.enum(['building', 'complete', 'incomplete']),
  at: instantSchema,
});

/** One tenant as it stands. */
export const overviewTenantSchema = z
  .object({
    id: tenantIdSchema,
    name: z.string(),
    role: roleSchema,
    capabilities: z.array(capabilitySchema),
    attention: attentionSchema,
    connection: z
      .object({ id: connectionIdSchema, verifiedAt: instantSchema.nullable() })
      .nullable(),
    /** Policy types by what the connection can see of them. */
    coverage: z.object({
      covered: z.int(),
      notLicensed: z.int(),
      notPermitted: z.int(),
      refused: z.int(),
    }),
    lastBackup: overviewBackupSchema.nullable(),
    lastCompleteBackup: overviewBackupSchema.nullable(),
    /** Policies changed, made or gone since the last complete backup, as last observed. */
    changesSince: z.int().max(CHANGES_COUNTED_MAX),
    /** Runs of the last seven days that did not end well. */
    failedRuns: z.int(),
    liveRuns: z.int(),
  })
  .meta({ id: 'OverviewTenant' });

/** All tenants that the caller may see, worst first. */
export const overviewSchema = z
  .object({
    tenants: z.array(overviewTenantSchema).max(OVERVIEW_TENANTS_MAX),
    /** Tenants with a complete backup that was begun in the last 24 hours. */
    backedUp: z.int(),
    /** Tenants with something to look after. */
    needYou: z.int(),
    /** There are more tenants than are told of. */
    isCut: z.boolean(),
  })
  .meta({ id: 'Overview' });

export type Attention = z.infer<typeof attentionSchema>;
export type Overview = z.infer<typeof overviewSchema>;
export type OverviewTenant = z.infer<typeof overviewTenantSchema>;
