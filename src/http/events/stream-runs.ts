import type { RunEvent } from '../../api/run-events.ts';
import type { Clock } from '../../kernel/clock.ts';
import { SECOND } from '../../kernel/durations.ts';
import type { RunId } from '../../kernel/ids.ts';
import type { RunChanges } from '../../runs/run-changes.ts';

/** At most four events of a run in a second: changes in between are told as one. */
const PACE_MS = 250;
/** So soon somebody who may not listen any more is cut off. */
const RECHECK_MS = SECOND;
/** Proxies take a silent connection for a dead one. */
const KEEP_ALIVE_MS = 15 * SECOND;
/** More runs than this at once are told of as "anything may have changed". */
const PENDING_MAX = 500;

export interface RunStreamSource {
  readonly changes: RunChanges;
  readonly clock: Clock;
  /** Throws when the listener may not listen any more. */
  recheck(): Promise<void>;
  /** These runs as the listener may see them now; null: all that are live. */
  read(runIds: readonly RunId[] | null): Promise<readonly RunEvent[]>;
  /** The stream is over, whoever ended it. */
  ended(): void;
}

/**
 * Server-sent events: what is live at first, then `ready`, then each run that changes. A reader
 * that stalls holds only names of runs, however long; when it reads again it is told how they are
 * then.
 */
export function streamRuns(source: RunStreamSource): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const listening = new Listening(source);
  const texts = tell(listening);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await texts.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch {
        // not allowed any more, or nothing can be read: the client comes again and is told why
        listening.end();
        controller.close();
      }
    },
    cancel: () => listening.end(),
  });
}

/** What one reader still has to be told. */
class Listening {
  readonly source: RunStreamSource;
  readonly #pending = new Set<RunId>();
  readonly #stopHearing: () => void;
  #isAllPending = true;
  #isOver = false;
  #wake = Promise.withResolvers<void>();

  constructor(source: RunStreamSource) {
    this.source = source;
    this.#stopHearing = source.changes.hear((change) => {
      if (change === null || this.#pending.size >= PENDING_MAX) this.#isAllPending = true;
      else this.#pending.add(change);
      this.#wake.resolve();
    });
    source.changes.stopped.addEventListener('abort', this.end, { once: true });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get hasNews(): boolean {
    return this.#isAllPending || this.#pending.size > 0;
  }

  /** The runs to tell of; null: all that are live. */
  take(): readonly RunId[] | null {
    const taken = this.#isAllPending ? null : [...this.#pending];
    this.#pending.clear();
    this.#isAllPending = false;
    return taken;
  }

  async waitForNews(): Promise<void> {
    this.#wake = Promise.withResolvers<void>();
    if (this.hasNews || this.#isOver) return;
    await Promise.race([this.#wake.promise, delay(RECHECK_MS)]);
  }

  readonly end = (): void => {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopHearing();
    this.source.changes.stopped.removeEventListener('abort', this.end);
    this.#wake.resolve();
    this.source.ended();
  };
}

async function* tell(listening: Listening): AsyncGenerator<string> {
  const { source } = listening;
  let saidAt = source.clock.monotonicMs();
  let checkedAt = saidAt;
  while (!listening.isOver) {
    const now = source.clock.monotonicMs();
    if (now - checkedAt >= RECHECK_MS) {
      await source.recheck();
      checkedAt = now;
    }
    if (listening.hasNews) {
      const taken = listening.take();
      const events = await source.read(taken);
      yield events.map(eventText).join('') + (taken === null ? READY : '');
      saidAt = source.clock.monotonicMs();
      await delay(PACE_MS);
    } else if (now - saidAt >= KEEP_ALIVE_MS) {
      yield ': still here\n\n';
      saidAt = now;
    } else {
      await listening.waitForNews();
    }
  }
}

const READY = 'event: ready\ndata: {}\n\n';

function eventText(event: RunEvent): string {
  return `event: run\nid: ${event.revision}\ndata: ${JSON.stringify(event)}\n\n`;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
