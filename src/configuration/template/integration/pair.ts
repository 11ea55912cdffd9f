import type { Template, TemplateParameter } from '../template.js';
import { opening, title, writtenBack } from './opening.js';
import { refused, speaking } from './speaking.js';
import { changedPriority, changedStatus, ended, reopened, type ResolutionForm } from './status.js';
import { SOURCE, TARGET, type Part, type Way } from './way.js';

/** A system at one end of an integration. */
export interface Desk {
  readonly name: string;
  /** As its preset calls it; without one it must be said. */
  readonly entityType?: string;
  readonly resolution: ResolutionForm;
}

export interface Pair {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly source: Desk;
  readonly target: Desk;
  /** Whether both ends call the ways to resolve a ticket by the same names. */
  readonly hasSameCodes?: boolean;
}

const THERE: Way = { from: SOURCE, to: TARGET };
const BACK: Way = { from: TARGET, to: SOURCE };
const ADAPTERS = ['rest', 'soap'];

/** One ticket at two desks that are connected by presets: the same rules both ways, in the canonical words. */
export function pair({ id, title: called, description, source, target, hasSameCodes = false }: Pair): Template {
  return {
    id, title: called, description, parameters: parametersOf(source, target),
    rules: [
      ...opening(THERE, { group: 'sourceGroup', assigned: 'assignedGroup' }), writtenBack(THERE), refused(THERE, 'CREATE'), title(THERE),
      ...[...opening(BACK, {}), writtenBack(BACK), refused(BACK, 'CREATE'), title(BACK)].map((rule) => ({ onlyWith: 'targetOpens', ...rule })),
      ...following(THERE, target, hasSameCodes), ...following(BACK, source, hasSameCodes),
    ],
  };
}

const following = (way: Way, to: Desk, hasSameCodes: boolean): readonly Part[] =>
  [changedStatus(way), ended(way, to.resolution, hasSameCodes), reopened(way), changedPriority(way), ...speaking(way), refused(way, 'UPDATE')];

const usual = ({ entityType }: Desk): { readonly default?: string } => (entityType === undefined ? {} : { default: entityType });

const parametersOf = (source: Desk, target: Desk): readonly TemplateParameter[] => [
  { name: 'source', title: `Endpoint of ${source.name}, where tickets are opened`, kind: 'endpoint', adapters: ADAPTERS },
  { name: 'sourceEntityType', title: 'Its entity type', kind: 'text', ...usual(source) },
  { name: 'target', title: `Endpoint of ${target.name}, where they appear`, kind: 'endpoint', adapters: ADAPTERS },
  { name: 'targetEntityType', title: 'Its entity type', kind: 'text', ...usual(target) },
  { name: 'sourceGroup', title: 'Group whose tickets are opened there, as its endpoint calls it; empty: every ticket', kind: 'text', default: '' },
  { name: 'assignedGroup', title: 'Group there that gets them; empty: whichever', kind: 'text', default: '' },
  { name: 'targetOpens', title: 'Tickets that are opened there appear here, too', kind: 'boolean', default: false },
];
