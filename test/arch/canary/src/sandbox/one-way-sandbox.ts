export { door } from '../cli/index.js';
