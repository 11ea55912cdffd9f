export const door = 'cli';
