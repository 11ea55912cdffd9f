import { bothKnow, condition, copy, fixed, message, passes, REFUSALS_OVER, remembers, route, sends, type Part, type Way } from './way.js';

const SAID = { 'comment.text': 'On my way', 'comment.author': 'Vera', 'comment.visibility': 'public' };
const INTERNAL = { ...SAID, 'comment.visibility': 'internal' };
const FILE = { attachments: [{ name: 'photo.png', size: 10 }] };
/** Systems that name their comments tell the last one again with everything else; and Jira one that was edited. */
const isNews: readonly Part[] = [condition('comment.id', 'CHANGED'), condition('event', 'NOT_EQUALS', 'comment_updated')];
const FILES = { mapAttachmentsFromSourceMessage: true };

/** Public comments go over with their author and files; internal ones stay, and what else their message says does not. */
export const speaking = (way: Way): readonly Part[] => [comments(way), files(way), internal(way)];

const comments = (way: Way): Part => route(way, 'public comments', 'UPDATE', {
  priority: 1,
  entityConditions: [condition('comment.text', 'NOT_BLANK'), condition('comment.visibility', 'EQUALS', 'public'), ...isNews],
  mappings: [copy('comment.text'), copy('comment.author'), copy('comment.visibility')],
  attachmentMapping: FILES, conversationAttributeMappings: [REFUSALS_OVER],
  tests: [
    sends(way, 'a public comment is passed on with its author', { attributes: SAID }, SAID),
    { ...sends(way, 'its files go with it', { attributes: SAID, message: FILE }), expect: { outbound: [{ attributes: SAID, attachments: ['photo.png'] }] } },
    sends(way, 'the same words under another id are another comment', { attributes: { ...SAID, 'comment.id': '2' }, conversation: { previous: { 'comment.id': '1' } } }, SAID),
    passes(way, 'one that is told again is not passed on again', { ...SAID, 'comment.id': '1' }, { previous: { 'comment.id': '1' } }),
    passes(way, 'nor is one that was edited', { ...SAID, 'comment.id': '1', event: 'comment_updated' }, { previous: { 'comment.id': '2' } }),
    passes(way, 'an internal one is not passed on', INTERNAL),
    passes(way, 'nor one of which nobody says who may read it', { 'comment.text': 'On my way' }),
  ],
});

const files = (way: Way): Part => route(way, 'files without a comment', 'UPDATE', {
  attachmentRequired: true,
  entityConditions: [condition('comment.text', 'BLANK'), condition('comment.visibility', 'EQUALS', 'public', '')],
  mappings: [], attachmentMapping: FILES, conversationAttributeMappings: [REFUSALS_OVER],
  tests: [
    { name: 'a file is passed on', message: message(way.from, {}, FILE), conversation: bothKnow(way), expect: { outcome: 'ROUTED', outbound: [{ endpoint: way.to.endpoint, operation: 'UPDATE', attributes: {}, attachments: ['photo.png'] }] } },
    { name: 'that of an internal comment stays', message: message(way.from, INTERNAL, FILE), conversation: bothKnow(way), expect: { outcome: 'NO_ROUTE', outbound: [] } },
  ],
});

const internal = (way: Way): Part => remembers(way.from, 'internal comments stay here', {
  entityConditions: [condition('comment.text', 'NOT_BLANK'), condition('comment.visibility', 'NOT_EQUALS', 'public'), ...isNews],
  tests: [
    { name: 'an internal comment goes nowhere', message: message(way.from, INTERNAL, FILE), conversation: bothKnow(way), expect: { outcome: 'ROUTED', outbound: [] } },
    passes(way, 'a public one is another matter', SAID),
  ],
});

/** Refusals that are told one after the other: two ends that refuse everything shall not tell each other for ever. */
const MOST_TOLD = 3;

/** What the end of the way refused is told at its start, where somebody may do something about it. */
export const refused = (way: Way, operation: 'CREATE' | 'UPDATE'): Part => {
  const back: Way = { from: way.to, to: way.from };
  const lost = operation === 'CREATE' ? `The ticket could not be opened at ${way.to.endpoint}: ` : `An update did not reach ${way.to.endpoint}: `;
  const answer = { response: { operation, status: 'ERROR', httpStatus: 403, error: 'It is closed.', ticketId: null } };
  const told = { name: 'what was refused is told, for nobody else to read', message: message(way.to, {}, answer), conversation: bothKnow(way, { counters: { refusals: MOST_TOLD - 1 } }) };
  return route(back, operation === 'CREATE' ? 'tell that it could not be opened' : 'tell what was refused', `RESPONSE_TO_${operation}`, {
    responseStatus: 'ERROR',
    conversationConditions: [condition('counter:refusals', 'LESS_THAN', String(MOST_TOLD))],
    mappings: [fixed(`${lost}\${sf:response:error}`, 'comment.text'), fixed('internal', 'comment.visibility')],
    conversationAttributeMappings: [{ type: 'CounterIncrement', counterName: 'refusals' }],
    tests: [
      { ...told, expect: { outcome: 'ROUTED', outbound: [{ endpoint: way.from.endpoint, operation: 'UPDATE', attributes: { 'comment.text': `${lost}It is closed.`, 'comment.visibility': 'internal' } }], conversation: { counters: { refusals: MOST_TOLD } } } },
      { ...told, name: 'at some time it is enough', conversation: bothKnow(way, { counters: { refusals: MOST_TOLD } }), expect: { outcome: 'NO_ROUTE', outbound: [] } },
    ],
  });
};
