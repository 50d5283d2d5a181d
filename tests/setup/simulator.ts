import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { GraphConnection, WritableConnection } from '../../src/graph/create-graph.ts';
import {
  connectionIdSchema,
  newId,
  tenantIdSchema,
  writeRegistrationIdSchema,
} from '../../src/kernel/ids.ts';
import { Secret } from '../../src/kernel/secret.ts';

/** How the simulator is started; the flags of `npm run simulator`. */
export interface SimulatorProcessOptions {
  readonly corpus?: string;
  readonly seed?: number;
  readonly tenants?: number;
  /** Settings catalog policies added to the first tenant. */
  readonly policies?: number;
  readonly latencyMs?: number;
  readonly limits?: 'documented' | 'none' | 'tight';
  readonly auth?: 'on' | 'any';
}

/** A Graph to talk to, in a process of its own, and what a test may ask of it. */
export interface SimulatorProcess {
  readonly url: string;
  /** In the order of the seed; the first holds the corpus. */
  readonly tenants: readonly SimulatedTenant[];
  /** Every call it answered since the start or the last `clearLog`, sign-ins included. */
  log(tenantId?: string): Promise<readonly LoggedCall[]>;
  clearLog(): Promise<void>;
  stats(tenantId: string): Promise<SimulatorStats>;
  /** What is to go wrong from now on, in the order given (see graph-simulator/README.md). */
  befall(...rules: readonly FaultRule[]): Promise<void>;
  clearFaults(): Promise<void>;
  /** The stored objects, whole and in a stable order. Collections are named as in its URL. */
  objects(tenantId: string, collection: string): Promise<readonly StoredObject[]>;
  /** Changes of an admin in the portal: top-level keys are replaced. */
  editObject(
    tenantId: string,
    collection: string,
    id: string,
    changes: Readonly<Record<string, unknown>>,
  ): Promise<void>;
  addObject(
    tenantId: string,
    collection: string,
    id: string,
    body: Readonly<Record<string, unknown>>,
  ): Promise<void>;
  removeObject(tenantId: string, collection: string, id: string): Promise<void>;
  /** Any other page below /_simulator, e.g. `corpus`. */
  page(path: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface FaultRule {
  readonly match?: {
    readonly method?: string;
    /** A regular expression on path and query. */
    readonly path?: string;
    readonly tenant?: string;
    readonly batched?: boolean;
  };
  readonly times?: number | 'always';
  readonly skip?: number;
  readonly chance?: number;
  readonly fault: { readonly kind: string } & Readonly<Record<string, unknown>>;
}

const tenantsSchema = z.object({
  tenants: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      clientId: z.string(),
      clientSecret: z.string(),
      writeClientId: z.string(),
      writeClientSecret: z.string(),
      objects: z.record(z.string(), z.number()),
    }),
  ),
});
export type SimulatedTenant = z.infer<typeof tenantsSchema>['tenants'][number];

const callSchema = z.object({
  seq: z.number(),
  time: z.iso.datetime(),
  tenantId: z.string().nullable(),
  appId: z.string().nullable(),
  method: z.string(),
  path: z.string(),
  status: z.number(),
  bucket: z.string().nullable(),
  batchOf: z.number().nullable(),
  throttled: z.boolean(),
  early: z.boolean(),
  clientRequestId: z.string(),
});
const logSchema = z.object({ dropped: z.number(), entries: z.array(callSchema) });
export type LoggedCall = z.infer<typeof callSchema>;

const statsSchema = z.object({
  tenants: z.array(
    z.object({
      tenantId: z.string(),
      calls: z.number(),
      httpRequests: z.number(),
      batches: z.number(),
      throttled: z.number(),
      early: z.number(),
      writes: z.number(),
      tokens: z.number(),
    }),
  ),
});
export type SimulatorStats = z.infer<typeof statsSchema>['tenants'][number];

const objectsSchema = z.object({
  objects: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      object: z.record(z.string(), z.unknown()),
      /** What Graph never shows. */
      secrets: z.record(z.string(), z.string()),
    }),
  ),
});
export type StoredObject = z.infer<typeof objectsSchema>['objects'][number];

