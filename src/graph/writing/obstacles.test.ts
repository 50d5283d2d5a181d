import { expect, test } from 'vitest';
import { findUpdateObstacles } from './obstacles.ts';

test.each([
  ['assignmentFilter', { platform: 'iOS' }, { platform: 'macOS' }, ['platform']],
  ['namedLocation', { '@odata.type': 'ip' }, { '@odata.type': 'country' }, ['@odata.type']],
  [
    'configurationPolicy',
    { platforms: 'macOS', templateReference: { templateId: 'a' } },
    { platforms: 'macOS', templateReference: { templateId: 'b' } },
    ['templateReference.templateId'],
  ],
  ['conditionalAccessPolicy', { state: 'enabled' }, { state: 'disabled' }, []],
] as const)('%s: what was made otherwise stays otherwise', (type, live, saved, expected) => {
  expect(findUpdateObstacles(type, live, saved)).toEqual(expected);
});
