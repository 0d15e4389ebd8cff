export { type ListeningConsole, type ListenOptions, listen } from './listen.js';
export { type NodeListener, nodeListener } from './listener.js';
