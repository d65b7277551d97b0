package io.billingsdk.server.web;

import io.billingsdk.server.collect.CollectorCounts;
import io.billingsdk.server.database.WriteProbe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Whether the server lives, and whether it takes usage in: what it takes in it must also store. */
final class HealthRoutes {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** As long as a batch waits before its instance hears that it is not taken. */
  private static final long STORED_WITHIN_SECONDS = 10;

  private final BooleanSupplier up;
  private final CollectorCounts collector;
  private final WriteProbe writes;

  HealthRoutes(BooleanSupplier up, CollectorCounts collector, WriteProbe writes) {
    this.up = up;
    this.collector = collector;
    this.writes = writes;
  }

  List<Route> routes() {
    return List.of(
        Route.open(Route.LIVE, request -> Answer.ok(Map.of("status", "up"))),
        Route.open(Route.BASE + "/health/ready", request -> ready()));
  }

  /** Takes no connection of the requests: when they are all taken, it is still told. */
  private Answer ready() {
    WriteProbe.Found found = writes.find(PATIENCE);
    boolean storing =
        found == WriteProbe.Found.WRITTEN && collector.isStoring(STORED_WITHIN_SECONDS);
    boolean broker = up.getAsBoolean();
    State state =
        new State(
            word(storing && broker),
            word(found != WriteProbe.Found.AWAY),
            word(storing),
            word(broker));
    return new Answer.Whole(
        storing && broker ? 200 : 503, Answer.JSON, Json.bytes(state), Map.of());
  }

  private record State(String status, String database, String storage, String broker) {}

  private static String word(boolean up) {
    return up ? "up" : "down";
  }
}