/** Starts a simulator of its own for a test file; resolves once it answers. */
export async function startSimulatorProcess(
  options: SimulatorProcessOptions = {},
): Promise<SimulatorProcess> {
  const main = fileURLToPath(new URL('../../graph-simulator/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, ...flagsOf(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // A test process that dies must not leave a simulator behind.
  const stopWithUs = () => child.kill('SIGKILL');
  process.once('exit', stopWithUs);
  const url = await readAddress(child);
  const ask = askPages(url);
  const { tenants } = tenantsSchema.parse(await ask('GET', 'tenants'));
  const objectPath = (tenantId: string, collection: string, id: string) =>
    `objects/${tenantId}/${collection}/${encodeURIComponent(id)}`;
  return {
    url,
    tenants,
    async log(tenantId) {
      const query = tenantId === undefined ? '' : `?tenant=${tenantId}`;
      const { dropped, entries } = logSchema.parse(await ask('GET', `log${query}`));
      if (dropped > 0) throw new Error(`the simulator's log lost ${dropped} calls`);
      return entries;
    },
    clearLog: async () => void (await ask('DELETE', 'log')),
    async stats(tenantId) {
      const { tenants: rows } = statsSchema.parse(await ask('GET', 'stats'));
      const row = rows.find((candidate) => candidate.tenantId === tenantId);
      if (row === undefined) throw new Error(`no tenant ${tenantId}`);
      return row;
    },
    befall: async (...rules) => void (await ask('POST', 'faults', rules)),
    clearFaults: async () => void (await ask('DELETE', 'faults')),
    async objects(tenantId, collection) {
      return objectsSchema.parse(await ask('GET', `objects/${tenantId}/${collection}?full=1`))
        .objects;
    },
    editObject: async (tenantId, collection, id, changes) =>
      void (await ask('PATCH', objectPath(tenantId, collection, id), changes)),
    addObject: async (tenantId, collection, id, body) =>
      void (await ask('POST', objectPath(tenantId, collection, id), body)),
    removeObject: async (tenantId, collection, id) =>
      void (await ask('DELETE', objectPath(tenantId, collection, id))),
    page: (path) => ask('GET', path),
    async close() {
      process.removeListener('exit', stopWithUs);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function flagsOf(options: SimulatorProcessOptions): string[] {
  const flags = {
    port: 0,
    corpus: options.corpus,
    seed: options.seed,
    tenants: options.tenants,
    policies: options.policies,
    latency: options.latencyMs,
    limits: options.limits,
    auth: options.auth,
  };
  return Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
}

/** The first line says where it listens; a process that ends before has said why on stderr. */
async function readAddress(child: ReturnType<typeof spawn>): Promise<string> {
  if (child.stdout === null) throw new Error('the simulator has no output');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const [, url] = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line) ?? [];
    if (url === undefined) continue;
    // Nobody reads the rest; a full pipe would stop the simulator.
    child.stdout.resume();
    return url;
  }
  throw new Error('the simulator ended before it listened');
}

function askPages(url: string) {
  return async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/_simulator/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`simulator ${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
}

/** How the product would reach this tenant. Each call is another connection of another tenant. */
export function connectionTo(
  tenant: SimulatedTenant,
  overrides: Partial<GraphConnection> = {},
): WritableConnection {
  return {
    tenantId: newId(tenantIdSchema),
    connectionId: newId(connectionIdSchema),
    version: 1,
    cloud: 'global',
    entraTenantId: tenant.id,
    clientId: tenant.clientId,
    openCredential: async () => new Secret({ kind: 'secret', secret: tenant.clientSecret }),
    write: {
      id: newId(writeRegistrationIdSchema),
      version: 1,
      clientId: tenant.writeClientId,
      openCredential: async () => new Secret({ kind: 'secret', secret: tenant.writeClientSecret }),
    },
    openEntered: () => Promise.reject(new Error('nobody entered a value')),
    ...overrides,
  };
}

/** The largest tenant, which holds the corpus when there is one. */
export function firstTenant(simulator: SimulatorProcess): SimulatedTenant {
  const [first] = simulator.tenants;
  if (first === undefined) throw new Error('the simulator has no tenant');
  return first;
}
