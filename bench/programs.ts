import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { endProcess } from '../src/app/supervise-process.ts';
import type { BenchPlace } from './place.ts';

/** A process of the product, started as an operator would start it. */
export interface Program {
  readonly pid: number;
  close(): Promise<void>;
}

/** What the simulator allows, told to both sides. */
export type Limits = 'none' | 'tight' | 'documented';

const CLI = fileURLToPath(new URL('../src/bin/cli.ts', import.meta.url));
const STOP_GRACE_MS = 15_000;
const listeningSchema = z.object({ url: z.string() });
const logSchema = z.object({ msg: z.string() });

/** `serve --server-only`, once it listens. */
export async function startServerProgram(place: BenchPlace): Promise<Program & { url: string }> {
  const child = spawn(process.execPath, [CLI, 'serve', '--server-only', '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environmentOf(place, { TENANTATLAS_LOG_LEVEL: 'warn' }),
  });
  const { url } = await firstLine(child, child.stdout, listeningSchema, () => true);
  return { ...programOf(child), url };
}

/** `serve --worker-only` against a simulator, once it takes tickets. */
export async function startWorkerProgram(
  place: BenchPlace,
  graph: { readonly url: string; readonly limits: Limits },
): Promise<Program> {
  const child = spawn(process.execPath, [CLI, 'serve', '--worker-only'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environmentOf(place, {
      TENANTATLAS_LOG_LEVEL: 'info',
      TENANTATLAS_GRAPH_URL: graph.url,
      TENANTATLAS_GRAPH_LIMITS: graph.limits,
    }),
  });
  await firstLine(child, child.stderr, logSchema, ({ msg }) => msg === 'worker ready');
  return programOf(child);
}

function environmentOf(place: BenchPlace, more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATABASE_URL: place.loginUrl.reveal(),
    DATABASE_OWNER_URL: place.ownerUrl.reveal(),
    TENANTATLAS_KEY_FILE: place.keyFile,
    ...more,
  };
}

/** The first line that is wanted. Of the others those that are no answer and no news are shown. */
async function firstLine<S extends z.ZodType>(
  child: ChildProcess,
  stream: Readable,
  schema: S,
  isWanted: (line: z.infer<S>) => boolean,
): Promise<z.infer<S>> {
  const found = Promise.withResolvers<z.infer<S>>();
  createInterface({ input: stream }).on('line', (text) => {
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success && isWanted(parsed.data)) found.resolve(parsed.data);
    if (!parsed.success || text.includes('"level":"warn"')) process.stderr.write(`${text}\n`);
  });
  child.once('exit', (code) => found.reject(new Error(`the program ended with ${code}`)));
  return found.promise;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function programOf(child: ChildProcess): Program {
  if (child.pid === undefined) throw new Error('the program did not start');
  // A benchmark that dies must not leave its programs behind.
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  return {
    pid: child.pid,
    async close() {
      await endProcess(child, STOP_GRACE_MS);
      process.removeListener('exit', killWithUs);
    },
  };
}
