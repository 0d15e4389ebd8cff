/** 2099-12-31T23:59:59.999Z. No search for a common fire time goes beyond it, so each search ends. */
export const HORIZON = 4_102_444_799_999;

/** 2100-01-01 in days since 1970-01-01: the last day that a clock shows before the horizon. */
export const LAST_DAY = 47_482;
