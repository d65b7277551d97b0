package io.billingsdk.server.keys;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.KeyRecord.Status;
import io.billingsdk.server.ServerException;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.KnownApp;
import io.billingsdk.server.database.Database;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes apps and keys. Every change of a key raises the version of the table in the order of the
 * commits, is written down, and is told to the running servers at once. Thread-safe.
 */
public final class KeyAdmin {
  /** Listened to by the feeds. */
  static final String CHANNEL = "billing_keys";

  private final Database database;
  private final @Nullable KeyVault vault;
  private final Actor actor;
  private final SecureRandom random = new SecureRandom();

  /**
   * Over a database, for a command.
   *
   * @param vault null where no legacy key is made
   */
  public KeyAdmin(Database database, @Nullable KeyVault vault) {
    this(database, vault, Actor.commandLine());
  }

  /**
   * Over a database.
   *
   * @param vault null where no legacy key is made
   * @param actor who changes the keys
   */
  public KeyAdmin(Database database, @Nullable KeyVault vault, Actor actor) {
    this.database = database;
    this.vault = vault;
    this.actor = actor;
  }

  /** Makes an app, which keys belong to. */
  public void createApp(String appId, String name) throws SQLException {
    var unused = new Apps(database, actor).create(appId, name);
  }

  /** As {@link #create(String, KeyTerms, boolean)}, with neither rate nor quotas. */
  public NewKey create(String appId, List<String> models, @Nullable Instant expires, boolean legacy)
      throws SQLException {
    return create(appId, new KeyTerms(models, expires, null, List.of()), legacy);
  }

  /**
   * Makes a key.
   *
   * @param legacy whether the feed of protocol v1 carries it, so that it is kept, encrypted
   */
  public NewKey create(String appId, KeyTerms terms, boolean legacy) throws SQLException {
    NewKey made = NewKey.create(random);
    importKey(made.keyId(), made.text(), appId, terms, legacy);
    return made;
  }

  /** Takes over a key that exists, for example of an older billing system. */
  public void importKey(String keyId, String apiKey, String appId, KeyTerms terms, boolean legacy)
      throws SQLException {
    if (!Bounds.isWellFormedKey(apiKey)) {
      throw ServerException.invalid("the key", "1 to 256 printable ASCII characters");
    }
    byte[] sealed = sealed(keyId, apiKey, legacy);
    database.inTransaction(
        connection -> {
          KnownApp.require(connection, appId);
          add(connection, new NewKey(keyId, apiKey), appId, terms, sealed);
          return true;
        });
  }

  /** Blocks a key. */
  public void block(String keyId, String reason) throws SQLException {
    requireText("reason", reason, Bounds.REASON_CHARS);
    update(keyId, "block", "status = 'blocked', reason = ?", reason);
  }

  /** Lets a blocked key in again. */
  public void unblock(String keyId) throws SQLException {
    update(keyId, "unblock", "status = 'ok', reason = ?", null);
  }

  /** Removes a key, for good; its record stays, so that an older one does not revive it. */
  public void remove(String keyId) throws SQLException {
    update(keyId, "remove", "status = 'removed', legacy_key = NULL, reason = ?", null);
  }

  /** Sets when a key ends. */
  public void expire(String keyId, Instant when) throws SQLException {
    change(keyId, terms -> terms.withExpires(when));
  }

  /** Changes what a key may be used for; all of it at once. */
  public void change(String keyId, UnaryOperator<KeyTerms> change) throws SQLException {
    database.inTransaction(
        connection -> {
          // First: whoever has the next version is alone with the keys until it commits.
          long version = nextVersion(connection);
          KeyRecord old = present(connection, keyId);
          KeyRows.updateTerms(connection, keyId, version, change.apply(KeyTerms.of(old)));
          tell(connection, version, keyId, "change", old);
          return true;
        });
  }

  /**
   * Makes a successor of a key, with its app, its terms, and in the feed of protocol v1 if it is
   * there; the old one ends after an overlap, or when it would have ended anyway. Both happen, or
   * neither.
   *
   * @throws ServerException when the key is blocked: its successor would let in again who was shut
   *     out
   */
  public NewKey rotate(String keyId, Instant oldEnds) throws SQLException {
    NewKey made = NewKey.create(random);
    database.inTransaction(
        connection -> {
          long version = nextVersion(connection);
          KeyRecord old = present(connection, keyId);
          if (old.status() == Status.BLOCKED) {
            throw ServerException.conflict(
                "keyId", "key " + keyId + " is blocked; unblock it before rotating");
          }
          KeyTerms terms = KeyTerms.of(old);
          Instant end = terms.expires();
          boolean sooner = end != null && end.isBefore(oldEnds);
          KeyRows.updateTerms(
              connection, keyId, version, terms.withExpires(sooner ? end : oldEnds));
          tell(connection, version, keyId, "rotate", old);
          byte[] sealed = sealed(made.keyId(), made.text(), KeyRows.isLegacy(connection, keyId));
          add(connection, made, old.appId(), terms, sealed);
          KeyRows.setSuccessor(connection, keyId, made.keyId());
          return true;
        });
    return made;
  }

