import type { WorkflowDocument } from '@lectern/contract/workflow.ts';
import { describe, expect, test } from 'vitest';
import { fail } from '../kernel/errors.ts';
import { compileWorkflow } from './compile.ts';
import { defineNode, type NodeDefinition } from './define-node.ts';
import type { NodeResult } from './ports.ts';
import { runWorkflow } from './run.ts';
import {
  answerOf,
  collect,
  edges,
  effectsWith,
  inputOf,
  node,
  ofType,
  runAll,
  says,
  scriptedModel,
  start,
} from './testing.ts';

/** A node type `step` that logs its node's id and does what `act` says. */
function steps(
  act: (nodeId: string, times: number) => Partial<NodeResult> | Promise<Partial<NodeResult>> = () => ({}),
) {
  const log: string[] = [];
  const definition: NodeDefinition = defineNode({
    type: 'step',
    label: { en: 'Step', zh: '步骤' },
    inputs: {},
    outputs: {},
    async run({ node: { nodeId } }) {
      log.push(nodeId);
      return { outputs: {}, ...(await act(nodeId, log.filter((id) => id === nodeId).length)) };
    },
  });
  return { log, definitions: [definition] };
}

const flow = (ids: string, ...written: string[]): WorkflowDocument => ({
  nodes: [start(), ...ids.split(' ').map((id) => node(id, 'step'))],
  edges: edges(...written),
  chatConfig: {},
});

describe('order', () => {
  test('a join waits for all of its in-edges', async () => {
    const { log, definitions } = steps(async (id) => {
      if (id === 'slow') await new Promise((resolve) => setImmediate(resolve));
      return {};
    });
    await runAll(flow('slow fast join', 'start>slow', 'start>fast', 'slow>join', 'fast>join'), {
      definitions,
    });
    expect(log.at(-1)).toBe('join');
    expect(log.toSorted()).toEqual(['fast', 'join', 'slow']);
  });

  test('the branch not taken is skipped as far as it goes, and the join behind it still runs', async () => {
    const { log, definitions } = steps((id) => (id === 'if' ? { skipHandles: ['if-source-no'] } : {}));
    await runAll(
      flow('if yes no no2 join', 'start>if', 'if:yes>yes', 'if:no>no', 'no>no2', 'yes>join', 'no2>join'),
      {
        definitions,
      },
    );
    expect(log).toEqual(['if', 'yes', 'join']);
  });

  test('a node behind skipped branches only does not run', async () => {
    const { log, definitions } = steps((id) => (id === 'if' ? { skipHandles: ['if-source-no'] } : {}));
    await runAll(flow('if a b end', 'start>if', 'if:no>a', 'if:no>b', 'a>end', 'b>end'), { definitions });
    expect(log).toEqual(['if']);
  });

  test('two edges between the same nodes run the target once', async () => {
    const { log, definitions } = steps((id) => (id === 'if' ? { skipHandles: ['if-source-no'] } : {}));
    await runAll(flow('if next', 'start>if', 'if:yes>next', 'if:no>next'), { definitions });
    expect(log).toEqual(['if', 'next']);
  });

  test('an edge from a node that no run reaches holds nothing back', async () => {
    const { log, definitions } = steps();
    await runAll(flow('orphan next', 'start>next', 'orphan>next'), { definitions });
    expect(log).toEqual(['next']);
  });

  test('edges of tool handles are no path', async () => {
    const { log, definitions } = steps();
    const document = flow('a tool', 'start>a');
    document.edges.push({
      source: 'a',
      sourceHandle: 'selectedTools',
      target: 'tool',
      targetHandle: 'selectedTools',
    });
    await runAll(document, { definitions });
    expect(log).toEqual(['a']);
  });

  test('no more nodes run at once than the limit', async () => {
    let running = 0;
    let most = 0;
    const { definitions } = steps(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return {};
    });
    const ids = Array.from({ length: 8 }, (_, i) => `n${i}`);
    await runAll(flow(ids.join(' '), ...ids.map((id) => `start>${id}`)), {
      definitions,
      input: { limits: { maxRuns: 100, maxParallel: 3 } },
    });
    expect(most).toBe(3);
  });
});

