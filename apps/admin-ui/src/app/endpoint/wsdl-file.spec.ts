import { describe, expect, it } from 'vitest';
import { xmlText } from './wsdl-file';

const latin1 = (text: string): Blob => new Blob([Uint8Array.from(text, (letter) => letter.charCodeAt(0))]);

describe('an XML file', () => {
  it.each([
    [new Blob(['<a>ä</a>']), '<a>ä</a>'],
    [latin1('<?xml version="1.0" encoding="ISO-8859-1"?><a>ä</a>'), '<?xml version="1.0" encoding="ISO-8859-1"?><a>ä</a>'],
    [new Blob([Uint8Array.of(0xff, 0xfe, 0x3c, 0, 0x61, 0, 0x2f, 0, 0x3e, 0)]), '<a/>'],
    [new Blob(['<?xml version="1.0" encoding="x-nobody"?><a/>']), '<?xml version="1.0" encoding="x-nobody"?><a/>'],
  ])('%# is read by its charset', async (file, text) => {
    expect(await xmlText(file)).toBe(text);
  });
});
