import assert from 'node:assert/strict';
import { type PolicyType, policyTypeSchema } from '../graph/contracts/list.ts';
import type { NewItem } from '../runs/run-type.ts';

/** What names a policy in a run: its type and its id in Graph, for it may not be observed yet. */
export interface PolicyRef {
  readonly type: PolicyType;
  readonly graphId: string;
}

/** The item of a run that stands for one policy. */
export function policyItem(policy: PolicyRef, label: string): NewItem {
  return { kind: 'policy', id: `${policy.type}/${policy.graphId}`, label };
}

/** The policy that the item stands for. */
export function readPolicyItem(itemId: string): PolicyRef {
  const slash = itemId.indexOf('/');
  assert(slash > 0, 'a policy item is named type/id');
  return {
    type: policyTypeSchema.parse(itemId.slice(0, slash)),
    graphId: itemId.slice(slash + 1),
  };
}
