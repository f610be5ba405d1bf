import type { Config } from './config.ts';
import type { FirstRun } from './domain/first-run/first-run.ts';

/** What the operator reads after the start. Secrets stand in it at the first start only. */
export function startMessage(facts: {
  url: string;
  config: Config;
  first: FirstRun;
  models: string[];
}): string {
  const { url, config, first, models } = facts;
  const lines = ['', `  Lectern is running at ${url}`, ''];
  lines.push(`  API documentation  ${url}/openapi`);
  lines.push(`  Base URL           ${url}/api`);
  lines.push(`  Data directory     ${config.dataDir}`);
  lines.push(`  Models             ${models.join('; ')}`);
  if (first.root.created) {
    lines.push('', '  Log in as          root');
    if (first.root.password) {
      lines.push(`  Password           ${first.root.password}    (shown only now; keep it)`);
    } else {
      lines.push('  Password           as set in DEFAULT_ROOT_PSW');
      if (first.root.mustChange)
        lines.push('                     It is a known default: the first login has to change it.');
    }
  }
  if (first.demo)
    lines.push(
      '',
      '  Ask the demo app, which has read this documentation:',
      '',
      demoCurl(url, first.demo.key),
      '',
    );
  else if (!first.root.created)
    lines.push('', '  New key            npm run lectern -- keys create --name my-key', '');
  else lines.push('');
  return `${lines.join('\n')}\n`;
}

/** The first request someone pastes: it answers with its sources. */
export function demoCurl(url: string, key: string): string {
  return `curl ${url}/api/v1/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"detail": true, "messages": [{"role": "user", "content": "Which two kinds of API key are there?"}]}'`;
}
