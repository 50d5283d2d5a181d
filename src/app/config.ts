import { resolve } from 'node:path';
import { z } from 'zod';
import {
  defaultDataFolder,
  defaultKeyFile,
  type Purpose,
} from '../db/embedded/default-data-folder.ts';
import type { LimitsName } from '../graph/budget/limits.ts';
import { HOUR } from '../kernel/durations.ts';
import { Secret } from '../kernel/secret.ts';
import { DEFAULT_WORKER_SETTINGS, leaseWithin, type WorkerSettings } from '../queue/settings.ts';
import { type HttpConfig, httpEnvironmentShape, readHttpConfig } from './http-config.ts';

/** The database is ours (embedded, in a data folder) or somebody else's (two addresses). */
export type DatabaseConfig =
  | { readonly kind: 'embedded'; readonly dataFolder: string }
  | {
      readonly kind: 'external';
      readonly loginUrl: Secret<string>;
      readonly ownerUrl: Secret<string>;
    };

/** Everything a process may be told from outside. */
export interface Config {
  readonly database: DatabaseConfig;
  readonly keyFile: string;
  /** A loopback address that stands for Microsoft (the simulator); null: the real hosts. */
  readonly graphOverride: string | null;
  /** What that simulator allows; Microsoft is always taken at its documents' word. */
  readonly graphLimits: LimitsName;
  readonly port: number;
  readonly http: HttpConfig;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly worker: WorkerSettings;
}

/** Flags of a command; each wins over its variable. */
export interface ConfigFlags {
  readonly purpose?: Purpose;
  readonly dataFolder?: string | undefined;
  readonly port?: number | undefined;
}

/** Wrong configuration: names the variable or flag, never its value. Ends a process with code 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The process's own environment; nothing else in the product reads it. */
export function readEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/** @throws ConfigError naming what is wrong */
export function loadConfig(flags: ConfigFlags = {}, env = readEnvironment()): Config {
  const parsed = environmentSchema.safeParse(withoutEmpty(env));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(`${String(issue?.path[0])}: ${issue?.message}`);
  }
  const set = parsed.data;
  requireBeatBelowDeath(set.TENANTATLAS_WORKER_BEAT_MS, set.TENANTATLAS_WORKER_DEAD_MS);
  requireSimulatorForLimits(set);
  const purpose = flags.purpose ?? 'main';
  const defaults = DEFAULT_WORKER_SETTINGS;
  return {
    database: chooseDatabase(flags, set, purpose),
    keyFile: resolve(set.TENANTATLAS_KEY_FILE ?? keyFileFor(flags, set, purpose)),
    graphOverride: set.TENANTATLAS_GRAPH_URL ?? null,
    graphLimits: set.TENANTATLAS_GRAPH_LIMITS ?? 'documented',
    port: flags.port ?? set.TENANTATLAS_PORT ?? DEFAULT_PORT,
    http: readHttpConfig(set, failWith),
    logLevel: set.TENANTATLAS_LOG_LEVEL ?? 'info',
    worker: {
      ...defaults,
      slots: set.TENANTATLAS_WORKER_SLOTS ?? defaults.slots,
      beatMs: set.TENANTATLAS_WORKER_BEAT_MS ?? defaults.beatMs,
      deadAfterMs: set.TENANTATLAS_WORKER_DEAD_MS ?? defaults.deadAfterMs,
      leaseMs: leaseWithin(set.TENANTATLAS_WORKER_DEAD_MS ?? defaults.deadAfterMs),
      caretakeMs: set.TENANTATLAS_WORKER_CARETAKE_MS ?? defaults.caretakeMs,
      sliceMs: set.TENANTATLAS_WORKER_SLICE_MS ?? defaults.sliceMs,
    },
  };
}

function failWith(text: string): never {
  throw new ConfigError(text);
}

/** The environment for another process of ours with the same configuration. */
export function environmentOf(config: Config, env = readEnvironment()): NodeJS.ProcessEnv {
  const { database, worker } = config;
  const isExternal = database.kind === 'external';
  return {
    ...env,
    DATABASE_URL: isExternal ? database.loginUrl.reveal() : '',
    DATABASE_OWNER_URL: isExternal ? database.ownerUrl.reveal() : '',
    TENANTATLAS_DATA: isExternal ? '' : database.dataFolder,
    TENANTATLAS_KEY_FILE: config.keyFile,
    TENANTATLAS_GRAPH_URL: config.graphOverride ?? '',
    TENANTATLAS_GRAPH_LIMITS: config.graphOverride === null ? '' : config.graphLimits,
    TENANTATLAS_LOG_LEVEL: config.logLevel,
    TENANTATLAS_WORKER_SLOTS: String(worker.slots),
    TENANTATLAS_WORKER_BEAT_MS: String(worker.beatMs),
    TENANTATLAS_WORKER_DEAD_MS: String(worker.deadAfterMs),
    TENANTATLAS_WORKER_CARETAKE_MS: String(worker.caretakeMs),
    TENANTATLAS_WORKER_SLICE_MS: String(worker.sliceMs),
  };
}

