import type { IconName } from './icon-paths';

export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'calm';

export interface StateWord {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly label: string;
  /** One sentence for those who meet the word for the first time. */
  readonly meaning: string;
}

/** Every state of a message, a delivery, a lane, an endpoint and a rule, in the words of the product. */
const STATE_WORDS: Readonly<Record<string, StateWord>> = {
  RECEIVED: { tone: 'busy', icon: 'busy', label: 'Received', meaning: 'Accepted and stored; not routed yet.' },
  ROUTED: { tone: 'good', icon: 'check', label: 'Routed', meaning: 'At least one rule was executed.' },
  DROPPED: { tone: 'calm', icon: 'stopped', label: 'Dropped', meaning: 'A drop rule matched: nothing was sent.' },
  NO_ROUTE: { tone: 'wait', icon: 'failed', label: 'No route', meaning: 'No rule matched this message.' },
  DELAYED: { tone: 'wait', icon: 'clock', label: 'Delayed', meaning: 'A rule matched and waits for its delay.' },
  ECHO: { tone: 'calm', icon: 'conversation', label: 'Echo', meaning: 'Our own change coming back; not routed.' },
  FILTERED: { tone: 'calm', icon: 'filter', label: 'Filtered', meaning: 'The inbound filter of the endpoint refused it.' },
  DUPLICATE: { tone: 'calm', icon: 'copy', label: 'Duplicate', meaning: 'Received before; processed once.' },
  FAILED: { tone: 'bad', icon: 'warning', label: 'Failed', meaning: 'It could not be read or routed.' },
  QUEUED: { tone: 'busy', icon: 'ring', label: 'Queued', meaning: 'Waits for its turn in its lane.' },
  SENDING: { tone: 'busy', icon: 'busy', label: 'Sending', meaning: 'A call to the target is under way.' },
  SENT: { tone: 'good', icon: 'check', label: 'Sent', meaning: 'The target accepted it.' },
  RETRYING: { tone: 'wait', icon: 'retry', label: 'Retrying', meaning: 'The last attempt failed; it will be tried again.' },
  DEAD: { tone: 'bad', icon: 'warning', label: 'Dead', meaning: 'Given up or refused; someone must decide.' },
  HELD: { tone: 'wait', icon: 'pause', label: 'Held', meaning: 'Stopped until someone decides.' },
  CANCELLED: { tone: 'calm', icon: 'stopped', label: 'Cancelled', meaning: 'No longer wanted; not sent.' },
  SKIPPED: { tone: 'calm', icon: 'skip', label: 'Skipped', meaning: 'Someone let the lane pass it by.' },
  WAITING: { tone: 'wait', icon: 'clock', label: 'Waiting', meaning: 'Waits for its time or its condition.' },
  RELEASED: { tone: 'good', icon: 'check', label: 'Released', meaning: 'Its delay is over; it was executed.' },
  ACTIVE: { tone: 'good', icon: 'check', label: 'Active', meaning: 'Sends and receives.' },
  SUSPENDED: { tone: 'calm', icon: 'pause', label: 'Suspended', meaning: 'Nothing is sent; what comes in is still accepted and routed.' },
  MAINTENANCE: { tone: 'calm', icon: 'clock', label: 'Maintenance', meaning: 'Nothing is sent until its maintenance is over; then it goes on by itself.' },
  OPERATIONAL: { tone: 'good', icon: 'check', label: 'Operational', meaning: 'Calls succeed.' },
  WARNING: { tone: 'wait', icon: 'warning', label: 'Warning', meaning: 'Some calls fail.' },
  ERROR: { tone: 'bad', icon: 'warning', label: 'Error', meaning: 'Calls fail or credentials are refused.' },
  ON: { tone: 'good', icon: 'check', label: 'On', meaning: 'The current version routes messages.' },
  OFF: { tone: 'calm', icon: 'stopped', label: 'Off', meaning: 'Does not route messages.' },
};

/** The word for a state; a state this console does not know yet is shown as it is, calmly. */
export function stateWord(state: string): StateWord {
  return STATE_WORDS[state.toUpperCase()] ?? { tone: 'calm', icon: 'ring', label: sentenceCase(state), meaning: '' };
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase().replaceAll('_', ' ');
