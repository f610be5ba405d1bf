import { describe, expect, it } from 'vitest';
import { addressAllowed, routeAllowed } from './limits.ts';

describe('allowed addresses', () => {
  it.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['192.168.1.7', '192.168.1.7', true],
    ['192.168.1.8', '192.168.1.7', false],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['10.1.2.3', '::ffff:10.0.0.0/104', true],
    ['11.1.2.3', '::ffff:10.0.0.0/104', false],
    ['2001:db8::5', '2001:db8::/32', true],
    ['2001:db9::5', '2001:db8::/32', false],
    ['2001:db8::5', '10.0.0.0/8', false],
    ['::1', '::1', true],
    ['nonsense', '0.0.0.0/0', false],
    ['10.1.2.3', 'nonsense', false],
  ])('%s in %s: %s', (address, range, expected) => {
    expect(addressAllowed(address, [range])).toBe(expected);
  });
});

describe('allowed routes', () => {
  const route = { operation: 'listDatasets', path: '/api/core/dataset/list' };
  it.each([
    ['listDatasets', true],
    ['listDataset', false],
    ['/api/core/dataset', true],
    ['/api/core/dataset/', true],
    ['/api/core/dataset/*', true],
    ['/api/core/dataset/list', true],
    ['api/core', true],
    ['/api/core/data', false],
    ['/api/core/dataset/list/more', false],
  ])('%s: %s', (entry, expected) => {
    expect(routeAllowed(route, [entry])).toBe(expected);
  });
});
