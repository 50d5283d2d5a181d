/** What the queue tells the log: ids, codes and counts; the error only for its stack trace. */
export interface QueueLog {
  happened(message: string, fields: Readonly<Record<string, string | number>>): void;
  failed(message: string, fields: Readonly<Record<string, string | number>>, error: unknown): void;
}
