/** What a chat shows before the first question: a text, and questions that can be asked with one click. */
export interface Welcome {
  text: string;
  questions: string[];
}

/** A line of nothing but `[a question]`; a link such as `[name](address)` is none. */
const questionLine = /^\s*\[([^[\]]+)\]\s*$/;

/** Reads `welcomeText` as FastGPT writes it: a line that is one pair of brackets is a question to click. */
export function readWelcome(welcomeText: string): Welcome {
  const questions: string[] = [];
  const lines = welcomeText.split(/\r?\n/).filter((line) => {
    const question = questionLine.exec(line)?.[1]?.trim();
    if (!question) return true;
    questions.push(question);
    return false;
  });
  return { text: lines.join('\n').trim(), questions };
}

/** The `welcomeText` that reads as this. Brackets and line ends inside a question would end it, and are taken out. */
export function writeWelcome({ text, questions }: Welcome): string {
  const lines = questions
    .map((question) => question.replace(/[[\]\r\n]+/g, ' ').trim())
    .filter((question) => question !== '')
    .map((question) => `[${question}]`);
  return [text.trim(), ...lines].filter((part) => part !== '').join('\n');
}
