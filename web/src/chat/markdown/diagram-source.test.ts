import { describe, expect, test } from 'vitest';
import { isHarmlessDiagram } from './diagram-source.ts';

describe('a diagram that is drawn', () => {
  test.each([
    'graph TD\n  A[Question] --> B{Found?}\n  B -->|yes| C[Answer]\n  B -- no --> D((End))',
    'sequenceDiagram\n  Alice->>Bob: Hello\n  Bob-->>Alice: Hi, it is 10:30',
    'classDiagram\n  Animal <|-- Duck\n  Animal : +int age',
    'pie title Pets\n  "Dogs" : 386\n  "Cats" : 85',
    'stateDiagram-v2\n  [*] --> Still\n  Still --> [*]',
    'erDiagram\n  CUSTOMER ||--o{ ORDER : places',
    'gantt\n  title Plan\n  section A\n  Task : a1, 2026-01-01, 30d',
    'graph LR\n  A["first line<br/>second line"] --> B',
  ])('%j', (source) => expect(isHarmlessDiagram(source)).toBe(true));
});

describe('a diagram that is shown as text', () => {
  test.each([
    'graph TD\n  A@{ img: "https://evil.example/x.png" }',
    'graph TD\n  A@{ img: "//evil.example/x.png" }',
    'graph TD\n  A["<img src=x onerror=alert(1)>"]',
    'graph TD\n  A["&lt;img src=x&gt;"]',
    'graph TD\n  click A "https://evil.example/"',
    'graph TD\n  click A call alert(1)',
    'graph TD\n  style A fill:url(https://evil.example)',
    'graph TD\n  classDef a background:u\\72l(x)',
    '%%{init: {"themeCSS": "* { background: red }"}}%%\ngraph TD\n  A',
    '---\nconfig:\n  themeCSS: "x"\n---\ngraph TD\n  A',
    'graph TD\n  A["javascript:alert(1)"]',
    'graph TD\n  A["data:image/svg+xml,x"]',
    'graph TD\n  A["<svg/onload=alert(1)>"]',
    'sequenceDiagram\n  link Alice: Home @ //evil.example',
    `graph TD\n${'  A --> B\n'.repeat(3000)}`,
  ])('%j', (source) => expect(isHarmlessDiagram(source)).toBe(false));
});