describe('loops', () => {
  const loop = flow('body check after', 'start>body', 'body>check', 'check:again>body', 'check:done>after');

  test('a back-edge runs its part again until the branch leaves it', async () => {
    const { log, definitions } = steps((id, times) =>
      id === 'check' ? { skipHandles: [times < 3 ? 'check-source-done' : 'check-source-again'] } : {},
    );
    await runAll(loop, { definitions });
    expect(log).toEqual(['body', 'check', 'body', 'check', 'body', 'check', 'after']);
  });

  test('a join inside a loop waits for its branches in every round', async () => {
    const { log, definitions } = steps((id, times) =>
      id === 'join' ? { skipHandles: [times < 2 ? 'join-source-done' : 'join-source-again'] } : {},
    );
    await runAll(
      flow(
        'head a b join out',
        'start>head',
        'head>a',
        'head>b',
        'a>join',
        'b>join',
        'join:again>head',
        'join:done>out',
      ),
      { definitions },
    );
    expect(log).toEqual(['head', 'a', 'b', 'join', 'head', 'a', 'b', 'join', 'out']);
  });

  test('a loop inside a loop starts afresh in each outer round', async () => {
    const { log, definitions } = steps((id, times) => {
      if (id === 'inner') return { skipHandles: [times % 2 ? 'inner-source-done' : 'inner-source-again'] };
      if (id === 'outer') return { skipHandles: [times < 2 ? 'outer-source-done' : 'outer-source-again'] };
      return {};
    });
    await runAll(
      flow(
        'head inner outer end',
        'start>head',
        'head>inner',
        'inner:again>inner',
        'inner:done>outer',
        'outer:again>head',
        'outer:done>end',
      ),
      { definitions },
    );
    expect(log).toEqual(['head', 'inner', 'inner', 'outer', 'head', 'inner', 'inner', 'outer', 'end']);
  });

  test('an endless loop ends with the budget, and the run says so', async () => {
    const { log, definitions } = steps((id) =>
      id === 'check' ? { skipHandles: ['check-source-done'] } : {},
    );
    const events = await runAll(loop, { definitions, input: { limits: { maxRuns: 21, maxParallel: 10 } } });
    expect(log.length).toBeLessThanOrEqual(20);
    expect(log.length).toBeGreaterThan(15);
    expect(ofType(events, 'error')).toMatchObject([{ name: 'workflowTooLong' }]);
    expect(events.at(-1)?.type).toBe('done');
  });
});

describe('failures', () => {
  const failing = (more = {}): WorkflowDocument => ({
    nodes: [
      start(),
      node('bad', 'step', {}, more),
      node('next', 'step'),
      node('rescue', 'answerNode', { text: '{{$bad.system_error_text$}}' }),
    ],
    edges: edges('start>bad', 'bad>next', 'bad:catch-not>next').concat({
      source: 'bad',
      sourceHandle: 'bad-source_catch-right',
      target: 'rescue',
      targetHandle: 'rescue-target-left',
    }),
    chatConfig: {},
  });
  const breaking = () =>
    steps((id) => {
      if (id === 'bad') throw fail('modelFailed', { params: { model: 'm', details: 'no power' } });
      return {};
    });

  test('a failing node ends its path, reports in its response, and as an error when nothing was answered', async () => {
    const { log, definitions } = breaking();
    const events = await runAll(failing(), { definitions });
    expect(log).toEqual(['bad']);
    const response = ofType(events, 'nodeResponse').find((e) => e.response.nodeId === 'bad')?.response;
    expect(response?.errorText).toContain('no power');
    expect(ofType(events, 'error')).toMatchObject([{ name: 'modelFailed', nodeId: 'bad' }]);
  });

  test('a node that catches errors follows its error handle only, with the text', async () => {
    const { log, definitions } = breaking();
    const events = await runAll(failing({ catchError: true }), { definitions });
    expect(log).toEqual(['bad']);
    expect(answerOf(events)).toContain('no power');
    expect(ofType(events, 'error')).toEqual([]);
  });

  test('without a failure the error handle is skipped', async () => {
    const { log, definitions } = steps();
    const events = await runAll(failing({ catchError: true }), { definitions });
    expect(log).toEqual(['bad', 'next']);
    expect(answerOf(events)).toBe('');
  });

  test('a failure beside a whole answer is no error of the run', async () => {
    const { definitions } = breaking();
    const document: WorkflowDocument = {
      nodes: [start(), node('say', 'answerNode', { text: 'hello' }), node('bad', 'step')],
      edges: edges('start>say', 'start>bad'),
      chatConfig: {},
    };
    const events = await runAll(document, { definitions });
    expect(answerOf(events)).toBe('\nhello');
    expect(ofType(events, 'error')).toEqual([]);
  });

  test('a bug in a node shows a general text, and its cause goes to the log only', async () => {
    const causes: unknown[] = [];
    const { definitions } = steps(() => {
      throw new Error('password=hunter2');
    });
    const events = await runAll(flow('bad', 'start>bad'), {
      definitions,
      effects: effectsWith(scriptedModel(says('x')), { onFailure: (cause) => causes.push(cause) }),
    });
    expect(JSON.stringify(events)).not.toContain('hunter2');
    expect(ofType(events, 'error')).toMatchObject([{ name: 'nodeFailed' }]);
    expect(causes).toMatchObject([{ message: 'password=hunter2' }]);
  });
});

