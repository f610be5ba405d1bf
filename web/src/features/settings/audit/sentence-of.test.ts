import { describe, expect, it } from 'vitest';
import en from '../../../locales/en/audit.json' with { type: 'json' };
import { auditKinds, eventsOf, kindOf } from './audit-events.ts';
import { dayName, daysBefore, daysOf } from './days.ts';
import type { Entry } from './queries.ts';
import { additionsOf, sentenceOf } from './sentence-of.ts';

const entry = (event: string, more: Partial<Entry> = {}): Entry => ({
  _id: 'a'.repeat(24),
  event,
  timestamp: '2026-11-23T12:40:00.000Z',
  sourceMember: { tmbId: 'm1', name: 'Maria', avatar: '', status: 'active' },
  objectType: 'member',
  objectId: 'm2',
  object: { type: 'member', id: 'm2', name: 'Tom', exists: true },
  app: null,
  metadata: {},
  address: '192.0.2.7',
  ...more,
});
const nobody: Entry['sourceMember'] = { tmbId: null, name: '', avatar: '', status: 'active' };
const object = (type: string): Entry['object'] => ({ type, id: 'x', name: 'x', exists: true });

describe('the sentence of an entry', () => {
  it('is one of its own for every event that is written down', () => {
    const keys = Object.values(auditKinds)
      .flat()
      .filter((event) => event !== 'model.change')
      .map((event) => sentenceOf(entry(event)).key);
    expect(keys).not.toContain('other');
    expect(new Set(keys).size).toBe(keys.length);
    const texts = Object.keys(en.say).map((key) => key.replace(/_(one|other)$/, ''));
    expect(keys.filter((key) => !texts.includes(key))).toEqual([]);
  });

  it('tells log-ins of people apart from those with names that nobody has', () => {
    const metadata = { count: 3 };
    expect(sentenceOf(entry('login.failed', { metadata }))).toEqual({ key: 'loginFailed', count: 3 });
    expect(sentenceOf(entry('login.failed', { metadata, sourceMember: nobody }))).toEqual({
      key: 'loginUnknown',
      count: 3,
    });
    const blocked = { of: 'address', seconds: 61 };
    expect(sentenceOf(entry('login.blocked', { metadata: blocked }))).toEqual({
      key: 'blockedAddress',
      count: 2,
    });
  });

  it('tells what people do to themselves from what others do to them', () => {
    const own = { object: { type: 'member', id: 'm1', name: 'Maria', exists: true } };
    expect(sentenceOf(entry('password.change', own)).key).toBe('passwordOwn');
    expect(sentenceOf(entry('password.change')).key).toBe('passwordReset');
    expect(sentenceOf(entry('member.remove', own)).key).toBe('memberLeave');
    expect(sentenceOf(entry('member.remove')).key).toBe('memberRemove');
  });

  it('says roles and new names', () => {
    const role = { metadata: { username: 'tom', from: 'editor', role: 'admin' } };
    expect(sentenceOf(entry('member.update', role))).toEqual({
      key: 'memberRole',
      from: { role: 'editor' },
      to: { role: 'admin' },
    });
    const renamed = { metadata: { key: 'old', name: 'new', maxPerMinute: 5 } };
    expect(sentenceOf(entry('key.update', renamed))).toEqual({
      key: 'keyRename',
      from: { text: 'old' },
      to: { text: 'new' },
    });
    expect(additionsOf(entry('key.update', renamed))).toEqual([
      { kind: 'changed', fields: ['maxPerMinute'] },
    ]);
  });

  it('says what of the models was changed', () => {
    const of = (type: string, metadata: Entry['metadata']) =>
      entry('model.change', { object: object(type), metadata });
    expect(sentenceOf(of('model', { model: 'x', change: 'delete' })).key).toBe('modelDelete');
    expect(sentenceOf(of('origin', { change: 'delete' })).key).toBe('originDistrust');
    expect(sentenceOf(of('models', { change: 'rotate', count: 2 }))).toEqual({
      key: 'secretsRotate',
      count: 2,
    });
    expect(sentenceOf(of('constructor', { change: 'update' })).key).toBe('other');
    const fields = { change: 'update', fields: ['requestAuth', 'baseUrl', 'toString'] };
    expect(additionsOf(of('channel', fields))).toEqual([
      { kind: 'changed', fields: ['requestAuth', 'baseUrl'] },
    ]);
    const config = { change: 'config', models: { added: ['a'], removed: [] }, channels: { added: ['b'] } };
    expect(additionsOf(of('models', config))).toEqual([{ kind: 'config', change: 'added', names: 'a, b' }]);
  });

  it('is there for an event of a later version, too', () => {
    expect(sentenceOf(entry('weather.change')).key).toBe('other');
    expect(additionsOf(entry('weather.change'))).toEqual([]);
    expect(kindOf('weather.change')).toBeUndefined();
  });
});

describe('the filter', () => {
  it('takes a kind for all of its events, and an event for itself', () => {
    expect(eventsOf('team')).toEqual(['team.create', 'team.update']);
    expect(eventsOf('key.delete')).toEqual(['key.delete']);
  });

  it('counts days on the calendar, also where the clock is changed', () => {
    expect(daysBefore(29, new Date(2026, 2, 30, 0, 30))).toBe('2026-03-01');
    expect(daysBefore(0, new Date(2026, 9, 25, 23, 59))).toBe('2026-10-25');
  });
});

describe('days', () => {
  it('hold their lines in the order in which they came', () => {
    const at = (day: number, hour: number) => ({ timestamp: new Date(2026, 10, day, hour).toISOString() });
    const lines = [at(24, 23), at(24, 0), at(23, 12)];
    expect(daysOf(lines)).toEqual([
      { day: '2026-11-24', list: lines.slice(0, 2) },
      { day: '2026-11-23', list: lines.slice(2) },
    ]);
  });

  it('are named as people name them', () => {
    const now = new Date(2026, 10, 24, 0, 5);
    expect(dayName('2026-11-24', now)).toBe('Today');
    expect(dayName('2026-11-23', now)).toBe('Yesterday');
    expect(dayName('2026-11-20', now)).toBe('Friday, November 20, 2026');
  });
});
