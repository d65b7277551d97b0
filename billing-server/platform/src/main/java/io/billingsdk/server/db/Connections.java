package io.billingsdk.server.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Single connections, each made when it is asked for. */
final class Connections {
  private Connections() {}

  /** Connects; the caller closes it. */
  static Connection open(DatabaseAddress address) throws SQLException {
    SessionZone.settle();
    Properties login = new Properties();
    login.setProperty("user", address.user());
    login.setProperty("password", address.password());
    login.setProperty("connectTimeout", "5");
    login.setProperty("options", "-c timezone=UTC");
    return DriverManager.getConnection(address.url(), login);
  }
}
