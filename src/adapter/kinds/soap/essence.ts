import type { Element } from '@xmldom/xmldom';

const ELEMENT = 1;
const TEXT = 3;
const CDATA = 4;

/**
 * What an element says, as a text: names with their namespaces, attributes, texts and elements in order. Prefixes, declarations of namespaces,
 * comments and the order of attributes say nothing. Two elements of the same essence are read as the same, whoever parsed them.
 */
export const essenceOf = (element: Element): string => JSON.stringify(partsOf(element));

function partsOf(element: Element): unknown {
  const attributes = Array.from(element.attributes)
    .filter(({ name }) => !/^xmlns(?::|$)/.test(name))
    .map(({ namespaceURI, localName, name, value }) => [namespaceURI ?? '', localName ?? name, value])
    .sort((one, other) => (one.join(' ') < other.join(' ') ? -1 : 1));
  const content: unknown[] = [];
  let text = '';
  const endText = (): void => {
    if (text !== '') content.push(text);
    text = '';
  };
  for (const child of Array.from(element.childNodes)) {
    if (child.nodeType === TEXT || child.nodeType === CDATA) text += child.nodeValue ?? '';
    if (child.nodeType !== ELEMENT) continue;
    endText();
    content.push(partsOf(child as Element));
  }
  endText();
  return [element.namespaceURI ?? '', element.localName ?? element.nodeName, attributes, content];
}
