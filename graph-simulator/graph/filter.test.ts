import { expect, test } from 'vitest';
import { compileFilter } from './filter.ts';
import { QueryError } from './read-query.ts';

const policy = {
  name: "Anna's policy",
  platforms: 'windows10',
  technologies: 'mdm,microsoftSense',
  isAssigned: true,
  version: 3,
  templateReference: { templateFamily: 'baseline' },
  '@odata.type': '#microsoft.graph.group',
};

test.each([
  ["name eq 'Anna''s policy'", true],
  ["name eq 'ANNA''S POLICY'", true],
  ["name ne 'x' and version eq 3", true],
  ["platforms eq 'iOS' or isAssigned eq true", true],
  ["not (platforms eq 'windows10')", false],
  ["startswith(name,'anna')", true],
  ["endswith(name, 'policy') and contains(name,'nna')", true],
  ["templateReference/templateFamily eq 'baseline'", true],
  ["platforms in ('iOS','windows10')", true],
  ["technologies has 'microsoftSense'", true],
  ['description eq null', true],
  ["isof('microsoft.graph.group')", true],
  ["(name eq 'x' or version eq 3) and isAssigned eq false", false],
])('%s is %s', (text, expected) => {
  expect(compileFilter(text)(policy)).toBe(expected);
});

test.each(['name', "name eq 'x", 'name eq', "name like 'x'", "foo(name,'x')", "name eq 'x')"])(
  '%s is refused',
  (text) => {
    expect(() => compileFilter(text)).toThrow(QueryError);
  },
);
