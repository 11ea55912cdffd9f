import { FixedOffsetZone, type Zone } from 'luxon';
import type { Place } from '../../shape/place.js';
import { filledText, optional } from '../../shape/shape.js';
import { defineFormatter, Refusal } from './formatter.js';
import { compilePrintDate } from './print-date.js';
import { compileReadDate } from './read-date.js';
import { findTimeZone } from './time-zone.js';

export const dateFormat = defineFormatter({
  type: 'DateFormat',
  meaning: 'Reads a date in one format and zone and writes it in another',
  keys: {
    fromFormat: optional(filledText('Luxon tokens, EpochTime or EpochTime_s; ISO 8601 if left out', 'date-format'), null),
    fromTimeZone: optional(filledText('Zone of dates that name none; UTC if left out', 'time-zone'), null),
    toFormat: filledText('Luxon tokens, EpochTime or EpochTime_s', 'date-format'),
    toTimeZone: optional(filledText('Zone of the result; UTC if left out', 'time-zone'), null),
  },
  compile: ({ fromFormat, fromTimeZone, toFormat, toTimeZone }, place) => {
    const fromZone = zoneAt(fromTimeZone, place.at('fromTimeZone'));
    const toZone = zoneAt(toTimeZone, place.at('toTimeZone'));
    if (fromZone === null || toZone === null) return null;
    const read = compileReadDate(fromFormat, fromZone, place.at('fromFormat'));
    if (read === null) return null;
    const print = compilePrintDate(toFormat, toZone);
    const format = fromFormat === null ? 'an ISO 8601 date' : `a date like ${JSON.stringify(fromFormat)}`;
    return (text) => {
      const epochMs = read(text.trim());
      return epochMs === null ? new Refusal(`is not ${format}`) : print(epochMs);
    };
  },
});

function zoneAt(name: string | null, place: Place): Zone | null {
  const zone = name === null ? FixedOffsetZone.utcInstance : findTimeZone(name);
  if (zone === null) place.refuse('a time zone such as Europe/Helsinki or UTC', JSON.stringify(name));
  return zone;
}
