package io.billingsdk.server.streams;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.ledger.StreamChanges;
import io.billingsdk.server.ledger.StreamChanges.WrittenOff;
import io.billingsdk.server.ledger.Streams;
import io.billingsdk.server.ledger.Streams.InstanceReport;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Instances and their streams, whether all of them is there, and what an operator decides. */
final class StreamRoutes {
  private static final String STREAMS = Route.BASE + "/streams";
  private static final String STREAM = STREAMS + "/{stream}";
  private static final UUID FIRST = new UUID(0, 0);

  private static final int INSTANCE_CHARS = 64;

  private StreamRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(Route.BASE + "/instances", StreamRoutes::instances).paged(),
        Route.read(STREAMS, StreamRoutes::streams).paged(),
        Route.read(STREAM, StreamRoutes::one),
        Route.write("POST", STREAM + "/write-off", StreamRoutes::writeOff),
        Route.write("POST", STREAM + "/hand-over", StreamRoutes::handOver));
  }

  private record OffView(UUID stream, long numbers, List<StreamViews.RangeView> ranges) {
    static OffView of(WrittenOff off) {
      return new OffView(off.stream(), off.numbers(), StreamViews.RangeView.of(off.ranges()));
    }
  }

  private record OwnerView(UUID stream, String instance, @Nullable String before) {}

  private static ApiResponse instances(Request request) {
    String after = request.cursor("instances", 1).map(place -> place.get(0)).orElse("");
    int limit = request.limit();
    List<InstanceReport> found = new Streams(request.database()).instancesAfter(after, limit + 1);
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            StreamViews.InstanceView::of,
            each -> Cursor.of("instances", each.instance())));
  }

  private static ApiResponse streams(Request request) {
    UUID after =
        request
            .cursor("streams", 1)
            .map(place -> Request.uuid("cursor", place.get(0)))
            .orElse(FIRST);
    int limit = request.limit();
    List<StreamState> found = new Streams(request.database()).after(after, limit + 1);
    return ApiResponse.ok(
        Page.of(
            found,
            limit,
            StreamViews.Stream::of,
            each -> Cursor.of("streams", each.stream().toString())));
  }

  private static ApiResponse one(Request request) {
    UUID stream = stream(request);
    return new Streams(request.database())
        .one(stream)
        .map(found -> ApiResponse.ok(StreamViews.Stream.of(found)))
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.notFound(
                        "stream", "the server has received nothing of the stream " + stream)));
  }

  private static ApiResponse writeOff(Request request) {
    UUID stream = stream(request);
    JsonBody body = request.body();
    String reason = body.text("reason", Bounds.REASON_CHARS);
    long first = body.whole("first", 1, Long.MAX_VALUE).orElse(1L);
    long last = body.whole("last", 1, Long.MAX_VALUE).orElse(Long.MAX_VALUE);
    body.end();
    if (last < first) {
      throw Request.invalid("last", "at least first");
    }
    return ApiResponse.ok(
        OffView.of(
            new StreamChanges(request.database(), request.actor())
                .writeOff(stream, new SeqRange(first, last), reason)));
  }

  private static ApiResponse handOver(Request request) {
    UUID stream = stream(request);
    JsonBody body = request.body();
    String instance = body.text("instance", INSTANCE_CHARS);
    String reason = body.text("reason", Bounds.REASON_CHARS);
    body.end();
    Optional<String> before =
        new StreamChanges(request.database(), request.actor()).handOver(stream, instance, reason);
    return ApiResponse.ok(new OwnerView(stream, instance, before.orElse(null)));
  }

  private static UUID stream(Request request) {
    return Request.uuid("stream", request.path("stream"));
  }
}
