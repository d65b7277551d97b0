package io.billingsdk.server.access;

import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens.NewToken;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The people and programs that use the HTTP API. Thread-safe. */
public final class Operators {
  /** The one that is made with the database. */
  public static final String FIRST = "admin";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.@-]{1,64}");
  private static final Duration FIRST_TOKEN = Duration.ofDays(90);

  private static final String DISABLE =
      "UPDATE operator SET disabled_at = coalesce(disabled_at, now()) WHERE name = :name";

  private final Database database;
  private final Actor actor;

  /**
   * In a database.
   *
   * @param actor who changes them
   */
  public Operators(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /**
   * An operator.
   *
   * @param disabled since when none of their tokens is good for anything; null while they are
   */
  public record Operator(String name, Instant created, @Nullable Instant disabled) {}

  /** Makes one. */
  public void create(String name) {
    if (!NAME.matcher(name).matches()) {
      throw RequestRefusedException.invalid("operator", "1 to 64 of A-Z a-z 0-9 _ . @ -");
    }
    database.useTransaction(handle -> insert(handle, name));
  }

  /**
   * Makes the first operator of a database with a token for everything, good for 90 days; empty
   * when there is one. Of several servers that start at once, one does.
   *
   * @param keep gets the token before it is good for anything; when it fails, none is made
   */
  public Optional<NewToken> createFirst(Consumer<NewToken> keep) {
    return database.inTransaction(
        handle -> {
          handle.execute("SELECT pg_advisory_xact_lock(hashtext('billing.first_operator'))");
          if (isAny(handle)) {
            return Optional.empty();
          }
          insert(handle, FIRST);
          NewToken token =
              new Tokens(database.within(handle))
                  .create(actor, FIRST, Scope.ADMIN, null, FIRST_TOKEN);
          keep.accept(token);
          return Optional.of(token);
        });
  }

  private static boolean isAny(Handle handle) {
    return handle
        .createQuery("SELECT 1 FROM operator LIMIT 1")
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  /** Ends one: none of their tokens is good for anything from now on. */
  public void disable(String name) {
    database.useTransaction(
        handle -> {
          if (handle.createUpdate(DISABLE).bind("name", name).execute() == 0) {
            throw RequestRefusedException.notFound("operator", "there is no operator " + name);
          }
          AuditLog.write(handle, actor, "operator.disable", name, null, Map.of());
        });
  }

  /** All of them, by name. */
  public List<Operator> all() {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT name, created_at, disabled_at FROM operator ORDER BY name")
                .map(ResultRow.to(Operators::operator))
                .list());
  }

  private static Operator operator(ResultRow row) {
    return new Operator(row.text("name"), row.time("created_at"), row.timeOrNull("disabled_at"));
  }

  private void insert(Handle handle, String name) {
    int inserted =
        handle
            .createUpdate("INSERT INTO operator (name) VALUES (:name) ON CONFLICT DO NOTHING")
            .bind("name", name)
            .execute();
    if (inserted == 0) {
      throw RequestRefusedException.conflict(
          "operator", "there is an operator " + name + " already");
    }
    AuditLog.write(handle, actor, "operator.create", name, null, Map.of());
  }
}
