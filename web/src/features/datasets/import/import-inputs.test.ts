import { describe, expect, it } from 'vitest';
import { chosenFiles } from './chosen-files.ts';
import { FolderMaker } from './folder-maker.ts';
import { readLinks, withoutLinks } from './links.ts';

describe('pasted links', () => {
  it('are one a line, each once, with or without https', () => {
    expect(
      readLinks('https://a.example/x\n\n a.example/y \nhttps://a.example/x\r\nhttp://intranet/z'),
    ).toEqual({
      links: ['https://a.example/x', 'https://a.example/y', 'http://intranet/z'],
      wrong: [],
    });
  });

  it('stay when they were refused, are none, or were written meanwhile', () => {
    const text = 'a.example/x\nhandbook\nhttps://a.example/refused\n https://a.example/new';
    expect(withoutLinks(text, new Set(['https://a.example/x']))).toBe(
      'handbook\nhttps://a.example/refused\n https://a.example/new',
    );
    expect(withoutLinks('a.example/x', new Set(['https://a.example/x']))).toBe('');
  });

  it('name what is no address', () => {
    expect(readLinks('handbook\nftp://a.example\nsee https://a.example\njavascript:alert(1)').wrong).toEqual([
      'handbook',
      'ftp://a.example',
      'see https://a.example',
      'javascript:alert(1)',
    ]);
  });
});

describe('chosen files', () => {
  const file = (name: string, path?: string) =>
    Object.assign(new File(['x'], name), path !== undefined && { path });

  it('keep the folders they were dropped in, in the order of their names', () => {
    const chosen = chosenFiles([
      file('rule 10.md'),
      file('b.md', '/Law/Contracts/b.md'),
      file('rule 9.md', './rule 9.md'),
    ]);
    expect(chosen.map(({ file: { name }, folders }) => [...folders, name].join('/'))).toEqual([
      'Law/Contracts/b.md',
      'rule 9.md',
      'rule 10.md',
    ]);
  });

  it('leave out what systems put into folders', () => {
    const chosen = chosenFiles([
      file('.DS_Store', '/Law/.DS_Store'),
      file('Thumbs.db'),
      file('config', '/repo/.git/config'),
      file('a.md', '/Law/a.md'),
    ]);
    expect(chosen.map(({ file: { name } }) => name)).toEqual(['a.md']);
  });
});

describe('folders of a dataset', () => {
  it('are made once, however many files need them, and used where they exist', async () => {
    const made: string[] = [];
    const maker = new FolderMaker({
      find: async (_dataset, _parent, name) => (name === 'Law' ? 'law' : undefined),
      make: async (_dataset, parent, name) => {
        made.push(`${parent}/${name}`);
        return `${parent}/${name}`;
      },
    });
    const found = await Promise.all([
      maker.require('d', null, ['Law', 'Old']),
      maker.require('d', null, ['Law', 'Old']),
      maker.require('d', null, ['New']),
      maker.require('d', 'p', []),
    ]);
    expect(found).toEqual(['law/Old', 'law/Old', 'null/New', 'p']);
    expect(made.sort()).toEqual(['law/Old', 'null/New']);
  });
});
