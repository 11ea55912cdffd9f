export const door = 'adapter';
