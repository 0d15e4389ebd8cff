import { ProxyTracerProvider, type Tracer, type TracerProvider, trace } from '@opentelemetry/api';

const NAME = 'carillon';
/** To which a provider without an SDK passes everything. */
const NO_SDK = new ProxyTracerProvider().getDelegate();

/** The tracer of the SDK, as long as one is registered: looked for again each time, since an SDK may be registered later. */
export class Tracers {
  readonly #given: TracerProvider | undefined;
  #provider: TracerProvider | undefined;
  #tracer: Tracer | undefined;

  /** @param given undefined: the provider that is registered globally */
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
