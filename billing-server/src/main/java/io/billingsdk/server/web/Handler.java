package io.billingsdk.server.web;

import java.sql.SQLException;

/** Does what a request asks for. */
@FunctionalInterface
interface Handler {
  /**
   * Answers. A failure becomes a problem: a {@link io.billingsdk.server.ServerException} by its
   * kind, one of the database as unavailable.
   */
  Answer handle(Request request) throws SQLException;
}
