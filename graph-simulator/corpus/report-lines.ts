import type { CorpusReport } from './corpus-report.ts';

/** The report for people: a summary, then each file that is not held, with the reason. */
export function reportLines(report: CorpusReport): string[] {
  if (report.files === 0) return [];
  const { files, loaded, unserved, unreadable } = report;
  return [
    `corpus: ${files} files, ${loaded.length} objects loaded, ` +
      `${unserved.length} files not served, ${unreadable.length} unreadable`,
    ...unserved.map(({ file, type, reason }) => `corpus: not served: ${file}: ${type}: ${reason}`),
    ...unreadable.map(({ file, reason }) => `corpus: unreadable: ${file}: ${reason}`),
  ];
}
