import type { PolicyDocument } from '../graph/policy-document.ts';
import type { GraphReader } from '../graph/port.ts';
import { AppError } from '../kernel/errors.ts';
import type { PolicyRef } from './policy-item.ts';

/** The whole policy as it is now; undefined when it was deleted, which is no failure. */
export async function readIfThere(
  ctx: { readonly graph: GraphReader; readonly signal: AbortSignal },
  policy: PolicyRef,
): Promise<PolicyDocument | undefined> {
  try {
    const document = await ctx.graph.read(policy.type, policy.graphId, ctx.signal);
    // The id that was asked for names the policy, also where an answer writes it in capitals.
    return { ...document, graphId: policy.graphId };
  } catch (error) {
    if (error instanceof AppError && error.code === 'graph.not_found') return undefined;
    throw error;
  }
}
