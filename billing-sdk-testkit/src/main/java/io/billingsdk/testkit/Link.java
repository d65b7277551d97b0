package io.billingsdk.testkit;

import io.billingsdk.ConnectionState;
import java.time.Instant;

/**
 * Where the connection of a {@link TestBilling} stands.
 *
 * @param since when it came into that state
 */
record Link(ConnectionState state, Instant since) {

  static Link now(ConnectionState state) {
    return new Link(state, Instant.now());
  }
}
