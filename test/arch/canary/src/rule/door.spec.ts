export const door = 'test';
