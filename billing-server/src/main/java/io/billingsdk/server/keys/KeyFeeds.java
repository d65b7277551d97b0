package io.billingsdk.server.keys;

import io.billingsdk.server.database.Database;
import io.billingsdk.wire.KeyFeedMessage;
import io.billingsdk.wire.KeyRecord;
import io.billingsdk.wire.KeyUpdate;
import io.billingsdk.wire.V1Codec;
import io.billingsdk.wire.V1Topics;
import io.billingsdk.wire.V2Topics;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the SDKs of keys: changes to all, a snapshot to the instance that asked, and, for protocol
 * v1, the legacy keys. Repeating any of it does no harm, so several servers may. For one thread.
 */
public final class KeyFeeds {
  private static final Logger log = LoggerFactory.getLogger(KeyFeeds.class);

  /** Some 400 bytes each: a chunk stays below the packets that small brokers allow. */
  private static final int CHUNK_KEYS = 200;

  private static final int PROTOCOL = 2;

  /** Publishes with QoS 1. */
  @FunctionalInterface
  public interface Publisher {
    /** Sends a message, sooner or later or, when the connection is lost, never. */
    void publish(String topic, byte[] message);
  }

  private final Database database;
  private final KeyVault vault;
  private final V2Topics topics;
  private final V1Topics legacyTopics;
  private final Publisher publisher;
  private long told = -1;

  /** Feeds under a topic prefix. */
  public KeyFeeds(Database database, KeyVault vault, String prefix, Publisher publisher) {
    this.database = database;
    this.vault = vault;
    this.topics = V2Topics.under(prefix);
    this.legacyTopics = V1Topics.under(prefix);
    this.publisher = publisher;
  }

  /** Tells all of what has changed since the last call; the first call only remembers. */
  public void tellChanges() throws SQLException {
    if (told < 0) {
      told = database.call(KeyRows::version);
      return;
    }
    List<KeyRecord> changed = database.call(connection -> KeyRows.since(connection, told));
    for (int from = 0; from < changed.size(); from += CHUNK_KEYS) {
      List<KeyRecord> part =
          changed.subList(from, Math.min(changed.size(), from + CHUNK_KEYS));
      long version = part.get(part.size() - 1).version();
      publisher.publish(topics.keys(), KeyFeedMessage.change(told, version, part).encode());
      told = version;
    }
    if (!changed.isEmpty()) {
      tellLegacy();
    }
  }

  /** Sends the whole table to one instance, in chunks. */
  public void sendSnapshot(String instance) throws SQLException {
    // The version first: a change in between is in both, and the later one counts.
    long version = database.call(KeyRows::version);
    List<KeyRecord> keys = database.call(connection -> KeyRows.since(connection, 0));
    int chunks = Math.max(1, (keys.size() + CHUNK_KEYS - 1) / CHUNK_KEYS);
    for (int chunk = 1; chunk <= chunks; chunk++) {
      int from = (chunk - 1) * CHUNK_KEYS;
      List<KeyRecord> part = keys.subList(from, Math.min(keys.size(), from + CHUNK_KEYS));
      publisher.publish(
          topics.keys(instance),
          new KeyFeedMessage(/* snapshot= */ true, version, 0, chunk, chunks, part, 0).encode());
    }
  }

  /** Sends the legacy keys to all of protocol v1: whoever may read the topic reads them whole. */
  public void tellLegacy() throws SQLException {
    List<KeyUpdate.Entry> entries = database.call(this::legacy);
    publisher.publish(
        legacyTopics.keysUpdate(),
        V1Codec.encodeKeyUpdate(
            new KeyUpdate(System.currentTimeMillis(), PROTOCOL, entries, 0)));
  }

  private List<KeyUpdate.Entry> legacy(Connection connection) throws SQLException {
    List<KeyUpdate.Entry> entries = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement(
                "SELECT key_id, app_id, legacy_key, status = 'ok' AND (expires_at IS NULL OR"
                    + " expires_at > now()) AS valid, reason FROM api_key WHERE legacy_key IS NOT"
                    + " NULL ORDER BY key_id");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        String keyId = row.getString(1);
        String app = row.getString(2);
        boolean blocked = !row.getBoolean(4);
        String reason = row.getString(5);
        vault
            .open(keyId, row.getBytes(3))
            .ifPresentOrElse(
                key -> entries.add(new KeyUpdate.Entry(app, key, blocked, reason)),
                () -> log.warn("legacy key {} was encrypted with another secret", keyId));
      }
    }
    return entries;
  }
}
