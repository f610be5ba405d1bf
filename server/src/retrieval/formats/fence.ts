/** Code between fences longer than any in it. */
export function fencedCode(code: string, language: string): string {
  const longest = [...code.matchAll(/^\s*(`{3,})/gm)].reduce(
    (most, [, run = '']) => Math.max(most, run.length),
    2,
  );
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code.replace(/\n+$/, '')}\n${fence}`;
}
