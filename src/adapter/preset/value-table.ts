/**
 * How the values of one attribute are called on both sides. Several rows may name the same value of one side: the first counts in the
 * other direction. What stands in no row passes as it is.
 */
export type ValueTable = readonly (readonly [canonical: string, theirs: string | number])[];

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const literal = (value: string | number): string => (typeof value === 'number' ? `\`${value}\`` : quoted(value));

/** JMESPath that reads a value at an expression and gives what stands beside it. */
const chosen = (rows: readonly (readonly [string, string | number])[], expression: string): string => {
  const firsts = rows.filter(([from], at) => rows.findIndex(([other]) => other === from) === at);
  return [...firsts.map(([from, to]) => `(to_string(${expression}) == ${quoted(from)} && ${literal(to)})`), expression].join(' || ');
};

/** A member of a body that carries an attribute in the system's own words; left out where the message has no such attribute. */
export const outward = (table: ValueTable, attribute: string): { readonly $query: string } =>
  ({ $query: chosen(table, `attributes.${attribute}`) });

/** A place that reads the system's own word and gives the canonical one. */
export const inward = (table: ValueTable, expression: string): { readonly jmespath: string } =>
  ({ jmespath: chosen(table.map(([canonical, theirs]) => [String(theirs), canonical]), expression) });

/** The same as `outward` for templates of XML: an element for each row, of which the one that fits is written. */
export function outwardXml(element: string, table: ValueTable, attribute: string): string {
  const firsts = table.filter(([canonical], at) => table.findIndex(([other]) => other === canonical) === at);
  const value = `to_string(attributes.${attribute})`;
  const rows = firsts.map(([canonical, theirs]) => `<${element} parley:if="${value} == ${quoted(canonical)}">${theirs}</${element}>`);
  const known = quoted(`|${firsts.map(([canonical]) => canonical).join('|')}|`);
  return `${rows.join('')}<${element} parley:if="attributes.${attribute} &amp;&amp; !contains(${known}, join('', ['|', ${value}, '|']))">{{attributes.${attribute}}}</${element}>`;
}
