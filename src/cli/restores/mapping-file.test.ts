import { expect, test } from 'vitest';
import { restoreMappingSchema } from '../../restores/restore-input.ts';
import { mappingFile } from './mapping-file.ts';

const reference = {
  kind: 'group',
  sourceId: 'g-1',
  sourceName: 'Finance',
  how: 'nothing',
  mappedTo: null,
  items: 3,
  candidates: [{ id: 'g-9', name: 'Finance EU' }],
} as const;

test('what is not known has null, and a remark that says what it could be', () => {
  expect(mappingFile([{ ...reference, candidates: [...reference.candidates] }])).toEqual({
    '// group:g-1': '"Finance": not known here; 3 items; could be g-9 "Finance EU"',
    'group:g-1': null,
  });
});

test('what is mapped keeps its id; what the restore makes has none', () => {
  const mappedTo = { id: 'g-2', name: 'Finanz' };
  const mapped = { ...reference, how: 'by_hand', mappedTo, items: 1, candidates: [] } as const;
  const made = { ...reference, kind: 'assignmentFilter', how: 'restore_item', candidates: [] };
  const file = mappingFile([
    { ...mapped, candidates: [] },
    { ...made, how: 'restore_item', candidates: [] },
  ]);
  expect(file).toEqual({
    '// group:g-1': '"Finance": mapped by hand as "Finanz"; 1 item',
    'group:g-1': 'g-2',
    '// assignmentFilter:g-1': '"Finance": comes with this restore; 3 items',
  });
  const plain = Object.entries(file).filter(([key]) => !key.startsWith('//'));
  expect(restoreMappingSchema.safeParse(Object.fromEntries(plain)).success).toBe(true);
});
