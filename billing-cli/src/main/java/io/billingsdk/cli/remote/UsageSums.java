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
 * @param quantities names of what is summed up beside the usage
 */
record UsageSums(String bucket, List<String> groups, List<String> quantities, List<Row> rows) {
  /**
   * One of them.
   *
   * @param start of its bucket
   * @param values one for each group; null where the events have none
   * @param usage exact
   * @param quantities one for each that is summed up, exact
   */
  record Row(
      Instant start,
      List<@Nullable String> values,
      long events,
      BigDecimal usage,
      List<BigDecimal> quantities) {}

  /**
   * Reads an answer.
   *
   * @param groups as the command names them
   * @param names of the same in the API
   * @param quantities names of what was asked for beside the usage
   */
  static UsageSums of(
      JsonNode answer, List<String> groups, List<String> names, List<String> quantities) {
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
              new BigDecimal(item.path("usage").asText()),
              quantities.stream()
                  .map(each -> new BigDecimal(item.path("quantities").path(each).asText("0")))
                  .toList()));
    }
    return new UsageSums(answer.path("bucket").asText(), groups, quantities, rows);
  }

  BigDecimal usage() {
    return rows.stream().map(Row::usage).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** The sum of a quantity, by its place. */
  BigDecimal quantity(int number) {
    return rows.stream()
        .map(row -> row.quantities().get(number))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  long events() {
    return rows.stream().mapToLong(Row::events).sum();
  }
}
