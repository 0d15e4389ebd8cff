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
 * What BullMQ returns for a job that is not there, has no lock, is in another state, or is locked by another one: as where the lock ended
 * in an outage, or where a call is repeated whose reply was lost in one.
 */
const LOST_CODES: ReadonlySet<unknown> = new Set([-1, -2, -3, -6]);

/** The error to report for one with which a delivery could not be finished or given back. */
export function endingError(deliveryId: string, error: Error): Error {
  return LOST_CODES.has((error as { code?: unknown }).code) ? new DeliveryLost(deliveryId, { cause: error }) : error;
}
