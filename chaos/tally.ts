import type { Charge, Finding, Verdict } from './judge.ts';

/** What a run of chaos came to. */
export interface Figures {
  readonly kills: number;
  readonly crashes: number;
  readonly items: number;
  readonly duplicates: number;
  readonly lost: number;
  readonly wrong: number;
  readonly ambiguous: number;
  readonly unknown: number;
  readonly seconds: number;
}

/** More findings than this are counted and not kept. */
const FINDINGS_KEPT_MAX = 200;

/** Counts what happened while it happens. */
export class Tally {
  kills = 0;
  crashes = 0;
  scenes = 0;
  readonly findings: Finding[] = [];
  /** How often a worker ended at which point. */
  readonly deaths = new Map<string, number>();
  /** How often items ended how. */
  readonly results = new Map<string, number>();
  readonly #charges: Record<Charge, number> = { duplicates: 0, lost: 0, wrong: 0 };
  readonly #beganAtMs = performance.now();
  #items = 0;
  #unknown = 0;
  #ambiguous = 0;

  diedAt(point: string): void {
    this.deaths.set(point, (this.deaths.get(point) ?? 0) + 1);
  }

  /** `cutOff`: writes that were under way when their worker died. */
  add(verdict: Verdict, cutOff: ReadonlySet<string>): void {
    this.scenes += 1;
    this.#items += verdict.items;
    this.#unknown += verdict.unknown;
    this.#ambiguous += new Set([...verdict.ambiguous, ...cutOff]).size;
    for (const result of verdict.results) {
      this.results.set(result, (this.results.get(result) ?? 0) + 1);
    }
    for (const finding of verdict.findings) this.charge(finding);
  }

  charge(finding: Finding): void {
    this.#charges[finding.charge] += 1;
    if (this.findings.length < FINDINGS_KEPT_MAX) this.findings.push(finding);
  }

  get isClean(): boolean {
    return Object.values(this.#charges).every((count) => count === 0);
  }

  figures(): Figures {
    return {
      kills: this.kills,
      crashes: this.crashes,
      items: this.#items,
      ...this.#charges,
      ambiguous: this.#ambiguous,
      unknown: this.#unknown,
      seconds: Math.round((performance.now() - this.#beganAtMs) / 1_000),
    };
  }
}
