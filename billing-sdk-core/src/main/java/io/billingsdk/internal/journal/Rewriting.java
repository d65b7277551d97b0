package io.billingsdk.internal.journal;

import java.io.IOException;

/**
 * Makes the bytes that are sent of an event that was set aside. Given from outside, since the
 * journal does not know what its records say.
 */
@FunctionalInterface
public interface Rewriting {
  /**
   * The form that is sent in place of an event.
   *
   * @throws IOException when it is no event
   */
  byte[] of(byte[] event) throws IOException;
}
