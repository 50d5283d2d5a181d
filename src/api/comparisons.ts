import { z } from 'zod';
import {
  backupIdSchema,
  comparisonIdSchema,
  policyIdSchema,
  runIdSchema,
  versionIdSchema,
} from '../kernel/ids.ts';
import { changeSchema, DIFFERENCES_MAX, differenceSchema } from './changes.ts';
import { instantSchema } from './instant.ts';
import { pageSchema } from './page.ts';

export const comparisonKindSchema = z
  .enum(['new', 'changed', 'unchanged', 'gone', 'left_out', 'ambiguous', 'uncompared'])
  .meta({
    description:
      '`gone`: not in the tenant any more; `left_out`: not on the later side, though it may ' +
      'exist; `ambiguous`: several bear its name, so none is taken for the other; `uncompared`: ' +
      'on both sides, but not looked into (yet)',
  });

const sideSchema = z.object({
  /** As it was called when it was compared. */
  label: z.string(),
  backupId: backupIdSchema.nullable(),
});

/** What was compared with what, and how much of it differs. */
export const comparisonSchema = z
  .object({
    id: comparisonIdSchema,
    kind: z.enum(['live', 'backups', 'copies']).meta({
      description: '`copies`: versions of another tenant, with those of this one',
    }),
    /** `incomplete`: something could not be looked into; the items of the run say why. */
    state: z.enum(['draft', 'comparing', 'complete', 'incomplete']),
    before: sideSchema,
    after: sideSchema,
    runId: runIdSchema.nullable(),
    /** Policies by what became of them; null until all were looked at. */
    counts: z.record(comparisonKindSchema, z.int()).nullable(),
    madeBy: z.string(),
    createdAt: instantSchema,
    completedAt: instantSchema.nullable(),
    links: z.object({ self: z.string(), items: z.string() }),
  })
  .meta({ id: 'Comparison' });

/** What became of one policy. */
export const comparisonItemSchema = changeSchema
  .extend({
    /** Null where this tenant has no such policy. */
    policyId: policyIdSchema.nullable(),
    kind: comparisonKindSchema,
    /** Version numbers; null where a side has none: it is live, or not there. */
    before: z.int().nullable(),
    after: z.int().nullable(),
  })
  .meta({ id: 'ComparisonItem' });

/** A page of items, and the names of the groups that they speak of. */
export const comparisonItemsPageSchema = pageSchema(comparisonItemSchema).extend({
  groupNames: z.record(z.string(), z.string()).meta({
    description: 'By group id in small letters, as far as the names are known',
  }),
});

const comparedVersionSchema = z
  .object({
    id: versionIdSchema,
    policyId: policyIdSchema,
    number: z.int(),
    name: z.string(),
    readAt: instantSchema,
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'ComparedVersion' });

/** Two versions of one policy, or of two of a type, setting by setting. */
export const versionDifferencesSchema = z
  .object({
    type: z.string(),
    typeTitle: z.string(),
    /** Null for the first version of its policy, when no other is named. */
    before: comparedVersionSchema.nullable(),
    after: comparedVersionSchema,
    differences: z.array(differenceSchema).max(DIFFERENCES_MAX),
    differenceCount: z.int(),
    groupNames: comparisonItemsPageSchema.shape.groupNames,
  })
  .meta({ id: 'VersionDifferences' });

/** How many versions were copied, and how many of them were there already. */
export const comparisonCopiesSchema = z
  .object({ copied: z.int(), present: z.int() })
  .meta({ id: 'ComparisonCopies' });

export type Comparison = z.infer<typeof comparisonSchema>;
export type ComparisonItem = z.infer<typeof comparisonItemSchema>;
export type ComparisonKind = z.infer<typeof comparisonKindSchema>;
export type VersionDifferences = z.infer<typeof versionDifferencesSchema>;
