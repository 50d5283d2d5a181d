import { contractOf, policyTypeSchema } from '../graph/contracts/list.ts';

/** What the admin centre calls it; old rows may name a type that this version does not have. */
export function titleOfPolicyType(type: string): string {
  const known = policyTypeSchema.safeParse(type);
  return known.success ? contractOf(known.data).title : type;
}
