import type { WorkflowNode } from '@lectern/contract/workflow.ts';
import { describe, expect, test } from 'vitest';
import { coerce } from './coerce.ts';
import { resolve, type Scope, sourceOf } from './variables.ts';

function node(nodeId: string, more: Partial<WorkflowNode> = {}): WorkflowNode {
  return { nodeId, name: nodeId, flowNodeType: 'test', inputs: [], outputs: [], ...more };
}

const nodes = new Map(
  [
    node('a', {
      outputs: [
        { id: 'out', key: 'out' },
        { id: 'x7f', key: 'city' },
      ],
      inputs: [{ key: 'given', value: 'written' }],
    }),
    node('b', { outputs: [{ id: 'list', key: 'list' }] }),
  ].map((n) => [n.nodeId, n]),
);

const scope = (
  outputs: Record<string, Record<string, unknown>> = {},
  variables: Record<string, unknown> = {},
): Scope => ({
  outputs: new Map(Object.entries(outputs)),
  inputs: new Map(),
  variables,
});

const evaluate = (value: unknown, s: Scope) => resolve(sourceOf(value, nodes), s);

describe('references', () => {
  test('a pair gives the value of that output, whatever its type', () => {
    expect(evaluate(['a', 'out'], scope({ a: { out: { deep: 1 } } }))).toEqual({ deep: 1 });
  });
  test('outputs are referred to by id and answered by key', () => {
    expect(evaluate(['a', 'x7f'], scope({ a: { city: 'Oslo' } }))).toBe('Oslo');
  });
  test('a pair of VARIABLE_NODE_ID gives a variable', () => {
    expect(evaluate(['VARIABLE_NODE_ID', 'lang'], scope({}, { lang: 'zh' }))).toBe('zh');
  });
  test('a node that has not run gives undefined', () => {
    expect(evaluate(['a', 'out'], scope())).toBeUndefined();
  });
  test('two texts that name no node stay as they are', () => {
    expect(evaluate(['nobody', 'out'], scope())).toEqual(['nobody', 'out']);
  });
  test('a list of pairs is resolved, flattened and cleaned of undefined', () => {
    const s = scope({ a: { out: 'one' }, b: { list: ['two', 'three'] } });
    expect(
      evaluate(
        [
          ['a', 'out'],
          ['b', 'list'],
          ['a', 'x7f'],
        ],
        s,
      ),
    ).toEqual(['one', 'two', 'three']);
  });
  test('a list in which one item is no pair stays as it is', () => {
    expect(evaluate([['a', 'out'], 'plain'], scope({ a: { out: 1 } }))).toEqual([['a', 'out'], 'plain']);
  });
  test('inherited names are no variables', () => {
    expect(evaluate(['VARIABLE_NODE_ID', 'constructor'], scope())).toBeUndefined();
    expect(evaluate('{{toString}}', scope())).toBe('{{toString}}');
  });
});

describe('texts', () => {
  test('{{$node.output$}} is replaced, objects as JSON', () => {
    expect(evaluate('<{{$a.out$}}>', scope({ a: { out: { x: [1] } } }))).toBe('<{"x":[1]}>');
  });
  test('undefined becomes empty, null becomes null', () => {
    expect(evaluate('[{{$a.out$}}][{{$a.x7f$}}]', scope({ a: { city: null } }))).toBe('[][null]');
  });
  test('{{$VARIABLE_NODE_ID.key$}} and {{key}} give a variable', () => {
    expect(evaluate('{{$VARIABLE_NODE_ID.lang$}} {{lang}}', scope({}, { lang: 'zh' }))).toBe('zh zh');
  });
  test('an unknown {{key}} stays, since prompts have placeholders of their own', () => {
    expect(evaluate('{{q}} {{lang}}', scope({}, { lang: undefined }))).toBe('{{q}} ');
  });
  test('an input of a node can be named where no output has that key', () => {
    expect(evaluate('{{$a.given$}}', scope())).toBe('written');
    const ran: Scope = { ...scope(), inputs: new Map([['a', { given: 'resolved' }]]) };
    expect(evaluate('{{$a.given$}}', ran)).toBe('resolved');
  });
  test('a value that looks like a template is not filled in again', () => {
    const s = scope({ a: { out: '{{secret}} {{$b.list$}}' }, b: { list: 'no' } }, { secret: 'no' });
    expect(evaluate('{{$a.out$}}', s)).toBe('{{secret}} {{$b.list$}}');
  });
});

describe('coercion', () => {
  const cases: [string, unknown, string, unknown][] = [
    ['undefined stays', undefined, 'string', undefined],
    ['null stays', null, 'arrayString', null],
    ['a string of an object is JSON', { a: 1 }, 'string', '{"a":1}'],
    ['a string of a number', 5, 'string', '5'],
    ['a number of a text', '1.5', 'number', 1.5],
    ['a number of an empty text is undefined', '', 'number', undefined],
    ['a number of any other text is undefined', 'many', 'number', undefined],
    ['a boolean of the text true, without case', 'TRUE', 'boolean', true],
    ['a boolean of any other text', 'yes', 'boolean', false],
    ['a boolean of a number', 1, 'boolean', true],
    ['an object of JSON5', "{a: 'x',}", 'object', { a: 'x' }],
    ['an object of other text', 'plain', 'object', {}],
    ['an array stays', [1], 'arrayNumber', [1]],
    ['an array of JSON5', "['a']", 'arrayString', ['a']],
    ['an array of other text', 'plain', 'arrayString', ['plain']],
    ['an array of a value', { a: 1 }, 'arrayObject', [{ a: 1 }]],
    ['history of a number of rounds', 6, 'chatHistory', 6],
    ['history of a number as text', '6', 'chatHistory', 6],
    ['quotes of JSON5', '[{q: 1}]', 'datasetQuote', [{ q: 1 }]],
    ['quotes of other text', 'plain', 'datasetQuote', []],
    ['any stays', { a: 1 }, 'any', { a: 1 }],
  ];
  test.each(cases)('%s', (_, value, type, expected) => {
    expect(coerce(value, type)).toEqual(expected);
  });
});
