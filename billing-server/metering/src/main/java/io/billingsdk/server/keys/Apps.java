package io.billingsdk.server.keys;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The apps that keys and usage belong to. Thread-safe. */
public final class Apps {
  private static final String SELECT = "SELECT app_id, name, created_at FROM app ";

  private static final String INSERT =
      "INSERT INTO app (app_id, name) VALUES (:app, :name) ON CONFLICT DO NOTHING";
  private static final String RENAME = "UPDATE app SET name = :name WHERE app_id = :app";

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
  public App create(String appId, String name) {
    KeyAdmin.requireText("appId", appId, Bounds.NAME_CHARS);
    PlainId.require("appId", appId);
    KeyAdmin.requireText("name", name, Bounds.NAME_CHARS);
    return database.inTransaction(
        handle -> {
          PlainId.requireUnlikeOthers(handle, appId);
          if (handle.createUpdate(INSERT).bind("app", appId).bind("name", name).execute() == 0) {
            throw RequestRefusedException.conflict(
                "appId", "there is an app " + appId + " already");
          }
          AuditLog.write(handle, actor, "app.create", appId, null, Map.of("name", name));
          return present(handle, appId, "");
        });
  }

  /** Gives an app another name; its id stays. */
  public App rename(String appId, String name) {
    KeyAdmin.requireText("name", name, Bounds.NAME_CHARS);
    return database.inTransaction(
        handle -> {
          App old = present(handle, appId, "FOR UPDATE");
          handle.createUpdate(RENAME).bind("name", name).bind("app", appId).execute();
          AuditLog.write(
              handle, actor, "app.rename", appId, Map.of("name", old.name()), Map.of("name", name));
          return new App(appId, name, old.created());
        });
  }

  /** An app; empty when there is none. */
  public Optional<App> one(String appId) {
    return database.read(handle -> one(handle, appId, ""));
  }

  /**
   * Apps in the order of their ids.
   *
   * @param after the id that they follow; empty for the first
   * @param most so many at most
   */
  public List<App> after(String after, int most) {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT + "WHERE app_id > :after ORDER BY app_id LIMIT :most")
                .bind("after", after)
                .bind("most", most)
                .map(ResultRow.to(Apps::app))
                .list());
  }

  /** All apps, in the order of their ids. */
  public List<App> all() {
    return after("", Integer.MAX_VALUE);
  }

  private static App present(Handle handle, String appId, String lock) {
    return one(handle, appId, lock).orElseThrow(() -> none(appId));
  }

  static RequestRefusedException none(String appId) {
    return RequestRefusedException.notFound("appId", "there is no app " + appId);
  }

  private static Optional<App> one(Handle handle, String appId, String lock) {
    return handle
        .createQuery(SELECT + "WHERE app_id = :app " + lock)
        .bind("app", appId)
        .map(ResultRow.to(Apps::app))
        .findFirst();
  }

  private static App app(ResultRow row) {
    return new App(row.text("app_id"), row.text("name"), row.time("created_at"));
  }
}
