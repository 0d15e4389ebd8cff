import { stopsAndReplaces } from './stopping.js';

stopsAndReplaces('thread');
