package io.billingsdk.server.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.reconcile.BilledWorld;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The invoices of another system beside those of two customers and two months. */
@Tag("postgres")
class ComparisonTest {
  private static final String PATH = "/api/v1/invoices/comparison";
  private static final Instant APRIL = Instant.parse("2026-04-02T00:00:00Z");

  @TempDir Path directory;

  private BilledWorld world;

  @BeforeEach
  void start() {
    world = new BilledWorld(directory);
    world.customer("c", "metered");
    world.customer("d", "metered");
    world.bill("c");
    world.use("c", Instant.parse("2026-03-10T10:30:00Z"), "m", "200");
    for (String each : List.of("c", "d")) {
      world.move(each, APRIL);
      world.bill(each);
    }
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private static String row(String customer, String month, String net, String more) {
    return "{\"customerId\":\"%s\",\"month\":\"%s\",\"currency\":\"EUR\",\"net\":\"%s\"%s}"
        .formatted(customer, month, net, more);
  }

  private Reply send(String range, String... rows) {
    return world
        .http()
        .send(
            "POST",
            PATH,
            "{%s,\"testClocks\":true,\"rows\":[%s]}".formatted(range, String.join(",", rows)));
  }

  private JsonNode compare(String range, String... rows) {
    Reply reply = send(range, rows);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private static List<String> states(JsonNode found) {
    List<String> states = new ArrayList<>();
    for (JsonNode each : found.path("items")) {
      states.add(
          "%s %s %s %s"
              .formatted(
                  each.path("customerId").asText(),
                  each.path("month").asText(),
                  each.path("state").asText(),
                  each.path("netDifference").asText()));
    }
    return states;
  }

  @Test
  void compare_ofAnotherSystem_namesEachDifferenceOnce() {
    JsonNode found =
        compare(
            "\"from\":\"2026-03\",\"to\":\"2026-04\"",
            row("c", "2026-03", "20.00", ""),
            row("c", "2026-03", "9.00", ""),
            row("c", "2026-04", "35.00", ",\"tax\":\"0.00\""),
            row("ghost", "2026-03", "10.00", ""));
    // In April 200 tokens, 5 and 100 x 0.013, and the next fee.
    assertThat(states(found))
        .containsExactly(
            "c 2026-03 equal 0.00",
            "c 2026-04 different 0.30",
            "d 2026-03 only_ours 29.00",
            "d 2026-04 only_ours 29.00",
            "ghost 2026-03 no_customer -10.00");
    assertThat(found.at("/items/0/theirs/documents").asInt()).isEqualTo(2);
    assertThat(found.at("/items/0").has("taxDifference")).isFalse();
    assertThat(found.at("/items/1/taxDifference").asText()).isEqualTo("0.00");
    assertThat(found.path("same").asBoolean()).isFalse();
    assertThat(found.path("equal").asInt()).isEqualTo(1);
    assertThat(found.at("/sums/0/theirs").asText()).isEqualTo("74.00");
    assertThat(found.at("/sums/0/ours").asText()).isEqualTo("122.30");
    assertThat(found.at("/sums/0/difference").asText()).isEqualTo("48.30");
  }

  @Test
  void compare_inParts_isTheWhole() {
    String months = "\"from\":\"2026-03\",\"to\":\"2026-04\"";
    List<String> parts =
        new ArrayList<>(
            states(compare(months + ",\"upToCustomerId\":\"c\"", row("c", "2026-04", "1", ""))));
    parts.addAll(
        states(compare(months + ",\"afterCustomerId\":\"c\"", row("d", "2026-03", "29", ""))));
    assertThat(parts)
        .isEqualTo(
            states(compare(months, row("d", "2026-03", "29", ""), row("c", "2026-04", "1", ""))));
    assertThat(parts).contains("d 2026-03 equal 0.00");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2026-03 | 1.001 | EUR | rows[0].net      | at most 2 decimals
          2026-03 | 1     | XAU | rows[0].currency | minor unit
          2026-03 | x     | EUR | rows[0].net      | plain decimals
          2026-02 | 1     | EUR | rows[0].month    | in the months
          2026-13 | 1     | EUR | rows[0].month    | a month of 2000 to 2099
          """)
  void compare_withAWrongRow_namesItsField_andNotesNothing(
      String month, String net, String currency, String field, String said) throws SQLException {
    long before = world.http().world().count("SELECT count(*) FROM audit_log");
    Reply reply =
        send(
            "\"from\":\"2026-03\",\"to\":\"2026-04\"",
            row("c", month, net, "").replace("EUR", currency));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().path("field").asText()).isEqualTo(field);
    assertThat(reply.body()).contains(said);
    assertThat(world.http().world().count("SELECT count(*) FROM audit_log")).isEqualTo(before);
  }
}
