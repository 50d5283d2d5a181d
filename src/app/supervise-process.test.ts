import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from '../kernel/clock.ts';
import { createLog } from './log.ts';
import { ProcessSupervisor } from './supervise-process.ts';

const log = createLog({ level: 'silent', part: 'test' });
const supervisors: ProcessSupervisor[] = [];
afterEach(async () => {
  for (const supervisor of supervisors.splice(0)) await supervisor.stop();
});

function supervise(script: string, options: object = {}) {
  const started: ChildProcess[] = [];
  const start = () => {
    const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
    started.push(child);
    return child;
  };
  const supervisor = new ProcessSupervisor({
    start,
    clock: systemClock,
    log,
    backoffMinMs: 10,
    backoffMaxMs: 40,
    ...options,
  });
  supervisors.push(supervisor);
  return { supervisor, started };
}

const FOREVER = 'setInterval(() => {}, 1000)';

test('a process that is killed is started again', async () => {
  const { supervisor, started } = supervise(FOREVER);
  const first = supervisor.pid;
  started[0]?.kill('SIGKILL');
  await vi.waitFor(() => expect(supervisor.restarts).toBe(1));
  expect(supervisor.pid).not.toBe(first);
});

test('a process that ends over and over is started over and over', async () => {
  const { supervisor } = supervise('process.exit(1)');
  await vi.waitFor(() => expect(supervisor.restarts).toBeGreaterThan(2), 10_000);
});

test('a process that asks to be replaced is replaced without growing waits', async () => {
  const waits: number[] = [];
  const spy = vi.spyOn(globalThis, 'setTimeout');
  const { supervisor } = supervise('process.exit(75)', { backoffMinMs: 11, backoffMaxMs: 10_000 });
  await vi.waitFor(() => expect(supervisor.restarts).toBeGreaterThan(3), 10_000);
  for (const call of spy.mock.calls) if (call[1] === 11 || call[1] === 22) waits.push(call[1]);
  spy.mockRestore();
  expect(waits.length).toBeGreaterThan(3);
  expect(waits).not.toContain(22);
});

test('after a stop nothing runs and nothing is started', async () => {
  const { supervisor, started } = supervise(FOREVER);
  await supervisor.stop();
  expect(supervisor.pid).toBeUndefined();
  expect(started).toHaveLength(1);
  expect(started[0]?.signalCode).toBe('SIGTERM');
});

test('a process that ignores the request to stop is killed', async () => {
  const script = `process.on('SIGTERM', () => {}); process.send('up'); ${FOREVER}`;
  const started: ChildProcess[] = [];
  const supervisor = new ProcessSupervisor({
    start: () => {
      const child = spawn(process.execPath, ['-e', script], {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      started.push(child);
      return child;
    },
    clock: systemClock,
    log,
    stopGraceMs: 50,
  });
  await new Promise((resolve) => started[0]?.once('message', resolve));
  await supervisor.stop();
  expect(started[0]?.signalCode).toBe('SIGKILL');
});
