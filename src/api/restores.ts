import { z } from 'zod';
import { backupIdSchema, policyIdSchema, restoreIdSchema, runIdSchema } from '../kernel/ids.ts';
import { instantSchema } from './instant.ts';
import { pageSchema } from './page.ts';
import { reasonSchema } from './reason.ts';
import { runOutcomeSchema } from './runs.ts';

const optionsSchema = z.object({
  withAssignments: z.boolean(),
  namePrefix: z.string(),
  conditionalAccessState: z.enum(['disabled', 'reportOnly', 'asSaved']),
  /** Groups of the source that are made where they are missing. */
  createGroups: z.array(z.string()),
});

const linksSchema = z.object({
  self: z.string(),
  items: z.string(),
  mapping: z.string(),
  references: z.string(),
});

/** Items of a restore that was carried out, by what became of them. */
const resultCountsSchema = z.object({
  verified: z.int(),
  differs: z.int(),
  failed: z.int(),
  unknown: z.int(),
  not_written: z.int(),
  removed: z.int(),
});

export const restoreResultSchema = z.enum(resultCountsSchema.keyof().options).meta({
  description:
    '`verified`: reads back as it was sent; `differs`: was written and does not; `failed`: begun ' +
    'and not finished; `unknown`: needs your decision; `not_written`: nothing was sent for it; ' +
    '`removed`: deleted',
});

/** A plan to put chosen versions back into this tenant. */
export const restoreSchema = z
  .object({
    id: restoreIdSchema,
    name: z.string(),
    /**
     * `draft`: without a finished preview; `planned`: with one, which may be out of date;
     * `executing`: a run is writing it; `ended`: it was carried out, `outcome` says how.
     */
    state: z.enum(['draft', 'planned', 'executing', 'ended']),
    source: z.object({
      kind: z.enum(['backup', 'versions', 'copies']).meta({
        description: '`copies`: versions that were copied from another tenant',
      }),
      backupId: backupIdSchema.nullable(),
    }),
    madeBy: z.string(),
    createdAt: instantSchema,
    /** The run of the last preview. */
    previewRunId: runIdSchema.nullable(),
    previewedAt: instantSchema.nullable(),
    /** The restore that it tries again, takes back, or cleans up after. */
    origin: z
      .object({ kind: z.enum(['retry', 'undo', 'repair']), restoreId: restoreIdSchema })
      .nullable(),
    /** How its run ended; null before that. */
    outcome: runOutcomeSchema.nullable(),
    links: linksSchema,
  })
  .meta({ id: 'Restore' });

/** One restore with all that its preview is made from, and what the preview is worth. */
export const restoreDetailSchema = restoreSchema
  .extend({
    selection: z.unknown(),
    options: optionsSchema,
    mapping: z.record(z.string(), z.string().nullable()),
    /** Names what was previewed; null without a preview. */
    fingerprint: z.string().nullable(),
    /** Why there is no preview that holds; empty when there is one. */
    stale: z.array(reasonSchema),
    /** Items by what would become of them, as the preview counted; null without one. */
    counts: z
      .object({
        create: z.int(),
        update: z.int(),
        delete: z.int(),
        unchanged: z.int(),
        skip: z.int(),
        blocked: z.int(),
      })
      .nullable(),
    /** Who confirmed this preview and why; null: nobody did. */
    confirmed: z.object({ at: instantSchema, by: z.string(), reason: z.string() }).nullable(),
    /** Whether runs may write to the tenant now, and what is missing for that. */
    gate: reasonSchema.nullable(),
    /** The run that carries it out or did. */
    execution: z
      .object({
        runId: runIdSchema.nullable(),
        beganAt: instantSchema,
        endedAt: instantSchema.nullable(),
        /** What it overwrote. */
        safetyBackupId: backupIdSchema.nullable(),
      })
      .nullable(),
    /** Items by what became of them; null before its end. */
    results: resultCountsSchema.nullable(),
  })
  .meta({ id: 'RestoreDetail' });

