package io.billingsdk.server.web;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.ledger.StreamChanges;
import io.billingsdk.server.ledger.StreamChanges.WrittenOff;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an operator decides of streams. */
final class StreamRoutes {
  private static final String STREAM = Route.BASE + "/streams/{stream}";

  private static final int INSTANCE_CHARS = 64;

  private StreamRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.write("POST", STREAM + "/write-off", StreamRoutes::writeOff),
        Route.write("POST", STREAM + "/hand-over", StreamRoutes::handOver));
  }

  private record OffView(UUID stream, long numbers, List<LedgerViews.Range> ranges) {
    static OffView of(WrittenOff off) {
      return new OffView(off.stream(), off.numbers(), LedgerViews.Range.of(off.ranges()));
    }
  }

  private record OwnerView(UUID stream, String instance, @Nullable String before) {}

  private static Answer writeOff(Request request) throws SQLException {
    UUID stream = stream(request);
    Fields body = request.body();
    String reason = body.text("reason", Bounds.REASON_CHARS);
    long first = body.whole("first", 1, Long.MAX_VALUE).orElse(1L);
    long last = body.whole("last", 1, Long.MAX_VALUE).orElse(Long.MAX_VALUE);
    body.end();
    if (last < first) {
      throw Request.invalid("last", "at least first");
    }
    return Answer.ok(
        OffView.of(
            new StreamChanges(request.database(), request.actor())
                .writeOff(stream, new SeqRange(first, last), reason)));
  }

  private static Answer handOver(Request request) throws SQLException {
    UUID stream = stream(request);
    Fields body = request.body();
    String instance = body.text("instance", INSTANCE_CHARS);
    String reason = body.text("reason", Bounds.REASON_CHARS);
    body.end();
    Optional<String> before =
        new StreamChanges(request.database(), request.actor()).handOver(stream, instance, reason);
    return Answer.ok(new OwnerView(stream, instance, before.orElse(null)));
  }

  private static UUID stream(Request request) {
    return Request.uuid("stream", request.path("stream"));
  }
}
