import { expect, test } from 'vitest';
import { captureOutput } from '../../tests/setup/cli-output.ts';
import { createProgress, type ProgressState } from './progress.ts';

let nowMs = 0;
const clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs };

function state(done: number, more: Partial<ProgressState> = {}): ProgressState {
  return { done, total: 10, isTotalKnown: true, note: 'n', isEnded: false, ...more };
}

test('piped: a line now and then, one at the end, none that says nothing new', () => {
  const { output, out } = captureOutput();
  const progress = createProgress(output, clock);
  progress.show('T', state(1));
  nowMs += 500;
  progress.show('T', state(2));
  nowMs += 1_600;
  progress.show('T', state(3));
  nowMs += 5_000;
  progress.show('T', state(3));
  progress.show('T', state(10, { isEnded: true, note: 'done' }));
  progress.close();
  expect(out).toEqual(['  T: 3/10  n\n', '  T: 10/10  done\n']);
});

test('a total that still grows is marked', () => {
  const { output, out } = captureOutput();
  const progress = createProgress(output, clock);
  progress.show('T', state(1, { isTotalKnown: false }));
  nowMs += 3_000;
  progress.show('T', state(4, { isTotalKnown: false }));
  expect(out).toEqual(['  T: 4/10+  n\n']);
});
