import { seededNumbers } from '../tests/setup/worker-crew.ts';

/** What is left to chance in one strand of a run, the same for the same seed. */
export interface Chances {
  /** From 0 to below `limit`. */
  number(limit: number): number;
  /** True in this share of cases. */
  happens(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** So many of the list, each once, in any order. */
  some<T>(list: readonly T[], count: number): T[];
}

export function chancesOf(seed: number, strand: number): Chances {
  const number = seededNumbers(Math.imul(seed, 1_000_003) + strand);
  const pick = <T>(list: readonly T[]): T => {
    const picked = list[number(list.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  };
  return {
    number,
    happens: (share) => number(10_000) < share * 10_000,
    pick,
    some(list, count) {
      const rest = [...list];
      const chosen: typeof rest = [];
      while (chosen.length < count && rest.length > 0) {
        chosen.push(...rest.splice(number(rest.length), 1));
      }
      return chosen;
    },
  };
}
