import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { endProcess } from '../../app/supervise-process.ts';
import { SECOND } from '../../kernel/durations.ts';
import { AppError } from '../../kernel/errors.ts';
import { spawnCompanion } from '../serve/spawn-program.ts';

const simulatedTenantSchema = z.object({
  id: z.guid(),
  name: z.string(),
  clientId: z.guid(),
  clientSecret: z.string(),
  writeClientId: z.guid(),
  writeClientSecret: z.string(),
});
export type SimulatedTenant = z.infer<typeof simulatedTenantSchema>;

const corpusSchema = z.object({
  files: z.number(),
  loaded: z.array(z.unknown()),
  unserved: z.array(z.object({ file: z.string(), type: z.string() })),
  unreadable: z.array(z.object({ file: z.string() })),
});
export type CorpusReport = z.infer<typeof corpusSchema>;

/** An object as the simulated tenant stores it. */
export const storedObjectSchema = z.object({
  id: z.string(),
  name: z.string(),
  object: z.record(z.string(), z.unknown()),
});
export type StoredObject = z.infer<typeof storedObjectSchema>;

const STOP_GRACE_MS = 5 * SECOND;

/** The simulator as the demo uses it: Graph for the product, a portal for the one who tampers. */
export class DemoSimulator {
  readonly url: string;
  readonly #process: ChildProcess;

  constructor(process: ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  async tenants(): Promise<SimulatedTenant[]> {
    const page = z.object({ tenants: z.array(simulatedTenantSchema) });
    return (await this.#call('GET', 'tenants', page)).tenants;
  }

  corpus(): Promise<CorpusReport> {
    return this.#call('GET', 'corpus', corpusSchema);
  }

  async objects(tenantId: string, collection: string): Promise<StoredObject[]> {
    const page = z.object({ objects: z.array(storedObjectSchema) });
    return (await this.#call('GET', `objects/${tenantId}/${collection}?full=1`, page)).objects;
  }

  async change(tenantId: string, path: string, changes: object): Promise<void> {
    await this.#call('PATCH', `objects/${tenantId}/${path}`, z.unknown(), changes);
  }

  async remove(tenantId: string, path: string): Promise<void> {
    await this.#call('DELETE', `objects/${tenantId}/${path}`, z.unknown());
  }

  close(): Promise<void> {
    return endProcess(this.#process, STOP_GRACE_MS);
  }

  async #call<S extends z.ZodType>(
    method: string,
    path: string,
    schema: S,
    body?: object,
  ): Promise<z.infer<S>> {
    const response = await fetch(`${this.url}/_simulator/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new AppError('internal', { status: response.status });
    return schema.parse(await response.json());
  }
}

/** Starts the simulator and waits until it listens. */
export async function startDemoSimulator(
  file: string,
  options: {
    readonly tenants: number;
    /** More of them, that hold no policy. */
    readonly empty: number;
    readonly corpus: string | undefined;
  },
): Promise<DemoSimulator> {
  const corpus = options.corpus === undefined ? [] : ['--corpus', options.corpus];
  const counts = ['--tenants', String(options.tenants), '--empty', String(options.empty)];
  const child = spawnCompanion(file, [...counts, ...corpus]);
  try {
    return new DemoSimulator(child, await awaitAddress(child));
  } catch (error) {
    await endProcess(child, STOP_GRACE_MS);
    throw error;
  }
}

async function awaitAddress(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new AppError('internal');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const url = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    // The rest is a report that the simulator also answers; unread, it would fill the pipe.
    child.stdout.resume();
    return url;
  }
  throw new AppError('internal', { program: 'simulator' });
}
