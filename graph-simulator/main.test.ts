import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

const MAIN = new URL('./main.ts', import.meta.url).pathname;

function start(...flags: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [MAIN, ...flags]);
}

async function exitOf(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

test('the first line says where it listens; SIGTERM ends it well', async () => {
  const child = start('--port', '0', '--limits', 'tight', '--policies', '3');
  const lines = createInterface({ input: child.stdout });
  const { value: first } = await lines[Symbol.asyncIterator]().next();
  expect(first).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+$/);
  const url = String(first).replace('listening on ', '');
  const tenants = await fetch(`${url}/_simulator/tenants`);
  expect(await tenants.json()).toMatchObject({
    tenants: [{ objects: { configurationPolicies: 25 } }, {}, {}],
  });
  const ended = exitOf(child);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test.each([
  [['--limits', 'none at all'], /Allowed choices/],
  [['--port', 'x'], /whole number/],
  [['--corpus', '/nowhere/at/all'], /corpus folder \/nowhere\/at\/all cannot be read/],
])('%j is refused before anything listens', async (flags, reason) => {
  const child = start(...flags);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  const code = await exitOf(child);
  expect(code).not.toBe(0);
  await expect.poll(() => errors, { timeout: 10_000 }).toMatch(reason);
});
