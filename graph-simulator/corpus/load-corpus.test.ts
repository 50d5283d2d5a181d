import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTenant, type Tenant } from '../state/tenant.ts';
import { decodeFile } from './decode-file.ts';
import { loadCorpus } from './load-corpus.ts';
import { reportLines } from './report-lines.ts';

const CONTEXT = 'https://graph.microsoft.com/beta/$metadata#';
let folder: string;
let tenant: Tenant;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corpus-'));
  tenant = createTenant(1, 0, 'Somebody');
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(file: string, content: unknown, encoding: BufferEncoding = 'utf8'): void {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(folder, file), Buffer.from(text, encoding));
}
const objectsOfKind = (name: string) => [...(tenant.collections.get(name)?.objects.values() ?? [])];
const policy = (id: string, name: string) => ({
  '@odata.context': `${CONTEXT}deviceManagement/configurationPolicies(settings())/$entity`,
  '@odata.id': 'x',
  id,
  name,
  'name@odata.type': '#String',
  settingCount: 1,
  settings: [{ id: '0', settingInstance: { settingDefinitionId: 'a' }, settingDefinitions: [{}] }],
  '#microsoft.graph.assign': {},
});

test('reads UTF-16 and UTF-8 with their marks, and refuses damaged bytes', () => {
  expect(decodeFile(Buffer.from('\ufeff{"ü":1}', 'utf16le'))).toBe('{"ü":1}');
  expect(decodeFile(Buffer.from('\ufeff{"ü":1}', 'utf8'))).toBe('{"ü":1}');
  expect(decodeFile(Buffer.from('\ufeff{}', 'utf16le').swap16())).toBe('{}');
  expect(() => decodeFile(Buffer.from([0x7b, 0xff, 0x7d]))).toThrow();
});

test('annotations are dropped, all else is kept; a repeated id gets a new one that stays', () => {
  put('a/one.json', `\ufeff${JSON.stringify(policy('same', 'One'))}`, 'utf16le');
  put('b/two.json', policy('same', 'Two'));
  const report = loadCorpus(tenant, folder, 1);
  const [one, two] = objectsOfKind('configurationPolicies');
  expect(one?.id).toBe('same');
  expect(one?.body).toMatchObject({ name: 'One', settingCount: 1 });
  expect(Object.keys(one?.body ?? {}).filter((key) => /@odata|#/.test(key))).toEqual([]);
  expect(one?.parts.get('settings')).toHaveLength(1);
  expect(two?.id).toMatch(/^[0-9a-f-]{36}$/);
  const again = createTenant(1, 0, 'Somebody');
  expect(loadCorpus(again, folder, 1)).toEqual(report);
  const otherSeed = loadCorpus(createTenant(2, 0, 'Somebody'), folder, 2);
  expect(otherSeed.loaded[1]?.id).not.toBe(two?.id);
});

test('many objects in one file, types told by keys, what is missing made up', () => {
  put('filters.json', {
    filters: [1, 2].map((n) => ({ displayName: `F${n}`, platform: 'iOS', rule: 'r' })),
  });
  put('groups.json', { groups: [{ displayName: 'G', membershipRule: 'r' }, { displayName: 'H' }] });
  put('ca.json', { displayName: 'CA', conditions: {}, grantControls: null });
  put('linux.json', {
    name: 'L',
    platforms: 'linux',
    technologies: 'linuxMdm',
    settings: [{}, {}],
  });
  loadCorpus(tenant, folder, 1);
  expect(objectsOfKind('assignmentFilters')).toHaveLength(2);
  expect(objectsOfKind('groups').map((one) => one.body['groupTypes'])).toEqual([
    ['DynamicMembership'],
    [],
  ]);
  expect(objectsOfKind('conditionalAccessPolicies')[0]?.body['state']).toBe('disabled');
  expect(objectsOfKind('compliancePolicies')[0]?.body['settingCount']).toBe(2);
});

test('what cannot be read or served is named with its reason, the rest is loaded', () => {
  put('bad/broken.json', '{"id":');
  put('bad/bytes.json', Buffer.from([0xff, 0x7b]).toString('latin1'), 'latin1');
  put('intent.json', { '@odata.context': `${CONTEXT}deviceManagement/intents/$entity`, id: 'i' });
  put('table.json', { TenantId: 't', Objects: [] });
  put('odd.json', { color: 'blue' });
  put('good.json', policy('p', 'Good'));
  put('LICENSE', 'not counted');
  const report = loadCorpus(tenant, folder, 1);
  expect(report.files).toBe(6);
  expect(report.loaded).toEqual([
    { file: 'good.json', collection: 'configurationPolicies', id: 'p', name: 'Good' },
  ]);
  expect(report.unreadable.map((one) => one.file)).toEqual(['bad/broken.json', 'bad/bytes.json']);
  expect(report.unserved.map((one) => [one.file, one.type])).toEqual([
    ['intent.json', 'intents'],
    ['odd.json', 'unknown'],
    ['table.json', 'migrationTable'],
  ]);
  const lines = reportLines(report).join('\n');
  for (const { file } of [...report.unserved, ...report.unreadable]) expect(lines).toContain(file);
});

test('a folder that cannot be read is an error that names it', () => {
  const absent = join(folder, 'absent');
  expect(() => loadCorpus(tenant, absent, 1)).toThrow(`corpus folder ${absent} cannot be read`);
});

const SHARED = new URL('../../../shared/corpus', import.meta.url).pathname;

test('the shared corpus holds what its README says, or its absence is said clearly', () => {
  if (!existsSync(SHARED)) {
    expect(() => loadCorpus(tenant, SHARED, 1)).toThrow(`corpus folder ${SHARED} cannot be read`);
    return;
  }
  const report = loadCorpus(tenant, SHARED, 1);
  const { intents, groupPolicyConfigurations, migrationTable, ...served } = report.countsByType;
  expect([report.files, report.unreadable]).toEqual([412, []]);
  expect(intents?.files).toBe(6);
  expect(groupPolicyConfigurations?.files).toBe(6);
  expect(migrationTable?.files).toBe(1);
  expect(served).toMatchObject({
    configurationPolicies: { files: 214, objects: 214 },
    compliancePolicies: { files: 3, objects: 3 },
    deviceConfigurations: { files: 20, objects: 20 },
    deviceCompliancePolicies: { files: 32, objects: 32 },
    conditionalAccessPolicies: { files: 50, objects: 50 },
    namedLocations: { files: 3, objects: 3 },
    assignmentFilters: { files: 5, objects: 24 },
    groups: { files: 43, objects: 83 },
  });
  const others = report.unserved.filter(
    ({ type }) => !['intents', 'groupPolicyConfigurations', 'migrationTable'].includes(type),
  );
  expect(others).toHaveLength(29);
  expect(report.loaded).toHaveLength(429);
});
