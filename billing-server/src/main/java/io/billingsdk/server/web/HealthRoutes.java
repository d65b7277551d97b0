package io.billingsdk.server.web;

import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Whether the server lives, and whether it takes usage in. */
final class HealthRoutes {
  private final BooleanSupplier up;

  HealthRoutes(BooleanSupplier up) {
    this.up = up;
  }

  List<Route> routes() {
    return List.of(
        Route.open(Route.BASE + "/health/live", request -> Answer.ok(Map.of("status", "up"))),
        Route.open(Route.BASE + "/health/ready", request -> ready(request)));
  }

  private Answer ready(Request request) {
    boolean database = answers(request);
    boolean broker = up.getAsBoolean();
    State state = new State(database && broker ? "up" : "down", word(database), word(broker));
    int status = database && broker ? 200 : 503;
    return new Answer.Whole(status, Answer.JSON, Json.bytes(state), Map.of());
  }

  private record State(String status, String database, String broker) {}

  private static String word(boolean up) {
    return up ? "up" : "down";
  }

  private static boolean answers(Request request) {
    try {
      return request.database().call(connection -> connection.isValid(2));
    } catch (java.sql.SQLException away) {
      return false;
    }
  }
}