const DEFAULT_PORT = 7420;

const postgresUrlSchema = z
  .string()
  .refine(isPostgresUrl, 'must be an address such as postgresql://user:password@host/database')
  .transform((url) => new Secret(url));

/** An override may only lead to this machine: a typing error must not send tokens anywhere else. */
const loopbackUrlSchema = z
  .string()
  .regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/, 'must be http://127.0.0.1:PORT (loopback only)');

function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number(message).int(message).min(min, message).max(max, message).optional();
}

const environmentSchema = z.object({
  ...httpEnvironmentShape,
  DATABASE_URL: postgresUrlSchema.optional(),
  DATABASE_OWNER_URL: postgresUrlSchema.optional(),
  TENANTATLAS_DATA: z.string().optional(),
  TENANTATLAS_KEY_FILE: z.string().optional(),
  TENANTATLAS_GRAPH_URL: loopbackUrlSchema.optional(),
  TENANTATLAS_GRAPH_LIMITS: z
    .enum(['documented', 'tight', 'none'], 'must be documented, tight or none')
    .optional(),
  TENANTATLAS_PORT: wholeNumber(0, 65_535),
  TENANTATLAS_LOG_LEVEL: z
    .enum(
      ['debug', 'info', 'warn', 'error', 'silent'],
      'must be debug, info, warn, error or silent',
    )
    .optional(),
  TENANTATLAS_WORKER_SLOTS: wholeNumber(1, 100),
  TENANTATLAS_WORKER_BEAT_MS: wholeNumber(10, HOUR),
  TENANTATLAS_WORKER_DEAD_MS: wholeNumber(50, HOUR),
  TENANTATLAS_WORKER_CARETAKE_MS: wholeNumber(10, HOUR),
  TENANTATLAS_WORKER_SLICE_MS: wholeNumber(10, HOUR),
});
type Environment = z.infer<typeof environmentSchema>;

function chooseDatabase(flags: ConfigFlags, set: Environment, purpose: Purpose): DatabaseConfig {
  const loginUrl = set.DATABASE_URL;
  const ownerUrl = set.DATABASE_OWNER_URL;
  // A folder named on the command line is wanted now; what the environment says is older.
  if (flags.dataFolder !== undefined) {
    return { kind: 'embedded', dataFolder: resolve(flags.dataFolder) };
  }
  if (loginUrl !== undefined && ownerUrl !== undefined) {
    return { kind: 'external', loginUrl, ownerUrl };
  }
  if (loginUrl !== undefined) {
    throw new ConfigError('DATABASE_OWNER_URL: needed beside DATABASE_URL, for migrations');
  }
  if (ownerUrl !== undefined) {
    throw new ConfigError('DATABASE_URL: needed beside DATABASE_OWNER_URL');
  }
  const dataFolder = resolve(set.TENANTATLAS_DATA ?? defaultDataFolder(purpose));
  return { kind: 'embedded', dataFolder };
}

/** A data folder of one's own has a key of its own beside it; never inside, so copies hold none. */
function keyFileFor(flags: ConfigFlags, set: Environment, purpose: Purpose): string {
  const folder = flags.dataFolder ?? set.TENANTATLAS_DATA;
  return folder === undefined ? defaultKeyFile(purpose) : `${resolve(folder)}-keys/main.key`;
}

function requireBeatBelowDeath(beatMs: number | undefined, deadAfterMs: number | undefined): void {
  if (beatMs === undefined && deadAfterMs === undefined) return;
  if (beatMs === undefined || deadAfterMs === undefined || deadAfterMs < 3 * beatMs) {
    throw new ConfigError(
      'TENANTATLAS_WORKER_DEAD_MS: must be set with TENANTATLAS_WORKER_BEAT_MS, 3 times it or more',
    );
  }
}

/** Microsoft's limits are not ours to choose. */
function requireSimulatorForLimits(set: Environment): void {
  if (set.TENANTATLAS_GRAPH_LIMITS === undefined || set.TENANTATLAS_GRAPH_URL !== undefined) return;
  throw new ConfigError('TENANTATLAS_GRAPH_LIMITS: only beside TENANTATLAS_GRAPH_URL');
}

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol);
}

function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}
