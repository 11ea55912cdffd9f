import { describe, expect, it } from '@jest/globals';
import { addressBytes, isWithin } from './address.js';

describe('an address', () => {
  it.each([
    ['127.0.0.1', [127, 0, 0, 1]],
    ['[::ffff:127.0.0.1]', [127, 0, 0, 1]],
    ['::ffff:7f00:1', [127, 0, 0, 1]],
    ['64:ff9b::a9fe:a9fe', [169, 254, 169, 254]],
    ['::169.254.169.254', [169, 254, 169, 254]],
    ['::1', [...new Array<number>(15).fill(0), 1]],
    ['2002:a9fe:a9fe::', [169, 254, 169, 254]],
    ['fe80::1%eth0', [0xfe, 0x80, ...new Array<number>(13).fill(0), 1]],
    ['fd00:ec2::254', [0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x54]],
    ['::', new Array<number>(16).fill(0)],
  ])('%s is read as the bytes that would be dialled', (text, bytes) => {
    expect(addressBytes(text)).toEqual(bytes);
  });

  it('is not a name', () => {
    expect(addressBytes('localhost')).toBeNull();
    expect(addressBytes('1.2.3')).toBeNull();
  });

  it('is within a network whose first bits it shares', () => {
    expect(isWithin([172, 31, 0, 1], [172, 16, 0, 0], 12)).toBe(true);
    expect(isWithin([172, 32, 0, 1], [172, 16, 0, 0], 12)).toBe(false);
    expect(isWithin([10, 0, 0, 1], new Array<number>(16).fill(0), 0)).toBe(false);
  });
});
