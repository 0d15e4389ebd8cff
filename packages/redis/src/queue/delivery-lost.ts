/** A delivery is done already, or another worker has it. The ledger decides about its runs. */
export class DeliveryLost extends Error {
  override readonly name = 'DeliveryLost';
  readonly deliveryId: string;

  constructor(deliveryId: string, options?: ErrorOptions) {
    super(`delivery ${deliveryId} was lost`, options);
    this.deliveryId = deliveryId;
  }
}

/**
 * What BullMQ returns for a job that does not exist, has no lock, is in another state, or is locked by another worker. This happens if the
 * lock ended in an outage, or if a call is repeated because an outage took its reply.
 */
const LOST_CODES: ReadonlySet<unknown> = new Set([-1, -2, -3, -6]);

/** Returns the error to report if a delivery could not be finished or given back because of `error`. */
export function endingError(deliveryId: string, error: Error): Error {
  return LOST_CODES.has((error as { code?: unknown }).code) ? new DeliveryLost(deliveryId, { cause: error }) : error;
}
