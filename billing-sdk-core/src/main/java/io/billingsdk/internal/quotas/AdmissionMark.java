package io.billingsdk.internal.quotas;

import java.util.List;

/**
 * How an event was admitted.
 *
 * @param epochs of the leases that it was debited from; empty for none
 * @param atMillis the instant of the admission, which is the time of an event without one; 0 for
 *     none
 */
public record AdmissionMark(List<String> epochs, long atMillis) {
  /** Of an event that nobody has admitted. */
  public static final AdmissionMark NONE = new AdmissionMark(List.of(), 0);
}
