package io.billingsdk.server.health;

import io.billingsdk.server.db.WriteProbe;
import io.billingsdk.server.health.HealthFeature.Signs;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Whether the server lives, and whether it takes usage in: what it takes in it must also store. */
final class HealthRoutes {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Signs signs;

  HealthRoutes(Signs signs) {
    this.signs = signs;
  }

  List<Route> routes() {
    return List.of(
        Route.open(Route.LIVE, request -> ApiResponse.ok(Map.of("status", "up"))),
        Route.open(Route.BASE + "/health/ready", request -> ready()));
  }

  /** Takes no connection of the requests: when they are all taken, it still answers. */
  private ApiResponse ready() {
    WriteProbe.Found found = signs.writes().find(PATIENCE);
    boolean storing = found == WriteProbe.Found.WRITTEN && signs.storing().getAsBoolean();
    boolean broker = signs.up().getAsBoolean();
    HealthState state =
        new HealthState(
            word(storing && broker),
            word(found != WriteProbe.Found.AWAY),
            word(storing),
            word(broker));
    return new ApiResponse.Whole(
        storing && broker ? 200 : 503, ApiResponse.JSON, Json.bytes(state), Map.of());
  }

  private record HealthState(String status, String database, String storage, String broker) {}

  private static String word(boolean up) {
    return up ? "up" : "down";
  }
}
