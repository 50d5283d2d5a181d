import { type Json, parseJson } from '../values/json.ts';

/** An answer of the simulator's own pages. */
export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A refusal in plain words. */
export function problem(status: number, message: string): ControlAnswer {
  return { status, body: { error: { message } } };
}

/** The JSON of a request, or nothing when it is none. */
export function readControlBody(text: string | undefined): Json | undefined {
  try {
    return parseJson(text ?? '');
  } catch {
    return undefined;
  }
}
