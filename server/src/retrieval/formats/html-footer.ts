import type TurndownService from 'turndown';

/*
 * The foot of a whole page holds links to the rest of its site, which say nothing, and now and then what stands nowhere
 * else: who is responsible, an address, terms. What only leads elsewhere is left out, what is said stays.
 */

/** A label above links is no longer than so many letters, and no sentence, number or address. */
const longestLabel = 30;
const noLabel = /[\d.:,;©@。，：；]/;

/** What takes a line or more of its own. */
const blocks = new Set(
  'ADDRESS ARTICLE ASIDE BLOCKQUOTE CENTER DD DIV DL DT FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER LI OL P PRE SECTION TABLE TBODY TD TH TR UL'.split(
    ' ',
  ),
);
/** What is to be filled in or pressed. */
const controls = new Set(['FORM', 'BUTTON', 'SELECT', 'INPUT', 'TEXTAREA']);

interface Node {
  nodeName: string;
  nodeValue: string | null;
  textContent: string | null;
  parentNode: Node | null;
  firstChild: Node | null;
  nextSibling: Node | null;
}
/** Letters in a node, those of them in links, and whether it says something of its own. */
interface Weight {
  letters: number;
  linked: number;
  says: boolean;
}
type Weights = WeakMap<object, Weight>;

/** Leaves links, their labels and controls out of the foot of a page. */
export function dropFooterLinks(service: TurndownService): void {
  // Elements are asked about from the outside in, each once.
  const weights: Weights = new WeakMap();
  service.addRule('footer', {
    filter: (element) => {
      const node = element as unknown as Node;
      if (isPageFooter(node) && !weights.has(node)) weigh(node, weights);
      return weights.has(node) && leadsElsewhere(node, weights);
    },
    replacement: () => '',
  });
}

/** The foot of a whole page; that of an article or of a quotation says who wrote it. */
function isPageFooter(node: Node): boolean {
  if (node.nodeName !== 'FOOTER') return false;
  for (let at = node.parentNode; at; at = at.parentNode)
    if (/^(?:article|section|main|blockquote|aside)$/i.test(at.nodeName)) return false;
  return true;
}

function weigh(node: Node, weights: Weights): Weight {
  const weight: Weight = { letters: lettersIn(node.nodeValue ?? ''), linked: 0, says: false };
  for (let child = node.firstChild; child; child = child.nextSibling) {
    const { letters, linked } = weigh(child, weights);
    weight.letters += letters;
    weight.linked += linked;
  }
  if (node.nodeName === 'A') weight.linked = weight.letters;
  weight.says = says(node, weights);
  weights.set(node, weight);
  return weight;
}

/** Whether a block has more words than links beside the blocks in it, or one of those says something. */
function says(node: Node, weights: Weights): boolean {
  const own = { letters: 0, linked: 0 };
  for (let child = node.firstChild; child; child = child.nextSibling) {
    const part = weights.get(child);
    if (!part) continue;
    if (part.says && !isLabel(child, weights)) return true;
    if (blocks.has(child.nodeName)) continue;
    own.letters += part.letters;
    own.linked += part.linked;
  }
  return blocks.has(node.nodeName) && own.letters > 0 && !mostlyLinks(own);
}

/** Whether a block without links names the links behind it. */
function isLabel(node: Node, weights: Weights): boolean {
  const weight = weights.get(node);
  if (!weight || weight.linked > 0 || weight.letters > longestLabel) return false;
  if (noLabel.test(node.textContent ?? '')) return false;
  for (let next = node.nextSibling; next; next = next.nextSibling) {
    const behind = weights.get(next);
    if (behind && behind.letters > 0) return mostlyLinks(behind);
  }
  return false;
}

function leadsElsewhere(node: Node, weights: Weights): boolean {
  if (controls.has(node.nodeName)) return true;
  const weight = weights.get(node);
  if (!weight || weight.letters === 0 || !blocks.has(node.nodeName)) return false;
  return isLabel(node, weights) || (!weight.says && mostlyLinks(weight));
}

const mostlyLinks = ({ letters, linked }: Omit<Weight, 'says'>): boolean => linked > letters / 2;
const lettersIn = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
