import { describe, expect, it } from 'vitest';
import { createFrameWriter, type FrameSettings } from './chat-frames.ts';

const settings: FrameSettings = {
  id: 'chat "1"',
  created: 7,
  model: 'm',
  detail: false,
  version: 'v1',
  keepCites: false,
  includeUsage: false,
};
const done = {
  type: 'done',
  usage: { inputTokens: 3, outputTokens: 4, estimated: false },
  model: 'm-2026',
  durationSeconds: 1.5,
  newVariables: {},
} as const;
const response = {
  id: 'r',
  nodeId: 'n',
  moduleName: 'Search',
  moduleType: 'datasetSearchNode',
  runningTime: 0.1,
};

/** Frames as a client reads them. */
function parse(frames: string) {
  return frames
    .split('\n\n')
    .filter(Boolean)
    .map((frame) => {
      const lines = frame.split('\n');
      const event = lines.find((l) => l.startsWith('event: '))?.slice(7);
      const data = lines.find((l) => l.startsWith('data: '))?.slice(6) ?? '';
      return { event, data: data === '[DONE]' ? data : JSON.parse(data) };
    });
}

describe('plain chunks', () => {
  it('carry id, object, created, model and role, one chunk for each token', () => {
    const writer = createFrameWriter(settings);
    const frames = parse(
      writer.render([
        { type: 'answer', text: 'a"\n' },
        { type: 'answer', text: '中' },
      ]),
    );
    expect(frames).toHaveLength(2);
    expect(frames[0]).toEqual({
      event: undefined,
      data: {
        id: 'chat "1"',
        object: 'chat.completion.chunk',
        created: 7,
        model: 'm',
        choices: [{ delta: { role: 'assistant', content: 'a"\n' }, index: 0, finish_reason: null }],
      },
    });
    expect(frames[1]?.data.choices[0].delta.content).toBe('中');
  });

  it('show nothing of nodes and variables', () => {
    const writer = createFrameWriter(settings);
    expect(
      writer.render([
        { type: 'nodeStatus', nodeId: 'n', name: 'N', status: 'running' },
        { type: 'nodeResponse', response },
        { type: 'variables', variables: { a: 1 } },
      ]),
    ).toBe('');
  });

  it('put reasoning into its own field', () => {
    const [frame] = parse(createFrameWriter(settings).render([{ type: 'reasoning', text: 'hm' }]));
    expect(frame?.data.choices[0].delta).toEqual({ role: 'assistant', reasoning_content: 'hm' });
  });

  it('end with the stop chunk, the usage where asked for, and [DONE]; the model is the one that answered', () => {
    const frames = parse(createFrameWriter({ ...settings, includeUsage: true }).finish(done));
    expect(frames.map((f) => f.event)).toEqual([undefined, undefined, undefined]);
    expect(frames[0]?.data).toMatchObject({
      model: 'm-2026',
      choices: [{ delta: {}, finish_reason: 'stop' }],
    });
    expect(frames[1]?.data).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    });
    expect(frames[2]?.data).toBe('[DONE]');
    expect(parse(createFrameWriter(settings).finish(done))).toHaveLength(2);
  });

  it('name the model that speaks, from its first word on', () => {
    const frames = parse(
      createFrameWriter({ ...settings, model: '' }).render([
        { type: 'fastAnswer', text: 'fixed' },
        { type: 'model', model: 'm-2026' },
        { type: 'reasoning', text: 'hm' },
        { type: 'answer', text: 'x' },
      ]),
    );
    expect(frames.map((f) => f.data.model)).toEqual(['', 'm-2026', 'm-2026']);
  });

  it('lose citation marks that are split over chunks, and keep them when asked to', () => {
    const pieces = ['yes[012345', '6789abcdef01234567](CI', 'TE). ok'].map(
      (text) => ({ type: 'answer', text }) as const,
    );
    const said = (keepCites: boolean) =>
      parse(createFrameWriter({ ...settings, keepCites }).render(pieces))
        .map((f) => f.data.choices[0].delta.content)
        .join('');
    expect(said(false)).toBe('yes. ok');
    expect(said(true)).toBe('yes[0123456789abcdef01234567](CITE). ok');
  });

  it('give back at the end what only looked like a mark', () => {
    const writer = createFrameWriter(settings);
    expect(writer.render([{ type: 'answer', text: '[abc' }])).toBe('');
    expect(parse(writer.finish(done))[0]?.data.choices[0].delta.content).toBe('[abc');
  });
});

describe('named events', () => {
  it('come in the order duration, responses, stop, [DONE]', () => {
    const writer = createFrameWriter({ ...settings, detail: true });
    const begin = parse(
      writer.render([
        { type: 'nodeStatus', nodeId: 'n', name: 'Search', status: 'running' },
        { type: 'nodeResponse', response },
        { type: 'fastAnswer', text: '\nfixed' },
        { type: 'answer', text: 'x' },
      ]),
    );
    expect(begin.map((f) => f.event)).toEqual(['flowNodeStatus', 'fastAnswer', 'answer']);
    expect(begin[0]?.data).toEqual({ status: 'running', name: 'Search' });
    const end = parse(writer.finish(done));
    expect(end.map((f) => f.event)).toEqual(['workflowDuration', 'flowResponses', 'answer', 'answer']);
    expect(end[0]?.data).toEqual({ durationSeconds: 1.5 });
    expect(end[1]?.data).toEqual([response]);
    expect(end[2]?.data.choices[0].finish_reason).toBe('stop');
    expect(end[3]?.data).toBe('[DONE]');
  });
});
