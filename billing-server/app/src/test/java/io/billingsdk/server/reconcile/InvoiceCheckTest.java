package io.billingsdk.server.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.invoices.InvoiceCheck;
import io.billingsdk.server.invoices.InvoiceCheck.CheckedInvoice;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents that a customer reckons again from files, and what somebody changed in them. */
@Tag("postgres")
class InvoiceCheckTest {
  private static final Instant IN_MARCH = Instant.parse("2026-03-20T10:00:00Z");
  private static final Instant APRIL = Instant.parse("2026-04-02T00:00:00Z");

  @TempDir Path directory;

  private BilledWorld world;

  @BeforeEach
  void start() {
    world = new BilledWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private String fetched(String number, String what) {
    Reply reply = world.http.get("/api/v1/invoices/" + number + "/" + what);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.body();
  }

  private static CheckedInvoice check(String document, String events) {
    return InvoiceCheck.check(document, events.lines());
  }

  @Test
  void check_ofAllKindsOfLines_findsNoDifference() {
    world.customer("c", "metered");
    world.customer("d", "modelled");
    var first = world.use("c", IN_MARCH, "m", "150.25");
    world.use("c", IN_MARCH.plusSeconds(1), "ä\\\"€", "49.750");
    world.use("d", IN_MARCH, "m1", "50");
    world.use("d", IN_MARCH.plusMillis(1), "other", "7.5");
    world.correct(first, IN_MARCH, "120.125");
    world.move("c", APRIL);
    world.move("d", APRIL);
    world.bill("c");
    world.use("c", IN_MARCH.plusSeconds(2), "m", "1000");
    world.move("c", Instant.parse("2026-05-02T00:00:00Z"));
    world.bill("c");
    world.correct(first, IN_MARCH, "1");
    world.move("c", Instant.parse("2026-06-02T00:00:00Z"));
    world.bill("c");
    int documents = 0;
    int lines = 0;
    for (var each : world.http.get("/api/v1/invoices").json().path("items")) {
      String number = each.path("number").asText();
      CheckedInvoice checked = check(fetched(number, "document"), fetched(number, "events"));
      assertThat(checked.differences()).as(number).isEmpty();
      // As the command prints it.
      String escaped = fetched(number, "events").replace("ä", "\\u00e4").replace("€", "\\u20ac");
      assertThat(check(fetched(number, "document"), escaped).differences()).isEmpty();
      assertThat(checked.unchecked()).as(number).isEmpty();
      documents++;
      lines += checked.lines();
    }
    assertThat(documents).isGreaterThanOrEqualTo(6);
    Proof.of("invoice-offline").with("documents", documents).with("lines", lines).print();
  }

  @Test
  void check_afterAChange_namesIt() {
    world.customer("c", "metered");
    world.use("c", IN_MARCH, "m", "150.5");
    world.use("c", IN_MARCH.plusSeconds(1), "m", "49.5");
    world.move("c", APRIL);
    String number = world.bill("c");
    String document = fetched(number, "document");
    String events = fetched(number, "events");
    assertThat(check(document, events).differences()).isEmpty();
    assertThat(check(document, events).events()).isEqualTo(2);

    assertThat(check(document, events.replace(", 150.5, ", ", 150.6, ")).differences())
        .anySatisfy(each -> assertThat(each).contains("line 1: quantity is"))
        .anySatisfy(each -> assertThat(each).contains("line 1: digest is"))
        .anySatisfy(each -> assertThat(each).contains("line 1: steps is"));
    List<String> lines = events.lines().toList();
    int place = 0;
    while (!lines.get(place).startsWith("[")) {
      place++;
    }
    List<String> less = new java.util.ArrayList<>(lines);
    less.remove(place);
    less.set(less.size() - 1, "{\"end\":1}");
    assertThat(InvoiceCheck.check(document, less.stream()).differences())
        .anySatisfy(each -> assertThat(each).contains("line 1: events is 2, but comes to 1"));
    assertThat(
            check(document.replace("\"net\":\"6.30\"", "\"net\":\"6.31\""), events).differences())
        .anySatisfy(each -> assertThat(each).contains("SHA-256 of the document is"))
        .anySatisfy(each -> assertThat(each).contains("line 1: net is 6.31 EUR, but comes to 6.30"))
        .anySatisfy(each -> assertThat(each).contains("totals: net is 35.30 EUR"));
    assertThat(check(document, events.replace("\"0.013\"", "\"0.014\"")).differences())
        .anySatisfy(each -> assertThat(each).contains("line 1: planDigest is"))
        .anySatisfy(
            each -> assertThat(each).contains("line 1: net is 6.30 EUR, but comes to 6.40"));
    assertThat(check(document, events.replace("\"llm\", \"m\"", "\"other\", \"m\"")).differences())
        .anySatisfy(each -> assertThat(each).contains("the meter tokens does not count the event"));
  }

  @Test
  void check_withAListThatCannotBeRead_namesItsLine() {
    world.customer("c", "metered");
    world.use("c", IN_MARCH, "m", "150.5");
    world.move("c", APRIL);
    String number = world.bill("c");
    String document = fetched(number, "document");
    String events = fetched(number, "events");
    assertThatThrownBy(() -> check(document, events.substring(0, events.indexOf("{\"end\""))))
        .hasMessageContaining("events must be the line with end; the list is cut off");
    assertThatThrownBy(() -> check(document, events.replaceFirst("\\[", "[[")))
        .hasMessageMatching("(?s).*line [0-9]+ of the events must be JSON.*");
    assertThatThrownBy(() -> check("{}", events)).hasMessageContaining("format of the invoice");
    assertThat(world.http.get("/api/v1/invoices/" + number + "/events?line=9").status())
        .isEqualTo(400);
  }
}
