import { randomUUID } from 'node:crypto';
import type { ApiVersion } from '../kinds/kind.ts';
import type { Tenant } from '../state/tenant.ts';
import type { Json } from '../values/json.ts';

/** One request to Graph: a whole HTTP request or a part of a $batch, which are treated alike. */
export interface GraphCall {
  readonly method: string;
  /** Path and query as the client sent them, from /beta or /v1.0 on. */
  readonly path: string;
  readonly version: ApiVersion;
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  /** http://host as the client called it: next links must lead back the same way. */
  readonly origin: string;
  readonly requestId: string;
  readonly clientRequestId: string;
  /** The log's number of the outer request, for parts of a $batch. */
  readonly batchOf: number | null;
}

/** Who calls: told by the bearer token. */
export interface Caller {
  readonly tenant: Tenant;
  readonly appId: string;
  readonly roles: ReadonlySet<string>;
}

/** How the connection misbehaves while answering. */
export type WireFault = 'reset' | 'resetMidBody' | 'hang' | 'malformedJson';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  readonly wire?: WireFault;
}

interface CallInput {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  readonly origin: string;
  readonly batchOf: number | null;
}

/** Reads version, segments and query out of a path; nothing when it is no Graph address. */
export function readGraphCall(input: CallInput): GraphCall | undefined {
  const mark = input.path.indexOf('?');
  const pathname = mark < 0 ? input.path : input.path.slice(0, mark);
  const [, version, ...segments] = pathname.split('/');
  if (version !== 'beta' && version !== 'v1.0') return undefined;
  const requestId = randomUUID();
  return {
    ...input,
    version,
    segments: segments.filter((segment) => segment !== '').flatMap(readSegment),
    query: new URLSearchParams(mark < 0 ? '' : input.path.slice(mark + 1)),
    requestId,
    clientRequestId: input.headers['client-request-id'] ?? requestId,
  };
}

/** things('id') is things/id in OData; a function with named parameters stays whole. */
function readSegment(raw: string): string[] {
  const segment = decodeOrKeep(raw);
  const keyed = /^([\w.]+)\('([^']*)'\)$/.exec(segment);
  if (keyed?.[1] === undefined || keyed[2] === undefined) return [segment];
  return [keyed[1], keyed[2]];
}

function decodeOrKeep(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
