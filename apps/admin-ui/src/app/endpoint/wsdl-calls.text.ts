import type { Purpose } from './wsdl-draft';

const calls = (count: number): string => (count === 1 ? '1 call' : `${String(count)} calls`);

export const WSDL = {
  heading: 'Calls from a WSDL',
  about: 'Templates to start from: what you take over is written into the form below, and saved with it.',
  read: 'Read it at the service',
  at: 'Address of the WSDL',
  atHelp: 'Empty: the address of the service with ?wsdl. It is read where the service is, as it is stored.',
  reading: 'Reading…',
  file: 'Choose a file',
  tooLarge: 'A WSDL of more than 1 MB is not read.',
  found: (count: number, from: string) => `${calls(count)} in ${from}`,
  none: 'It describes no call that speaks SOAP.',
  unread: 'Not read:',
  columns: { call: 'Call', fields: 'What it takes', ticketId: 'Where its answer may name the ticket', as: 'Take it as' },
  nothing: 'nothing',
  required: 'needed',
  list: 'several',
  notTold: 'not told',
  purposes: { create: 'create', update: 'update', attach: 'attach a file', lookup: 'look-up' } as Readonly<Record<Purpose, string>>,
  leave: 'leave it out',
  asOf: (name: string) => `Take ${name} as`,
  entityType: 'Entity type',
  entityTypeHelp: 'One of this endpoint, or a new one.',
  take: (count: number) => `Take over ${calls(count)}`,
  twice: (purpose: string) => `Two calls are taken as ${purpose}; an entity type has one.`,
  taken: (count: number, entityType: string) => `${calls(count)} written into ${entityType} below. Put your attributes in their places, then save.`,
  service: 'the service',
} as const;
