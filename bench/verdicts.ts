/** A line of the table: what was measured, what it is to reach, and whether it does. */
export interface Verdict {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
  /** Undefined where there is no goal. */
  readonly isMet: boolean | undefined;
}

export function atMost(what: string, value: number, max: number, unit: string): Verdict {
  return { ...verdict(what, value, unit, `<= ${rounded(max)} ${unit}`), isMet: value <= max };
}

export function atLeast(what: string, value: number, min: number, unit: string): Verdict {
  return { ...verdict(what, value, unit, `>= ${rounded(min)} ${unit}`), isMet: value >= min };
}

export function figure(what: string, value: number, unit: string): Verdict {
  return verdict(what, value, unit, '');
}

function verdict(what: string, value: number, unit: string, goal: string): Verdict {
  return {
    what,
    measured: `${rounded(value)} ${unit}`.trim(),
    goal: goal.trim(),
    isMet: undefined,
  };
}

/** Three digits say all that a shared machine can tell. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(value >= 100 ? 4 : 3)));
}
