import { describe, expect, test } from 'vitest';
import { addEvent, emptyAnswer, type LiveAnswer } from './answer.ts';

const chunk = (delta: object, model = 'm') => JSON.stringify({ model, choices: [{ delta }] });
const read = (...events: [string, string][]): LiveAnswer =>
  events.reduce((answer, [event, data]) => addEvent(answer, { event, data }), emptyAnswer);

describe('an answer that comes in', () => {
  test('grows with its pieces, with reasoning and passages apart', () => {
    const answer = read(
      ['flowNodeStatus', '{"name":"Search"}'],
      ['flowNodeResponse', '{"quoteList":[{"id":"a"}]}'],
      ['flowNodeStatus', '{"name":"AI"}'],
      ['answer', chunk({ reasoning_content: 'Hm' })],
      ['answer', chunk({ content: 'Two ' })],
      ['answer', chunk({ content: 'years.' })],
      ['flowNodeResponse', '{"moduleType":"chatNode"}'],
      ['workflowDuration', '{"durationSeconds":1.5}'],
      ['answer', chunk({})],
      ['answer', '[DONE]'],
    );
    expect(answer).toEqual({
      text: 'Two years.',
      reasoning: 'Hm',
      step: '',
      quotes: [{ id: 'a' }],
      model: 'm',
      seconds: 1.5,
      ended: true,
      error: undefined,
    });
  });

  test('names the step until there are words', () => {
    expect(read(['flowNodeStatus', '{"name":"Search"}']).step).toBe('Search');
    expect(read(['flowNodeStatus', '{"name":"AI"}'], ['answer', chunk({ content: 'x' })]).step).toBe('');
  });

  test('that is cut off has not ended, one that failed has', () => {
    expect(read(['answer', chunk({ content: 'Two ' })]).ended).toBe(false);
    expect(read(['error', '{"message":"The model failed"}'])).toMatchObject({
      ended: true,
      error: 'The model failed',
    });
    expect(read(['phase', '{}'], ['unavailable', '{}']).ended).toBe(true);
  });
});
