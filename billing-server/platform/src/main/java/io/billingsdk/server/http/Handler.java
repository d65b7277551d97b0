package io.billingsdk.server.http;

/** Does what a request asks for. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers. A failure becomes a problem: a {@link
   * io.billingsdk.server.common.RequestRefusedException} by its kind, one of the database as
   * unavailable.
   */
  ApiResponse handle(Request request);
}
