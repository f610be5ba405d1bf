import { describe, expect, it } from 'vitest';
import { resolveVariables } from './variables.ts';

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

  it('that are not declared are dropped, and those without a value are there without one', () => {
    expect(resolveVariables(declared, { other: 1, days: null }, {})).toStrictEqual({
      city: 'Bern',
      days: undefined,
      open: true,
    });
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

  it('are coerced to their type as inputs of nodes are; what is no number has no value', () => {
    const values = resolveVariables(
      [...declared, { key: 'tags', valueType: 'arrayString' }, { key: 'raw', valueType: 'any' }],
      { city: 3, days: 'three', open: 'FALSE', tags: '["a"]', raw: 5 },
      {},
    );
    expect(values).toEqual({ city: '3', days: undefined, open: false, tags: ['a'], raw: 5 });
    expect(resolveVariables(declared, { days: '12' }, {}).days).toBe(12);
  });
});
