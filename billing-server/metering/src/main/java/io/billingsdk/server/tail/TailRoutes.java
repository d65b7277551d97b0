package io.billingsdk.server.tail;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.Places;
import io.billingsdk.server.ledger.LedgerFeature;
import io.billingsdk.server.tail.LiveTail.Subscription;
import io.billingsdk.server.tail.LiveTail.TailFilter;
import java.util.List;

/** The live tail, as server-sent events. */
final class TailRoutes {
  static final int OF_TOKEN = 10;
  static final int OF_APP = 20;
  static final int OF_APPS = LiveTail.PLACES * 3 / 4;

  private final LiveTail tail;

  TailRoutes(LiveTail tail) {
    this.tail = tail;
  }

  List<Route> routes() {
    return List.of(
        Route.read(Route.BASE + "/tail", this::tail)
            .query("type")
            .query(LedgerFeature.eventParameters())
            .lasting(new Places("the live tail", LiveTail.PLACES, OF_TOKEN, OF_APP, OF_APPS))
            .forApps());
  }

  private ApiResponse tail(Request request) {
    String type = request.parameter("type").orElse("");
    if (!List.of("", "usage", "rejected").contains(type)) {
      throw Request.invalid("type", "usage or rejected");
    }
    TailFilter filter =
        new TailFilter(
            LedgerFeature.eventsOf(request), !type.equals("rejected"), !type.equals("usage"));
    Subscription watching =
        tail.subscribe(filter)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.busy(
                            "this server has as many watchers of the live tail as it serves")));
    return new ApiResponse.Streamed(
        "text/event-stream; charset=utf-8",
        line -> new TailStream(watching, line),
        watching::close);
  }
}
