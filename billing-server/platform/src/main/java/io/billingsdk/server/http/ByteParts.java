package io.billingsdk.server.http;

import java.io.IOException;

/** Bytes that come in parts, of which nobody waits for the next. */
@FunctionalInterface
public interface ByteParts {
  /**
   * The next ones, of those that are there.
   *
   * @return how many; 0 when there are none just now, -1 at the end
   * @throws IOException when it was cut
   */
  int read(byte[] buffer) throws IOException;
}
