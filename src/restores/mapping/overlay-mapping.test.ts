import { expect, test } from 'vitest';
import { newGroupId } from '../../graph/writing/new-groups.ts';
import { pendingId } from '../planning/resolve-references.ts';
import type { ReferenceRow } from './list-references.ts';
import { overlayMapping } from './overlay-mapping.ts';

const row: ReferenceRow = {
  kind: 'group',
  source_id: 'g-1',
  name: 'Finance',
  how: 'nothing',
  target: null,
  items: 1,
};
const edited = { revision: 2, planned_revision: 1 };

test('what was mapped since the preview is shown as mapped, however its key is written', () => {
  const [shown] = overlayMapping({ ...edited, mapping: { 'group:G-1': 'g-9' } }, [row]);
  expect(shown).toMatchObject({ how: 'by_hand', target: 'g-9' });
  const [left] = overlayMapping({ ...edited, mapping: { 'group:g-1': null } }, [row]);
  expect(left).toMatchObject({ how: 'by_hand', target: null });
});

test('what is not mapped any more means nothing; an up-to-date preview knows by itself', () => {
  const byHand: ReferenceRow = { ...row, how: 'by_hand', target: 'g-9' };
  const [shown] = overlayMapping({ ...edited, mapping: {} }, [byHand]);
  expect(shown).toMatchObject({ how: 'nothing', target: null });
  const upToDate = { revision: 1, planned_revision: 1, mapping: { 'group:g-1': 'nobody' } };
  expect(overlayMapping(upToDate, [row])).toEqual([row]);
});

test.each([pendingId('v'), newGroupId('g-1')])('%s is no id of the tenant yet', (target) => {
  const made: ReferenceRow = { ...row, how: 'new_group', target };
  for (const revision of [1, 2]) {
    const restore = { revision, planned_revision: 1, mapping: {} };
    expect(overlayMapping(restore, [made])).toMatchObject([{ how: 'new_group', target: null }]);
  }
});
