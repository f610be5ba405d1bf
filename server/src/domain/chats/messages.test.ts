import { describe, expect, it } from 'vitest';
import { fileOf, questionValue, readMessages } from './messages.ts';

describe('reading messages', () => {
  it('takes the last one as the question, also when it is the assistant who said it', () => {
    const read = readMessages([
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'go on' },
    ]);
    expect(read.question).toBe('go on');
    expect(read.earlier).toEqual([{ role: 'user', text: 'hi' }]);
  });

  it.each(['system', 'developer', 'tool', 'function'])(
    'does not take a %s message after the question for the question',
    (role) => {
      const read = readMessages([
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'hello' },
        { role: 'user', content: 'how long?' },
        { role, content: 'be brief' },
      ]);
      expect(read.question).toBe('how long?');
      expect(read.earlier.map((m) => m.text)).toEqual(['hi', 'hello']);
      expect(read.system).toEqual(role === 'system' || role === 'developer' ? ['be brief'] : []);
    },
  );

  it('takes an instruction that stands alone as the question', () => {
    const read = readMessages([{ role: 'system', content: 'Greet the user' }]);
    expect(read).toMatchObject({ question: 'Greet the user', system: [], earlier: [] });
  });

  it('merges neighbours of one role and keeps system texts apart', () => {
    const read = readMessages([
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'a' },
      { role: 'user', content: 'b' },
      { role: 'developer', content: 'be kind' },
      { role: 'assistant', content: 'c' },
      { role: 'user', content: 'd' },
    ]);
    expect(read.system).toEqual(['be brief', 'be kind']);
    expect(read.earlier).toEqual([
      { role: 'user', text: 'a\nb' },
      { role: 'assistant', text: 'c' },
    ]);
  });

  it('joins text parts, keeps pictures and files, drops other parts', () => {
    const read = readMessages([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'one' },
          { type: 'input_audio' },
          { type: 'image_url', image_url: { url: 'https://x.y/a.png' } },
          { type: 'image_url', image_url: 'https://x.y/b.png' },
          { type: 'file_url', name: 'terms.pdf', url: 'https://x.y/1' },
          { type: 'text', text: 'two' },
        ],
      },
    ]);
    expect(read.question).toBe('one\ntwo');
    expect(read.files.map((f) => [f.type, f.url])).toEqual([
      ['image', 'https://x.y/a.png'],
      ['image', 'https://x.y/b.png'],
      ['file', 'https://x.y/1'],
    ]);
    expect(questionValue(read).map((v) => v.type)).toEqual(['file', 'file', 'file', 'text']);
  });

  it('refuses no messages and an empty question', () => {
    expect(() => readMessages([])).toThrow(expect.objectContaining({ errorName: 'messagesEmpty' }));
    for (const content of ['', '  ', null, undefined, []]) {
      expect(() => readMessages([{ role: 'user', content }])).toThrow(
        expect.objectContaining({ errorName: 'questionEmpty' }),
      );
    }
  });

  it('takes a file alone as a question', () => {
    const read = readMessages([
      { role: 'user', content: [{ type: 'file_url', url: 'https://x.y/a.pdf', name: '' }] },
    ]);
    expect(questionValue(read)).toEqual([
      { type: 'file', file: { type: 'file', name: 'a.pdf', url: 'https://x.y/a.pdf' } },
    ]);
  });

  it('tells pictures by their name and survives broken percent signs', () => {
    expect(fileOf('https://x.y/%E5%9B%BE.JPG?sign=1')).toMatchObject({ type: 'image', name: '图.JPG' });
    expect(fileOf('https://x.y/%E0%A4%A')).toMatchObject({ type: 'file', name: '%E0%A4%A' });
  });
});
