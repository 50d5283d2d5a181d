import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findKind } from '../kinds/all-kinds.ts';
import type { Kind } from '../kinds/kind.ts';
import { addObject, findObject } from '../state/collection.ts';
import { nameOf } from '../state/stored-object.ts';
import { collectionOf, type Tenant } from '../state/tenant.ts';
import { type JsonObject, parseJson } from '../values/json.ts';
import { type CorpusReport, emptyCorpusReport } from './corpus-report.ts';
import { decodeFile } from './decode-file.ts';
import { type Detected, detectType } from './detect-type.ts';
import { restoreObject } from './restore-object.ts';

/**
 * Loads every exported file below a folder into a tenant. A file that cannot be read, or whose type
 * is not served, is named in the report and the rest is loaded. Throws when the folder itself
 * cannot be read: an empty tenant would look like a success.
 */
export function loadCorpus(tenant: Tenant, folder: string, seed: number): CorpusReport {
  const report = emptyCorpusReport();
  for (const file of listFiles(folder)) {
    report.files += 1;
    try {
      const detected = detectType(parseJson(decodeFile(readFileSync(join(folder, file)))));
      loadFile(tenant, seed, file, detected, report);
    } catch (error) {
      report.unreadable.push({ file, reason: reasonOf(error) });
    }
  }
  return report;
}

function loadFile(
  tenant: Tenant,
  seed: number,
  file: string,
  detected: Detected,
  report: CorpusReport,
): void {
  const counts = report.countsByType[detected.type] ?? { files: 0, objects: 0 };
  report.countsByType[detected.type] = counts;
  counts.files += 1;
  counts.objects += detected.objects.length;
  const kind = findKind(detected.type);
  if (kind === undefined) {
    report.unserved.push({ file, type: detected.type, reason: whyUnserved(detected.type) });
    return;
  }
  for (const [at, exported] of detected.objects.entries()) {
    report.loaded.push(loadObject(tenant, kind, exported, { seed, file, at }));
  }
}

function loadObject(
  tenant: Tenant,
  kind: Kind,
  exported: JsonObject,
  origin: { readonly seed: number; readonly file: string; readonly at: number },
): CorpusReport['loaded'][number] {
  const collection = collectionOf(tenant, kind);
  const isIdFree = (id: string) => findObject(collection, id) === undefined;
  const stored = addObject(collection, restoreObject(kind, exported, origin, isIdFree));
  return { file: origin.file, collection: kind.name, id: stored.id, name: nameOf(kind, stored) };
}

function whyUnserved(type: string): string {
  if (type === 'migrationTable') return 'a table of an export tool, not an object of Graph';
  if (type === 'unknown' || type === 'empty') return 'no known type can be told from its content';
  return 'this type is not served yet';
}

/** Relative paths with forward slashes, in an order that does not depend on the machine. */
function listFiles(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    throw new Error(`corpus folder ${folder} cannot be read: ${reasonOf(error)}`);
  }
  return names
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.json'))
    .sort((left, right) => (left < right ? -1 : 1));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