describe('stopping', () => {
  const chat: WorkflowDocument = {
    nodes: [
      start(),
      node('chat', 'chatNode', { userChatInput: 'hi' }),
      node('after', 'answerNode', { text: 'no' }),
    ],
    edges: edges('start>chat', 'chat>after'),
    chatConfig: {},
  };
  /** Says two words and then waits until it is stopped. */
  const stuck = () =>
    scriptedModel(async function* (_, signal) {
      yield { type: 'text', text: 'one ' };
      yield { type: 'text', text: 'two' };
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    });

  test('an abort delivers what was there and then throws its reason', async () => {
    const abort = new AbortController();
    const texts: string[] = [];
    const read = async () => {
      for await (const event of runWorkflow(inputOf(chat, { signal: abort.signal }), effectsWith(stuck()))) {
        if (event.type === 'answer') texts.push(event.text);
        if (texts.length === 2) abort.abort(new Error('stopped by the caller'));
      }
    };
    await expect(read()).rejects.toThrow('stopped by the caller');
    expect(texts).toEqual(['one ', 'two']);
  });

  test('a signal that is aborted already starts nothing', async () => {
    const model = stuck();
    const run = runWorkflow(
      inputOf(chat, { signal: AbortSignal.abort(new Error('gone')) }),
      effectsWith(model),
    );
    await expect(collect(run)).rejects.toThrow('gone');
    expect(model.requests).toEqual([]);
  });

  test('a reader that leaves stops the model', async () => {
    let stopped = false;
    const model = scriptedModel(async function* (_, signal) {
      signal.addEventListener('abort', () => {
        stopped = true;
      });
      yield { type: 'text', text: 'one' };
      await new Promise(() => {});
    });
    for await (const event of runWorkflow(inputOf(chat), effectsWith(model))) {
      if (event.type === 'answer') break;
    }
    expect(stopped).toBe(true);
  });

  test('batches give the same events as single reading', async () => {
    const effects = effectsWith(scriptedModel(says('a', 'b', 'c')));
    const batches = await collect(runWorkflow(inputOf(chat), effects).batches());
    expect(answerOf(batches.flat())).toBe('abc\nno');
    expect(batches.flat().at(-1)?.type).toBe('done');
  });
});

describe('compiling', () => {
  const problemsOf = (document: WorkflowDocument) => {
    try {
      compileWorkflow(document);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  test('tells every problem at once, by the name of the node', () => {
    const text = problemsOf({
      nodes: [start(), node('x', 'chatNode'), node('x', 'chatNode'), node('Tool user', 'tools')],
      edges: edges('start>Tool user', 'start>nowhere'),
      chatConfig: {},
    });
    expect(text).toContain('"x" is used more than once');
    expect(text).toContain('unknown node "nowhere"');
    expect(text).toContain('"Tool user" (Tool user) has the type "tools"');
  });

  test('a workflow without a start cannot run', () => {
    expect(problemsOf({ nodes: [node('c', 'chatNode')], edges: [], chatConfig: {} })).toContain(
      'no start node',
    );
  });

  test('a workflow of another kind of app is told by the node it starts with', () => {
    const document = { nodes: [node('Tool input', 'pluginInput')], edges: [], chatConfig: {} };
    expect(problemsOf(document)).toContain('"Tool input" (Tool input) has the type "pluginInput"');
  });

  test('a node of an unknown type that no run reaches is no problem', () => {
    expect(problemsOf({ nodes: [start(), node('lost', 'tools')], edges: [], chatConfig: {} })).toBe('');
  });

  test('a reference to an unknown node only warns', () => {
    const plan = compileWorkflow({
      nodes: [start(), node('c', 'answerNode', { text: '{{$ghost.x$}}' })],
      edges: edges('start>c'),
      chatConfig: {},
    });
    expect(plan.warnings).toHaveLength(1);
    expect(plan.warnings[0]).toContain('"ghost"');
  });

  test('enum prefixes of shipped templates are stripped', () => {
    const plan = compileWorkflow({
      nodes: [
        {
          ...start(),
          inputs: [{ key: 'userChatInput', renderTypeList: ['FlowNodeInputTypeEnum.reference'] }],
          outputs: [{ id: 'o', key: 'o', type: 'FlowNodeOutputTypeEnum.static' }],
        },
      ],
      edges: [],
      chatConfig: {},
    });
    expect(plan.nodes[0]?.node.inputs[0]?.renderTypeList).toEqual(['reference']);
    expect(plan.nodes[0]?.node.outputs[0]?.type).toBe('static');
  });

  test('a chain of thousands of nodes compiles', () => {
    const ids = Array.from({ length: 3000 }, (_, i) => `n${i}`);
    const plan = compileWorkflow({
      nodes: [start(), ...ids.map((id) => node(id, 'answerNode'))],
      edges: edges(...ids.map((id, i) => `${i === 0 ? 'start' : `n${i - 1}`}>${id}`)),
      chatConfig: {},
    });
    expect(plan.nodes).toHaveLength(3001);
  });
});
