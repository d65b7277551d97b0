package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A year by the test clock, in one call, of customers of 20 zones. */
@Tag("postgres")
class TimeTravelTest {
  private static final int MONTHS = 12;
  private static final LocalDate BEGIN = LocalDate.of(2026, 4, 1);

  private static final List<String> ZONES =
      List.of(
          "Pacific/Kiritimati",
          "Pacific/Apia",
          "Pacific/Auckland",
          "Pacific/Chatham",
          "Australia/Lord_Howe",
          "Asia/Tokyo",
          "Asia/Shanghai",
          "Asia/Kathmandu",
          "Asia/Kolkata",
          "Asia/Tehran",
          "Africa/Cairo",
          "Europe/Berlin",
          "Europe/London",
          "UTC",
          "America/St_Johns",
          "America/Sao_Paulo",
          "America/New_York",
          "America/Santiago",
          "America/Los_Angeles",
          "Pacific/Pago_Pago");

  @TempDir Path directory;

  @Test
  void year_byTheTestClock_hasTwelveInvoicesWithoutGapOrOverlap() throws Exception {
    try (InvoiceWorld world = new InvoiceWorld(directory)) {
      for (int i = 0; i < ZONES.size(); i++) {
        travel(world, "t" + i, ZoneId.of(ZONES.get(i)));
      }
      while (world.run().invoices() > 0) {
        // The later times of a subscription wait for the earlier ones.
      }
      int invoices = 0;
      List<String> wrong = new ArrayList<>();
      for (int i = 0; i < ZONES.size(); i++) {
        invoices += judge(world, "t" + i, ZoneId.of(ZONES.get(i)), wrong);
      }
      Proof.of("time-travel")
          .with("zones", ZONES.size())
          .with("months", MONTHS)
          .with("invoices", invoices)
          .with("wrong", wrong.size())
          .print();
      assertThat(wrong).isEmpty();
      assertThat(invoices).isEqualTo(ZONES.size() * MONTHS);
      assertThat(world.invoices().bookDifferences()).isEmpty();
    }
  }

  /** Usage in the first moment of May and in the last one of April. */
  private static void travel(InvoiceWorld world, String id, ZoneId zone) {
    world.customer(id, zone.getId(), start(zone, 0));
    world.subscribe(id);
    world.use(id, start(zone, 1), "7");
    world.use(id, start(zone, 1).minusMillis(1), "3");
    world.move(id, start(zone, MONTHS - 1).plusSeconds(86_400));
  }

  private static Instant start(ZoneId zone, int month) {
    return BEGIN.plusMonths(month).atStartOfDay(zone).toInstant();
  }

  private static int judge(InvoiceWorld world, String id, ZoneId zone, List<String> wrong) {
    List<Issued> documents = world.of(id);
    for (int month = 0; month < documents.size(); month++) {
      for (JsonNode line : InvoiceWorld.document(documents.get(month)).path("lines")) {
        boolean isUsage = line.path("kind").asText().equals("usage");
        int first = isUsage ? month - 1 : month;
        boolean isRight =
            line.path("from").asText().equals(start(zone, first).toString())
                && line.path("to").asText().equals(start(zone, first + 1).toString())
                && new BigDecimal(line.path("net").asText()).compareTo(net(isUsage, first)) == 0;
        if (!isRight) {
          wrong.add(zone + " month " + month + ": " + line);
        }
      }
    }
    return documents.size();
  }

  private static BigDecimal net(boolean isUsage, int month) {
    String usage = month == 0 ? "0.15" : month == 1 ? "0.35" : "0";
    return new BigDecimal(isUsage ? usage : "29");
  }
}
