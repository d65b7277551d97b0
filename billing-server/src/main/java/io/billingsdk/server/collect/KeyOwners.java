package io.billingsdk.server.collect;

import io.billingsdk.protocol.KeyRef;
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
  /**
   * What the ledger says of a key.
   *
   * @param app null when the key is not known
   * @param keyId null when the key is not known and was named by its hash
   * @param sha256 in hexadecimal; only of a key that is not known and was named by its hash
   */
  record Owner(@Nullable String app, @Nullable String keyId, @Nullable String sha256) {}

  private final Map<KeyRef, Owner> owners = new HashMap<>();

  // Of the event before: mostly that of the next.
  private @Nullable KeyRef lastKey;
  private @Nullable Owner lastOwner;

  private KeyOwners() {}

  /** Asks for all keys of these events. */
  static KeyOwners of(Connection connection, List<Candidate> events) throws SQLException {
    KeyOwners found = new KeyOwners();
    KeyRef last = null;
    for (Candidate each : events) {
      KeyRef key = each.event().key();
      if (!key.equals(last)) {
        found.owners.computeIfAbsent(key, KeyOwners::unknown);
        last = key;
      }
    }
    Map<String, Owner> byId = new HashMap<>();
    Map<String, Owner> byHash = new HashMap<>();
    select(connection, found.owners.values(), byId, byHash);
    found.owners.replaceAll(
        (key, unknown) -> {
          Owner known = unknown.sha256 == null ? null : byHash.get(unknown.sha256);
          String named = unknown.keyId;
          if (named != null) {
            known = byId.get(named);
            // A key in the place of its id is still that key, and nothing to be stored.
            known = known == null ? byHash.get(KeyRef.sha256(named)) : known;
          }
          return known == null ? unknown : known;
        });
    return found;
  }

  Owner of(Candidate event) {
    KeyRef key = event.event().key();
    Owner owner = lastOwner;
    if (owner == null || !key.equals(lastKey)) {
      owner = Objects.requireNonNull(owners.get(key), "asked for");
      lastKey = key;
      lastOwner = owner;
    }
    return owner;
  }

  private static Owner unknown(KeyRef key) {
    if (key instanceof KeyRef.KeyId named) {
      return new Owner(null, named.id(), null);
    }
    String hex =
        key instanceof KeyRef.RawKey raw ? raw.hashed().hex() : ((KeyRef.KeySha256) key).hex();
    return new Owner(null, null, hex);
  }

  private static void select(
      Connection connection,
      Iterable<Owner> asked,
      Map<String, Owner> byId,
      Map<String, Owner> byHash)
      throws SQLException {
    List<String> ids = new ArrayList<>();
    List<byte[]> hashes = new ArrayList<>();
    for (Owner each : asked) {
      if (each.keyId != null) {
        ids.add(each.keyId);
        hashes.add(HexFormat.of().parseHex(KeyRef.sha256(each.keyId)));
      } else if (each.sha256 != null) {
        hashes.add(HexFormat.of().parseHex(each.sha256));
      }
    }
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT key_id, sha256, app_id FROM api_key WHERE key_id = ANY(?) UNION ALL"
                + " SELECT key_id, sha256, app_id FROM api_key WHERE sha256 = ANY(?)")) {
      query.setArray(1, connection.createArrayOf("text", ids.toArray()));
      query.setArray(2, connection.createArrayOf("bytea", hashes.toArray(new byte[0][])));
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          Owner owner = new Owner(found.getString(3), found.getString(1), null);
          byId.put(found.getString(1), owner);
          byHash.put(HexFormat.of().formatHex(found.getBytes(2)), owner);
        }
      }
    }
  }
}
