/** What may be told about a call: no query, no id of an object, nothing of any body. */
export interface GraphCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly template: string;
  /** 0 when there was no whole answer. */
  readonly status: number;
  readonly durationMs: number;
  /** Ours, new for each attempt; Microsoft's support asks for it and for the next one. */
  readonly clientRequestId: string;
  readonly requestId: string | null;
  /** It rode in a `$batch`. */
  readonly isPart: boolean;
}

export interface GraphLog {
  graphCalled(call: GraphCall): void;
}

export const SILENT_LOG: GraphLog = { graphCalled: () => {} };

/** Ids of other systems are kept only when they look like ids. */
export function safeRequestId(text: string | undefined): string | null {
  return text !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(text) ? text : null;
}
