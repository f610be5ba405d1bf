import { describe, expect, it } from 'vitest';
import { coerce, resolveVariables } from './variables.ts';

describe('global variables', () => {
  const declared = [
    { key: 'city', label: 'City', valueType: 'string', defaultValue: 'Bern' },
    { key: 'days', label: 'Days', valueType: 'number' },
    { key: 'open', valueType: 'boolean', defaultValue: true },
  ];

  it('come from the request by label, then by key, then from the chat, then from the default', () => {
    expect(resolveVariables(declared, { City: 'Ulm', city: 'Bonn' }, { city: 'Kiel' }).city).toBe('Ulm');
    expect(resolveVariables(declared, { city: 'Bonn' }, { city: 'Kiel' }).city).toBe('Bonn');
    expect(resolveVariables(declared, {}, { city: 'Kiel' }).city).toBe('Kiel');
    expect(resolveVariables(declared, {}, {}).city).toBe('Bern');
  });

  it('that are not declared are dropped, and absent ones stay absent', () => {
    expect(resolveVariables(declared, { other: 1, days: null }, {})).toEqual({ city: 'Bern', open: true });
  });

  it('a false or zero of the request is a value', () => {
    expect(resolveVariables(declared, { open: false, days: 0 }, { open: true, days: 3 })).toMatchObject({
      open: false,
      days: 0,
    });
  });

  it('never reach the prototype', () => {
    const sneaky = [{ key: '__proto__', label: 'constructor', valueType: 'string' }];
    expect(resolveVariables(sneaky, {}, {})).toEqual({});
  });

  it('are coerced to their type, or stay as they are', () => {
    expect(coerce('3', 'number')).toBe(3);
    expect(coerce('three', 'number')).toBe('three');
    expect(coerce(3, 'string')).toBe('3');
    expect(coerce({ a: 1 }, 'string')).toBe('{"a":1}');
    expect(coerce('false', 'boolean')).toBe(false);
    expect(coerce('["a"]', 'arrayString')).toEqual(['a']);
    expect(coerce('a', 'arrayString')).toEqual(['a']);
    expect(coerce('{"a":1}', 'object')).toEqual({ a: 1 });
    expect(coerce(5, 'any')).toBe(5);
  });
});
