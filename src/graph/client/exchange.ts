import type { JsonObject, JsonValue } from '../../kernel/canonical-json.ts';
import type { Bucket } from '../contracts/define-contract.ts';

/** One request as the decorators see it. All of them only read; writing comes with restores. */
export interface GraphRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query below the host, version included, sent verbatim: `/beta/deviceManagement/…`. */
  readonly url: string;
  /** The same without ids and query: safe to log, and the same for all objects. */
  readonly template: string;
  readonly bucket: Bucket;
  /** Units it is charged with (directory requests differ, others cost one). */
  readonly cost: number;
  readonly body?: JsonObject;
  /** May ride in a `$batch` with others. */
  readonly isBatchable: boolean;
  /** `mark` puts UNSAFE_NUMBER in the place of a number too large, so that the rest can be read. */
  readonly unsafeNumbers: 'refuse' | 'mark';
  /** Asked right before it is sent: a pause may have begun while it waited for a round trip. */
  readonly mayGo?: () => boolean;
  readonly signal: AbortSignal;
}

/** It was not sent, because `mayGo` said no: ask the budget again. */
export class HeldBack extends Error {
  override readonly name = 'HeldBack';
}

export interface GraphAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonValue | undefined;
  /** Which token it was asked with: a 401 expires that one only. */
  readonly signInSerial: number;
  /** It shared its round trip with another part of a batch, which counts as the one made. */
  readonly wasRoundTripSaved: boolean;
}

/**
 * Sends one request and gives whatever was answered, any status. Decorators have this shape, too.
 * @throws AppError `graph.unavailable` when there was no whole answer, `graph.answer_unreadable`
 *   or `graph.number_unsafe` when it could not be read; the signal's reason when it was aborted.
 */
export type Send = (request: GraphRequest) => Promise<GraphAnswer>;

/** Stands for a number that a double cannot hold, in answers read with `mark`. */
export const UNSAFE_NUMBER = '\u0000number too large';

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
