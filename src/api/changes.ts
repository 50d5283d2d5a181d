import { z } from 'zod';
import { backupIdSchema, policyIdSchema } from '../kernel/ids.ts';
import { pageSchema } from './page.ts';

/** One thing that is not as it was. */
export const differenceSchema = z
  .object({
    /** Settings by definition id, assignments by target, else the JSON path. */
    path: z.string(),
    label: z.string(),
    kind: z.enum(['added', 'removed', 'changed']),
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: 'Difference' });

/** More differences of one policy than this are counted and not listed. */
export const DIFFERENCES_MAX = 1_000;

/** What became of a policy between two backups. */
export const changeSchema = z
  .object({
    policyId: policyIdSchema,
    type: z.string(),
    typeTitle: z.string(),
    name: z.string(),
    kind: z.enum(['new', 'changed', 'unchanged', 'gone', 'left_out']).meta({
      description:
        '`gone`: not in the tenant any more; `left_out`: not in this backup, though it may exist',
    }),
    /** Version numbers; null where the backup does not hold the policy. */
    before: z.int().nullable(),
    after: z.int().nullable(),
    /** Setting by setting; only of changed policies. */
    differences: z.array(differenceSchema).max(DIFFERENCES_MAX),
    differenceCount: z.int(),
    links: z.object({ before: z.string().nullable(), after: z.string().nullable() }),
  })
  .meta({ id: 'Change' });

/** A page of changes, and the names of the groups that they speak of. */
export const changesPageSchema = pageSchema(changeSchema).extend({
  /** The backup that it is compared with; null for the first of its selection: all is new. */
  since: backupIdSchema.nullable(),
  groupNames: z.record(z.string(), z.string()).meta({
    description: 'By group id in small letters, as far as the names are known',
  }),
});

export type Change = z.infer<typeof changeSchema>;
