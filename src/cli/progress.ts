import { type Bar, MultiBar } from 'cli-progress';
import type { Clock } from '../kernel/clock.ts';
import { SECOND } from '../kernel/durations.ts';
import { type Output, printable } from './output.ts';

/** Where one piece of work stands. */
export interface ProgressState {
  readonly done: number;
  readonly total: number;
  /** False while the total still grows. */
  readonly isTotalKnown: boolean;
  /** In a few words: waits, failed 3, 120 Graph calls. */
  readonly note: string;
  readonly isEnded: boolean;
}

/** Shows how pieces of work get on: bars on a terminal, a line now and then when piped. */
export interface Progress {
  show(label: string, state: ProgressState): void;
  close(): void;
}

export function createProgress(output: Output, clock: Clock): Progress {
  return output.isTerminal ? new BarProgress(output) : new LineProgress(output, clock);
}

class BarProgress implements Progress {
  readonly #output: Output;
  readonly #bars = new Map<string, Bar>();
  readonly #multi: MultiBar;

  constructor(output: Output) {
    this.#output = output;
    this.#multi = new MultiBar({
      format: `  {label} {bar} {counts}  {note}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: Math.max(10, Math.min(30, output.columns - 70)),
      stream: output.stream,
      hideCursor: true,
      clearOnComplete: false,
      linewrap: false,
      forceRedraw: true,
      fps: 12,
      gracefulExit: false,
    });
  }

  show(label: string, state: ProgressState): void {
    const known = this.#bars.get(label);
    const bar = known ?? this.#multi.create(1, 0, this.#words(label, state));
    this.#bars.set(label, bar);
    // An unknown total would show a full bar that shrinks: it is held below the end.
    const total = state.isTotalKnown ? Math.max(state.total, 1) : state.total + 20;
    bar.setTotal(state.isEnded ? Math.max(state.done, 1) : total);
    bar.update(state.isEnded ? Math.max(state.done, 1) : state.done, this.#words(label, state));
  }

  close(): void {
    this.#multi.stop();
  }

  #words(label: string, state: ProgressState) {
    return {
      label: fitted(label, LABEL_WIDTH),
      counts: countsOf(state).padStart(9),
      note: state.isEnded ? this.#output.style('green', state.note) : state.note,
    };
  }
}

const LABEL_WIDTH = 30;

function fitted(label: string, width: number): string {
  const text = printable(label);
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

/** As often as somebody reading would like. */
const EVERY_MS = 2 * SECOND;

/** A line now and then, and one at the end. */
class LineProgress implements Progress {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #shown = new Map<string, { atMs: number; text: string }>();

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
  }

  show(label: string, state: ProgressState): void {
    const text = `  ${printable(label)}: ${countsOf(state)}  ${state.note}`;
    const last = this.#shown.get(label);
    const nowMs = this.#clock.monotonicMs();
    const known = last ?? { atMs: nowMs, text: '' };
    const isDue = state.isEnded || nowMs - known.atMs >= EVERY_MS;
    if (last === undefined || (isDue && last.text !== text)) {
      this.#shown.set(label, isDue ? { atMs: nowMs, text } : known);
    }
    if (isDue && known.text !== text) this.#output.line(text.trimEnd());
  }

  close(): void {}
}

function countsOf(state: ProgressState): string {
  if (state.total === 0) return '';
  return `${state.done}/${state.total}${state.isTotalKnown ? '' : '+'}`;
}
