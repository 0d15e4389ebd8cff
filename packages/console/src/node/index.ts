export { type ListeningConsole, type ListenOptions, listen } from './listen.js';
export { type FetchHandler, type NodeListener, nodeListener } from './listener.js';
