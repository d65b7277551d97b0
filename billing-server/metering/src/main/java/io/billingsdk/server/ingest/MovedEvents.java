package io.billingsdk.server.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.protocol.ContentHash;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.ingest.IncomingEvent.Fate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Events that were rejected for the time they had and replayed with another: what their instance
 * sends again, with the first time, is in the ledger. Without this look it would be a conflict, or
 * be refused for its time for ever.
 */
final class MovedEvents {
  private static final String ORIGINALS =
      """
      SELECT r.stream, r.seq, r.content FROM unnest(?, ?) AS asked (stream, seq)
      JOIN rejected_event r ON r.stream = asked.stream AND r.seq = asked.seq AND r.stream IS NOT NULL
      JOIN replay p ON p.rejected_id = r.id AND p.offset_ms <> 0
      """;

  private static final Set<String> POSSIBLE = Set.of("CONFLICT", "IN_FUTURE", "TOO_OLD");

  private record Identity(UUID stream, long seq) {}

  private MovedEvents() {}

  /**
   * Finds those among the rejected entries, which are duplicates then.
   *
   * @param conflicts from which they are taken
   */
  static void settle(
      Connection connection, List<StreamEntries> streams, List<IncomingEvent> conflicts)
      throws SQLException {
    List<IncomingEvent> suspects = new ArrayList<>();
    for (StreamEntries stream : streams) {
      for (IncomingEvent each : stream.entries()) {
        if (each.fate() == Fate.REJECTED
            && POSSIBLE.contains(each.code())
            && each.event() instanceof ReceivedEvent.Valid) {
          suspects.add(each);
        }
      }
    }
    if (suspects.isEmpty()) {
      return;
    }
    Map<Identity, Set<ContentHash>> originals = originals(connection, suspects);
    for (IncomingEvent each : suspects) {
      ContentHash said = ((ReceivedEvent.Valid) each.event()).hash();
      if (originals
          .getOrDefault(new Identity(each.stream(), each.seq()), Set.of())
          .contains(said)) {
        each.setFate(Fate.DUPLICATE);
        conflicts.remove(each);
      }
    }
  }

  private static Map<Identity, Set<ContentHash>> originals(
      Connection connection, List<IncomingEvent> suspects) throws SQLException {
    Map<Identity, Set<ContentHash>> originals = new HashMap<>();
    // By hand: it is a part of what the collector does with a batch.
    try (PreparedStatement query = connection.prepareStatement(ORIGINALS)) {
      query.setArray(
          1,
          connection.createArrayOf("uuid", suspects.stream().map(IncomingEvent::stream).toArray()));
      query.setArray(
          2,
          connection.createArrayOf("bigint", suspects.stream().map(IncomingEvent::seq).toArray()));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          long seq = row.getLong(2);
          ObjectNode kept = RejectedEventJson.event(row.getString(3)).orElse(null);
          if (kept != null
              && RejectedEventJson.read(seq, kept) instanceof ReceivedEvent.Valid event) {
            originals
                .computeIfAbsent(
                    new Identity(row.getObject(1, UUID.class), seq), any -> new HashSet<>())
                .add(event.hash());
          }
        }
      }
    }
    return originals;
  }
}
