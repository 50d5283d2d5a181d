import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeRules } from './tidy/code-rules.ts';
import { importRules } from './tidy/import-rules.ts';
import { reachRules } from './tidy/reach-rules.ts';
import { describeFinding } from './tidy/rule.ts';
import { shapeRules } from './tidy/shape-rules.ts';
import { readSource, type SourceFile } from './tidy/source-file.ts';

const ROOT = join(import.meta.dirname, '..');
const RULES = [...importRules, ...codeRules, ...shapeRules, ...reachRules];
/** Text that a rule may look at; anything else is data. */
const READABLE = /\.(ts|tsx|mts|mjs|js|sql|sh|md)$|^\.ci\/run$/;

let tree: readonly SourceFile[] = [];
beforeAll(() => {
  tree = readTree();
});

describe.each(RULES)('$name', ({ find, breaks, keeps }) => {
  test('holds in the tree', () => {
    expect(find(tree).map(describeFinding)).toEqual([]);
  });

  test.each(breaks)('is seen to be broken at $at', ({ files, at }) => {
    const found = find(readSources(files)).map(({ path, line }) => `${path}:${line}`);
    expect(found).toEqual([at]);
  });

  test('is not seen to be broken where it is kept', () => {
    expect(find(readSources(keeps)).map(describeFinding)).toEqual([]);
  });
});

test('the tree that is looked at is the whole one', () => {
  const paths = tree.map((file) => file.path);
  expect(paths).toEqual(expect.arrayContaining(['src/kernel/errors.ts', 'tests/tidy.test.ts']));
});

function readSources(files: Record<string, string>): SourceFile[] {
  return Object.entries(files).map(([path, text]) => readSource(path, text));
}

/** What git knows or would add, so that a new file is held to the rules before it is committed. */
function readTree(): SourceFile[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const paths = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return [...new Set(paths)]
    .filter((path) => READABLE.test(path) && existsSync(join(ROOT, path)))
    .map((path) => readSource(path, readFileSync(join(ROOT, path), 'utf8')));
}
