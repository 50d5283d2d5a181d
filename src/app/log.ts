import { writeSync } from 'node:fs';
import pino from 'pino';
import { AppError } from '../kernel/errors.ts';

/** What the product says about itself, to operators. */
export interface Log {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Which process speaks: server, worker. */
  readonly part: string;
  /** A file's descriptor; standard error if not given: standard output belongs to answers. */
  readonly fd?: number;
  readonly write?: (line: string) => void;
}

/** JSON lines. Fields that the list below does not name are dropped. */
export function createLog(options: LogOptions): Log {
  const { fd } = options;
  const toFile = fd === undefined ? undefined : (line: string) => void writeSync(fd, line);
  const write = options.write ?? toFile ?? ((line: string) => process.stderr.write(line));
  const logger = pino(
    {
      level: options.level,
      base: { part: options.part, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  return {
    debug: (message, fields) => logger.debug(allowedFields(fields), message),
    info: (message, fields) => logger.info(allowedFields(fields), message),
    warn: (message, fields) => logger.warn(allowedFields(fields), message),
    error: (message, fields) => logger.error(allowedFields(fields), message),
  };
}

/**
 * Every field that a log line may carry. What is not named here is dropped, so that a token, a
 * policy body or another system's words cannot slip in with an object.
 */
const FIELDS: ReadonlySet<string> = new Set([
  'attempt',
  'backoffMs',
  'clientRequestId',
  'code',
  'connectionId',
  'count',
  'exitCode',
  'fence',
  'folder',
  'graphCode',
  'host',
  'items',
  'lane',
  'mended',
  'method',
  'ms',
  'outcome',
  'pathTemplate',
  'phase',
  'port',
  'requestId',
  'retryAfterMs',
  'route',
  'runId',
  'runType',
  'seq',
  'signal',
  'sqlState',
  'status',
  'takenOver',
  'tenantId',
  'type',
  'userId',
  'version',
  'workerId',
  'workerPid',
]);
const TEXT_MAX = 300;

/** The part of `fields` that may be logged; an `error` is told by its code and where it arose. */
function allowedFields(fields: object = {}): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'error') kept['error'] = describeError(value);
    else if (FIELDS.has(name) && isPlain(value)) kept[name] = shorten(value);
  }
  return kept;
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function shorten(value: string | number | boolean | null): string | number | boolean | null {
  return typeof value === 'string' ? value.slice(0, TEXT_MAX) : value;
}

const FRAMES_MAX = 8;
const CAUSES_MAX = 3;

/** Never the message: it may be another system's, with anything in it. */
function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    name: error.name,
    // A system's or SQL code (ECONNRESET, 23505) or ours; anything longer is not a code.
    ...(code !== undefined && /^[\w.]{1,60}$/.test(code) ? { code } : {}),
    ...(error instanceof AppError ? { details: error.details } : {}),
    at: frames.slice(0, FRAMES_MAX).map((line) => line.trim()),
    ...(error.cause !== undefined && depth < CAUSES_MAX
      ? { cause: describeError(error.cause, depth + 1) }
      : {}),
  };
}
