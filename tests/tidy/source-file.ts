import { parseSync } from 'oxc-parser';

/** A file of the tree as the rules see it. */
export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** Null for what is not code of ours (SQL, documents). */
  readonly code: ParsedCode | null;
}

export interface ParsedCode {
  readonly imports: readonly Import[];
  readonly reexports: readonly Import[];
  /** Every node of the syntax tree, outermost first. */
  readonly nodes: readonly SyntaxNode[];
}

export interface Import {
  readonly from: string;
  readonly names: readonly string[];
  readonly line: number;
}

export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly lastLine: number;
  readonly text: string;
  readonly parent: SyntaxNode | null;
}

const CODE = /\.(ts|tsx|mts|mjs|js|jsx)$/;

/** Reads one file's text; a syntax error is thrown, since no rule can look at such a file. */
export function readSource(path: string, text: string): SourceFile {
  const lines = text.split('\n');
  return { path, text, lines, code: CODE.test(path) ? parseCode(path, text) : null };
}

function parseCode(path: string, text: string): ParsedCode {
  const { module, program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const lineOf = makeLineFinder(text);
  const imports = module.staticImports.map((found) => ({
    from: found.moduleRequest.value,
    names: found.entries.map((entry) => entry.importName.name ?? entry.importName.kind),
    line: lineOf(found.start),
  }));
  const dynamic = module.dynamicImports.map(({ start, moduleRequest }) => ({
    from: text.slice(moduleRequest.start, moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
    names: [],
    line: lineOf(start),
  }));
  const reexports = module.staticExports.flatMap(({ start, entries }) =>
    entries.flatMap(({ moduleRequest }) =>
      moduleRequest === null ? [] : [{ from: moduleRequest.value, names: [], line: lineOf(start) }],
    ),
  );
  const nodes: SyntaxNode[] = [];
  collectNodes(program, null, text, lineOf, nodes);
  return { imports: [...imports, ...dynamic, ...reexports], reexports, nodes };
}

function collectNodes(
  value: unknown,
  parent: SyntaxNode | null,
  text: string,
  lineOf: (offset: number) => number,
  found: SyntaxNode[],
): void {
  if (Array.isArray(value)) {
    for (const item of value) collectNodes(item, parent, text, lineOf, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  let at = parent;
  if (isNode(value)) {
    const { type, start, end } = value;
    const [line, lastLine] = [lineOf(start), lineOf(end)];
    at = { type, start, end, line, lastLine, text: text.slice(start, end), parent };
    found.push(at);
  }
  for (const child of Object.values(value)) collectNodes(child, at, text, lineOf, found);
}

function isNode(value: object): value is { type: string; start: number; end: number } {
  return 'type' in value && typeof value.type === 'string' && 'start' in value && 'end' in value;
}

function makeLineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}
