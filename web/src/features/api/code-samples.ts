/** What a sample calls, and how. */
export interface SampleSettings {
  /** With `/api`, without a slash at the end. */
  baseUrl: string;
  appId: string;
  /** In plain text, or what stands for it. */
  key: string;
  question: string;
  stream: boolean;
  /** The server keeps the conversation. */
  chatId: string | undefined;
  /** Values for the variables of the app. */
  variables: Record<string, string | number | boolean>;
}

export const languages = ['curl', 'typescript', 'python'] as const;
export type Language = (typeof languages)[number];

/** What Lectern takes beyond OpenAI's parameters. */
function ownFields({ chatId, variables }: SampleSettings): Record<string, unknown> {
  return {
    ...(chatId !== undefined && { chatId }),
    ...(Object.keys(variables).length > 0 && { variables }),
  };
}

const indent = (text: string, by: string) => text.replaceAll('\n', `\n${by}`);
/** Between single quotes of a shell. */
const shellText = (text: string) => text.replaceAll("'", String.raw`'\''`);

function curl(settings: SampleSettings): string {
  const body = {
    ...(settings.stream && { stream: true }),
    ...ownFields(settings),
    messages: [{ role: 'user', content: settings.question }],
  };
  return [
    `curl ${settings.stream ? '-N ' : ''}'${settings.baseUrl}/v1/chat/completions' \\`,
    `  -H 'Authorization: Bearer ${settings.key}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${shellText(indent(JSON.stringify(body, null, 2), '  '))}'`,
  ].join('\n');
}

function typescript(settings: SampleSettings): string {
  const own = ownFields(settings);
  const hasOwn = Object.keys(own).length > 0;
  return [
    "import OpenAI from 'openai';",
    '',
    'const client = new OpenAI({',
    `  baseURL: ${JSON.stringify(`${settings.baseUrl}/v1`)},`,
    `  apiKey: ${JSON.stringify(settings.key)},`,
    '});',
    '',
    `const ${settings.stream ? 'stream' : 'answer'} = await client.chat.completions.create({`,
    `  model: ${JSON.stringify(settings.appId)},`,
    `  messages: [{ role: 'user', content: ${JSON.stringify(settings.question)} }],`,
    ...(settings.stream ? ['  stream: true,'] : []),
    // Spread, because the types of the package do not know them.
    ...(hasOwn ? [`  ...${indent(JSON.stringify(own, null, 2), '  ')},`] : []),
    '});',
    ...(settings.stream
      ? [
          'for await (const chunk of stream) {',
          "  process.stdout.write(chunk.choices[0]?.delta?.content ?? '');",
          '}',
        ]
      : ['console.log(answer.choices[0]?.message.content);']),
  ].join('\n');
}

/** JSON as Python writes it; texts are the same in both. */
function pythonValue(value: unknown, by: string): string {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([name, inner]) => `${by}    ${JSON.stringify(name)}: ${pythonValue(inner, `${by}    `)},`,
  );
  return ['{', ...fields, `${by}}`].join('\n');
}

function python(settings: SampleSettings): string {
  const own = ownFields(settings);
  return [
    'from openai import OpenAI',
    '',
    'client = OpenAI(',
    `    base_url=${JSON.stringify(`${settings.baseUrl}/v1`)},`,
    `    api_key=${JSON.stringify(settings.key)},`,
    ')',
    '',
    `${settings.stream ? 'stream' : 'answer'} = client.chat.completions.create(`,
    `    model=${JSON.stringify(settings.appId)},`,
    `    messages=[{"role": "user", "content": ${JSON.stringify(settings.question)}}],`,
    ...(settings.stream ? ['    stream=True,'] : []),
    ...(Object.keys(own).length > 0 ? [`    extra_body=${pythonValue(own, '    ')},`] : []),
    ')',
    ...(settings.stream
      ? [
          'for chunk in stream:',
          '    if chunk.choices:',
          '        print(chunk.choices[0].delta.content or "", end="", flush=True)',
        ]
      : ['print(answer.choices[0].message.content)']),
  ].join('\n');
}

const writers: Record<Language, (settings: SampleSettings) => string> = { curl, typescript, python };

/** A program that asks the app one question, ready to be run. */
export const sampleOf = (language: Language, settings: SampleSettings): string => writers[language](settings);
