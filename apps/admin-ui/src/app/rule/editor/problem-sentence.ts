/** `mappings[0].template: expected a template, found …` as it is said at its place: without its path, and short where something is only missing. */
export function problemSentence(detail: string): string {
  const said = detail.replace(/^[\w.[\]]+: (?=expected )/, '');
  const [, expected, found] = /^expected (.+), found (.+)$/s.exec(said) ?? [];
  if (expected === undefined || found === undefined) return upper(said);
  if (found !== '""' && found !== 'nothing') return upper(`${said}.`.replace(/[.]+$/, '.'));
  return expected.startsWith('text that is not') ? 'Must be filled in.' : `Must be filled in: ${expected}.`;
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
