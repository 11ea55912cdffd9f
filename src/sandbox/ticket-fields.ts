import type { SandboxOptions } from './options.js';

/** A field of a ticket as the API tells it to programs. */
export interface TicketField {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'long text' | 'choice' | 'object' | 'comment' | 'files';
  readonly choices?: readonly string[];
}

/** What a ticket of this tool may be written with. */
export const ticketFields = ({ states, priorities }: SandboxOptions): readonly TicketField[] => [
  { name: 'title', label: 'Title', type: 'text' },
  { name: 'description', label: 'Description', type: 'long text' },
  { name: 'state', label: 'State', type: 'choice', choices: states },
  { name: 'priority', label: 'Priority', type: 'choice', choices: priorities },
  { name: 'group', label: 'Group', type: 'text' },
  { name: 'caller', label: 'Caller', type: 'text' },
  { name: 'externalReference', label: 'External reference', type: 'text' },
  { name: 'custom', label: 'Fields of your own', type: 'object' },
  { name: 'comment', label: 'Comment', type: 'comment' },
  { name: 'attachments', label: 'Files', type: 'files' },
];
