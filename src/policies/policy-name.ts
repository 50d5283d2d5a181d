/** As long as fits into an index beside other columns: 500 characters of at most 3 bytes. */
const LENGTH_MAX = 500;

/**
 * A policy's name as it can be stored and shown: PostgreSQL keeps no NUL, and a policy without a
 * name shows its id. The name as Graph has it is in the body.
 */
export function storableName(name: string, graphId: string): string {
  const kept = name.replaceAll('\u0000', '\uFFFD').slice(0, LENGTH_MAX).toWellFormed();
  return kept.trim() === '' ? graphId : kept;
}
