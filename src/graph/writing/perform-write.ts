import { isJsonObject, type JsonValue } from '../../kernel/canonical-json.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { textAt } from '../body-paths.ts';
import type { Budget, Permit } from '../budget/budget.ts';
import { classifyWriteFailure, failureOf } from '../client/answer-failure.ts';
import type { GraphLog } from '../client/call-log.ts';
import { isSuccess } from '../client/exchange.ts';
import type { HttpAnswer, HttpExchange } from '../client/http-exchange.ts';
import { parseAnswer } from '../client/parse-answer.ts';
import { requestHeaders } from '../client/request-headers.ts';
import { retryAfterMs } from '../client/retry-after.ts';
import type {
  GraphUsage,
  NotApplied,
  SealedValue,
  WriteAttempt,
  WriteResult,
  WriteTarget,
} from '../port.ts';
import { type OpenEntered, requireValues, textWithValues } from '../secrets/fill-markers.ts';
import type { SignIn, Token } from '../sign-in/sign-in.ts';
import { type DeclaredWrite, findDeclaredWrite } from './declared-write.ts';
import { CALL_DEADLINE_MS } from './late-visibility.ts';
import { type Sent, sendOnce } from './send-once.ts';
import type { WriteStep } from './write-step.ts';

/** What a write needs of its process; nothing here repeats anything. */
export interface WriteLine {
  readonly http: HttpExchange;
  readonly origin: string;
  readonly signIn: SignIn;
  readonly budget: Budget;
  readonly clock: Clock;
  readonly log: GraphLog;
  readonly usage: GraphUsage;
  readonly openEntered: OpenEntered;
}

/** Sends one step, once, and says what is known of it; see `GraphWriter.perform`. */
export async function performWrite(
  line: WriteLine,
  step: WriteStep,
  target: WriteTarget,
  attempt: WriteAttempt,
): Promise<WriteResult> {
  const write = findDeclaredWrite(step, target);
  const values = requireValues(step.body, attempt.secrets ?? []);
  const leave = await getReady(line, write, { step, values }, attempt.signal);
  if (leave instanceof AppError) return toResult('not_executed', leave);
  const sent = await dispatch(line, write, step, leave, attempt).catch((error: unknown) => {
    leave.permit.giveUp();
    throw error;
  });
  if (sent.kind !== 'answered') leave.permit.giveUp();
  if (sent.kind === 'not_sent') return toResult('not_executed', sent.failure);
  line.usage.calls += 1;
  if (sent.kind === 'lost') return toResult('ambiguous', sent.failure);
  const { answer } = sent;
  const waitMs = retryAfterMs(answer, line.clock);
  leave.permit.settle(answer.status, waitMs);
  if (answer.status === 429) line.usage.throttled += 1;
  if (answer.status === 401) line.signIn.expire(leave.token.serial);
  const body = readBody(answer);
  if (isSuccess(answer.status)) {
    const result = toSuccess(step, target, body);
    return result.kind === 'applied' && values.length > 0 ? { ...result, body: undefined } : result;
  }
  return toResult(classifyWriteFailure(answer), failureOf({ ...answer, body }, waitMs));
}

interface Leave {
  readonly permit: Permit;
  readonly token: Token;
  readonly text: string;
}

interface Filling {
  readonly step: WriteStep;
  readonly values: readonly SealedValue[];
}

/** Leave to send now, and what for: whatever may have to wait is behind it. */
async function getReady(
  line: WriteLine,
  { bucket }: DeclaredWrite,
  filling: Filling,
  signal: AbortSignal,
): Promise<Leave | AppError> {
  try {
    // Writes that were let go one by one and then wait for a first token would leave in a lump.
    await line.signIn.token(signal);
    for (;;) {
      const permit = await line.budget.acquire(bucket, 'write', 1, signal);
      const leave = await fill(line, filling, permit, signal);
      // A 429 to others may have paused the bucket while the token was fetched. Bounded by the
      // budget: it sends away whoever has to wait too long.
      if (permit.isValid()) return leave;
      permit.giveUp();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError) return error;
    throw error;
  }
}

async function fill(
  line: WriteLine,
  { step, values }: Filling,
  permit: Permit,
  signal: AbortSignal,
): Promise<Leave> {
  try {
    const token = await line.signIn.token(signal);
    const text = await textWithValues(step.body, values, line.openEntered);
    signal.throwIfAborted();
    return { permit, token, text };
  } catch (error) {
    permit.giveUp();
    throw error;
  }
}

function dispatch(
  line: WriteLine,
  { url, template }: DeclaredWrite,
  step: WriteStep,
  { token, text }: Leave,
  { clientRequestId, signal, beforeDispatch }: WriteAttempt,
): Promise<Sent> {
  const { http, clock, log, origin } = line;
  const hasBody = step.method !== 'DELETE';
  const request = {
    method: step.method,
    origin,
    path: url,
    headers: requestHeaders(token.value.reveal(), clientRequestId, hasBody),
    ...(hasBody ? { body: text } : {}),
    timeoutMs: CALL_DEADLINE_MS,
    signal,
  };
  return sendOnce({ http, clock, log, template, clientRequestId, beforeDispatch }, request);
}

/** A new object whose id is not told has to be looked for like one whose answer was lost. */
function toSuccess(step: WriteStep, target: WriteTarget, body: JsonValue | undefined): WriteResult {
  const graphId = step.isCreate ? newId(body) : target.graphId;
  if (step.isCreate && graphId === undefined) {
    return toResult('ambiguous', new AppError('graph.answer_unreadable', { reason: 'id' }));
  }
  return { kind: 'applied', graphId, body };
}

function newId(body: JsonValue | undefined): string | undefined {
  const id = isJsonObject(body) ? textAt(body, 'id') : null;
  return id === null || id === '' ? undefined : id;
}

/** The status says whether it was done: a body that cannot be read changes nothing about that. */
function readBody({ status, text }: HttpAnswer): JsonValue | undefined {
  try {
    return parseAnswer(status, text, 'mark');
  } catch {
    return undefined;
  }
}

function toResult(kind: NotApplied['kind'], { code, details }: AppError): WriteResult {
  return kind === 'ambiguous' ? { kind, code, details } : { kind, code, details };
}
