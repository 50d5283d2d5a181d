import { z } from 'zod';
import { POLICY_TYPES, policyTypeSchema } from '../graph/contracts/list.ts';
import { canonicalText, sha256Hex } from '../kernel/canonical-json.ts';
import { policyIdSchema } from '../kernel/ids.ts';

/** More policies by name than this are chosen by type. */
export const CHOSEN_POLICIES_MAX = 1_000;

/** Policies chosen one by one, sorted and each once: the order of clicks makes no other run. */
export const chosenPoliciesSchema = z
  .array(policyIdSchema)
  .min(1)
  .max(CHOSEN_POLICIES_MAX)
  .overwrite(sortOnce);

/** What goes into a backup. */
export const selectionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({
    kind: z.literal('types'),
    types: z.array(policyTypeSchema).min(1).max(POLICY_TYPES.length).overwrite(sortOnce),
  }),
  z.strictObject({ kind: z.literal('policies'), policyIds: chosenPoliciesSchema }),
]);
export type Selection = z.infer<typeof selectionSchema>;

/** Two selections of the same things have the same name, however they were written. */
export function selectionTarget(selection: Selection): string {
  return `selection:${sha256Hex(canonicalText(selectionSchema.parse(selection)))}`;
}

function sortOnce<T extends string>(values: T[]): T[] {
  return [...new Set(values)].sort();
}
