package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.ingest.IncomingEvent.Fate;
import io.billingsdk.server.ingest.LedgerInsert.TakenKey;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import io.billingsdk.server.ledger.RejectedEventRows;
import io.billingsdk.server.ledger.StreamRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps what is refused, with its reason, as far as its sender's {@link RowAllowance} goes. Beyond
 * it a good event that came at a wrong time is to come again, where its instance knows that; of all
 * else a sample is kept, and everything is counted. For one transaction.
 */
final class RejectedEventWriter {
  /** Reasons that pass with time, or with a clock that is set right. */
  private static final Set<String> OF_TIME = Set.of("TOO_OLD", "IN_FUTURE");

  private final Connection connection;
  private final StreamRows streams;
  private final RowAllowance allowance;
  private final RejectedEventRows rows;

  RejectedEventWriter(Connection connection, StreamRows streams, RowAllowance allowance) {
    this.connection = connection;
    this.streams = streams;
    this.allowance = allowance;
    this.rows = new RejectedEventRows(connection);
  }

  void write(
      List<IncomingEvent> entries, List<IncomingEvent> conflicts, List<TakenKey> keyConflicts)
      throws SQLException {
    List<IncomingEvent> refused = entries.stream().filter(e -> e.fate() == Fate.REJECTED).toList();
    if (refused.isEmpty()) {
      return;
    }
    refused.forEach(this::decide);
    rows.saveCounts();
    writeLeftOut(entries);
    writeConflicts(conflicts.stream().filter(RejectedEventWriter::isKept).toList());
    writeRejected(refused.stream().filter(e -> !e.code().equals("CONFLICT") && isKept(e)).toList());
    writeKeyConflicts(keyConflicts.stream().filter(each -> isKept(each.event().entry())).toList());
  }

  private void decide(IncomingEvent incomingEvent) {
    // A sender that receives no request to repeat it has only the copy that is kept here.
    boolean kept =
        (incomingEvent.isHeld() && incomingEvent.instance() == null)
            || incomingEvent.decideKept(
                () ->
                    allowance.keeps(
                        incomingEvent.sender(),
                        RejectedEventJson.characters(incomingEvent.event())));
    if (!kept && incomingEvent.instance() != null && OF_TIME.contains(incomingEvent.code())) {
      incomingEvent.deferForNow();
    } else {
      rows.count(incomingEvent.sender(), incomingEvent.code(), kept);
    }
  }

  private static boolean isKept(IncomingEvent incomingEvent) {
    return !incomingEvent.isDeferred() && !incomingEvent.isLeftOut();
  }

  /** How many numbers of each stream came now and have no row at all. */
  private void writeLeftOut(List<IncomingEvent> entries) throws SQLException {
    Map<UUID, Set<Long>> numbers = new HashMap<>();
    for (IncomingEvent each : entries) {
      // An event that was turned away has not come: its number is not among those that are reckoned
      // with.
      if (each.isLeftOut()
          && !each.wasTurnedAway()
          && !streams.hasCome(each.stream(), each.seq())) {
        numbers.computeIfAbsent(each.stream(), any -> new HashSet<>()).add(each.seq());
      }
    }
    if (numbers.isEmpty()) {
      return;
    }
    for (IncomingEvent each : entries) {
      Set<Long> its = numbers.get(each.stream());
      if (its != null && !each.isLeftOut() && !each.isDeferred()) {
        its.remove(each.seq());
      }
    }
    Map<UUID, Integer> counted = new HashMap<>();
    numbers.forEach((stream, its) -> counted.put(stream, its.size()));
    streams.leaveOut(connection, counted);
  }

  private void writeRejected(List<IncomingEvent> rejected) throws SQLException {
    if (rejected.isEmpty()) {
      return;
    }
    List<String> contents = masked(rejected);
    List<RejectedEventRows.RejectedRow> kept = new ArrayList<>();
    for (int i = 0; i < rejected.size(); i++) {
      IncomingEvent each = rejected.get(i);
      kept.add(
          new RejectedEventRows.RejectedRow(
              each.stream(),
              each.seq(),
              each.instance(),
              each.code(),
              each.detail(),
              contents.get(i)));
    }
    rows.addRejected(kept);
  }

  /** The contents of events, without a key. */
  private List<String> masked(List<IncomingEvent> entries) throws SQLException {
    return KnownKeys.masked(
        connection, entries.stream().map(each -> RejectedEventJson.content(each.event())).toList());
  }

  /** Keeps events that have the idempotency key of others, and another content. */
  private void writeKeyConflicts(List<TakenKey> conflicts) throws SQLException {
    if (conflicts.isEmpty()) {
      return;
    }
    List<String> contents = masked(conflicts.stream().map(each -> each.event().entry()).toList());
    for (int i = 0; i < conflicts.size(); i++) {
      TakenKey each = conflicts.get(i);
      rows.addKeyConflict(
          conflict(each.row().id(), each.event().entry(), contents.get(i)),
          each.row(),
          each.found());
    }
  }

  private void writeConflicts(List<IncomingEvent> conflicts) throws SQLException {
    if (conflicts.isEmpty()) {
      return;
    }
    List<String> contents = masked(conflicts);
    List<RejectedEventRows.Conflict> kept = new ArrayList<>();
    for (int i = 0; i < conflicts.size(); i++) {
      IncomingEvent each = conflicts.get(i);
      EventId id = new EventId(streams.id(each.stream()), each.seq());
      kept.add(conflict(id, each, contents.get(i)));
    }
    rows.addConflicts(kept);
  }

  private static RejectedEventRows.Conflict conflict(
      EventId id, IncomingEvent incomingEvent, String content) {
    byte[] hash = ((ReceivedEvent.Valid) incomingEvent.event()).hash().bytes();
    return new RejectedEventRows.Conflict(id, hash, incomingEvent.instance(), content);
  }

  /** Keeps that messages could not be read at all; of their content only the length. */
  static void writeMalformed(
      Connection connection, RowAllowance allowance, List<IncomingMessage> messages)
      throws SQLException {
    RejectedEventRows rows = new RejectedEventRows(connection);
    List<RejectedEventRows.RejectedRow> kept = new ArrayList<>();
    for (IncomingMessage each : messages) {
      String sender = each.sender().login();
      String content = each.bytes() + " bytes";
      boolean keeps = allowance.keeps(sender, content.length());
      rows.count(sender, "MALFORMED", keeps);
      if (keeps) {
        String why = Objects.requireNonNull(each.malformed(), "malformed");
        kept.add(
            new RejectedEventRows.RejectedRow(
                /* stream= */ null, /* seq= */ 0, each.instance(), "MALFORMED", why, content));
      }
    }
    rows.addRejected(kept);
    rows.saveCounts();
  }
}
