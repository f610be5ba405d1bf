import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Deletion, Deletions, patienceMs } from './deletions.ts';

/** What the page would show, and what was deleted for good. */
class Page {
  readonly notices = new Map<string, { text: string; undo: () => void }>();
  readonly errors: unknown[] = [];
  readonly deleted: string[] = [];
  show = (key: string, text: string, undo: () => void) => void this.notices.set(key, { text, undo });
  hide = (key: string) => void this.notices.delete(key);
  failed = (error: unknown) => void this.errors.push(error);
  deletion = (id: string, more: Partial<Deletion> = {}): Deletion => ({
    ids: [id],
    text: `Deleted: ${id}`,
    run: async () => void this.deleted.push(id),
    ...more,
  });
}

let page: Page;
let deletions: Deletions;
beforeEach(() => {
  vi.useFakeTimers();
  page = new Page();
  deletions = new Deletions(page);
});
afterEach(() => void vi.useRealTimers());

describe('a deletion', () => {
  it('hides at once and happens when the time to undo it is over', async () => {
    const onSettled = vi.fn();
    deletions.later(page.deletion('a', { onSettled }));
    expect([...deletions.gone()]).toEqual(['a']);
    expect([...page.notices.values()].map(({ text }) => text)).toEqual(['Deleted: a']);
    await vi.advanceTimersByTimeAsync(patienceMs - 1);
    expect(page.deleted).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(page.deleted).toEqual(['a']);
    expect(page.notices.size).toBe(0);
    expect(onSettled).toHaveBeenCalledOnce();
    // A list that was read before must not show it again.
    expect([...deletions.gone()]).toEqual(['a']);
  });

  it('that is undone never happens, and others do', async () => {
    deletions.later(page.deletion('a'));
    deletions.later(page.deletion('b'));
    [...page.notices.values()][0]?.undo();
    expect([...deletions.gone()]).toEqual(['b']);
    await vi.advanceTimersByTimeAsync(patienceMs);
    expect(page.deleted).toEqual(['b']);
  });

  it('that fails brings back what it hid, and says so', async () => {
    const onSettled = vi.fn();
    const run = () => Promise.reject(new Error('locked'));
    deletions.later(page.deletion('a', { run, onSettled }));
    await vi.advanceTimersByTimeAsync(patienceMs);
    expect([...deletions.gone()]).toEqual([]);
    expect(page.errors).toEqual([new Error('locked')]);
    expect(onSettled).toHaveBeenCalledOnce();
  });

  it('happens at once when the page ends, once', async () => {
    deletions.later(page.deletion('a'));
    deletions.later(page.deletion('b'));
    await deletions.flush();
    expect(page.deleted).toEqual(['a', 'b']);
    await vi.advanceTimersByTimeAsync(2 * patienceMs);
    expect(page.deleted).toEqual(['a', 'b']);
  });

  it('tells who listens', () => {
    const listener = vi.fn();
    const leave = deletions.subscribe(listener);
    deletions.later(page.deletion('a'));
    [...page.notices.values()][0]?.undo();
    expect(listener).toHaveBeenCalledTimes(2);
    leave();
    deletions.later(page.deletion('b'));
    expect(listener).toHaveBeenCalledTimes(2);
  });
});
