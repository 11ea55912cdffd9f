export const door = 'conversation';
