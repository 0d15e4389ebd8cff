import { ProxyTracerProvider, type Tracer, type TracerProvider, trace } from '@opentelemetry/api';

const NAME = 'carillon';
/** The provider to which a global provider without an SDK delegates. */
const NO_SDK = new ProxyTracerProvider().getDelegate();

/** The tracer of the SDK. It is looked up each time, since an SDK may be registered later. */
export class Tracers {
  readonly #given: TracerProvider | undefined;
  #provider: TracerProvider | undefined;
  #tracer: Tracer | undefined;

  /** @param given undefined means the provider that is registered globally */
  constructor(given: TracerProvider | undefined) {
    this.#given = given;
  }

  /** undefined if there is no SDK, and spans of the API alone would only take time. */
  get current(): Tracer | undefined {
    const asked = this.#given ?? trace.getTracerProvider();
    const provider = asked instanceof ProxyTracerProvider ? asked.getDelegate() : asked;
    if (provider === NO_SDK) return undefined;
    if (provider !== this.#provider) {
      this.#provider = provider;
      this.#tracer = provider.getTracer(NAME);
    }
    return this.#tracer;
  }
}
