import { describe, expect, it } from 'vitest';
import { isCovered } from './coverage.ts';

const guide =
  'How to use the server from a program. It runs on Linux. Americans use it too. Everyone has 30 days of leave a year.';
const zh = '知识库由集合组成。每位员工每年有三十天年假，须提前两周申请。';

describe('passages speak of what is asked', () => {
  const covered: [string, string, string][] = [
    ['when they hold its words', 'How many days of leave are there?', guide],
    ['in another form of a word', 'Does it run in America?', guide],
    ['when it has common words only', 'How do I use it?', guide],
    ['when a common word stands beside a known one', 'How do I create a program?', guide],
    ['also in Chinese', '员工每年有多少天年假？', zh],
    ['also in Chinese with common words only', '怎么使用？', zh],
    ['when a known name is written in another case', 'Does it run on linux', guide],
  ];
  for (const [name, question, passage] of covered) {
    it(name, () => {
      expect(isCovered(question, [passage])).toBe(true);
    });
  }

  const foreign: [string, string, string][] = [
    ['when only common words match', 'How do I use PostgreSQL?', guide],
    ['when only common words match, without capitals', 'how do i use postgresql', guide],
    ['when a name of the question is missing', 'Does the server run on macOS?', guide],
    ['when only common Chinese words match', '怎么使用打印机？', `${zh}使用方法见下文。`],
    ['when a Latin name of a Chinese question is missing', '知识库支持 PostgreSQL 吗？', zh],
    ['when there are none', 'Where is it kept?', ''],
  ];
  for (const [name, question, passage] of foreign) {
    it(`not ${name}`, () => {
      expect(isCovered(question, [passage])).toBe(false);
    });
  }
});
