import type { RunEvent } from '../../api/run-events.ts';
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
  /** Throws when the listener may not listen any more. */
  recheck(): Promise<void>;
  /** These runs as the listener may see them now; null: all that are live. */
  read(runIds: readonly RunId[] | null): Promise<readonly RunEvent[]>;
  /** The stream is over, whoever ended it. */
  ended(): void;
}

/**
 * Server-sent events: what is live at first, then `ready`, then each run that changes. A reader that
 * stalls holds only names of runs, however long; when it reads again it is told how they are then.
 */
export function streamRuns(source: RunStreamSource): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const pending = new Set<RunId>();
  let isAllPending = true;
  let isOver = false;
  let wake = Promise.withResolvers<void>();
  const stopHearing = source.changes.hear((change) => {
    if (change === null || pending.size >= PENDING_MAX) isAllPending = true;
    else pending.add(change);
    wake.resolve();
  });
  const end = () => {
    if (isOver) return;
    isOver = true;
    stopHearing();
    source.changes.stopped.removeEventListener('abort', end);
    wake.resolve();
    source.ended();
  };
  source.changes.stopped.addEventListener('abort', end, { once: true });
  const take = () => {
    const taken = isAllPending ? null : [...pending];
    pending.clear();
    isAllPending = false;
    return taken;
  };

  async function* texts(): AsyncGenerator<string> {
    let saidAt = performance.now();
    let checkedAt = saidAt;
    while (!isOver) {
      const now = performance.now();
      if (now - checkedAt >= RECHECK_MS) {
        await source.recheck();
        checkedAt = now;
      }
      if (isAllPending || pending.size > 0) {
        const taken = take();
        const events = await source.read(taken);
        yield events.map(eventText).join('') + (taken === null ? 'event: ready\ndata: {}\n\n' : '');
        saidAt = performance.now();
        await delay(PACE_MS);
      } else if (now - saidAt >= KEEP_ALIVE_MS) {
        yield ': still here\n\n';
        saidAt = now;
      } else {
        wake = Promise.withResolvers<void>();
        await Promise.race([wake.promise, delay(RECHECK_MS)]);
      }
    }
  }

  const iterator = texts();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch {
        // not allowed any more, or nothing can be read: the client comes again and is told why
        end();
        controller.close();
      }
    },
    cancel: end,
  });
}

function eventText(event: RunEvent): string {
  return `event: run\nid: ${event.revision}\ndata: ${JSON.stringify(event)}\n\n`;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
