package io.billingsdk.server.keys;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.ServerException;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The apps that keys and usage belong to. Thread-safe. */
public final class Apps {
  private static final String SELECT = "SELECT app_id, name, created_at FROM app ";

  private final Database database;
  private final Actor actor;

  /**
   * In a database.
   *
   * @param actor who changes them
   */
  public Apps(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** An app. */
  public record App(String appId, String name, Instant created) {}

  /** Makes an app. Both are texts of 1 to 256 characters. */
  public App create(String appId, String name) throws SQLException {
    KeyAdmin.requireText("appId", appId, Bounds.NAME_CHARS);
    PlainId.require("appId", appId);
    KeyAdmin.requireText("name", name, Bounds.NAME_CHARS);
    return database.inTransaction(
        connection -> {
          PlainId.requireUnlikeOthers(connection, appId);
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO app (app_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, appId);
            insert.setString(2, name);
            if (insert.executeUpdate() == 0) {
              throw ServerException.conflict("appId", "there is an app " + appId + " already");
            }
          }
          AuditLog.write(connection, actor, "app.create", appId, null, Map.of("name", name));
          return present(connection, appId, "");
        });
  }

  /** Gives an app another name; its id stays. */
  public App rename(String appId, String name) throws SQLException {
    KeyAdmin.requireText("name", name, Bounds.NAME_CHARS);
    return database.inTransaction(
        connection -> {
          App old = present(connection, appId, "FOR UPDATE");
          try (PreparedStatement update =
              connection.prepareStatement("UPDATE app SET name = ? WHERE app_id = ?")) {
            update.setString(1, name);
            update.setString(2, appId);
            update.executeUpdate();
          }
          AuditLog.write(
              connection,
              actor,
              "app.rename",
              appId,
              Map.of("name", old.name()),
              Map.of("name", name));
          return new App(appId, name, old.created());
        });
  }

  /** An app; empty when there is none. */
  public Optional<App> one(String appId) throws SQLException {
    return database.call(connection -> one(connection, appId, ""));
  }

  /**
   * Apps in the order of their ids.
   *
   * @param after the id that they follow; empty for the first
   * @param most so many at most
   */
  public List<App> after(String after, int most) throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(SELECT + "WHERE app_id > ? ORDER BY app_id LIMIT ?")) {
            query.setString(1, after);
            query.setInt(2, most);
            List<App> apps = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                apps.add(app(row));
              }
            }
            return List.copyOf(apps);
          }
        });
  }

  /** All apps, in the order of their ids. */
  public List<App> all() throws SQLException {
    return after("", Integer.MAX_VALUE);
  }

  private static App present(Connection connection, String appId, String lock) throws SQLException {
    return one(connection, appId, lock).orElseThrow(() -> none(appId));
  }

  static ServerException none(String appId) {
    return ServerException.notFound("appId", "there is no app " + appId);
  }

  private static Optional<App> one(Connection connection, String appId, String lock)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(SELECT + "WHERE app_id = ? " + lock)) {
      query.setString(1, appId);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(app(row)) : Optional.empty();
      }
    }
  }

  private static App app(ResultSet row) throws SQLException {
    return new App(
        row.getString("app_id"),
        row.getString("name"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
