import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a Redis on this machine whose connections can be lost in the ways in which a network loses them. */
export class Door {
  /** The port that connections go to from now on. */
  upstream: number;
  /** Told of what is sent to Redis; what it answers `false` for does not arrive. */
  onRequest: (sent: Buffer) => unknown = () => {};
  /** What each new connection is answered before it is ended; undefined: it gets through. */
  refusal: string | undefined;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  constructor(upstream: number) {
    this.upstream = upstream;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  async open(): Promise<void> {
    this.#server = createServer((client) => this.#accept(client));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Cuts all connections; new ones are refused until it opens again. */
  async shut(): Promise<void> {
    const closed = this.#server && once(this.#server, 'close');
    this.#server?.close();
    this.cut();
    await closed;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** The connections that are there are dead ends from now on, and nobody is told; new ones are as they should be. */
  deaden(): number {
    const dead = [...this.#sockets];
    for (const socket of dead) socket.removeAllListeners('data').resume();
    return dead.length;
  }

  #accept(client: Socket): void {
    if (this.refusal !== undefined) {
      client.on('error', () => {}).end(this.refusal, () => client.destroy());
      return;
    }
    const server = connect({ port: this.upstream, host: '127.0.0.1' });
    const pairs = [
      [client, server],
      [server, client],
    ] as const;
    for (const [socket, other] of pairs) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (sent) => this.onRequest(sent) !== false && server.write(sent));
    server.on('data', (sent) => void client.write(sent));
  }
}
