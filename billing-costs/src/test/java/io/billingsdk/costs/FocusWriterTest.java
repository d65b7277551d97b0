package io.billingsdk.costs;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("simulation")
final class FocusWriterTest {
  private static final Instant AT = Instant.parse("2026-12-31T23:59:59.500Z");
  private static final FocusContext CONTEXT = new FocusContext("acct-1", "=Team");

  /** Written down from the specification of FOCUS 1.2, not from the code. */
  private static final List<String> MANDATORY =
      List.of(
          "BilledCost",
          "BillingAccountId",
          "BillingAccountName",
          "BillingCurrency",
          "BillingPeriodEnd",
          "BillingPeriodStart",
          "ChargeCategory",
          "ChargeDescription",
          "ChargePeriodEnd",
          "ChargePeriodStart",
          "ContractedCost",
          "EffectiveCost",
          "InvoiceIssuerName",
          "ListCost",
          "PricingQuantity",
          "PricingUnit",
          "ProviderName",
          "PublisherName",
          "ServiceCategory",
          "ServiceName");

  private static final List<String> NUMBERS =
      List.of(
          "BilledCost",
          "ContractedCost",
          "ContractedUnitPrice",
          "EffectiveCost",
          "ListCost",
          "ListUnitPrice",
          "ConsumedQuantity",
          "PricingQuantity");

  private static final List<String> TIMES =
      List.of("BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd");

  @Test
  void rows_ofACost_haveEachColumnTyped() throws IOException {
    StringBuilder out = new StringBuilder();
    FocusWriter writer = FocusWriter.start(out, CONTEXT);
    writer.write(record("r1", Optional.empty(), cost("m")));
    writer.write(record("r2", Optional.of("r1"), cost("m")));
    writer.write(record("r3", Optional.empty(), cost("unknown")));
    assertThat(writer.rows()).isEqualTo(4);
    assertThat(writer.unknown()).isEqualTo(1);
    List<String> lines = out.toString().lines().toList();
    assertThat(FocusWriter.columns()).hasSize(57).isSorted().doesNotHaveDuplicates();
    BigDecimal sum = BigDecimal.ZERO;
    for (String line : lines.subList(1, lines.size())) {
      Map<String, String> row = row(line);
      for (String column : MANDATORY) {
        assertThat(row.get(column)).as(column).isNotBlank();
      }
      for (String column : NUMBERS) {
        assertThat(row.get(column)).as(column).matches("-?[0-9]+(\\.[0-9]+)?");
      }
      for (String column : TIMES) {
        assertThat(row.get(column))
            .as(column)
            .matches("2\\d{3}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
      }
      sum = sum.add(new BigDecimal(String.valueOf(row.get("BilledCost"))));
    }
    Map<String, String> first = row(lines.get(1));
    assertThat(first)
        .containsEntry("BillingAccountName", "'=Team")
        .containsEntry("BillingPeriodStart", "2026-12-01T00:00:00Z")
        .containsEntry("BillingPeriodEnd", "2027-01-01T00:00:00Z")
        .containsEntry("ChargePeriodStart", "2026-12-31T23:59:59Z")
        .containsEntry("ConsumedUnit", "Tokens")
        .containsEntry("PricingUnit", "1000000 Tokens")
        .containsEntry("SubAccountId", "user, 1")
        .containsEntry("ChargeClass", "");
    assertThat(row(lines.get(3))).containsEntry("ChargeClass", "Correction");
    assertThat(sum).as("a cost and its correction").isZero();
  }

  /** A row of the file; quotes are undone. */
  private static Map<String, String> row(String line) {
    Map<String, String> row = new LinkedHashMap<>();
    StringBuilder cell = new StringBuilder();
    boolean isQuoted = false;
    List<String> columns = FocusWriter.columns();
    for (char c : (line + ",").toCharArray()) {
      if (c == ',' && !isQuoted) {
        row.put(columns.get(row.size()), cell.toString().replace("\"\"", "\""));
        cell.setLength(0);
      } else if (c == '"') {
        isQuoted = !isQuoted;
      } else {
        cell.append(c);
      }
    }
    return row;
  }

  /** Run with {@code -Xmx64m} for the bound of a release. */
  @Test
  void manyRows_areWrittenOneByOne() throws IOException {
    boolean isRelease = System.getProperty("size", "").equals("release");
    long rows = isRelease ? 1_000_000 : 50_000;
    long[] written = {0};
    Writer counting =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) {
            written[0] += length;
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    FocusWriter writer = FocusWriter.start(counting, CONTEXT);
    RatedCost cost = cost("m");
    for (long i = 0; writer.rows() < rows; i++) {
      writer.write(record("record-" + i, Optional.empty(), cost));
    }
    Proof.sized("focus-export", rows, 1_000_000)
        .with("rows", writer.rows())
        .with("columns", FocusWriter.columns().size())
        .with("characters", written[0])
        .with("heap_mb", Runtime.getRuntime().maxMemory() / (1024 * 1024))
        .print();
    assertThat(writer.rows()).isGreaterThanOrEqualTo(rows);
    assertThat(written[0]).isGreaterThan(rows * 100);
  }

  private static CostRecord record(String id, Optional<String> corrects, RatedCost cost) {
    return new CostRecord(id, corrects, Optional.of("user, 1"), Optional.of("run-1"), AT, cost);
  }

  private static RatedCost cost(String model) {
    String row =
        ImportPlanTest.row("", "3")
            .replace(
                "\"prices\":{",
                "\"prices\":{\"output_tokens\":{\"price\":15,\"per\":\"1m_tokens\"},");
    CostRating rating = CostRating.of(Catalogue.of(ImportPlanTest.file(row).rows()));
    CanonicalUsage usage =
        CanonicalUsage.of(
            Map.of(Bucket.INPUT, new BigDecimal("1234"), Bucket.OUTPUT, new BigDecimal("7")));
    return rating.rate(PriceQuery.of("p", model, AT).inRegion("eu"), usage);
  }
}
