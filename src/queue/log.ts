/** What the queue tells the log: ids, codes and counts; the error only as cause, for stack traces. */
export interface QueueLog {
  happened(message: string, fields: Readonly<Record<string, string | number>>): void;
  failed(message: string, fields: Readonly<Record<string, string | number>>, error: unknown): void;
}
