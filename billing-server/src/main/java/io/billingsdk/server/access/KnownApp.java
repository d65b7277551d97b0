package io.billingsdk.server.access;

import io.billingsdk.server.ServerException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** An app that somebody names who changes something of it. */
public final class KnownApp {
  private KnownApp() {}

  /**
   * Refuses one that is not there.
   *
   * @throws ServerException when there is no such app
   */
  public static void require(Connection connection, String appId) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT FROM app WHERE app_id = ?")) {
      query.setString(1, appId);
      try (ResultSet found = query.executeQuery()) {
        if (!found.next()) {
          throw ServerException.notFound("appId", "there is no app " + appId);
        }
      }
    }
  }
}
