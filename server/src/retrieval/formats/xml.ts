import { XMLParser } from 'fast-xml-parser';
import { decodeText } from './encoding.ts';

/* The small lists of XML in books and workbooks: which part is what, and where it leads. */

/** An element: its attributes as `@name`, its children and its text (`#text`); prefixes of names are left out. */
export type Xml = { [name: string]: Xml | Xml[] | string | undefined };

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
});

/** Fails with an Error of the library where it is no XML. Give it nothing that declares entities (`refuseDoctype`). */
export const parseXml = (content: Uint8Array): Xml => parser.parse(decodeText(content).text) as Xml;

/** Elements at this path below these, whether there is none, one or several at each step. */
export function within(elements: Xml[], ...path: string[]): Xml[] {
  return path.reduce<Xml[]>(
    (found, name) =>
      found.flatMap((element) => {
        const inside = element[name];
        return (Array.isArray(inside) ? inside : [inside]).filter((one) => typeof one === 'object');
      }),
    elements,
  );
}

/** An attribute, or '' where there is none. */
export function attributeOf(element: Xml | undefined, name: string): string {
  const value = element?.[`@${name}`];
  return typeof value === 'string' ? value : '';
}
