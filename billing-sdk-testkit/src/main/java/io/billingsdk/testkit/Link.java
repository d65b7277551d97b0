package io.billingsdk.testkit;

import io.billingsdk.ConnectionState;
import java.time.Instant;

/**
 * The state of the connection of a {@link TestBilling}.
 *
 * @param since when that state began
 */
record Link(ConnectionState state, Instant since) {

  static Link now(ConnectionState state) {
    return new Link(state, Instant.now());
  }
}
