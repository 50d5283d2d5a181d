/** How a write ended that did not answer with success. */
export type WriteFailure = { readonly status: number } | { readonly network: true };

/**
 * What a failed write proves. `not_executed`: Graph refused it, so it may be tried again or given
 * up. `ambiguous`: it may have been done; reading again decides, and a create is never re-sent.
 */
export type WriteVerdict = 'not_executed' | 'ambiguous';

/** Design section 7. 408, 409 and all 5xx are missing on purpose: a 504 may have been executed. */
const PROOF_OF_NOTHING_DONE: ReadonlySet<number> = new Set([
  400, 401, 403, 404, 405, 412, 413, 415, 422, 429,
]);

export function classifyWriteFailure(failure: WriteFailure): WriteVerdict {
  if ('network' in failure) return 'ambiguous';
  return PROOF_OF_NOTHING_DONE.has(failure.status) ? 'not_executed' : 'ambiguous';
}
