import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { restoreOptionsSchema } from '../src/restores/restore-input.ts';
import { CORPUS, hasCorpus } from './setup/corpus.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import {
  becameWhat,
  bodiesIn,
  differencesBetween,
  notAsSaved,
  removesAll,
} from './setup/round-trip.ts';

/** Hundreds of real exports are lost, brought back, and read again. */
describe.runIf(hasCorpus)('with the corpus', () => {
  let story: RestoreWorld;
  let acme: RestoreVerbs;

  beforeAll(async () => {
    story = await setupRestores({ corpus: CORPUS, tenants: 1 });
    ({ acme } = story);
  });
  afterAll(() => story.world.close());

  test('what was lost is there again, field by field', async () => {
    const backup = await acme.backsUp();
    const before = await bodiesIn(acme, backup);
    expect(before.size).toBeGreaterThan(300);
    await removesAll(acme);
    const options = restoreOptionsSchema.parse({ conditionalAccessState: 'asSaved' });
    const id = await acme.previewsBackup(backup, { options });
    const run = await acme.executes(id, 240_000);
    expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0, items_unknown: 0 });
    // All but the tag that every tenant has, and not one says why not.
    expect(run.items_succeeded).toBe(before.size - 1);
    expect(await notAsSaved(acme, id)).toEqual([]);
    const after = await bodiesIn(acme, await acme.backsUp());
    expect(differencesBetween(before, after, await becameWhat(acme, id))).toEqual([]);
    expect(after.size, 'nothing besides').toBe(before.size);
  }, 400_000);
});
