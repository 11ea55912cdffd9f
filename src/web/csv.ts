/** A spreadsheet takes what begins like this for a formula; an apostrophe makes it text. */
const FORMULA = /^[=+\-@\t\r]/;

/** One line of a file for spreadsheets (RFC 4180), its end included. Text cannot become a formula; nothing is an empty cell; what is no text stands as JSON. */
export const csvLine = (values: readonly unknown[]): string => `${values.map(cell).join(',')}\r\n`;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
