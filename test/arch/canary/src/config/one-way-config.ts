export { door } from '../store/index.js';
