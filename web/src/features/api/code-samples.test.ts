import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { type SampleSettings, sampleOf } from './code-samples.ts';

const settings: SampleSettings = {
  baseUrl: 'http://localhost:3000/api',
  appId: '6743e3f2a1b2c3d4e5f60720',
  key: 'fastgpt-abc',
  question: `Who's "there"?\n$HOME`,
  stream: false,
  chatId: undefined,
  variables: {},
};
const own = { chatId: 'c-1', variables: { city: 'Oslo', age: 7, sure: true } };

/** What a shell makes of a curl line: its arguments. */
const argumentsOf = (line: string): string[] =>
  execFileSync('sh', ['-c', line.replace(/^curl/, "printf '%s\\0'")], { encoding: 'utf8' }).split('\0');

describe('the curl line', () => {
  test('reaches the shell as it is meant, whatever the question', () => {
    const args = argumentsOf(sampleOf('curl', settings));
    expect(args).toContain('http://localhost:3000/api/v1/chat/completions');
    expect(args).toContain('Authorization: Bearer fastgpt-abc');
    const body = JSON.parse(args[args.indexOf('-d') + 1] ?? '');
    expect(body).toEqual({ messages: [{ role: 'user', content: settings.question }] });
  });

  test('streams, keeps the conversation and fills variables when it is told to', () => {
    const args = argumentsOf(sampleOf('curl', { ...settings, ...own, stream: true }));
    expect(args[0]).toBe('-N');
    expect(JSON.parse(args[args.indexOf('-d') + 1] ?? '')).toMatchObject({ stream: true, ...own });
  });
});

describe('the TypeScript program', () => {
  test('holds everything as literals', () => {
    const text = sampleOf('typescript', settings);
    expect(text).toContain('baseURL: "http://localhost:3000/api/v1"');
    expect(text).toContain(`content: ${JSON.stringify(settings.question)}`);
    expect(text).not.toContain('...');
  });

  test('adds what the package does not know', () => {
    const text = sampleOf('typescript', { ...settings, ...own, stream: true });
    expect(text).toContain('stream: true');
    const spread = /\.\.\.(\{[\s\S]*?\n {2}\}),\n\}\);/.exec(text)?.[1] ?? '';
    expect(JSON.parse(spread)).toEqual(own);
  });
});

test('the Python program writes booleans as Python does', () => {
  const text = sampleOf('python', { ...settings, ...own, stream: true });
  expect(text).toContain('stream=True,');
  expect(text).toContain(
    [
      '    extra_body={',
      '        "chatId": "c-1",',
      '        "variables": {',
      '            "city": "Oslo",',
      '            "age": 7,',
      '            "sure": True,',
      '        },',
      '    },',
    ].join('\n'),
  );
  expect(sampleOf('python', settings)).not.toContain('extra_body');
});
