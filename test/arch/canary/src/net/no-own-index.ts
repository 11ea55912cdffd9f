export { door } from './index.js';
