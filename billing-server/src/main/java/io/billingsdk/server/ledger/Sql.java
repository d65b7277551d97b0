package io.billingsdk.server.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * A statement in the making. Its text is made of constants alone; whatever somebody asked for is a
 * parameter.
 */
final class Sql {
  private final StringBuilder text = new StringBuilder();
  private final List<Object> parameters = new ArrayList<>();

  /** Adds a piece with the values of its question marks. */
  Sql add(String piece, Object... values) {
    text.append(piece).append('\n');
    parameters.addAll(List.of(values));
    return this;
  }

  /** Adds the values in front of those that were added until now. */
  PreparedStatement prepare(Connection connection) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(text.toString());
    try {
      int number = 0;
      for (Object each : parameters) {
        set(connection, statement, ++number, each);
      }
      return statement;
    } catch (SQLException | RuntimeException failed) {
      statement.close();
      throw failed;
    }
  }

  private static void set(
      Connection connection, PreparedStatement statement, int number, Object value)
      throws SQLException {
    if (value instanceof Instant moment) {
      statement.setObject(number, OffsetDateTime.ofInstant(moment, ZoneOffset.UTC));
    } else if (value instanceof List<?> moments) {
      statement.setArray(
          number,
          connection.createArrayOf(
              "timestamptz", moments.stream().map(Object::toString).toArray()));
    } else {
      statement.setObject(number, value);
    }
  }
}