/** Something worth knowing before an item is restored. */
const restoreWarningSchema = reasonSchema
  .extend({
    /** Where in the body. */
    at: z.string().optional(),
    /** What it refers to: a kind and an id of the source. */
    kind: z.string().optional(),
    id: z.string().optional(),
  })
  .meta({ id: 'RestoreWarning' });

/** More differences of one item than this are counted and not listed. */
export const LISTED_DIFFERENCES_MAX = 100;

export const restoreDifferenceSchema = z
  .object({
    path: z.string(),
    label: z.string(),
    kind: z.enum(['added', 'removed', 'changed']),
    /** As it is in the tenant now. */
    before: z.unknown(),
    after: z.unknown(),
  })
  .meta({ id: 'RestoreDifference' });

/** What would become of one version. */
export const restoreItemSchema = z
  .object({
    versionId: z.uuid(),
    type: z.string(),
    typeTitle: z.string(),
    name: z.string(),
    contentHash: z.string(),
    /** Decided by a person; null leaves it to the preview. */
    choice: z.enum(['create', 'update', 'skip', 'delete']).nullable(),
    match: z
      .object({
        kind: z.enum(['same_id', 'same_name', 'chosen', 'ambiguous', 'none']),
        graphId: z.string().nullable(),
        /** Objects that could be meant, when there are several. */
        candidates: z.array(z.string()),
      })
      .nullable(),
    /** Null before its preview. */
    action: z.enum(['create', 'update', 'delete', 'unchanged', 'skip', 'blocked']).nullable(),
    /** Why it is left out. */
    reason: reasonSchema.nullable(),
    risk: z.enum(['low', 'medium', 'high']).nullable(),
    warnings: z.array(restoreWarningSchema),
    /** From what is live to what would be; none for what is created. */
    differences: z.array(restoreDifferenceSchema).max(LISTED_DIFFERENCES_MAX),
    differenceCount: z.int(),
    /** In the order in which items would be written. */
    position: z.int(),
    /** What became of it; null before that. */
    result: z
      .object({
        state: restoreResultSchema.nullable(),
        reason: reasonSchema.nullable(),
        /** The object that was written. */
        graphId: z.string().nullable(),
        /** From what was read back to what was sent. */
        differences: z.array(restoreDifferenceSchema).max(LISTED_DIFFERENCES_MAX),
        /** Objects of which one may be ours, when that cannot be told. */
        candidates: z.array(z.string()),
        /** Decided, and not carried out yet. */
        decision: z.enum(['adopt', 'delete_ours', 'create_anew', 'look_again']).nullable(),
        beforeHash: z.string().nullable(),
        afterHash: z.string().nullable(),
        settledAt: instantSchema.nullable(),
      })
      .nullable(),
    /** Places of values that Graph hides and that would be sent, and others that were entered. */
    secrets: z.array(
      z.object({
        place: z.string().meta({ description: 'In the saved body; empty is the policy itself' }),
        isEntered: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'RestoreItem' });

/** A page of items, and the names of the groups that they speak of. */
export const restoreItemsPageSchema = pageSchema(restoreItemSchema).extend({
  groupNames: z.record(z.string(), z.string()).meta({
    description: 'By group id in small letters, as far as the names are known',
  }),
});

/** A policy that refers to an object by an id that is gone; it was made anew under another. */
export const restoreReferenceSchema = z
  .object({
    policyId: policyIdSchema,
    type: z.string(),
    typeTitle: z.string(),
    name: z.string(),
    at: z.string(),
    kind: z.string(),
    oldId: z.string(),
    newId: z.string(),
  })
  .meta({ id: 'RestoreReference' });

/** How many versions were copied, and how many of them were there already. */
export const restoreCopiesSchema = z
  .object({ copied: z.int(), present: z.int() })
  .meta({ id: 'RestoreCopies' });

export type Restore = z.infer<typeof restoreSchema>;
export type RestoreDetail = z.infer<typeof restoreDetailSchema>;
export type RestoreItem = z.infer<typeof restoreItemSchema>;
