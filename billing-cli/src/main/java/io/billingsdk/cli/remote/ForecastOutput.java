package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A forecast in lines; none without its error, or without saying that there is none. */
final class ForecastOutput {
  private ForecastOutput() {}

  static List<String> lines(JsonNode found) {
    List<String> lines = new ArrayList<>();
    for (JsonNode each : found.path("currencies")) {
      lines.add(line(found, each));
      for (JsonNode test : each.path("backTests")) {
        lines.add(
            "  back-test %s: forecast %s, actual %s, error %s %%"
                .formatted(
                    text(test, "month"),
                    text(test, "forecast"),
                    text(test, "actual"),
                    text(test, "errorPercent")));
      }
    }
    if (found.path("leftOut").asLong() > 0) {
      lines.add(
          text(found, "leftOut") + " subscriptions are left out: their interval is not one month");
    }
    return lines;
  }

  private static String line(JsonNode found, JsonNode of) {
    String begin =
        "%s in %s, so far %s: "
            .formatted(text(found, "month"), text(of, "currency"), text(of, "soFar"));
    return begin
        + switch (text(of, "state")) {
          case "forecast" ->
              "forecast %s, error up to %s %%, so %s to %s"
                  .formatted(
                      text(of, "forecast"),
                      text(of, "errorPercent"),
                      text(of, "low"),
                      text(of, "high"));
          case "no_back_test" ->
              "forecast %s, error unknown: no month before to test it with"
                  .formatted(text(of, "forecast"));
          default -> "not enough data: fewer than 3 days with usage";
        };
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }
}
