/** One call to Graph or to the token endpoint, as it was answered. */
export interface LogEntry {
  readonly seq: number;
  readonly time: string;
  readonly tenantId: string | null;
  readonly appId: string | null;
  readonly method: string;
  readonly path: string;
  /** 0 when the connection was cut or the answer never came. */
  status: number;
  bucket: string | null;
  /** The log's number of the $batch that held this call. */
  readonly batchOf: number | null;
  throttled: boolean;
  early: boolean;
  fault: string | null;
  readonly clientRequestId: string;
}

/** Counts per tenant, of everything since the last clearing. */
export interface TenantStats {
  /** Calls that Graph charges: plain requests and parts of $batch. */
  calls: number;
  /** HTTP requests: plain requests and whole $batch requests. */
  httpRequests: number;
  batches: number;
  throttled: number;
  early: number;
  writes: number;
  tokens: number;
}

export interface CallLog {
  begin(entry: NewEntry): LogEntry;
  /** Counts an entry whose answer is known. */
  finish(entry: LogEntry): void;
  read(since: number, tenantId: string | undefined): { dropped: number; entries: LogEntry[] };
  stats(): ReadonlyMap<string, TenantStats>;
  clear(): void;
}

export type NewEntry = Pick<
  LogEntry,
  'tenantId' | 'appId' | 'method' | 'path' | 'bucket' | 'batchOf' | 'clientRequestId'
>;

/** Enough for a backup of tens of thousands of policies; older entries are dropped and counted. */
const ENTRIES_MAX = 200_000;

/** An empty log that keeps the newest entries. */
export function createCallLog(entriesMax = ENTRIES_MAX): CallLog {
  let entries: LogEntry[] = [];
  let seqNext = 1;
  let dropped = 0;
  const stats = new Map<string, TenantStats>();
  return {
    begin(entry) {
      const time = new Date().toISOString();
      const begun = { seq: seqNext, time, ...entry, status: 0, throttled: false, early: false };
      seqNext += 1;
      const kept = { ...begun, fault: null };
      entries.push(kept);
      // A tenth at once: dropping one by one would move the whole list each time.
      if (entries.length > entriesMax * 1.1) {
        const excess = entries.length - entriesMax;
        entries = entries.slice(excess);
        dropped += excess;
      }
      return kept;
    },
    finish: (entry) => countEntry(stats, entry),
    read: (since, tenantId) => ({
      dropped,
      entries: entries.filter(
        (entry) => entry.seq > since && (tenantId === undefined || entry.tenantId === tenantId),
      ),
    }),
    stats: () => stats,
    clear() {
      entries = [];
      dropped = 0;
      stats.clear();
    },
  };
}

function countEntry(stats: Map<string, TenantStats>, entry: LogEntry): void {
  const key = entry.tenantId ?? 'unknown';
  const counts = stats.get(key) ?? emptyStats();
  stats.set(key, counts);
  if (entry.bucket === 'signIn') {
    counts.tokens += 1;
    return;
  }
  if (entry.batchOf === null) counts.httpRequests += 1;
  if (entry.bucket === 'batch') {
    counts.batches += 1;
    return;
  }
  counts.calls += 1;
  if (entry.throttled) counts.throttled += 1;
  if (entry.early) counts.early += 1;
  if (isWrite(entry)) counts.writes += 1;
}

/** Counts of a tenant that nobody called yet. */
export function emptyStats(): TenantStats {
  return {
    calls: 0,
    httpRequests: 0,
    batches: 0,
    throttled: 0,
    early: 0,
    writes: 0,
    tokens: 0,
  };
}

function isWrite(entry: LogEntry): boolean {
  return entry.method !== 'GET' && !/\/getByIds(\?|$)/i.test(entry.path);
}
