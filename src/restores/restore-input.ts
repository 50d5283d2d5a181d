import { z } from 'zod';
import { POLICY_TYPES, policyTypeSchema } from '../graph/contracts/list.ts';
import { backupIdSchema, versionIdSchema } from '../kernel/ids.ts';
import { plainText } from '../kernel/plain-text.ts';

/** Versions named one by one; more of them are chosen by a filter over a backup. */
export const CHOSEN_VERSIONS_MAX = 1_000;

/**
 * Where the items come from. `versions` and `backup` are this tenant's; `copies` are brought in
 * from another tenant, a portion at a time.
 */
export const restoreSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('backup'), backupId: backupIdSchema }),
  z.strictObject({
    kind: z.literal('versions'),
    versionIds: z.array(versionIdSchema).min(1).max(CHOSEN_VERSIONS_MAX).overwrite(sortOnce),
  }),
  z.strictObject({ kind: z.literal('copies') }),
]);
export type RestoreSource = z.infer<typeof restoreSourceSchema>;

/** Which items of a source: what is said of both type and name holds for each. */
export const restoreSelectionSchema = z.strictObject({
  types: z
    .array(policyTypeSchema)
    .min(1)
    .max(POLICY_TYPES.length)
    .overwrite(sortOnce)
    .exactOptional(),
  /** Part of the name, whatever its case. */
  nameContains: plainText(200).exactOptional(),
  /** By version; these and no others. */
  versionIds: z
    .array(z.uuid().toLowerCase())
    .min(1)
    .max(CHOSEN_VERSIONS_MAX)
    .overwrite(sortOnce)
    .exactOptional(),
});
export type RestoreSelection = z.infer<typeof restoreSelectionSchema>;

/** Groups made by one restore; each of them is looked for by its name. */
const CREATED_GROUPS_MAX = 100;

/** How items are written. The defaults widen nothing and switch nothing on. */
export const restoreOptionsSchema = z.strictObject({
  withAssignments: z.boolean().default(true),
  /** Put before the name of what is created. */
  namePrefix: z
    .string()
    .max(50)
    .regex(/^\P{C}*$/u, 'must be one line of plain text')
    .default(''),
  conditionalAccessState: z.enum(['disabled', 'reportOnly', 'asSaved']).default('disabled'),
  /** Groups of the source, by id, that are made new and empty where none of the name is there. */
  createGroups: z
    .array(z.uuid().toLowerCase())
    .max(CREATED_GROUPS_MAX)
    .overwrite(sortOnce)
    .default([]),
});
export type RestoreOptions = z.infer<typeof restoreOptionsSchema>;

/** As many ids as a person maps by hand, with a file. */
const MAPPED_MAX = 5_000;

/**
 * What ids of the source mean in this tenant: `{"group:ID": "ID here"}`. Null: it has no
 * counterpart, and is not looked for.
 */
export const restoreMappingSchema = z
  .record(
    z.string().regex(/^[A-Za-z]{1,40}:[^\s]{1,200}$/, 'must be a kind, a colon and an id'),
    z
      .string()
      .regex(/^[^\s]{1,200}$/)
      .nullable(),
  )
  .refine((mapping) => Object.keys(mapping).length <= MAPPED_MAX, {
    error: `may hold ${MAPPED_MAX} ids at most`,
  });
export type RestoreMapping = z.infer<typeof restoreMappingSchema>;

/** What is decided about one item; null leaves it to the preview. */
export const restoreChoiceSchema = z.strictObject({
  versionId: z.uuid().toLowerCase(),
  /** `delete`: only what another restore has made, in the undo of that one. */
  choice: z.enum(['create', 'update', 'skip', 'delete']).nullable(),
  /** Which object is to be updated, when it is not the one that the preview finds. */
  graphId: z
    .string()
    .regex(/^[^\s]{1,200}$/)
    .nullable()
    .default(null),
});
export type RestoreChoice = z.infer<typeof restoreChoiceSchema>;

function sortOnce<T extends string>(values: T[]): T[] {
  return [...new Set(values)].sort();
}
