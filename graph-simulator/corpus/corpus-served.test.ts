import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Connected, connect } from '../testing/connect.ts';
import { isObject, type Json, type JsonObject, objectsOf, parseJson } from '../values/json.ts';

const SHARED = new URL('../../../shared/corpus', import.meta.url).pathname;

/** Reads a file in a way of its own, so that a mistake in decoding is not shared. */
function readRaw(file: string): JsonObject {
  const bytes = readFileSync(join(SHARED, file));
  const text = bytes[0] === 0xff ? bytes.toString('utf16le') : bytes.toString('utf8');
  const value = parseJson(text.replace(/^\ufeff/, ''));
  return isObject(value) ? value : {};
}

test('each settings catalog policy of the corpus is served with each of its settings', async () => {
  if (!existsSync(SHARED)) {
    await expect(connect({ corpus: SHARED })).rejects.toThrow('cannot be read');
    return;
  }
  const client = await connect({ corpus: SHARED, limits: 'none' });
  const policies = client.running.simulator.corpus.loaded.filter(
    ({ collection }) => collection === 'configurationPolicies',
  );
  expect(policies).toHaveLength(214);
  for (const { id, file } of policies) await expectServed(client, id, readRaw(file));
  await client.close();
}, 120_000);

async function expectServed(client: Connected, id: string, exported: JsonObject): Promise<void> {
  const path = `/beta/deviceManagement/configurationPolicies/${id}`;
  const { body } = await client.get(path);
  const settings = await client.readAll(`${path}/settings`);
  expect(body['settingCount']).toBe(settings.length);
  const byId = (list: JsonObject[]) =>
    list.toSorted((left, right) => Number(left['id']) - Number(right['id']));
  expect(byId(settings)).toEqual(byId(objectsOf(plain(exported['settings'] ?? []))));
  const wanted = plain(exported);
  for (const [key, value] of Object.entries(isObject(wanted) ? wanted : {})) {
    if (['id', 'settings', 'assignments'].includes(key)) continue;
    expect(body[key], `${id} ${key}`).toEqual(value);
  }
}

function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([key]) => key === '@odata.type' || !/@odata|^#|^settingDefinitions$/.test(key),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, plain(inner)]));
}
