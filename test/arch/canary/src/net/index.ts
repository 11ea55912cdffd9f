export const door = 'net';
