import { expect, test } from 'vitest';
import type { ApiKey } from '../queries.ts';
import { changesOf, localTime, valuesOf } from './key-values.ts';

const key: ApiKey = {
  _id: 'a',
  teamId: 't',
  tmbId: 'm',
  sourceMember: { name: 'root', avatar: '', status: 'active' },
  apiKey: '******abcd',
  name: 'Shop',
  createTime: '2026-01-01T00:00:00.000Z',
  usagePoints: 0,
  limit: {
    expiredTime: '2030-05-06T07:08:00.000Z',
    maxUsagePoints: 10,
    maxPerMinute: 5,
    allowedAddresses: ['10.0.0.0/8'],
    allowedRoutes: ['listDatasets'],
  },
  scopes: ['apps:write'],
  tags: [{ _id: 'l', name: 'live' }],
  canCopy: false,
};

test('a key that nobody changed is sent as it was', () => {
  const values = valuesOf(key, null);
  expect(values).toMatchObject({ kind: 'global', labels: ['live'], points: 10 });
  expect(changesOf(values, ['l'])).toEqual({
    name: 'Shop',
    limit: key.limit,
    scopes: ['apps:write'],
    tags: ['l'],
  });
});

test('a new key has no limits, and is bound to the app it is made for', () => {
  const values = valuesOf(undefined, 'app');
  expect(values).toMatchObject({ kind: 'app', appId: 'app', expires: '' });
  expect(changesOf({ ...values, name: ' x ' }, [])).toEqual({
    name: 'x',
    limit: {
      expiredTime: null,
      maxUsagePoints: -1,
      maxPerMinute: null,
      allowedAddresses: [],
      allowedRoutes: [],
    },
    scopes: [],
    tags: [],
  });
  expect(valuesOf(undefined, null).kind).toBe('global');
});

test('a global key stays one where an app is open, and an app key may not write apps', () => {
  expect(valuesOf(key, 'app').kind).toBe('global');
  expect(changesOf({ ...valuesOf(key, null), kind: 'app' }, []).scopes).toEqual([]);
});

test('the field for date and time gets local time', () => {
  const time = new Date(2026, 0, 2, 3, 4);
  expect(localTime(time)).toBe('2026-01-02T03:04');
  expect(new Date(localTime(time))).toEqual(time);
});
