package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sums as the API gives them.
 *
 * @param bucket all, hour, day or month
 * @param groups by what they are summed, as the command names it
 */
record UsageSums(String bucket, List<String> groups, List<Row> rows) {
  /**
   * One of them.
   *
   * @param start of its bucket
   * @param values one for each group; null where the events have none
   * @param usage exact
   */
  record Row(Instant start, List<@Nullable String> values, long events, BigDecimal usage) {}

  /**
   * Reads an answer.
   *
   * @param groups as the command names them
   * @param names of the same in the API
   */
  static UsageSums of(JsonNode answer, List<String> groups, List<String> names) {
    List<Row> rows = new ArrayList<>();
    for (JsonNode item : answer.path("items")) {
      List<@Nullable String> values = new ArrayList<>();
      for (String name : names) {
        JsonNode value = item.path("group").path(name);
        values.add(value.isMissingNode() ? null : value.asText());
      }
      rows.add(
          new Row(
              Instant.parse(item.path("start").asText()),
              values,
              item.path("events").longValue(),
              new BigDecimal(item.path("usage").asText())));
    }
    return new UsageSums(answer.path("bucket").asText(), groups, rows);
  }

  BigDecimal usage() {
    return rows.stream().map(Row::usage).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  long events() {
    return rows.stream().mapToLong(Row::events).sum();
  }
}
