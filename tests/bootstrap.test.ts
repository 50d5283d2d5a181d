import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** Pretends an older Node: neither the version nor exec of the real one. */
const OLD_NODE = `data:text/javascript,
  Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } });
  process.execve = undefined;`;

/** Stands for npm: writes down how it was called, and installs what the bootstrap looks for. */
const FAKE_NPM = `
  const fs = require('node:fs');
  const args = process.argv.slice(2);
  fs.appendFileSync('npm-calls', JSON.stringify(args) + '\\n');
  if (fs.existsSync('npm-fails')) process.exit(1);
  if (args[0] === 'ci') fs.mkdirSync('node_modules', { recursive: true });
  else {
    const spec = args.find((arg) => /^node-.*@/.test(arg));
    const bin = '.toolchain/node_modules/' + spec.split('@')[0] + '/bin';
    fs.mkdirSync(bin, { recursive: true });
    fs.symlinkSync(process.execPath, bin + '/node');
  }`;

let clone = '';
beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), 'atlas-bootstrap-'));
  await mkdir(join(clone, 'scripts'));
  await cp(
    join(import.meta.dirname, '../scripts/bootstrap.mjs'),
    join(clone, 'scripts/bootstrap.mjs'),
  );
  await writeFile(join(clone, 'package-lock.json'), '{}');
  await writeFile(join(clone, 'npm-cli.cjs'), FAKE_NPM);
  await writeFile(join(clone, 'say.mjs'), 'console.log(JSON.stringify(process.argv.slice(2)))');
});
afterEach(() => rm(clone, { recursive: true, force: true }));

function launch(
  args: readonly string[],
  more: { old?: boolean; home?: string } = {},
): ChildProcess {
  const flags = more.old ? ['--import', OLD_NODE] : [];
  return spawn(process.execPath, [...flags, 'scripts/bootstrap.mjs', ...args], {
    cwd: clone,
    env: { npm_execpath: join(clone, 'npm-cli.cjs'), HOME: more.home ?? clone, PATH: '/usr/bin' },
  });
}

async function finish(child: ChildProcess) {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  return { stdout, stderr, exitCode };
}

async function npmCalls(): Promise<string[]> {
  const text = await readFile(join(clone, 'npm-calls'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

test('the first start installs what is locked, the next one installs nothing', async () => {
  const first = await finish(launch(['say.mjs', 'demo', '--corpus', '../x']));
  expect(JSON.parse(first.stdout)).toEqual(['demo', '--corpus', '../x']);
  expect(first.stderr.trim().split('\n')).toHaveLength(1);
  const [call = '', ...others] = await npmCalls();
  expect(JSON.parse(call)).toEqual(expect.arrayContaining(['ci', '--ignore-scripts']));
  expect(others).toEqual([]);

  const second = await finish(launch(['say.mjs']));
  expect(second).toEqual({ stdout: '[]\n', stderr: '', exitCode: 0 });
  expect(await npmCalls()).toHaveLength(1);
});

test('another lockfile is installed again', async () => {
  await finish(launch(['say.mjs']));
  await writeFile(join(clone, 'package-lock.json'), '{"changed":true}');
  await finish(launch(['say.mjs']));
  expect(await npmCalls()).toHaveLength(2);
});

test('two first starts at once install once', async () => {
  const done = await Promise.all([
    finish(launch(['say.mjs'], { old: true })),
    finish(launch(['say.mjs'], { old: true })),
  ]);
  expect(done.map((one) => one.exitCode)).toEqual([0, 0]);
  const calls = await npmCalls();
  expect(calls.filter((call) => call.startsWith('["ci"'))).toHaveLength(1);
  expect(calls.filter((call) => call.startsWith('["install"'))).toHaveLength(1);
});

test('an older Node runs the script under the one it brings', async () => {
  await writeFile(join(clone, 'where.mjs'), 'console.log(process.execve === undefined)');
  const done = await finish(launch(['where.mjs'], { old: true }));
  expect(done.stdout).toBe('false\n');
  expect((await npmCalls())[0]).toMatch(/^\["install".*--ignore-scripts/);
});

test('a lock whose holder died is taken over', async () => {
  await mkdir(join(clone, '.toolchain'));
  await writeFile(join(clone, '.toolchain/bootstrap.lock'), '2147483646');
  expect((await finish(launch(['say.mjs']))).exitCode).toBe(0);
});

test('a failed installation is said in one line and is not taken for done', async () => {
  await writeFile(join(clone, 'npm-fails'), '');
  const failed = await finish(launch(['say.mjs']));
  expect(failed).toMatchObject({ exitCode: 1, stdout: '' });
  expect(failed.stderr).toContain('"npm ci" failed');
  await rm(join(clone, 'npm-fails'));
  expect((await finish(launch(['say.mjs']))).exitCode).toBe(0);
});

test('a home that cannot be written to moves the npm cache into the clone', async () => {
  await finish(launch(['say.mjs'], { home: join(clone, 'say.mjs') }));
  expect((await npmCalls())[0]).toContain(join('.toolchain', 'npm-cache'));
});

test.each([{ old: false }, { old: true }])(
  'signals reach the script and its exit code comes back (old Node: $old)',
  async ({ old }) => {
    await writeFile(
      join(clone, 'wait.mjs'),
      `process.on('SIGTERM', () => process.exit(7));
       setInterval(() => undefined, 1000);
       console.log('up');`,
    );
    const child = launch(['wait.mjs'], { old });
    const finished = finish(child);
    await vi.waitUntil(async () => child.stdout?.readableFlowing && (await isUp(child)), {
      timeout: 30_000,
    });
    child.kill('SIGTERM');
    expect((await finished).exitCode).toBe(7);
  },
);

function isUp(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => child.stdout?.once('data', () => resolve(true)));
}

test('a script that was killed is reported as the shell would', async () => {
  await writeFile(join(clone, 'die.mjs'), `process.kill(process.pid, 'SIGKILL')`);
  expect((await finish(launch(['die.mjs'], { old: true }))).exitCode).toBe(137);
});
