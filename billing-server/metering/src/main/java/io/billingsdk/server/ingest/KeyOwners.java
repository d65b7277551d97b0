package io.billingsdk.server.ingest;

import io.billingsdk.protocol.KeyRef;
import io.billingsdk.server.ledger.LedgerTransaction.KeyOwner;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** To which app each key of a batch belongs. */
final class KeyOwners {
  private final Map<KeyRef, KeyOwner> owners = new HashMap<>();

  // Of the event before: mostly that of the next.
  private @Nullable KeyRef lastKey;
  private @Nullable KeyOwner lastOwner;

  private KeyOwners() {}

  /** Asks for all keys of these events. */
  static KeyOwners of(Connection connection, List<NewEvent> events) throws SQLException {
    KeyOwners found = new KeyOwners();
    KeyRef last = null;
    for (NewEvent each : events) {
      KeyRef key = each.event().key();
      if (!key.equals(last)) {
        found.owners.computeIfAbsent(key, KeyOwners::unknown);
        last = key;
      }
    }
    Map<String, KeyOwner> byId = new HashMap<>();
    Map<String, KeyOwner> byHash = new HashMap<>();
    select(connection, found.owners.values(), byId, byHash);
    found.owners.replaceAll(
        (key, unknown) -> {
          KeyOwner known = unknown.sha256() == null ? null : byHash.get(unknown.sha256());
          String named = unknown.keyId();
          if (named != null) {
            known = byId.get(named);
            // A key in the place of its id is still that key, and nothing to be stored.
            known = known == null ? byHash.get(KeyRef.sha256(named)) : known;
          }
          return known == null ? unknown : known;
        });
    return found;
  }

  KeyOwner of(NewEvent event) {
    KeyRef key = event.event().key();
    KeyOwner owner = lastOwner;
    if (owner == null || !key.equals(lastKey)) {
      owner = Objects.requireNonNull(owners.get(key), "asked for");
      lastKey = key;
      lastOwner = owner;
    }
    return owner;
  }

  private static KeyOwner unknown(KeyRef key) {
    if (key instanceof KeyRef.KeyId named) {
      return new KeyOwner(null, named.id(), null);
    }
    String hex =
        key instanceof KeyRef.RawKey raw ? raw.hashed().hex() : ((KeyRef.KeySha256) key).hex();
    return new KeyOwner(null, null, hex);
  }

  private static void select(
      Connection connection,
      Iterable<KeyOwner> asked,
      Map<String, KeyOwner> byId,
      Map<String, KeyOwner> byHash)
      throws SQLException {
    List<String> ids = new ArrayList<>();
    List<byte[]> hashes = new ArrayList<>();
    for (KeyOwner each : asked) {
      if (each.keyId() != null) {
        ids.add(each.keyId());
        hashes.add(HexFormat.of().parseHex(KeyRef.sha256(each.keyId())));
      } else if (each.sha256() != null) {
        hashes.add(HexFormat.of().parseHex(each.sha256()));
      }
    }
    // By hand: for each batch of the collector.
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT key_id, sha256, app_id FROM api_key WHERE key_id = ANY(?) UNION ALL"
                + " SELECT key_id, sha256, app_id FROM api_key WHERE sha256 = ANY(?)")) {
      query.setArray(1, connection.createArrayOf("text", ids.toArray()));
      query.setArray(2, connection.createArrayOf("bytea", hashes.toArray(new byte[0][])));
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          KeyOwner owner = new KeyOwner(found.getString(3), found.getString(1), null);
          byId.put(found.getString(1), owner);
          byHash.put(HexFormat.of().formatHex(found.getBytes(2)), owner);
        }
      }
    }
  }
}
