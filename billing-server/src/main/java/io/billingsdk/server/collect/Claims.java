package io.billingsdk.server.collect;

import io.billingsdk.server.collect.Identities.Place;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Idempotency keys, which the applications give: one of an app is counted once. */
final class Claims {
  // In one order everywhere: two collectors with the same keys wait for each other in no circle.
  private static final String CLAIM =
      """
      INSERT INTO idempotency (app_id, idempotency_key, stream_id, seq)
      SELECT * FROM unnest(?, ?, ?, ?) ORDER BY 1, 2, 3, 4
      ON CONFLICT DO NOTHING
      RETURNING stream_id, seq
      """;

  private Claims() {}

  /** Claims the keys of new events; those of them whose key was taken are left out. */
  static List<Candidate> of(Connection connection, List<Candidate> events, KeyOwners owners)
      throws SQLException {
    List<Candidate> claiming = events.stream().filter(each -> claims(each, owners)).toList();
    if (claiming.isEmpty()) {
      return events;
    }
    Set<Place> claimed = claim(connection, claiming, owners);
    return events.stream()
        .filter(each -> !claims(each, owners) || claimed.contains(Place.of(each)))
        .toList();
  }

  private static boolean claims(Candidate event, KeyOwners owners) {
    return event.event().idempotencyKey() != null && owners.of(event).app() != null;
  }

  private static Set<Place> claim(Connection connection, List<Candidate> events, KeyOwners owners)
      throws SQLException {
    Object[] apps = events.stream().map(e -> Objects.requireNonNull(owners.of(e).app())).toArray();
    Object[] keys = events.stream().map(e -> e.event().idempotencyKey()).toArray();
    Object[] ids = events.stream().map(Candidate::streamId).toArray();
    Object[] numbers = events.stream().map(Candidate::seq).toArray();
    Set<Place> claimed = new HashSet<>();
    try (PreparedStatement insert = connection.prepareStatement(CLAIM)) {
      insert.setArray(1, connection.createArrayOf("text", apps));
      insert.setArray(2, connection.createArrayOf("text", keys));
      insert.setArray(3, connection.createArrayOf("integer", ids));
      insert.setArray(4, connection.createArrayOf("bigint", numbers));
      try (ResultSet inserted = insert.executeQuery()) {
        while (inserted.next()) {
          claimed.add(new Place(inserted.getInt(1), inserted.getLong(2)));
        }
      }
    }
    return claimed;
  }
}
