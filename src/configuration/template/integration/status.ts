import { ACTIVE, condition, copy, copyFilled, ENDED, fixed, kept, known, passes, REFUSALS_OVER, route, sends, type Part, type Way } from './way.js';

/** How an end takes the text of a resolution: in a field of its own, as a public comment, or nobody knows (then both). */
export type ResolutionForm = 'field' | 'comment' | 'both';

/**
 * What has changed, and is not what we wrote there: systems tell their status with everything that they say, and many say nothing of our
 * own change when it is made.
 */
const news = (way: Way, attribute: string, values: readonly string[]): readonly Part[] =>
  [condition(attribute, 'EQUALS', ...values), condition(attribute, 'CHANGED'), condition(attribute, 'NOT_EQUALS', kept(known(attribute, way.from)))];
const conversation = (attributes: Part, previous: Part): Part => ({ attributes, previous });

export function changedStatus(way: Way): Part {
  const [here, there] = [known('status', way.from), known('status', way.to)];
  return route(way, 'changed status', 'UPDATE', {
    entityConditions: news(way, 'status', ACTIVE),
    conversationConditions: [condition(here, 'NOT_EQUALS', ...ENDED)],
    mappings: [copy('status'), copy('statusReason')],
    conversationAttributeMappings: [copy('status', here), copy('status', there), REFUSALS_OVER],
    tests: [
      sends(way, 'a status that changes is carried over with its reason', { attributes: { status: 'onHold', statusReason: 'waitingSupplier' }, conversation: conversation({ [here]: 'inProgress' }, { status: 'inProgress' }) }, { status: 'onHold', statusReason: 'waitingSupplier' }),
      passes(way, 'one that does not is not', { status: 'inProgress' }, conversation({ [here]: 'new' }, { status: 'inProgress' })),
      passes(way, 'one that was written here by us is not', { status: 'inProgress' }, conversation({ [here]: 'inProgress' }, { status: 'new' })),
      passes(way, 'a word that nobody agreed on is not', { status: 'Waiting for Godot' }, conversation({ [here]: 'new' }, { status: 'new' })),
    ],
  });
}

export function reopened(way: Way): Part {
  const [here, there] = [known('status', way.from), known('status', way.to)];
  return route(way, 'reopened', 'UPDATE', {
    entityConditions: news(way, 'status', ACTIVE),
    conversationConditions: [condition(here, 'EQUALS', ...ENDED)],
    mappings: [fixed('reopened', 'status')],
    conversationAttributeMappings: [copy('status', here), fixed('reopened', there), fixed('', 'resolution'), REFUSALS_OVER],
    tests: [
      sends(way, 'work that goes on after the end reopens the ticket', { attributes: { status: 'inProgress' }, conversation: conversation({ [here]: 'resolved', resolution: 'Cable' }, { status: 'resolved' }) }, { status: 'reopened' }),
      passes(way, 'work that goes on is no reopening', { status: 'inProgress' }, conversation({ [here]: 'new' }, { status: 'new' })),
    ],
  });
}

/** The text: the resolution of the ticket, else what was said to everybody with it, else that of an earlier end. */
const RESOLUTION: readonly Part[] = [
  copyFilled('sf:conversation:resolution', 'resolution'),
  { type: 'Table', sources: ['comment.text', 'comment.visibility'], targets: ['resolution'], rows: [{ when: [{ match: 'NOT_BLANK' }, 'public'], then: ['${comment.text}'] }] },
  copyFilled('resolution', 'resolution'),
];
/** A resolution that was said is not said again when the ticket is closed. */
const SAID: Part = {
  type: 'Table', sources: ['resolution'], targets: ['comment.text', 'comment.author', 'comment.visibility'],
  rows: [{ when: [kept('resolution')], then: [null, null, null] }, { when: [{ match: 'NOT_BLANK' }], then: ['${resolution}', 'Resolution', 'public'] }],
};

export function ended(way: Way, form: ResolutionForm, hasSameCodes: boolean): Part {
  const [here, there] = [known('status', way.from), known('status', way.to)];
  return route(way, 'resolved, closed or cancelled', 'UPDATE', {
    entityConditions: news(way, 'status', ENDED),
    virtualAttributeMappings: RESOLUTION,
    mappings: [
      copy('status'), ...(form === 'comment' ? [] : [copy('sf:virtual:resolution', 'resolution')]), ...(form === 'field' ? [] : [SAID]), ...(hasSameCodes ? [copyFilled('resolutionCode', 'resolutionCode')] : []),
    ],
    conversationAttributeMappings: [copy('status', here), copy('status', there), copy('sf:virtual:resolution', 'resolution'), REFUSALS_OVER],
    tests: endedTests(way, form),
  });
}

function endedTests(way: Way, form: ResolutionForm): readonly Part[] {
  const here = known('status', way.from);
  const before = conversation({ [here]: 'inProgress' }, { status: 'inProgress' });
  const told = (resolution: string): Part => ({ ...(form === 'comment' ? {} : { resolution }), ...(form === 'field' ? {} : { 'comment.text': resolution, 'comment.author': 'Resolution', 'comment.visibility': 'public' }) });
  const field = (resolution: string): Part => (form === 'comment' ? {} : { resolution });
  return [
    sends(way, 'a ticket that is resolved is resolved there, with what was done', { attributes: { status: 'resolved', resolution: 'Cable replaced' }, conversation: before }, { status: 'resolved', ...told('Cable replaced') }),
    sends(way, 'what was said with it is what was done, where nothing else tells', { attributes: { status: 'resolved', 'comment.text': 'Works again', 'comment.visibility': 'public' }, conversation: before }, { status: 'resolved', ...field('Works again') }),
    sends(way, 'an internal comment does not tell it', { attributes: { status: 'cancelled', 'comment.text': 'A fool', 'comment.visibility': 'internal' }, conversation: before }, { status: 'cancelled' }),
    sends(way, 'closing says nothing twice', { attributes: { status: 'closed', resolution: 'Cable replaced' }, conversation: conversation({ [here]: 'resolved', resolution: 'Cable replaced' }, { status: 'resolved' }) }, { status: 'closed', ...field('Cable replaced') }),
    passes(way, 'what was resolved here by us is not told', { status: 'resolved' }, conversation({ [here]: 'resolved' }, { status: 'inProgress' })),
  ];
}

/** 1 is the highest at every end. Impact and urgency go along where there are any. */
export function changedPriority(way: Way): Part {
  const [here, there] = [known('priority', way.from), known('priority', way.to)];
  return route(way, 'changed priority', 'UPDATE', {
    entityConditions: news(way, 'priority', ['1', '2', '3', '4', '5']),
    mappings: [copy('priority'), copy('impact'), copy('urgency')],
    conversationAttributeMappings: [copy('priority', here), copy('priority', there), REFUSALS_OVER],
    tests: [
      sends(way, 'a priority that changes is carried over', { attributes: { priority: '1', impact: '1' }, conversation: conversation({ [here]: '3' }, { priority: '3' }) }, { priority: '1', impact: '1' }),
      passes(way, 'one that was written here by us is not', { priority: '1' }, conversation({ [here]: '1' }, { priority: '3' })),
    ],
  });
}
