import type { SourceFile } from './source-file.ts';

export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

/** A rule of the house style, with the proof that it can fail. */
export interface Rule {
  readonly name: string;
  /** Looks at the whole tree, since some rules are about how files stand to each other. */
  readonly find: (files: readonly SourceFile[]) => Finding[];
  /** Small trees, each breaking the rule exactly once, at the line given. */
  readonly breaks: readonly Example[];
  /** A small tree that keeps it, close to breaking it. */
  readonly keeps: Record<string, string>;
}

interface Example {
  readonly files: Record<string, string>;
  /** `path:line` of the finding. */
  readonly at: string;
}

/** A rule about one file at a time. */
export function inEachFile(
  find: (file: SourceFile) => readonly { readonly line: number; readonly what: string }[],
): Rule['find'] {
  return (files) =>
    files.flatMap((file) => find(file).map((found) => ({ path: file.path, ...found })));
}

export function describeFinding(finding: Finding): string {
  return `${finding.path}:${finding.line} ${finding.what}`;
}
