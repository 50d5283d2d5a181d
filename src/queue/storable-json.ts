/**
 * JSON that PostgreSQL takes as jsonb. It refuses a NUL and half a surrogate pair, and one name of
 * a policy, cut in the middle of an emoji, must not fail the run that lists it.
 */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? part.replaceAll('\u0000', '\uFFFD').toWellFormed() : part,
  );
}
