import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';

const heldSchema = z.object({ wasAdopted: z.boolean(), adminUrl: z.string() });
const releasedSchema = z.object({ released: z.enum(['stopped', 'left_running']) });

export interface HolderPlace {
  readonly checkout: string;
  readonly node: string;
  readonly uid?: number;
}

const HERE: HolderPlace = {
  checkout: join(import.meta.dirname, '../..'),
  node: process.execPath,
};

/** Another process that holds the embedded server of a folder, as a second `tenantatlas` would. */
export class EmbeddedHolder {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  #complaint = '';

  constructor(dataFolder: string, place: HolderPlace = HERE) {
    const script = join(place.checkout, 'tests/setup/hold-embedded-postgres.ts');
    this.#child = spawn(place.node, [script, dataFolder], {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: '/',
      ...(place.uid === undefined ? {} : { uid: place.uid, gid: place.uid }),
    });
    this.#child.stderr.on('data', (text: Buffer) => {
      this.#complaint += text.toString();
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async holds(): Promise<z.infer<typeof heldSchema>> {
    return heldSchema.parse(await this.#nextLine());
  }

  async release(): Promise<'stopped' | 'left_running'> {
    this.#child.stdin.write('release\n');
    return releasedSchema.parse(await this.#nextLine()).released;
  }

  /** kill -9, awaited. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }

  async #nextLine(): Promise<unknown> {
    const line = await this.#lines.next();
    if (line.done) throw new Error(`the holder ended: ${this.#complaint}`);
    return JSON.parse(line.value);
  }
}
