import type { GraphReader, GraphWriter, WriteAttempt } from '../../src/graph/port.ts';
import { type Life, live, never } from './life.ts';

/**
 * Graph as one life sees it. A request that has left when the life ends goes on by itself, as one
 * of a killed process may, and its answer is not heard; one that waits for its turn never leaves.
 */
export function mortalReader(real: GraphReader, life: Life): GraphReader {
  return {
    usage: real.usage,
    connection: real.connection,
    list: (type, signal) => mortalPages(real.list(type, signal), life),
    read: (type, id, signal) => mortal(life, () => real.read(type, id, signal)),
    groupNames: (ids, signal) => mortal(life, () => real.groupNames(ids, signal)),
    listGroups: (signal) => mortalPages(real.listGroups(signal), life),
    groupsNamed: (name, signal) => mortal(life, () => real.groupsNamed(name, signal)),
    approvalPolicies: (signal) => mortal(life, () => real.approvalPolicies(signal)),
    probe: (type, signal) => mortal(life, () => real.probe(type, signal)),
    grantedToWrite: (signal) => mortal(life, () => real.grantedToWrite(signal)),
  };
}

export function mortalWriter(real: GraphWriter, life: Life): GraphWriter {
  return {
    ...mortalReader(real, life),
    canWrite: true,
    lateVisibilityMs: (type) => real.lateVisibilityMs(type),
    perform: (step, target, attempt) =>
      mortal(life, () => real.perform(step, target, mortalAttempt(attempt, life))),
  };
}

/** The client calls it from its own sockets' work: the life has to be told anew. */
function mortalAttempt(attempt: WriteAttempt, life: Life): WriteAttempt {
  return {
    ...attempt,
    beforeDispatch: () => {
      life.requireLife();
      live(life, () => attempt.beforeDispatch?.());
      life.requireLeave();
    },
  };
}

async function mortal<T>(life: Life, work: () => Promise<T>): Promise<T> {
  if (life.isOver) return never();
  return life.outlive(work());
}

async function* mortalPages<T>(pages: AsyncIterable<T>, life: Life): AsyncGenerator<T> {
  const iterator = pages[Symbol.asyncIterator]();
  for (;;) {
    const next = await mortal(life, () => iterator.next());
    if (next.done) return;
    yield next.value;
  }
}
