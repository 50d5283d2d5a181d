import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalText, type JsonValue, parseJsonExactly, sha256Hex } from './canonical-json.ts';

test('the same value gives the same text, whatever the order of its keys', () => {
  expect(canonicalText({ b: 1, a: [true, null, 'x'] })).toBe('{"a":[true,null,"x"],"b":1}');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), (entries) => {
      const turned = Object.fromEntries(Object.entries(entries).reverse());
      expect(canonicalText(turned)).toBe(canonicalText({ ...entries }));
    }),
  );
});

test('RFC 8785 numbers: shortest form, no exponent where the standard has none', () => {
  expect(canonicalText([1e21, 1e-7, 0.1, -0, 4.5, 1 / 3])).toBe(
    '[1e+21,1e-7,0.1,0,4.5,0.3333333333333333]',
  );
});

test('what is parsed and written again is the same, for whatever JSON can say', () => {
  fc.assert(
    fc.property(fc.jsonValue().filter(isExact), (value) => {
      const text = canonicalText(parseJsonExactly(JSON.stringify(value)));
      expect(canonicalText(parseJsonExactly(text))).toBe(text);
    }),
  );
});

/** No integer beyond 2^53, which is refused on purpose. */
function isExact(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) || !Number.isInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isExact);
}

test('an integer that a double cannot hold is refused, and its property named', () => {
  const text = '{"list":[{"size":9007199254740993}]}';
  expect(() => parseJsonExactly(text)).toThrowError(
    expect.objectContaining({ code: 'graph.number_unsafe', details: { property: 'size' } }),
  );
  expect(parseJsonExactly('{"size":9007199254740991,"share":1.5e-300}')).toEqual({
    size: 9007199254740991,
    share: 1.5e-300,
  });
  expect(() => parseJsonExactly('{"size":1e20}')).toThrowError(
    expect.objectContaining({ code: 'graph.number_unsafe' }),
  );
  expect(() => parseJsonExactly('{"size":1e999}')).toThrowError(
    expect.objectContaining({ code: 'graph.number_unsafe' }),
  );
});

test('a NUL survives as its escape', () => {
  const text = canonicalText(parseJsonExactly('{"name":"a\\u0000b"}'));
  expect(text).toBe('{"name":"a\\u0000b"}');
});

test('half characters survive as escapes, and all else is as the standard has it', () => {
  const text = '{"a":["x\\ud800",{"z":null,"\\udc00":1e-7}],"b":"\\\\ud800"}';
  expect(canonicalText(parseJsonExactly(text))).toBe(text);
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, name) => {
      const whole: JsonValue = JSON.parse(JSON.stringify({ value, [name]: name }));
      const withHalf = canonicalText({ whole, zHalf: '\ud800' });
      expect(withHalf).toBe(`{"whole":${canonicalText(whole)},"zHalf":"\\ud800"}`);
    }),
  );
});

test('what has no JSON form is refused, also beside half a character', () => {
  expect(() => canonicalText([Number.NaN])).toThrow();
  expect(() => canonicalText(['\ud800', Number.POSITIVE_INFINITY])).toThrow();
});

test('the hash is SHA-256 of the bytes in UTF-8', () => {
  expect(sha256Hex('ä')).toBe(sha256Hex(new TextEncoder().encode('ä')));
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256Hex(readFileSync(import.meta.filename))).toHaveLength(64);
});
