package io.billingsdk.server.access;

import io.billingsdk.protocol.KeyRef;
import io.billingsdk.server.ServerException;
import io.billingsdk.server.access.Authentication.Known;
import io.billingsdk.server.access.Authentication.Refused;
import io.billingsdk.server.database.Database;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of operators. The database has the SHA-256 of each; a token is found by it, so that no
 * comparison is one of the secrets themselves: what its time could tell is a part of the hash of a
 * text that the caller chose, and no token follows from that. Thread-safe.
 */
public final class Tokens {
  /** None is good for longer. */
  public static final Duration LONGEST = Duration.ofDays(400);

  private static final String UNKNOWN = "the token is not known";

  private static final String SELECT =
      "SELECT t.token_id, t.operator, t.scope, t.app_id, t.created_at, t.expires_at, t.revoked_at,"
          + " t.expires_at <= now() AS expired, o.disabled_at IS NOT NULL AS disabled"
          + " FROM access_token t JOIN operator o ON o.name = t.operator ";

  private final Database database;
  private final SecureRandom random = new SecureRandom();

  /** In a database. */
  public Tokens(Database database) {
    this.database = database;
  }

  /**
   * A token, without what is secret of it.
   *
   * @param appId the app that it is confined to; null for all
   * @param revoked since when it is good for nothing; null while it is
   */
  public record Token(
      String tokenId,
      String operator,
      Scope scope,
      @Nullable String appId,
      Instant created,
      Instant expires,
      @Nullable Instant revoked) {}

  /**
   * Makes a token.
   *
   * @param appId confines it to what belongs to an app, which it can then only read; null for all
   * @param lasts from a minute to 400 days
   */
  public NewToken create(
      Actor actor, String operator, Scope scope, @Nullable String appId, Duration lasts)
      throws SQLException {
    if (appId != null && scope != Scope.READ) {
      throw ServerException.invalid("scope", "read for a token of an app");
    }
    if (lasts.compareTo(Duration.ofMinutes(1)) < 0 || lasts.compareTo(LONGEST) > 0) {
      throw ServerException.invalid("lasts", "a minute to 400 days");
    }
    NewToken made = NewToken.create(random);
    Instant expires = Instant.now().plus(lasts);
    database.inTransaction(
        connection -> {
          require(connection, "operator", "SELECT FROM operator WHERE name = ?", operator);
          if (appId != null) {
            require(connection, "app", "SELECT FROM app WHERE app_id = ?", appId);
          }
          insert(connection, made, new Caller(operator, made.tokenId(), scope, appId), expires);
          Map<String, Object> after = new LinkedHashMap<>();
          after.put("operator", operator);
          after.put("scope", scope.text());
          after.put("appId", appId);
          after.put("expiresAt", expires.toString());
          AuditLog.write(connection, actor, "token.create", made.tokenId(), null, after);
          return true;
        });
    return made;
  }

  /** Ends a token at once. */
  public void revoke(Actor actor, String tokenId) throws SQLException {
    database.inTransaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE access_token SET revoked_at = coalesce(revoked_at, now())"
                      + " WHERE token_id = ?")) {
            update.setString(1, tokenId);
            if (update.executeUpdate() == 0) {
              throw ServerException.notFound("token", "there is no token " + tokenId);
            }
          }
          AuditLog.write(connection, actor, "token.revoke", tokenId, null, Map.of());
          return true;
        });
  }

  /** All of them, the oldest first. */
  public List<Token> all() throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query =
                  connection.prepareStatement(SELECT + "ORDER BY t.created_at, t.token_id");
              ResultSet row = query.executeQuery()) {
            List<Token> found = new ArrayList<>();
            while (row.next()) {
              found.add(token(row));
            }
            return List.copyOf(found);
          }
        });
  }

  /** Whose token a text is. */
  public Authentication authenticate(String text) throws SQLException {
    if (!NewToken.isWellFormed(text)) {
      return new Refused("the token is malformed; it begins with bt_ and was perhaps cut off");
    }
    byte[] sha256 = HexFormat.of().parseHex(KeyRef.sha256(text));
    return database.call(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(SELECT + "WHERE sha256 = ?")) {
            query.setBytes(1, sha256);
            try (ResultSet row = query.executeQuery()) {
              return row.next() ? judged(row) : new Refused(UNKNOWN);
            }
          }
        });
  }

  /**
   * Which of these texts are good for nothing, and why, in one question.
   *
   * @return why, by the text; those that are good are not in it
   */
  public Map<String, String> refused(List<String> texts) throws SQLException {
    Map<String, String> refused = new LinkedHashMap<>();
    Map<String, String> byHash = new LinkedHashMap<>();
    for (String each : texts) {
      refused.put(each, UNKNOWN);
      byHash.put(KeyRef.sha256(each), each);
    }
    database.call(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  SELECT.replace("SELECT ", "SELECT encode(t.sha256, 'hex') AS hash, ")
                      + "WHERE t.sha256 = ANY (?)")) {
            query.setArray(1, connection.createArrayOf("bytea", hashes(byHash.keySet())));
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                String text = Objects.requireNonNull(byHash.get(row.getString("hash")));
                if (judged(row) instanceof Refused why) {
                  refused.put(text, why.why());
                } else {
                  refused.remove(text);
                }
              }
            }
          }
          return true;
        });
    return refused;
  }

  private static byte[][] hashes(Set<String> hex) {
    return hex.stream().map(HexFormat.of()::parseHex).toArray(byte[][]::new);
  }

  private static Authentication judged(ResultSet row) throws SQLException {
    Token token = token(row);
    if (token.revoked() != null) {
      return new Refused("the token was revoked");
    }
    if (row.getBoolean("expired")) {
      return new Refused("the token expired at " + token.expires());
    }
    if (row.getBoolean("disabled")) {
      return new Refused("the operator of the token is disabled");
    }
    return new Known(new Caller(token.operator(), token.tokenId(), token.scope(), token.appId()));
  }

  private static void insert(Connection connection, NewToken made, Caller good, Instant expires)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO access_token (token_id, sha256, operator, scope, app_id, expires_at)"
                + " VALUES (?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, made.tokenId());
      insert.setBytes(2, HexFormat.of().parseHex(KeyRef.sha256(made.text())));
      insert.setString(3, good.operator());
      insert.setString(4, good.scope().text());
      insert.setString(5, good.appId());
      insert.setObject(6, expires.atOffset(ZoneOffset.UTC));
      insert.executeUpdate();
    }
  }

  private static void require(Connection connection, String what, String sql, String name)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, name);
      try (ResultSet found = query.executeQuery()) {
        if (!found.next()) {
          throw ServerException.notFound(what, "there is no " + what + " " + name);
        }
      }
    }
  }

  private static Token token(ResultSet row) throws SQLException {
    OffsetDateTime revoked = row.getObject("revoked_at", OffsetDateTime.class);
    return new Token(
        row.getString("token_id"),
        row.getString("operator"),
        // A scope of a later version that this one does not know gives the least.
        Scope.of(row.getString("scope")).orElse(Scope.INTAKE),
        row.getString("app_id"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
        revoked == null ? null : revoked.toInstant());
  }
}
