export const door = 'sandbox';
