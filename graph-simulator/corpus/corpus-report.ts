/** What became of each file of a corpus. */
export interface CorpusReport {
  files: number;
  /** One entry per object: a file may hold several. */
  loaded: { file: string; collection: string; id: string; name: string }[];
  unserved: { file: string; type: string; reason: string }[];
  unreadable: { file: string; reason: string }[];
  countsByType: Record<string, { files: number; objects: number }>;
}

/** The report of no corpus at all. */
export function emptyCorpusReport(): CorpusReport {
  return { files: 0, loaded: [], unserved: [], unreadable: [], countsByType: {} };
}
