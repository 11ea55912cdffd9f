export { door } from '../src/core/index.js';
