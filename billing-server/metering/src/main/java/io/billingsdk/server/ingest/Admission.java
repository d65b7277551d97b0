package io.billingsdk.server.ingest;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.StreamSecret;
import io.billingsdk.server.ledger.Corrections;
import io.billingsdk.server.ledger.Gaps;
import io.billingsdk.server.ledger.Strangers;
import io.billingsdk.server.ledger.StreamRows;
import io.billingsdk.server.ledger.StreamRows.StreamOwner;
import io.billingsdk.server.ledger.StreamRows.StreamRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether an event may have its number in its stream. An event that is turned away leaves no trace
 * in the row of the stream: it has not come. Admitted events are noted there.
 *
 * <p>An instance that hears of refusals (v2) hears of those that another time may not meet, and
 * keeps its event; of v1, which does not, the event is kept as rejected.
 */
final class Admission {
  /** Gaps of one stream; those that an operator has written off are not counted. */
  static final int MOST_GAPS = 10_000;

  private static final String GAPS =
      "SELECT (SELECT count(*) FROM stream_gap WHERE stream_id = ?) - coalesce("
          + "(SELECT parts FROM stream_written_off WHERE stream_id = ?), 0)";

  private final Connection connection;
  private final StreamRows rows;
  private final Strangers strangers;

  Admission(Connection connection, StreamRows rows, Strangers strangers) {
    this.connection = connection;
    this.rows = rows;
    this.strangers = strangers;
  }

  /** Decides on all of a batch, and notes in the rows what it lets in. */
  void decide(List<StreamEntries> streams) throws SQLException {
    for (StreamEntries each : streams) {
      new OfStream(each.stream(), rows.of(each.stream())).decide(each.entries());
    }
  }

  /** The events of one stream, in the order of their numbers. */
  private final class OfStream {
    private final UUID stream;
    private final Gaps gaps;
    private final StreamOwner known;
    private StreamOwner owner;

    /** Gaps before this batch, when they were counted; and how many more there are by it. */
    private long before = -1;

    private long opened;

    // Of the event before: mostly that of the next, which came in the same message.
    private boolean asked;
    private @Nullable String sender;
    private @Nullable StreamSecret secret;
    private boolean isOwner;

    OfStream(UUID stream, StreamRow row) {
      this.stream = stream;
      this.gaps = row.gaps();
      this.known = row.owner();
      this.owner = known;
    }

    void decide(List<IncomingEvent> entries) throws SQLException {
      for (IncomingEvent each : entries) {
        each.letIn();
        decide(each);
      }
      if (owner != known) {
        rows.bind(connection, stream, owner);
      }
    }

    private void decide(IncomingEvent incomingEvent) throws SQLException {
      long seq = incomingEvent.seq();
      if (gaps.streamId() == Corrections.STREAM_ID) {
        incomingEvent.turnAway("STREAM_RESERVED", "the stream is the server's own");
      } else if (!isOwn(incomingEvent)) {
        String why = "another instance has opened the stream, and the message proves nothing else";
        strangers.refuse("an event", stream, incomingEvent.instance(), why);
        incomingEvent.turnAwayForNow("STREAM_FOREIGN", why);
      } else if (seq > Bounds.COUNT_MAX) {
        incomingEvent.turnAway("SEQ_TOO_LARGE", "seq must be a number from 1 to 2^53");
      } else if (seq - Bounds.SEQ_JUMP_MAX > gaps.highest()) {
        incomingEvent.turnAway(
            "SEQ_JUMP",
            "seq must be at most 2^40 above the highest number of its stream that has come");
      } else if (!incomingEvent.origin().isNumberedHere() && !hasRoom(gaps.opens(seq))) {
        incomingEvent.turnAwayForNow(
            "TOO_MANY_GAPS",
            "numbers before it must come first: the stream has " + MOST_GAPS + " gaps");
      } else {
        gaps.came(seq);
      }
    }

    private boolean isOwn(IncomingEvent incomingEvent) {
      if (incomingEvent.origin().isNumberedHere()) {
        return true;
      }
      if (!asked
          || !Objects.equals(incomingEvent.instance(), sender)
          || !Objects.equals(incomingEvent.secret(), secret)) {
        asked = true;
        sender = incomingEvent.instance();
        secret = incomingEvent.secret();
        isOwner = owner.is(sender, secret);
        if (isOwner) {
          owner = owner.with(sender, secret);
        }
      }
      return isOwner;
    }

    private boolean hasRoom(int opens) throws SQLException {
      if (opens > 0) {
        before = before < 0 ? count() : before;
        if (before + opened + opens > MOST_GAPS) {
          return false;
        }
      }
      opened += opens;
      return true;
    }

    private long count() throws SQLException {
      // By hand: for each batch of the collector.
      try (PreparedStatement query = connection.prepareStatement(GAPS)) {
        query.setInt(1, gaps.streamId());
        query.setInt(2, gaps.streamId());
        try (ResultSet row = query.executeQuery()) {
          row.next();
          return row.getLong(1);
        }
      }
    }
  }
}
