import { expect, test } from 'vitest';
import { planGroup } from './new-groups.ts';

const sourceId = 'aaaaaaaa-0000-4000-8000-000000000001';

test('a group is made of its name: a security group without mail, rule or members', () => {
  expect(planGroup({ sourceId, name: 'SG Finance', description: 'Books' })).toEqual({
    name: 'create_group',
    method: 'POST',
    path: '/groups',
    body: {
      displayName: 'SG Finance',
      description: 'Books',
      mailEnabled: false,
      mailNickname: 'SGFinance-aaaaaaaa',
      securityEnabled: true,
    },
    isCreate: true,
  });
});

test.each([
  ['財務', 'group-aaaaaaaa'],
  ['a@b (c)', 'abc-aaaaaaaa'],
  ['x'.repeat(256), `${'x'.repeat(50)}-aaaaaaaa`],
])('the nickname of %s is one that the directory takes', (name, nickname) => {
  const { body } = planGroup({ sourceId, name, description: null });
  expect(body).toMatchObject({ mailNickname: nickname });
  expect(body).not.toHaveProperty('description');
});
