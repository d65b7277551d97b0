package io.billingsdk.server.collect;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.collect.Identities.Place;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Idempotency keys, which the applications give: one of an app is counted once. An event whose key
 * is taken repeats the one that has it if it says the same, and is a conflict if not.
 */
final class Claims {
  private static final String SENT =
      """
      FROM (SELECT app, key, stream_id, seq, stated,
          usage_content(named, module, model, usage, metadata::jsonb) AS content
        FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          AS s (app, key, stream_id, seq, named, module, model, usage, metadata, stated)) AS sent
      """;

  // In one order everywhere: two collectors with the same keys wait for each other in no circle.
  private static final String CLAIM =
      "INSERT INTO idempotency (app_id, idempotency_key, stream_id, seq, content, occurred_at)"
          + " SELECT app, key, stream_id, seq, content, stated "
          + SENT
          + """
          WHERE NOT EXISTS (
            SELECT FROM idempotency i WHERE i.app_id = sent.app
              AND i.idempotency_key = older_idempotency_key(sent.key) AND i.content IS NULL)
          ORDER BY 1, 2, 3, 4
          ON CONFLICT DO NOTHING
          RETURNING stream_id, seq
          """;

  private static final String CONFLICTING =
      "SELECT sent.stream_id, sent.seq, sent.content, i.stream_id, i.seq, u.uuid "
          + SENT
          + """
          JOIN idempotency i ON i.app_id = sent.app AND i.idempotency_key = sent.key
          JOIN stream u ON u.stream_id = i.stream_id
          WHERE i.content <> sent.content OR i.occurred_at <> sent.stated
          """;

  private final List<Candidate> fresh = new ArrayList<>();
  private final List<Candidate> repeats = new ArrayList<>();
  private final List<KeyConflict> conflicts = new ArrayList<>();

  private Claims() {}

  /**
   * An event whose key belongs to another with other content.
   *
   * @param said a hash of what it said
   * @param stated when it happened, if its sender said so
   * @param counted the event that has the key, by its stream's id and its number
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record KeyConflict(
      Candidate event, String app, byte[] said, @Nullable Instant stated, Place counted) {
    String key() {
      return Objects.requireNonNull(event.event().idempotencyKey(), "it conflicts by its key");
    }
  }

  /** Claims the keys of new events. */
  static Claims of(Connection connection, List<Candidate> events, KeyOwners owners)
      throws SQLException {
    Claims claims = new Claims();
    List<Candidate> claiming = events.stream().filter(each -> claims(each, owners)).toList();
    Set<Place> claimed = claiming.isEmpty() ? Set.of() : claim(connection, claiming, owners);
    List<Candidate> taken =
        claiming.stream().filter(each -> !claimed.contains(Place.of(each))).toList();
    Map<Place, KeyConflict> conflicting =
        taken.isEmpty() ? Map.of() : conflicting(connection, taken, owners);
    for (Candidate each : events) {
      KeyConflict conflict = conflicting.get(Place.of(each));
      if (conflict != null) {
        claims.conflicts.add(conflict);
      } else if (!claims(each, owners) || claimed.contains(Place.of(each))) {
        claims.fresh.add(each);
      } else {
        claims.repeats.add(each);
      }
    }
    return claims;
  }

  /** Those that are counted. */
  List<Candidate> fresh() {
    return fresh;
  }

  /** Those whose key was taken by another that says the same. */
  List<Candidate> repeats() {
    return repeats;
  }

  /** Those whose key was taken by another that says something else. */
  List<KeyConflict> conflicts() {
    return conflicts;
  }

  private static boolean claims(Candidate event, KeyOwners owners) {
    return event.event().idempotencyKey() != null && owners.of(event).app() != null;
  }

  private static Set<Place> claim(Connection connection, List<Candidate> events, KeyOwners owners)
      throws SQLException {
    Set<Place> claimed = new HashSet<>();
    try (PreparedStatement insert = connection.prepareStatement(CLAIM)) {
      set(connection, insert, events, owners);
      try (ResultSet inserted = insert.executeQuery()) {
        while (inserted.next()) {
          claimed.add(new Place(inserted.getInt(1), inserted.getLong(2)));
        }
      }
    }
    return claimed;
  }

  private static Map<Place, KeyConflict> conflicting(
      Connection connection, List<Candidate> taken, KeyOwners owners) throws SQLException {
    Map<Place, Candidate> events = new HashMap<>();
    taken.forEach(each -> events.put(Place.of(each), each));
    Map<Place, KeyConflict> found = new HashMap<>();
    try (PreparedStatement query = connection.prepareStatement(CONFLICTING)) {
      set(connection, query, taken, owners);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          Place place = new Place(row.getInt(1), row.getLong(2));
          Candidate event = Objects.requireNonNull(events.get(place), "asked for");
          Place counted = new Place(row.getInt(4), row.getLong(5));
          event.hasTheKeyOf(row.getObject(6, UUID.class), counted.seq());
          found.put(
              place,
              new KeyConflict(
                  event,
                  Objects.requireNonNull(owners.of(event).app(), "it claims"),
                  row.getBytes(3),
                  stated(event),
                  counted));
        }
      }
    }
    return found;
  }

  private static void set(
      Connection connection, PreparedStatement query, List<Candidate> events, KeyOwners owners)
      throws SQLException {
    query.setArray(1, array(connection, "text", events, e -> owners.of(e).app()));
    query.setArray(2, array(connection, "text", events, of(e -> e.idempotencyKey())));
    query.setArray(3, array(connection, "integer", events, Candidate::streamId));
    query.setArray(4, array(connection, "bigint", events, Candidate::seq));
    query.setArray(5, array(connection, "text", events, e -> owners.of(e).keyId()));
    query.setArray(6, array(connection, "text", events, of(e -> e.module())));
    query.setArray(7, array(connection, "text", events, of(e -> e.model())));
    query.setArray(8, array(connection, "numeric", events, of(e -> e.usage())));
    query.setArray(9, array(connection, "text", events, of(e -> e.metadata())));
    query.setArray(10, array(connection, "timestamptz", events, Claims::stated));
  }

  private static Array array(
      Connection connection,
      String type,
      List<Candidate> events,
      Function<Candidate, @Nullable Object> value)
      throws SQLException {
    return connection.createArrayOf(type, events.stream().map(value).toArray());
  }

  private static Function<Candidate, @Nullable Object> of(
      Function<ReceivedEvent.Valid, @Nullable Object> value) {
    return candidate -> value.apply(candidate.event());
  }

  private static @Nullable Instant stated(Candidate event) {
    return event.entry().isTimed() ? Instant.ofEpochMilli(event.event().timestampMillis()) : null;
  }
}
