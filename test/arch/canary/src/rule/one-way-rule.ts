export { door } from '../conversation/index.js';
