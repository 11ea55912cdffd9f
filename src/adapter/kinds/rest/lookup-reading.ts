import { compilePlace, type PlaceReader } from '../../place/place.js';
import { compileAbsence, type Absence } from '../../answer/absence.js';
import type { RestEntityType } from './settings.js';

type Lookup = Pick<NonNullable<RestEntityType['lookup']>, 'ticketId' | 'absentWhen'>;

/** How the answer to a look-up is read. */
export interface LookupReading {
  readonly ticketId: PlaceReader;
  readonly absentWhen: Absence;
}

const KEY = '{{correlationKey}}';

/** Reads answers for a key. Where the places name the key (a list in which it has to be found), they are made anew for each. */
export function lookupReading({ ticketId, absentWhen }: Lookup): (key: string) => LookupReading {
  const made = compiled({ ticketId, ...(absentWhen === undefined ? {} : { absentWhen }) });
  const text = JSON.stringify({ ticketId, absentWhen });
  return text.includes(KEY) ? (key) => compiled(JSON.parse(text.replaceAll(KEY, inText(key))) as Lookup) : () => made;
}

const compiled = ({ ticketId, absentWhen }: Lookup): LookupReading => ({ ticketId: compilePlace(ticketId), absentWhen: compileAbsence(absentWhen) });

/** A key is an id; what an expression could take for its own signs is not part of one. */
const inText = (key: string): string => key.replaceAll(/[^\w.:-]/g, '');