  /** A key, and be it removed; empty when there never was one. */
  public Optional<KeyRecord> one(String keyId) throws SQLException {
    return database.call(connection -> KeyRows.one(connection, keyId));
  }

  /**
   * Keys of an app, removed ones included, in the order of their ids.
   *
   * @param after the id that they follow; empty for the first
   * @param most so many at most
   */
  public List<KeyRecord> ofApp(String appId, String after, int most) throws SQLException {
    return database.call(
        connection -> {
          KnownApp.require(connection, appId);
          return KeyRows.ofApp(connection, appId, after, most);
        });
  }

  /** All keys, removed ones included, in the order of their last change. */
  public List<KeyRecord> keys() throws SQLException {
    return database.call(connection -> KeyRows.since(connection, 0));
  }

  /** Of each key that was rotated the one that was made for it, by the ids of the old ones. */
  public Map<String, String> successors() throws SQLException {
    return database.call(KeyRows::successors);
  }

  private void update(String keyId, String what, String assignment, @Nullable String value)
      throws SQLException {
    database.inTransaction(
        connection -> {
          long version = nextVersion(connection);
          KeyRecord old = present(connection, keyId);
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE api_key SET version = ?, " + assignment + " WHERE key_id = ?")) {
            update.setLong(1, version);
            update.setString(2, value);
            update.setString(3, keyId);
            update.executeUpdate();
          }
          tell(connection, version, keyId, what, old);
          return true;
        });
  }

  private void add(
      Connection connection, NewKey key, String appId, KeyTerms terms, byte @Nullable [] sealed)
      throws SQLException {
    long version = nextVersion(connection);
    if (!KeyRows.insert(
        connection, new KeyRows.NewRow(key.keyId(), key.text(), appId, version, terms), sealed)) {
      throw ServerException.conflict("keyId", "there is a key with this id or this text already");
    }
    tell(connection, version, key.keyId(), "create", null);
  }

  private byte @Nullable [] sealed(String keyId, String apiKey, boolean legacy) {
    if (!legacy) {
      return null;
    }
    if (vault == null) {
      throw new ServerException("a legacy key needs the secret of the installation");
    }
    return vault.seal(keyId, apiKey);
  }

  private static KeyRecord present(Connection connection, String keyId) throws SQLException {
    return KeyRows.one(connection, keyId)
        .filter(key -> key.status() != Status.REMOVED)
        .orElseThrow(() -> none(keyId));
  }

  private static KeyRecord row(Connection connection, String keyId) throws SQLException {
    return KeyRows.one(connection, keyId).orElseThrow(() -> none(keyId));
  }

  private static ServerException none(String keyId) {
    return ServerException.notFound("keyId", "there is no key " + keyId + ", or it was removed");
  }

  private static long nextVersion(Connection connection) throws SQLException {
    try (PreparedStatement update =
            connection.prepareStatement(
                "UPDATE key_table SET version = version + 1 RETURNING version");
        ResultSet version = update.executeQuery()) {
      version.next();
      return version.getLong(1);
    }
  }

  private void tell(
      Connection connection, long version, String keyId, String what, @Nullable KeyRecord old)
      throws SQLException {
    KeyAudit.write(connection, actor, what, old, row(connection, keyId));
    try (PreparedStatement insert =
        connection.prepareStatement(
            "WITH noted AS (INSERT INTO key_change (version, key_id, what) VALUES (?, ?, ?))"
                + " SELECT pg_notify('"
                + CHANNEL
                + "', '')")) {
      insert.setLong(1, version);
      insert.setString(2, keyId);
      insert.setString(3, what);
      insert.execute();
    }
  }

  static void requireText(String field, String text, int chars) {
    if (text.isBlank() || text.length() > chars || !Bounds.isWellFormedText(text)) {
      throw ServerException.invalid(field, "a text of 1 to " + chars + " characters");
    }
  }
}
