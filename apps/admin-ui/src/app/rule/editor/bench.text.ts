export const BENCH = {
  heading: 'Decided both ways', about: 'Nothing is stored and nothing is sent.',
  none: 'Choose or paste a message beside this.', deciding: 'Deciding…',
  current: 'Rules in use', draft: 'With this draft', same: 'Both come to the same.', differs: 'The draft comes to something else.',
  missed: (detail: string, actual: string) => `This rule takes no part: ${detail}${actual === '' ? '' : `; the message has ${actual}`}.`,
  delayed: (count: number) => `${String(count)} delayed`,
  attribute: 'Attribute', notSent: 'not sent', nothingSent: 'Neither sends anything.', memory: 'Remembered afterwards', request: 'Request as it would be sent', noRequest: (why: string) => `No request can be shown: ${why}. The attributes, nested:`, onlyDifferent: 'Only what differs',
  attachments: 'Attachments', attachmentNames: (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', ')),
  compare: 'Compare', keep: 'Keep as a test', testName: 'Name of the test', testOf: (label: string) => `message ${label}`, kept: 'Kept among the tests of the draft.',
  replay: 'Over the newest messages', replayAbout: 'Decides each both ways, with the conversation as it was then.', start: (count: number) => `Compare ${String(count)}`, stop: 'Stop', progress: (done: number, all: number) => `${String(done)} of ${String(all)}`,
  replayDone: (differing: number, all: number) => (differing === 0 ? `All ${String(all)} come to the same.` : `${String(differing)} of ${String(all)} come to something else.`),
  outcomes: { same: 'same', differs: 'differs', failed: 'could not be decided' }, noMessages: 'No messages of this source yet.',
} as const;
