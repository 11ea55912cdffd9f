import { type DiffLine, lineDiff } from '../ui/line-diff';
import { type NameOf, type RuleDocument, ruleWords } from './rule-words';

/** Keys that tell of a version or of the rule as a whole, not of what it does. */
const LIFECYCLE: readonly string[] = ['ruleId', 'version', 'changeDescription', 'createdTime', 'createdBy', 'activatedTime', 'activatedBy', 'current', 'enabled', 'active'];
const EMPTY_BY_DEFAULT: readonly string[] = ['entityConditions', 'conversationConditions', 'delayConditions', 'virtualAttributeMappings', 'mappings', 'conversationAttributeMappings', 'tests', 'linkedRules'];

/** What changed between two versions, as sentences: only those that came and went. */
export function changeInWords(before: RuleDocument, after: RuleDocument, nameOf?: NameOf): readonly DiffLine[] {
  return lineDiff(sentencesOf(before, nameOf), sentencesOf(after, nameOf)).filter((line) => line.kind !== 'same');
}

/** What changed between two documents, as lines of JSON with sorted keys. */
export const changeInJson = (before: RuleDocument, after: RuleDocument): readonly DiffLine[] => lineDiff(jsonLines(before), jsonLines(after));

function sentencesOf(rule: RuleDocument, nameOf?: NameOf): readonly string[] {
  const words = ruleWords(rule, nameOf);
  const mappings = words.mappings.map(({ list, target, from, how }) => `${list === 'outbound' ? '' : `${list}: `}${target || '–'} ← ${[from, how].filter((part) => part !== '').join(', ')}`);
  return [
    `is called “${String(rule['name'] ?? '')}”`,
    ...(typeof rule['priority'] === 'number' && rule['priority'] !== 0 ? [`has priority ${String(rule['priority'])}`] : []),
    ...words.when.map((line) => `when ${line}`), ...words.waits.map((line) => `waits until ${line}`), ...words.does, ...mappings, ...tableRows(rule), ...testNames(rule),
  ];
}

function tableRows(rule: RuleDocument): readonly string[] {
  return ['virtualAttributeMappings', 'mappings', 'conversationAttributeMappings'].flatMap((key) => documentsAt(rule, key).flatMap((mapping) => {
    const label = textsAt(mapping, 'targets').join(', ');
    const rows = documentsAt(mapping, 'rows').map((row) => `table ${label}: ${cellsOf(row['when'])} → ${cellsOf(row['then'])}`);
    return Array.isArray(mapping['defaults']) ? [...rows, `table ${label}: otherwise → ${cellsOf(mapping['defaults'])}`] : rows;
  }));
}

const testNames = (rule: RuleDocument): readonly string[] => documentsAt(rule, 'tests').map((test) => `has the test “${String(test['name'] ?? '')}” (${String(JSON.stringify(test).length)} characters)`);

function jsonLines(rule: RuleDocument): readonly string[] {
  const kept = Object.entries(rule).filter(([key, value]) => !LIFECYCLE.includes(key) && value !== null && value !== undefined && !(EMPTY_BY_DEFAULT.includes(key) && Array.isArray(value) && value.length === 0));
  const sorted = Object.fromEntries(kept.sort(([one], [other]) => (one < other ? -1 : 1)));
  return JSON.stringify(sorted, null, 2).split('\n');
}

const isDocument = (value: unknown): value is RuleDocument => typeof value === 'object' && value !== null && !Array.isArray(value);
const documentsAt = (of: RuleDocument, key: string): readonly RuleDocument[] => (Array.isArray(of[key]) ? of[key].filter(isDocument) : []);
const textsAt = (of: RuleDocument, key: string): readonly string[] => (Array.isArray(of[key]) ? of[key].map(String) : []);
const cellsOf = (cells: unknown): string => (Array.isArray(cells) ? cells.map((cell: unknown) => (isDocument(cell) ? `‹${String(cell['match']).toLowerCase().replace('_', ' ')}›` : cell === null ? '‹untouched›' : cell === '' ? 'blank' : String(cell))).join(', ') : '');
