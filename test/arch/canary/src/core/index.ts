export const door = 'core';
