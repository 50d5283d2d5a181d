import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { z } from 'zod';
import { stopServer } from '../../src/db/embedded/stop-server.ts';
import { type ProgramEnd, runNpm, runProgram } from '../programs/run-program.ts';

const packedSchema = z.array(z.object({ filename: z.string() })).min(1);
/** The last line of `demo --once --json`, as the issue words it; other fields may join. */
const lastLineSchema = z.looseObject({
  ok: z.literal(true),
  tenants: z
    .array(z.looseObject({ name: z.string(), policies: z.number().min(1), failed: z.literal(0) }))
    .min(1),
});

/**
 * Packs a built checkout, installs the tarball in an empty folder, and runs `tenantatlas demo
 * --once` there as a user would.
 * @throws Error that says which step failed and what it said
 */
export async function tryPackage(root: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantatlas-package-'));
  try {
    // As root the embedded database runs as somebody else, who must pass through here.
    await chmod(folder, 0o711);
    const tarball = await packCheckout(root, folder);
    const target = join(folder, 'installed');
    await mkdir(target);
    await installTarball(tarball, target);
    checkDemo(await runDemo(target, join(folder, 'data')));
  } finally {
    // A demo that died leaves its server running; it must not outlive its files.
    await stopServer(join(folder, 'data/pg'));
    await rm(folder, { recursive: true, force: true });
  }
}

async function packCheckout(root: string, folder: string): Promise<string> {
  const flags = ['--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder];
  const packed = await runNpm(['pack', ...flags], { cwd: root });
  if (packed.exitCode !== 0) throw new Error(`npm pack failed:\n${packed.output}`);
  const [first] = packedSchema.parse(JSON.parse(packed.stdout));
  return join(folder, first?.filename ?? '');
}

async function installTarball(tarball: string, target: string): Promise<void> {
  const flags = ['--prefix', target, '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const installed = await runNpm(
    ['install', ...flags, '--no-update-notifier', '--loglevel=error', '--prefer-offline', tarball],
    { cwd: target },
  );
  if (installed.exitCode !== 0) throw new Error(`npm install failed:\n${installed.output}`);
}

function runDemo(target: string, dataFolder: string): Promise<ProgramEnd> {
  const command = join(target, 'node_modules/.bin/tenantatlas');
  // The command's first line asks the path for node: it is to find the one that runs us.
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  return runProgram(command, ['demo', '--once', '--json', '--data', dataFolder], {
    cwd: target,
    env: { ...process.env, PATH: path },
  });
}

/** @throws Error when the demo did not end well, or its last line does not say so. */
export function checkDemo({ exitCode, output, stdout }: ProgramEnd): void {
  if (exitCode !== 0) throw new Error(`demo --once ended with ${exitCode}:\n${output}`);
  const lastLine = stdout.trimEnd().split('\n').at(-1) ?? '';
  const parsed = lastLineSchema.safeParse(parseJson(lastLine));
  if (!parsed.success) throw new Error(`demo --once ended with the line:\n${lastLine}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
