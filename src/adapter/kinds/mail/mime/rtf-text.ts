/** What the dictionary of every compressed RTF begins with (MS-OXRTFCP 2.1.2.1). */
const DICTIONARY = Buffer.from(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx', 'latin1');
const WINDOW = 4_096;
const COMPRESSED = 0x75465a4c;
const PLAIN = 0x414c454d;
const HEADER_BYTES = 16;

/** RTF as it was before it was compressed (MS-OXRTFCP), at most `most` bytes; null where it is none. Never throws. */
export function decompressRtf(bytes: Buffer, most: number): Buffer | null {
  if (bytes.length < HEADER_BYTES) return null;
  const size = Math.min(bytes.readUInt32LE(4), most);
  const kind = bytes.readUInt32LE(8);
  if (kind === PLAIN) return bytes.subarray(HEADER_BYTES, HEADER_BYTES + size);
  if (kind !== COMPRESSED) return null;
  const window = Buffer.alloc(WINDOW);
  DICTIONARY.copy(window);
  let place = DICTIONARY.length;
  const made = Buffer.alloc(Math.min(size, bytes.length * 18)); // two bytes stand for 17 at most
  let length = 0;
  const put = (byte: number): void => {
    made[length++] = byte;
    window[place] = byte;
    place = (place + 1) % WINDOW;
  };
  let at = HEADER_BYTES;
  while (at < bytes.length && length < made.length) {
    const control = bytes[at++]!;
    for (let bit = 0; bit < 8 && at < bytes.length && length < made.length; bit += 1) {
      if ((control & (1 << bit)) === 0) {
        put(bytes[at++]!);
        continue;
      }
      if (at + 1 >= bytes.length) return made.subarray(0, length);
      const reference = bytes.readUInt16BE(at);
      at += 2;
      const from = reference >> 4;
      if (from === place) return made.subarray(0, length); // the end
      for (let copied = 0; copied < (reference & 15) + 2 && length < made.length; copied += 1) put(window[(from + copied) % WINDOW]!);
    }
  }
  return made.subarray(0, length);
}

/** Groups whose text nobody wrote. */
const HIDDEN = new Set(['fonttbl', 'colortbl', 'stylesheet', 'info', 'pict', 'object', 'header', 'footer', 'listtable', 'listoverridetable', 'generator', 'themedata', 'xmlnstbl']);
const WORDS: ReadonlyMap<string, string> = new Map([['par', '\n'], ['line', '\n'], ['sect', '\n'], ['page', '\n'], ['row', '\n'], ['cell', '\t'], ['tab', '\t'], ['emdash', '—'], ['endash', '–'], ['lquote', '‘'], ['rquote', '’'], ['ldblquote', '“'], ['rdblquote', '”'], ['bullet', '•']]);
const TOKEN = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)/gi;
const MOST_DEPTH = 500;

interface Group {
  readonly isHidden: boolean;
  /** Characters that stand for one of Unicode and are left out. */
  readonly skips: number;
}

/** The text of RTF, without its markup: what Outlook shows of it, but for pictures and layout. `decode`: of bytes of its code page. */
export function rtfText(rtf: Buffer, decode: (bytes: Buffer) => string): string {
  let text = '';
  let bytes: number[] = [];
  let group: Group = { isHidden: false, skips: 1 };
  const outer: Group[] = [];
  let toSkip = 0;
  const say = (more: string): void => {
    if (bytes.length > 0) {
      text += decode(Buffer.from(bytes));
      bytes = [];
    }
    text += more;
  };
  for (const [, word, number, hex, symbol, brace, run] of rtf.toString('latin1').matchAll(TOKEN)) {
    if (brace === '{') {
      if (outer.length >= MOST_DEPTH) break;
      outer.push(group);
    } else if (brace === '}') {
      group = outer.pop() ?? group;
      toSkip = 0;
    } else if (symbol === '*' || (word !== undefined && HIDDEN.has(word))) group = { ...group, isHidden: true };
    else if (word === 'uc') group = { ...group, skips: Number(number ?? 1) };
    else if (group.isHidden) continue;
    else if (word === 'u' && number !== undefined) {
      say(String.fromCharCode(Number(number) & 0xffff));
      toSkip = group.skips;
    } else if (hex !== undefined) {
      if (toSkip > 0) toSkip -= 1;
      else bytes.push(Number.parseInt(hex, 16));
    } else if (word !== undefined) say(WORDS.get(word) ?? '');
    else if (symbol !== undefined) say(symbol === '~' ? '\u00a0' : symbol === '_' ? '-' : '\\{}'.includes(symbol) ? symbol : '');
    else if (run !== undefined) {
      say(run.slice(toSkip));
      toSkip = Math.max(0, toSkip - run.length);
    }
  }
  say('');
  return text.toWellFormed().replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n').trim();
}
