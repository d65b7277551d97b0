package io.billingsdk.server.access;

import io.billingsdk.server.ServerException;
import io.billingsdk.server.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The people and programs that use the HTTP API. Thread-safe. */
public final class Operators {
  /** The one that is made with the database. */
  public static final String FIRST = "admin";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.@-]{1,64}");
  private static final Duration FIRST_TOKEN = Duration.ofDays(90);

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
  public void create(String name) throws SQLException {
    if (!NAME.matcher(name).matches()) {
      throw ServerException.invalid("operator", "1 to 64 of A-Z a-z 0-9 _ . @ -");
    }
    database.inTransaction(
        connection -> {
          insert(connection, name);
          return true;
        });
  }

  /**
   * Makes the first operator of a database with a token to write, good for 90 days; empty when
   * there is one. Of several servers that start at once, one does.
   *
   * @param keep gets the token before it is good for anything; when it fails, none is made
   */
  public Optional<NewToken> createFirst(Consumer<NewToken> keep) throws SQLException {
    return database.inTransaction(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(hashtext('billing.first_operator'))");
            try (ResultSet any = statement.executeQuery("SELECT FROM operator LIMIT 1")) {
              if (any.next()) {
                return Optional.empty();
              }
            }
          }
          insert(connection, FIRST);
          NewToken token =
              new Tokens(database.within(connection))
                  .create(actor, FIRST, Scope.WRITE, null, FIRST_TOKEN);
          keep.accept(token);
          return Optional.of(token);
        });
  }

  /** Ends one: none of their tokens is good for anything from now on. */
  public void disable(String name) throws SQLException {
    database.inTransaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE operator SET disabled_at = coalesce(disabled_at, now())"
                      + " WHERE name = ?")) {
            update.setString(1, name);
            if (update.executeUpdate() == 0) {
              throw ServerException.notFound("operator", "there is no operator " + name);
            }
          }
          AuditLog.write(connection, actor, "operator.disable", name, null, Map.of());
          return true;
        });
  }

  /** All of them, by name. */
  public List<Operator> all() throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query =
                  connection.prepareStatement(
                      "SELECT name, created_at, disabled_at FROM operator ORDER BY name");
              ResultSet row = query.executeQuery()) {
            List<Operator> found = new ArrayList<>();
            while (row.next()) {
              OffsetDateTime disabled = row.getObject(3, OffsetDateTime.class);
              found.add(
                  new Operator(
                      row.getString(1),
                      row.getObject(2, OffsetDateTime.class).toInstant(),
                      disabled == null ? null : disabled.toInstant()));
            }
            return List.copyOf(found);
          }
        });
  }

  private void insert(Connection connection, String name) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO operator (name) VALUES (?) ON CONFLICT DO NOTHING")) {
      insert.setString(1, name);
      if (insert.executeUpdate() == 0) {
        throw ServerException.conflict("operator", "there is an operator " + name + " already");
      }
    }
    AuditLog.write(connection, actor, "operator.create", name, null, Map.of());
  }
}
