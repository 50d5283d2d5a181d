/** Something of the tenant that could be meant. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
}

/** A person chooses from so many. */
export const CANDIDATES_MAX = 5;

/**
 * The likeliest of what is there: of the same name, of the same name in other letters, those whose
 * name holds the other or is held by it; the shortest first, for it has the least besides.
 */
export function rankCandidates(name: string, there: readonly Candidate[]): readonly Candidate[] {
  const wanted = name.toLowerCase();
  const ranked = [...new Map(there.map((one) => [one.id, one])).values()]
    .map((one) => ({ one, rank: rankOf(one.name, name, wanted) }))
    .filter(({ rank }) => rank < FOREIGN);
  ranked.sort(
    (a, b) =>
      a.rank - b.rank ||
      a.one.name.length - b.one.name.length ||
      compareText(a.one.name, b.one.name) ||
      compareText(a.one.id, b.one.id),
  );
  return ranked.slice(0, CANDIDATES_MAX).map(({ one }) => one);
}

const FOREIGN = 3;

function rankOf(name: string, exact: string, wanted: string): number {
  if (name === exact) return 0;
  const key = name.toLowerCase();
  if (key === wanted) return 1;
  const isAlike = key !== '' && wanted !== '' && (key.includes(wanted) || wanted.includes(key));
  return isAlike ? 2 : FOREIGN;
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
