export interface Difference {
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/** The first line in which two texts differ, or null. */
export function firstDifference(before: string, after: string): Difference | null {
  if (before === after) return null;
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const count = Math.max(old.length, fresh.length);
  for (let index = 0; index < count; index += 1) {
    if (old[index] !== fresh[index]) {
      const said = (text: string | undefined) => text ?? '(nothing)';
      return { line: index + 1, before: said(old[index]), after: said(fresh[index]) };
    }
  }
  return null;
}
